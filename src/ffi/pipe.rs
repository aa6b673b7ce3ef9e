//! Pipes: declared so that programs can be compiled against the whole contract; not in this release.

use super::boundary::{not_supported, on_loop};
use super::dispatch::ticket;
use super::event_loop::transport_loop_t;
use super::protocol::{os_handle, transport_protocol_t};
use super::status::transport_status_t;
use super::transport::transport_t;
use std::ffi::c_void;

const LATER: &str = "pipes are not in this release";

/// Makes a transport of a pipe's reading end. Not in this release: TRANSPORT_ENOTSUP; fd stays the caller's.
#[unsafe(no_mangle)]
pub extern "C" fn transport_connect_read_pipe(
    r#loop: *mut transport_loop_t,
    _fd: os_handle,
    _protocol: *const transport_protocol_t,
    _user: *mut c_void,
    _out: *mut *mut transport_t,
) -> transport_status_t {
    on_loop("transport_connect_read_pipe", ticket(r#loop), |_| Err(not_supported(LATER)))
}

/// Makes a transport of a pipe's writing end. Not in this release: TRANSPORT_ENOTSUP; fd stays the caller's.
#[unsafe(no_mangle)]
pub extern "C" fn transport_connect_write_pipe(
    r#loop: *mut transport_loop_t,
    _fd: os_handle,
    _protocol: *const transport_protocol_t,
    _user: *mut c_void,
    _out: *mut *mut transport_t,
) -> transport_status_t {
    on_loop("transport_connect_write_pipe", ticket(r#loop), |_| Err(not_supported(LATER)))
}
