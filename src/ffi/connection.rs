//! Clients.

use super::boundary::{invalid, not_supported, on_loop, on_transport, store, switch, text};
use super::dispatch::{Connected, handle, ticket};
use super::event_loop::{transport_loop_t, transport_request_t};
use super::protocol::*;
use super::sized::{self, SizedStruct};
use super::status::transport_status_t;
use super::tls::transport_tls_config_t;
use super::transport::transport_t;
use crate::core::error::{Error, Result, Status};
use crate::reactor::{ConnectOptions, Family, SocketOptions, StreamOptions};
use std::ffi::{c_char, c_int, c_void};

/// Options of transport_create_connection. Zero means the default everywhere but for size. Fields marked "later" must be
/// zero in this release (TRANSPORT_ENOTSUP).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct transport_connect_options_t {
    /// sizeof(transport_connect_options_t).
    pub size: usize,
    /// Name or numeric address; names are looked up off the loop's thread.
    pub host: *const c_char,
    /// Later: Unix socket, or a Windows named pipe.
    pub path: *const c_char,
    /// 0: strlen; abstract names hold NULs.
    pub path_len: usize,
    /// Later: a connected socket; 0 none.
    pub socket: os_handle,
    /// Later.
    pub local_host: *const c_char,
    pub port: u16,
    /// Later.
    pub local_port: u16,
    /// 0 any, AF_INET, AF_INET6.
    pub family: c_int,
    /// Later: addresses of one family in a row; 0 default.
    pub interleave: c_int,
    /// Switch: TCP_NODELAY, on by default.
    pub nodelay: c_int,
    /// Switch: SO_KEEPALIVE, off by default.
    pub keepalive: c_int,
    /// Switch, TLS only, off by default.
    pub tolerate_truncation: c_int,
    /// Nanoseconds. This release tries addresses one after the other: 0 or TRANSPORT_FOREVER.
    pub happy_eyeballs_delay: u64,
    /// Later; 0: none. Nanoseconds, as all durations.
    pub connect_timeout: u64,
    /// Later: of the flush after close; 0: none.
    pub close_timeout: u64,
    /// Later; 0: none.
    pub idle_timeout: u64,
    /// Bytes; 0: none. A write that would make more than this wait is TRANSPORT_ELIMIT.
    pub write_buffer_cap: usize,
    /// Later. NULL: plain.
    pub tls: *const transport_tls_config_t,
    /// TLS only. NULL: host.
    pub server_hostname: *const c_char,
    /// TLS only; 0: 60 s.
    pub tls_handshake_timeout: u64,
    /// TLS only; 0: 30 s.
    pub tls_shutdown_timeout: u64,
}

// SAFETY: repr(C), size first, and all-zero is a value.
unsafe impl SizedStruct for transport_connect_options_t {}

/// Options of transport_connect_accepted_socket, which is not in this release.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct transport_accepted_options_t {
    pub size: usize,
    pub socket: os_handle,
    pub nodelay: c_int,
    pub keepalive: c_int,
    pub tolerate_truncation: c_int,
    pub write_buffer_cap: usize,
    pub close_timeout: u64,
    pub idle_timeout: u64,
    pub tls: *const transport_tls_config_t,
    pub tls_handshake_timeout: u64,
    pub tls_shutdown_timeout: u64,
}

/// Options of transport_start_tls, which is not in this release.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct transport_tls_options_t {
    pub size: usize,
    pub tls: *const transport_tls_config_t,
    pub server_hostname: *const c_char,
    /// Switch, off by default.
    pub server_side: c_int,
    pub tolerate_truncation: c_int,
    /// Ciphertext already received as plain data; NULL: none.
    pub unread: *const c_void,
    pub unread_len: usize,
    pub handshake_timeout: u64,
    pub shutdown_timeout: u64,
}

/// The options that clients and servers share and this release does not have.
pub(super) struct Unbuilt {
    pub tls: bool,
    pub path: bool,
    pub socket: bool,
    pub close_timeout: u64,
    pub idle_timeout: u64,
}

impl Unbuilt {
    /// Refused, never ignored.
    pub fn check(&self) -> Result<()> {
        let none = |duration: u64| duration == 0 || duration == super::event_loop::TRANSPORT_FOREVER;
        match self {
            Unbuilt { tls: true, .. } => Err(not_supported("tls is not in this release")),
            Unbuilt { path: true, .. } => Err(not_supported("path (Unix sockets) is not in this release")),
            Unbuilt { socket: true, .. } => Err(not_supported("the socket option is not in this release")),
            _ if !none(self.close_timeout) => Err(not_supported("close_timeout is not in this release")),
            _ if !none(self.idle_timeout) => Err(not_supported("idle_timeout is not in this release")),
            _ => Ok(()),
        }
    }
}

/// Options of TLS without TLS are a mistake (J1).
pub(super) fn refuse_tls_options(given: bool) -> Result<()> {
    if given { Err(invalid("options of TLS are set but tls is NULL")) } else { Ok(()) }
}

pub(super) fn family(family: c_int) -> Result<Family> {
    match family {
        0 => Ok(Family::Any),
        _ if family == i32::from(socket2::Domain::IPV4) => Ok(Family::V4),
        _ if family == i32::from(socket2::Domain::IPV6) => Ok(Family::V6),
        _ => Err(invalid("family is neither 0 nor AF_INET nor AF_INET6")),
    }
}

