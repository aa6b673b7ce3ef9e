//! The protocol: what a program registers to be told.

use super::event_loop::transport_loop_t;
use super::sized::{self, SizedStruct};
use super::status::transport_error_t;
use super::transport::transport_t;
use crate::core::error::Result;
use std::ffi::{c_char, c_int, c_void};
use std::rc::Rc;

/// C's `struct sockaddr`; declared at the top of the header.
pub enum sockaddr {}

/// C's `bool` where C gives one: any byte but zero is true, so that no value of C's is undefined behaviour here.
pub type c_bool = u8;

/// An operating-system handle: a descriptor, on Windows a SOCKET or HANDLE. C's `intptr_t`.
pub type os_handle = isize;

/// What happens on a transport, told in this order: connection_made, then data_received any number of times, then
/// eof_received at most once, then connection_lost; each of the first and the last exactly once. user is the protocol
/// instance, asyncio's self; transport is the handle that the call is about, valid until connection_lost has returned.
/// The table is copied when it is given. Any callback may be NULL and then does what asyncio's empty method does. Callbacks
/// run on the loop's thread, from the loop, and must return: no longjmp, no C++ exception, no pthread_exit.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct transport_protocol_t {
    /// sizeof(transport_protocol_t).
    pub size: usize,
    /// The transport is open. Reading starts when this has returned.
    pub connection_made: Option<unsafe extern "C" fn(user: *mut c_void, transport: *mut transport_t)>,
    /// The transport has ended: the last callback. error is NULL after a clean end (the peer's end of stream, close,
    /// abort) and valid during the call only.
    pub connection_lost:
        Option<unsafe extern "C" fn(user: *mut c_void, transport: *mut transport_t, error: *const transport_error_t)>,
    /// More than the high mark waits to be sent. The only callback that runs inside a call: the write, writelines,
    /// write_owned or set_write_buffer_limits that did it.
    pub pause_writing: Option<unsafe extern "C" fn(user: *mut c_void, transport: *mut transport_t)>,
    /// What waits has shrunk to the low mark.
    pub resume_writing: Option<unsafe extern "C" fn(user: *mut c_void, transport: *mut transport_t)>,
    /// len bytes, at least one, valid during the call only.
    pub data_received:
        Option<unsafe extern "C" fn(user: *mut c_void, transport: *mut transport_t, data: *const u8, len: usize)>,
    /// The peer has ended its side. True keeps the transport open for writing until the program closes it; false (and a
    /// NULL callback) closes it once all is sent.
    pub eof_received: Option<unsafe extern "C" fn(user: *mut c_void, transport: *mut transport_t) -> c_bool>,
    /// Makes the protocol a buffered one: before each read it is asked for memory to read into, and data_received is never
    /// called. Returns it, and its size in *len; size_hint is what the library would take. The memory is the library's
    /// until buffer_updated is called or the read ends without it (nothing to read, end of stream). NULL or *len 0: the
    /// transport ends with TRANSPORT_EINVAL. Rules G1 to G8.
    pub get_buffer: Option<
        unsafe extern "C" fn(
            user: *mut c_void,
            transport: *mut transport_t,
            size_hint: usize,
            len: *mut usize,
        ) -> *mut c_void,
    >,
    /// len bytes, at least one, have come into the memory that get_buffer gave last.
    pub buffer_updated: Option<unsafe extern "C" fn(user: *mut c_void, transport: *mut transport_t, len: usize)>,
    /// Datagrams: not called in this release.
    pub datagram_received: Option<
        unsafe extern "C" fn(
            user: *mut c_void,
            transport: *mut transport_t,
            data: *const u8,
            len: usize,
            address: *const sockaddr,
            address_len: usize,
        ),
    >,
    /// Datagrams: not called in this release.
    pub error_received:
        Option<unsafe extern "C" fn(user: *mut c_void, transport: *mut transport_t, error: *const transport_error_t)>,
    /// Subprocesses: not called in this release.
    pub pipe_data_received: Option<
        unsafe extern "C" fn(user: *mut c_void, transport: *mut transport_t, fd: c_int, data: *const u8, len: usize),
    >,
    /// Subprocesses: not called in this release.
    pub pipe_connection_lost: Option<
        unsafe extern "C" fn(
            user: *mut c_void,
            transport: *mut transport_t,
            fd: c_int,
            error: *const transport_error_t,
        ),
    >,
    /// Subprocesses: not called in this release.
    pub process_exited: Option<unsafe extern "C" fn(user: *mut c_void, transport: *mut transport_t)>,
}

