//! Servers.

use super::boundary::{invalid, on_loop, on_object, store, switch, text, value};
use super::connection::{Given, family, given, refuse_tls, refuse_tls_options, stream_options};
use super::dispatch::{Done, Factory, handle, ticket};
use super::event_loop::transport_loop_t;
use super::protocol::*;
use super::registry;
use super::sized::{self, SizedStruct};
use super::status::transport_status_t;
use super::tls::transport_tls_config_t;
use crate::core::error::Result;
use crate::reactor::{Place, ServerOptions, SocketOptions};
use std::ffi::{c_char, c_int, c_void};

/// A server: listening sockets and the connections they accepted. The handle is stale when the server is closed, its last
/// connection is lost and the loop has run since.
pub struct transport_server_t {
    _opaque: [u8; 0],
}

/// Options of transport_create_server. Zero means the default everywhere but for size. Fields marked "later" must be zero
/// in this release (TRANSPORT_ENOTSUP).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct transport_server_options_t {
    /// sizeof(transport_server_options_t).
    pub size: usize,
    /// NULL: all interfaces, both families; numeric, "localhost", or several with commas. Other names are looked up inside
    /// the call, which blocks.
    pub host: *const c_char,
    /// Instead of host and port: where a Unix socket is made. A socket file left by an earlier program is replaced; closing
    /// the server removes its own.
    pub path: *const c_char,
    /// Bytes of path; 0: strlen. Abstract names (Linux) begin with a NUL.
    pub path_len: usize,
    /// Instead of host and path: a stream socket of the program's, bound or listening; 0 none. It becomes the library's
    /// when the call answers TRANSPORT_OK.
    pub socket: os_handle,
    /// 0: any free one, for each address its own.
    pub port: u16,
    /// 0 any, AF_INET, AF_INET6.
    pub family: c_int,
    /// Connections that the system queues; 0: 1024.
    pub backlog: c_int,
    /// Switch: SO_REUSEADDR, on by default.
    pub reuse_address: c_int,
    /// Switch: SO_REUSEPORT, off by default.
    pub reuse_port: c_int,
    /// Switch, on by default; off: connections are refused until transport_server_start_serving.
    pub start_serving: c_int,
    /// Switch: TCP_NODELAY, on by default.
    pub nodelay: c_int,
    /// Switch: SO_KEEPALIVE, off by default.
    pub keepalive: c_int,
    /// Switch, TLS only, off by default.
    pub tolerate_truncation: c_int,
    /// Open connections beyond which the server stops accepting until one of them has ended; 0: none. Those that come
    /// meanwhile wait in the system's queue (backlog).
    pub max_connections: usize,
    /// TLS only; 0: a sane default.
    pub max_handshakes: usize,
    /// Bytes; 0: none. A write that would make more than this wait is TRANSPORT_ELIMIT.
    pub write_buffer_cap: usize,
    /// Of each connection: see transport_connect_options_t.
    pub close_timeout: u64,
    /// Of each connection: see transport_connect_options_t.
    pub idle_timeout: u64,
    /// Later. NULL: plain.
    pub tls: *const transport_tls_config_t,
    /// TLS only; 0: 60 s.
    pub tls_handshake_timeout: u64,
    /// TLS only; 0: 30 s.
    pub tls_shutdown_timeout: u64,
}

// SAFETY: repr(C), size first, and all-zero is a value.
unsafe impl SizedStruct for transport_server_options_t {}

const BACKLOG: c_int = 1024;

impl transport_server_options_t {
    /// # Safety
    /// The texts are NULL or NUL-terminated.
    unsafe fn check(&self) -> Result<ServerOptions> {
        refuse_tls(self.tls)?;
        refuse_tls_options(
            self.tls_handshake_timeout != 0
                || self.tls_shutdown_timeout != 0
                || self.max_handshakes != 0
                || self.tolerate_truncation != 0,
        )?;
        if self.backlog < 0 {
            return Err(invalid("backlog is negative"));
        }
        let family = family(self.family)?;
        // SAFETY: the caller's promise.
        let given = unsafe { given(self.host, self.port, self.path, self.path_len, self.socket) }?;
        Ok(ServerOptions {
            place: match given {
                // SAFETY: the caller's promise.
                Given::Host => Place::Hosts(unsafe { text(self.host) }?.map(str::to_owned), self.port, family),
                Given::Path(path) => Place::Path(path),
                Given::Socket(socket) => Place::Socket(socket),
            },
            backlog: if self.backlog == 0 { BACKLOG } else { self.backlog },
            reuse_address: switch(self.reuse_address, true)?,
            reuse_port: switch(self.reuse_port, false)?,
            start_serving: switch(self.start_serving, true)?,
            socket: SocketOptions { nodelay: switch(self.nodelay, true)?, keepalive: switch(self.keepalive, false)? },
            stream: stream_options(self.write_buffer_cap, self.idle_timeout, self.close_timeout),
            max_connections: if self.max_connections == 0 { usize::MAX } else { self.max_connections },
        })
    }
}

