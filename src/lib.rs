//! libtransport: asyncio's transports and protocols for C. Four layers, each of which sees only the ones after it in
//! `ffi → reactor → core` and `reactor → sys`; see ARCHITECTURE.md.

#[cfg(not(target_pointer_width = "64"))]
compile_error!("libtransport's handles need 64 bits");

#[forbid(unsafe_code)]
pub mod core;
#[allow(non_camel_case_types)]
pub mod ffi;
#[forbid(unsafe_code)]
pub mod reactor;
pub mod sys;
