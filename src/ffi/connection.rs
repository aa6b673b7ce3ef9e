//! Clients.

use super::boundary::{bytes, invalid, not_supported, on_loop, on_transport, store, switch, text};
use super::dispatch::{Connected, handle, ticket};
use super::event_loop::{TRANSPORT_FOREVER, transport_loop_t, transport_request_t};
use super::protocol::*;
use super::sized::{self, SizedStruct};
use super::status::transport_status_t;
use super::tls::transport_tls_config_t;
use super::transport::transport_t;
use crate::core::connect::Order;
use crate::core::error::{Error, Result, Status};
use crate::reactor::{ConnectOptions, Family, SocketOptions, StreamOptions};
use std::ffi::{CStr, c_char, c_int, c_void};

/// Options of transport_create_connection. Zero means the default everywhere but for size. Fields marked "later" must be
/// zero in this release (TRANSPORT_ENOTSUP).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct transport_connect_options_t {
    /// sizeof(transport_connect_options_t).
    pub size: usize,
    /// Name or numeric address; names are looked up off the loop's thread.
    pub host: *const c_char,
    /// Instead of host and port: the path of a Unix socket.
    pub path: *const c_char,
    /// Bytes of path; 0: strlen. Abstract names (Linux) begin with a NUL.
    pub path_len: usize,
    /// Instead of host and path: a connected stream socket of the program's; 0 none. It becomes the library's when the call
    /// answers TRANSPORT_OK.
    pub socket: os_handle,
    /// Address, or a name of this machine, that the connection comes from; NULL: the system chooses. Of its addresses each
    /// attempt uses the first of its own family.
    pub local_host: *const c_char,
    pub port: u16,
    /// The port that the connection comes from; 0: the system chooses.
    pub local_port: u16,
    /// 0 any, AF_INET, AF_INET6.
    pub family: c_int,
    /// How many addresses of the first family are tried before the families take turns; 0: 1, or the resolver's order when
    /// happy_eyeballs_delay is TRANSPORT_FOREVER.
    pub interleave: c_int,
    /// Switch: TCP_NODELAY, on by default.
    pub nodelay: c_int,
    /// Switch: SO_KEEPALIVE, off by default.
    pub keepalive: c_int,
    /// Switch, TLS only, off by default.
    pub tolerate_truncation: c_int,
    /// How long an attempt is waited for before the next address is tried beside it (RFC 8305); an attempt that fails starts
    /// the next at once. 0: 250 ms; TRANSPORT_FOREVER: one after the other; less than 10 ms is 10 ms. Nanoseconds, as all
    /// durations.
    pub happy_eyeballs_delay: u64,
    /// How long looking up and connecting may take together, else done gets TRANSPORT_ETIMEDOUT; 0: no limit but the
    /// system's.
    pub connect_timeout: u64,
    /// How long the bytes left after a close may take to be sent, else the connection is dropped with
    /// TRANSPORT_ETIMEDOUT; 0: none.
    pub close_timeout: u64,
    /// How long the connection may be without a byte in either direction, else it is dropped with TRANSPORT_ETIMEDOUT; 0:
    /// none. Bytes that are not read because of transport_pause_reading do not count.
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

/// Options of transport_connect_accepted_socket. Zero means the default everywhere but for size; those that have the name
/// of one of transport_connect_options_t mean the same.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct transport_accepted_options_t {
    /// sizeof(transport_accepted_options_t).
    pub size: usize,
    /// A connected stream socket: TCP or Unix.
    pub socket: os_handle,
    pub nodelay: c_int,
    pub keepalive: c_int,
    pub tolerate_truncation: c_int,
    pub write_buffer_cap: usize,
    pub close_timeout: u64,
    pub idle_timeout: u64,
    /// Later. NULL: plain.
    pub tls: *const transport_tls_config_t,
    pub tls_handshake_timeout: u64,
    pub tls_shutdown_timeout: u64,
}

// SAFETY: repr(C), size first, and all-zero is a value.
unsafe impl SizedStruct for transport_accepted_options_t {}

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

/// Whom to connect to, or where to listen.
pub(super) enum Given {
    Host,
    Path(Vec<u8>),
    Socket(i64),
}