/// Listens on TCP, or on a Unix socket, and accepts connections. Works in the call: when it returns TRANSPORT_OK the sockets are bound and
/// listening. For each connection factory(arg) is called directly before connection_made and gives its user pointer; NULL
/// refuses it. A NULL factory means that arg is the user pointer of every connection. *out (NULL allowed: the server lives
/// until the loop is freed) is the server. The protocol table is copied once.
///
/// Answers: TRANSPORT_EINVAL: options or protocol NULL or malformed, more than one of host, path and socket, or a socket that
/// cannot listen; TRANSPORT_ENOTSUP: an option of a later release, or Unix sockets on a system without;
/// TRANSPORT_ECLOSED: the loop is being freed; TRANSPORT_ERESOLVE: the name was not found; TRANSPORT_EIO: not bound
/// (os_code; the message names the address). Failures while accepting go to the exception handler: one report, a pause of a
/// second, another try; what waits in the system's queue is not lost. Rules K1 to K22, L3 to L7, A7.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_create_server(
    r#loop: *mut transport_loop_t,
    options: *const transport_server_options_t,
    protocol: *const transport_protocol_t,
    factory: transport_factory_t,
    arg: *mut c_void,
    out: *mut *mut transport_server_t,
) -> transport_status_t {
    on_loop("transport_create_server", ticket(r#loop), |held| {
        // SAFETY: the caller's promises: sized structs, NUL-terminated texts, callbacks of the right types.
        let options = unsafe { sized::copy_in(options)?.check()? };
        let protocol = unsafe { Protocol::copy_in(protocol, arg) }?;
        let factory = Factory { function: factory, arg };
        let server = held.get().reactor.create_server(options, protocol, factory)?;
        // SAFETY: NULL or the caller's to be written.
        unsafe { store(out, handle(server)) };
        Ok(())
    })
}

/// Closes the listening sockets now; connections go on. A second close is TRANSPORT_OK while the handle lives. Rule K12.
#[unsafe(no_mangle)]
pub extern "C" fn transport_server_close(server: *mut transport_server_t) -> transport_status_t {
    on_object("transport_server_close", ticket(server), |held| held.get().reactor.close_server(ticket(server)))
}

/// Calls done(arg, NULL), from the loop, when the server is closed and the connection_lost of its last connection has
/// returned. May be called before the close, and several times. When the loop is freed first, the error is
/// TRANSPORT_ECANCELED. done may be NULL. Rules K13, K14.
#[unsafe(no_mangle)]
pub extern "C" fn transport_server_wait_closed(
    server: *mut transport_server_t,
    done: transport_done_t,
    arg: *mut c_void,
) -> transport_status_t {
    on_object("transport_server_wait_closed", ticket(server), |held| {
        held.get().reactor.wait_closed(ticket(server), Done { function: done, arg })
    })
}

/// Closes every live connection of the server, as transport_close does. It goes on listening. Rule K15.
#[unsafe(no_mangle)]
pub extern "C" fn transport_server_close_clients(server: *mut transport_server_t) -> transport_status_t {
    on_object("transport_server_close_clients", ticket(server), |held| {
        for transport in held.get().reactor.connections_of(ticket(server))? {
            held.get().reactor.close(transport)?;
        }
        Ok(())
    })
}

/// Aborts every live connection of the server, as transport_abort does. It goes on listening. Rule K15.
#[unsafe(no_mangle)]
pub extern "C" fn transport_server_abort_clients(server: *mut transport_server_t) -> transport_status_t {
    on_object("transport_server_abort_clients", ticket(server), |held| {
        for transport in held.get().reactor.connections_of(ticket(server))? {
            held.get().reactor.abort(transport)?;
        }
        Ok(())
    })
}

/// Starts listening when the server was made with start_serving off; else TRANSPORT_OK and nothing. TRANSPORT_ECLOSED: the
/// server is closed; TRANSPORT_EIO: the system refused, and the server is closed. Rules K10, K11.
#[unsafe(no_mangle)]
pub extern "C" fn transport_server_start_serving(server: *mut transport_server_t) -> transport_status_t {
    on_object("transport_server_start_serving", ticket(server), |held| held.get().reactor.start_serving(ticket(server)))
}

/// True while the server listens; false for a dead handle.
#[unsafe(no_mangle)]
pub extern "C" fn transport_server_is_serving(server: *const transport_server_t) -> bool {
    value("transport_server_is_serving", false, || {
        let mut held = registry::enter(ticket(server))?;
        held.get().reactor.require_server(ticket(server))?;
        Ok(held.get().reactor.is_serving(ticket(server)))
    })
}

/// Answers the port of the server's first socket; 0 when it is closed, or the handle dead.
#[unsafe(no_mangle)]
pub extern "C" fn transport_server_port(server: *const transport_server_t) -> u16 {
    value("transport_server_port", 0, || {
        let mut held = registry::enter(ticket(server))?;
        held.get().reactor.require_server(ticket(server))?;
        Ok(held.get().reactor.server_port(ticket(server)))
    })
}
