//! Datagrams: declared so that programs can be compiled against the whole contract; not in this release.

use super::boundary::{not_supported, on_loop};
use super::dispatch::ticket;
use super::event_loop::{transport_loop_t, transport_request_t};
use super::protocol::*;
use super::status::transport_status_t;
use super::transport::{not_this_kind, transport_t};
use std::ffi::{c_char, c_int, c_void};

const LATER: &str = "datagrams are not in this release";

/// Options of transport_create_datagram_endpoint, which is not in this release.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct transport_datagram_options_t {
    pub size: usize,
    pub local_host: *const c_char,
    pub remote_host: *const c_char,
    pub local_path: *const c_char,
    pub remote_path: *const c_char,
    pub local_path_len: usize,
    pub remote_path_len: usize,
    pub local_port: u16,
    pub remote_port: u16,
    pub socket: os_handle,
    pub family: c_int,
    pub reuse_port: c_int,
    pub allow_broadcast: c_int,
    pub write_buffer_cap: usize,
}

/// Makes a datagram endpoint. Not in this release: TRANSPORT_ENOTSUP.
#[unsafe(no_mangle)]
pub extern "C" fn transport_create_datagram_endpoint(
    r#loop: *mut transport_loop_t,
    _options: *const transport_datagram_options_t,
    _protocol: *const transport_protocol_t,
    _user: *mut c_void,
    _done: transport_connected_t,
    _arg: *mut c_void,
    _out: *mut *mut transport_request_t,
) -> transport_status_t {
    on_loop("transport_create_datagram_endpoint", ticket(r#loop), |_| Err(not_supported(LATER)))
}

/// Sends a datagram. A stream answers TRANSPORT_ENOTSUP, and this release has streams only.
#[unsafe(no_mangle)]
pub extern "C" fn transport_sendto(
    transport: *mut transport_t,
    _data: *const c_void,
    _len: usize,
    _address: *const sockaddr,
    _address_len: usize,
) -> transport_status_t {
    not_this_kind("transport_sendto", transport, LATER)
}

/// Joins a multicast group. A stream answers TRANSPORT_ENOTSUP, and this release has streams only.
#[unsafe(no_mangle)]
pub extern "C" fn transport_join_group(
    transport: *mut transport_t,
    _group: *const c_char,
    _interface_name: *const c_char,
) -> transport_status_t {
    not_this_kind("transport_join_group", transport, LATER)
}

/// Leaves a multicast group. A stream answers TRANSPORT_ENOTSUP, and this release has streams only.
#[unsafe(no_mangle)]
pub extern "C" fn transport_leave_group(
    transport: *mut transport_t,
    _group: *const c_char,
    _interface_name: *const c_char,
) -> transport_status_t {
    not_this_kind("transport_leave_group", transport, LATER)
}