pub(super) fn cap(write_buffer_cap: usize) -> StreamOptions {
    StreamOptions { write_buffer_cap: if write_buffer_cap == 0 { usize::MAX } else { write_buffer_cap } }
}

impl transport_connect_options_t {
    /// # Safety
    /// The texts are NULL or NUL-terminated.
    unsafe fn check(&self) -> Result<ConnectOptions> {
        let one_by_one = matches!(self.happy_eyeballs_delay, 0 | super::event_loop::TRANSPORT_FOREVER);
        if !one_by_one || self.interleave != 0 {
            return Err(not_supported("happy eyeballs (happy_eyeballs_delay, interleave) are not in this release"));
        }
        if !self.local_host.is_null() || self.local_port != 0 {
            return Err(not_supported("local_host and local_port are not in this release"));
        }
        if !matches!(self.connect_timeout, 0 | super::event_loop::TRANSPORT_FOREVER) {
            return Err(not_supported("connect_timeout is not in this release"));
        }
        Unbuilt {
            tls: !self.tls.is_null(),
            path: !self.path.is_null(),
            socket: self.socket != 0,
            close_timeout: self.close_timeout,
            idle_timeout: self.idle_timeout,
        }
        .check()?;
        refuse_tls_options(
            !self.server_hostname.is_null()
                || self.tls_handshake_timeout != 0
                || self.tls_shutdown_timeout != 0
                || self.tolerate_truncation != 0,
        )?;
        // SAFETY: the caller's promise.
        let host = unsafe { text(self.host) }?.filter(|host| !host.is_empty());
        Ok(ConnectOptions {
            host: host.ok_or(invalid("host is NULL or empty"))?.into(),
            port: self.port,
            family: family(self.family)?,
            socket: SocketOptions { nodelay: switch(self.nodelay, true)?, keepalive: switch(self.keepalive, false)? },
            stream: cap(self.write_buffer_cap),
        })
    }
}

/// Connects to a TCP server. The addresses of the host are tried one after the other; the first that connects gets
/// connection_made, then done(arg, transport, NULL). When none does: done(arg, NULL, error), and the protocol hears nothing.
/// The error lists every address tried. done may be NULL; it never runs inside this call. *out (NULL allowed) is a request
/// that transport_request_cancel ends. The protocol table and all options are copied.
///
/// Answers: TRANSPORT_EINVAL: options or protocol NULL or malformed, no host; TRANSPORT_ENOTSUP: an option of a later
/// release; TRANSPORT_ECLOSED: the loop is being freed; TRANSPORT_EIO: no thread for the name. done gets TRANSPORT_ERESOLVE:
/// name not found (os_code is EAI_*); TRANSPORT_EIO: not connected (os_code of the first address); TRANSPORT_ECANCELED.
/// Rules J1 to J13, A3 to A7.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_create_connection(
    r#loop: *mut transport_loop_t,
    options: *const transport_connect_options_t,
    protocol: *const transport_protocol_t,
    user: *mut c_void,
    done: transport_connected_t,
    arg: *mut c_void,
    out: *mut *mut transport_request_t,
) -> transport_status_t {
    on_loop("transport_create_connection", ticket(r#loop), |held| {
        // SAFETY: the caller's promises: sized structs, NUL-terminated texts, callbacks of the right types.
        let options = unsafe { sized::copy_in(options)?.check()? };
        let protocol = unsafe { Protocol::copy_in(protocol, user) }?;
        let done = Connected { function: done, arg };
        let request = held.get().reactor.create_connection(options, protocol, done)?;
        // SAFETY: NULL or the caller's to be written.
        unsafe { store(out, handle(request)) };
        Ok(())
    })
}

/// Makes a transport of a socket that the program accepted. Not in this release: TRANSPORT_ENOTSUP.
#[unsafe(no_mangle)]
pub extern "C" fn transport_connect_accepted_socket(
    r#loop: *mut transport_loop_t,
    _options: *const transport_accepted_options_t,
    _protocol: *const transport_protocol_t,
    _user: *mut c_void,
    _done: transport_connected_t,
    _arg: *mut c_void,
    _out: *mut *mut transport_request_t,
) -> transport_status_t {
    on_loop("transport_connect_accepted_socket", ticket(r#loop), |_| {
        Err(not_supported("connect_accepted_socket is not in this release"))
    })
}

/// Turns a plain connection into a TLS one. Not in this release: TRANSPORT_ENOTSUP.
#[unsafe(no_mangle)]
pub extern "C" fn transport_start_tls(
    transport: *mut transport_t,
    _options: *const transport_tls_options_t,
    _done: transport_done_t,
    _arg: *mut c_void,
) -> transport_status_t {
    on_transport("transport_start_tls", ticket(transport), |held| {
        if !held.get().reactor.has_stream(ticket(transport)) {
            return Err(Status::Handle.into());
        }
        Err(Error::new(Status::NotSupported, "tls is not in this release"))
    })
}

/// Makes two transports connected to each other in memory. Not in this release: TRANSPORT_ENOTSUP.
#[unsafe(no_mangle)]
pub extern "C" fn transport_pair(
    r#loop: *mut transport_loop_t,
    _a: *const transport_protocol_t,
    _user_a: *mut c_void,
    _b: *const transport_protocol_t,
    _user_b: *mut c_void,
    _out_a: *mut *mut transport_t,
    _out_b: *mut *mut transport_t,
) -> transport_status_t {
    on_loop("transport_pair", ticket(r#loop), |_| Err(not_supported("transport_pair is not in this release")))
}