/// One of host, path and socket (J1, K1).
///
/// # Safety
/// `path` is NULL, or NUL-terminated when `len` is 0, or `len` bytes.
pub(super) unsafe fn given(
    host: *const c_char,
    port: u16,
    path: *const c_char,
    len: usize,
    socket: os_handle,
) -> Result<Given> {
    let is_inet = !host.is_null() || port != 0;
    match (is_inet, path.is_null(), socket) {
        (_, true, 0) => Ok(Given::Host),
        (false, true, socket) => Ok(Given::Socket(socket as i64)),
        (false, false, 0) => {
            // SAFETY: the caller's promise.
            let path = match len {
                0 => unsafe { CStr::from_ptr(path) }.to_bytes(),
                _ => unsafe { bytes(path.cast(), len) }.unwrap_or_default(),
            };
            if path.is_empty() {
                return Err(invalid("path is empty"));
            }
            Ok(Given::Path(path.to_vec()))
        }
        _ => Err(invalid("more than one of host (or port), path and socket is set")),
    }
}

pub(super) fn refuse_tls(tls: *const transport_tls_config_t) -> Result<()> {
    if tls.is_null() { Ok(()) } else { Err(not_supported("tls is not in this release")) }
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

pub(super) fn stream_options(write_buffer_cap: usize, idle_timeout: u64, close_timeout: u64) -> StreamOptions {
    StreamOptions {
        write_buffer_cap: if write_buffer_cap == 0 { usize::MAX } else { write_buffer_cap },
        idle_timeout: duration(idle_timeout),
        close_timeout: duration(close_timeout),
    }
}

/// Of an option that is off by default.
pub(super) fn duration(nanoseconds: u64) -> Option<u64> {
    (nanoseconds != 0 && nanoseconds != TRANSPORT_FOREVER).then_some(nanoseconds)
}

impl transport_connect_options_t {
    /// # Safety
    /// The texts are NULL or NUL-terminated.
    unsafe fn check(&self) -> Result<Target> {
        let order = self.order()?;
        refuse_tls(self.tls)?;
        refuse_tls_options(
            !self.server_hostname.is_null()
                || self.tls_handshake_timeout != 0
                || self.tls_shutdown_timeout != 0
                || self.tolerate_truncation != 0,
        )?;
        let socket = SocketOptions { nodelay: switch(self.nodelay, true)?, keepalive: switch(self.keepalive, false)? };
        let stream = stream_options(self.write_buffer_cap, self.idle_timeout, self.close_timeout);
        let family = family(self.family)?;
        // SAFETY: the caller's promise.
        let local_host = unsafe { text(self.local_host) }?.map(String::from);
        if local_host.as_ref().is_some_and(String::is_empty) {
            return Err(invalid("local_host is empty"));
        }
        // SAFETY: the caller's promise.
        let given = unsafe { given(self.host, self.port, self.path, self.path_len, self.socket) }?;
        if !matches!(given, Given::Host) && (local_host.is_some() || self.local_port != 0) {
            return Err(invalid("local_host and local_port go with host, not with path or socket"));
        }
        Ok(match given {
            Given::Path(path) => Target::Path(path, stream),
            Given::Socket(raw) => Target::Socket(raw, socket, stream),
            Given::Host => {
                // SAFETY: the caller's promise.
                let host = unsafe { text(self.host) }?.filter(|host| !host.is_empty());
                let host = host.ok_or(invalid("host is NULL or empty, and neither path nor socket is set"))?.into();
                Target::Host(ConnectOptions {
                    host,
                    port: self.port,
                    family,
                    local_host,
                    local_port: self.local_port,
                    order,
                    timeout: duration(self.connect_timeout),
                    socket,
                    stream,
                })
            }
        })
    }

    /// J4, J5.
    fn order(&self) -> Result<Order> {
        let delay = match self.happy_eyeballs_delay {
            0 => Some(HAPPY_EYEBALLS_DELAY),
            TRANSPORT_FOREVER => None,
            delay => Some(delay),
        };
        let interleave = match self.interleave {
            0 => usize::from(delay.is_some()),
            given => usize::try_from(given).map_err(|_| invalid("interleave is negative"))?,
        };
        Ok(Order { delay, interleave })
    }
}

/// RFC 8305 recommends 250 ms.
const HAPPY_EYEBALLS_DELAY: u64 = 250_000_000;

/// What a client connects to, and how.
enum Target {
    Host(ConnectOptions),
    Path(Vec<u8>, StreamOptions),
    Socket(i64, SocketOptions, StreamOptions),
}

/// Connects to a TCP server, or to a Unix socket, or takes over a connected socket. The addresses of the host are tried as
/// happy_eyeballs_delay says; the first that connects gets connection_made, then done(arg, transport, NULL), and the other
/// attempts are closed. When none does: done(arg, NULL, error), and the protocol hears nothing. The error lists every
/// address tried. done may be NULL; it never runs inside this call. *out (NULL allowed) is a request that
/// transport_request_cancel ends. The protocol table and all options are copied.
///
/// Answers: TRANSPORT_EINVAL: options or protocol NULL or malformed, not exactly one of host, path and socket, or a socket
/// that is no connected stream socket; TRANSPORT_ENOTSUP: an option of a later release; TRANSPORT_ECLOSED: the loop is being
/// freed; TRANSPORT_EIO: no thread for the name. done gets TRANSPORT_ERESOLVE: name not found (os_code is EAI_*);
/// TRANSPORT_EIO: not connected (os_code of the first address); TRANSPORT_ETIMEDOUT: connect_timeout; TRANSPORT_ECANCELED.
/// Rules J1 to J13, L1, L2, A3 to A7.
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
        let target = unsafe { sized::copy_in(options)?.check()? };
        let protocol = unsafe { Protocol::copy_in(protocol, user) }?;
        let done = Connected { function: done, arg };
        let reactor = &mut held.get().reactor;
        let request = match target {
            Target::Host(options) => reactor.create_connection(options, protocol, done)?,
            Target::Path(path, stream) => reactor.connect_path(&path, stream, protocol, done)?,
            Target::Socket(raw, socket, stream) => reactor.connect_socket(raw, socket, stream, protocol, done)?,
        };
        // SAFETY: NULL or the caller's to be written.
        unsafe { store(out, handle(request)) };
        Ok(())
    })
}