// SAFETY: repr(C), size first, and all-zero is NULL everywhere.
unsafe impl SizedStruct for transport_protocol_t {}

/// A function to call once: call_soon, timers, posts from other threads.
pub type transport_callback_t = Option<unsafe extern "C" fn(arg: *mut c_void)>;
/// Told how a create call ended: the transport after its connection_made and a NULL error, or NULL and why. error is valid
/// during the call only.
pub type transport_connected_t =
    Option<unsafe extern "C" fn(arg: *mut c_void, transport: *mut transport_t, error: *const transport_error_t)>;
/// Told that something has ended; error is NULL when it ended well, and valid during the call only.
pub type transport_done_t = Option<unsafe extern "C" fn(arg: *mut c_void, error: *const transport_error_t)>;
/// Told how many bytes a sendfile sent.
pub type transport_sent_t = Option<unsafe extern "C" fn(arg: *mut c_void, sent: u64, error: *const transport_error_t)>;
/// Given back the bytes of a write_owned.
pub type transport_release_t = Option<unsafe extern "C" fn(arg: *mut c_void)>;
/// Makes the user pointer of a new connection, directly before its connection_made; NULL refuses the connection. What it
/// returns gets exactly one connection_made and one connection_lost, where it can be freed.
pub type transport_factory_t = Option<unsafe extern "C" fn(arg: *mut c_void) -> *mut c_void>;
/// Told of a signal, on the loop's thread, never in signal context.
pub type transport_signal_t = Option<unsafe extern "C" fn(arg: *mut c_void, signum: c_int)>;
/// Told the addresses of a name.
pub type transport_resolved_t = Option<
    unsafe extern "C" fn(
        arg: *mut c_void,
        addresses: *const *const sockaddr,
        address_lens: *const usize,
        count: usize,
        error: *const transport_error_t,
    ),
>;
/// Told the names of an address.
pub type transport_named_t = Option<
    unsafe extern "C" fn(
        arg: *mut c_void,
        host: *const c_char,
        service: *const c_char,
        error: *const transport_error_t,
    ),
>;
/// Told of a failure that no other callback could be told. transport may be NULL; error is valid during the call only.
pub type transport_exception_t = Option<
    unsafe extern "C" fn(
        arg: *mut c_void,
        r#loop: *mut transport_loop_t,
        transport: *mut transport_t,
        error: *const transport_error_t,
    ),
>;
/// Told a line for the log, at one of the TRANSPORT_LOG_* levels; message is valid during the call only.
pub type transport_log_t = Option<unsafe extern "C" fn(arg: *mut c_void, level: c_int, message: *const c_char)>;

/// A protocol instance: the table, shared by all connections of a server, and its user pointer.
#[derive(Clone)]
pub(super) struct Protocol {
    pub table: Rc<transport_protocol_t>,
    pub user: *mut c_void,
}

impl Protocol {
    /// # Safety
    /// As `sized::copy_in`; the callbacks are what their types say.
    pub unsafe fn copy_in(table: *const transport_protocol_t, user: *mut c_void) -> Result<Self> {
        // SAFETY: the caller's promise.
        let table = unsafe { sized::copy_in(table) }?;
        Ok(Protocol { table: Rc::new(table), user })
    }
}
