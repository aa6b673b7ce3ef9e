//! The C ABI: the only `extern "C"`, the only place that calls user code. The order of these modules is the order of the
//! header (build.rs has the same list).

// The header's comments are the contract that Rust's "Safety" sections would repeat.
#![allow(clippy::missing_safety_doc, clippy::not_unsafe_ptr_arg_deref)]

mod boundary;
pub mod connection;
pub mod datagram;
pub mod debugging;
mod dispatch;
pub mod event_loop;
pub mod pipe;
pub mod protocol;
mod registry;
pub mod server;
mod sized;
pub mod status;
pub mod subprocess;
pub mod tls;
pub mod transport;