/// Makes a transport of a socket that the program has accepted itself. connection_made, then done(arg, transport, NULL),
/// come from the loop. The socket becomes the library's when the call answers TRANSPORT_OK, and stays the program's
/// otherwise. *out (NULL allowed) is a request that transport_request_cancel ends.
///
/// Answers: TRANSPORT_EINVAL: options or protocol NULL or malformed, or socket no connected stream socket;
/// TRANSPORT_ENOTSUP: an option of a later release; TRANSPORT_ECLOSED: the loop is being freed; TRANSPORT_EIO: the system
/// refused an option. done gets TRANSPORT_ECANCELED. Rule K21.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_connect_accepted_socket(
    r#loop: *mut transport_loop_t,
    options: *const transport_accepted_options_t,
    protocol: *const transport_protocol_t,
    user: *mut c_void,
    done: transport_connected_t,
    arg: *mut c_void,
    out: *mut *mut transport_request_t,
) -> transport_status_t {
    on_loop("transport_connect_accepted_socket", ticket(r#loop), |held| {
        // SAFETY: the caller's promises: sized structs with callbacks of the right types.
        let options = unsafe { sized::copy_in(options)? };
        let protocol = unsafe { Protocol::copy_in(protocol, user) }?;
        refuse_tls(options.tls)?;
        refuse_tls_options(
            options.tls_handshake_timeout != 0 || options.tls_shutdown_timeout != 0 || options.tolerate_truncation != 0,
        )?;
        if options.socket == 0 {
            return Err(invalid("socket is 0"));
        }
        let socket =
            SocketOptions { nodelay: switch(options.nodelay, true)?, keepalive: switch(options.keepalive, false)? };
        let stream = stream_options(options.write_buffer_cap, options.idle_timeout, options.close_timeout);
        let done = Connected { function: done, arg };
        let request = held.get().reactor.connect_socket(options.socket as i64, socket, stream, protocol, done)?;
        // SAFETY: NULL or the caller's to be written.
        unsafe { store(out, handle(request)) };
        Ok(())
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

/// Makes two transports connected to each other in memory, without descriptors: for tests, and for two parts of one program.
/// Each behaves like one end of a connection; both connection_made come from the loop, a's first. The handles can be used at
/// once: what is written before connection_made is delivered after it. Their extra info is empty, and transport_detach is
/// TRANSPORT_ENOTSUP. The tables are copied.
///
/// TRANSPORT_EINVAL: a table or an out is NULL, or a table malformed; TRANSPORT_ECLOSED: the loop is being freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_pair(
    r#loop: *mut transport_loop_t,
    a: *const transport_protocol_t,
    user_a: *mut c_void,
    b: *const transport_protocol_t,
    user_b: *mut c_void,
    out_a: *mut *mut transport_t,
    out_b: *mut *mut transport_t,
) -> transport_status_t {
    on_loop("transport_pair", ticket(r#loop), |held| {
        if out_a.is_null() || out_b.is_null() {
            return Err(invalid("out_a or out_b is NULL"));
        }
        // SAFETY: the caller's promises: sized structs with callbacks of the right types.
        let (a, b) = unsafe { (Protocol::copy_in(a, user_a)?, Protocol::copy_in(b, user_b)?) };
        let (a, b) = held.get().reactor.pair(a, b)?;
        // SAFETY: not NULL, and the caller's to be written.
        unsafe {
            out_a.write(handle(a));
            out_b.write(handle(b));
        }
        Ok(())
    })
}
