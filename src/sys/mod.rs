//! What std and mio lack, per platform. All operating-system `unsafe` is here. A platform must offer:
//!
//! - `monotonic_ns`, `SEND_FLAGS`, `raw_socket`, `set_reuse_port`
//! - `is_address_missing`: may another address of a server be tried?
//! - `spawn_quiet_thread`: a thread on which no signal handler of the host ever runs
//! - `thread_id`: tells threads apart in one instruction or two; a multiple of 16, never 0
//! - `on_fork_in_child`: a function to run in forked children
//! - `signals`: catching signals for several loops

#[cfg(unix)]
mod unix;
#[cfg(unix)]
pub use unix::*;

#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub use windows::*;
