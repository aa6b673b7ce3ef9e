//! Telling user code. Each event is taken, every borrow ends, C is called, and the handle is looked up again: a callback
//! may do anything.

use super::boundary::bytes_mut;
use super::event_loop::{TRANSPORT_LOG_ERROR, TRANSPORT_LOG_WARNING, transport_loop_t};
use super::protocol::*;
use super::registry::Held;
use super::status::{CError, transport_error_t};
use super::transport::transport_t;
use crate::core::error::{Error, Result};
use crate::reactor::{Event, Flow, Input, RECEIVE_BUFFER, Reactor, Ticket, User, now};
use socket2::SockAddr;
use std::cell::Cell;
use std::ffi::{CString, c_int, c_void};
use std::net::SocketAddr;

/// What this layer hangs on the reactor's objects.
pub(super) struct C;

impl User for C {
    type Protocol = Protocol;
    type Factory = Factory;
    type Call = Call;
    type SignalCall = SignalCall;
    type Connected = Connected;
    type Done = Done;
    type Resolved = Resolved;
    type Named = Named;
    type Owned = Owned;

    fn is_buffered(protocol: &Protocol) -> bool {
        protocol.table.get_buffer.is_some()
    }
}

#[derive(Clone, Copy)]
pub(super) struct Call {
    pub function: unsafe extern "C" fn(*mut c_void),
    pub arg: *mut c_void,
}

// SAFETY: moved to the loop's thread and called there; what `arg` points to is the program's to share, as the
// documentation of call_soon_threadsafe says.
unsafe impl Send for Call {}

impl Call {
    pub fn run(&self) {
        // SAFETY: the program's function and the argument it gave with it.
        unsafe { (self.function)(self.arg) };
    }
}

#[derive(Clone, Copy)]
pub(super) struct SignalCall {
    pub function: unsafe extern "C" fn(*mut c_void, c_int),
    pub arg: *mut c_void,
}

#[derive(Clone, Copy)]
pub(super) struct Connected {
    pub function: transport_connected_t,
    pub arg: *mut c_void,
}

#[derive(Clone, Copy)]
pub(super) struct Done {
    pub function: transport_done_t,
    pub arg: *mut c_void,
}

#[derive(Clone, Copy)]
pub(super) struct Resolved {
    pub function: transport_resolved_t,
    pub arg: *mut c_void,
}

#[derive(Clone, Copy)]
pub(super) struct Named {
    pub function: transport_named_t,
    pub arg: *mut c_void,
}

#[derive(Clone, Copy)]
pub(super) struct Factory {
    pub function: transport_factory_t,
    pub arg: *mut c_void,
}

/// Bytes lent by `transport_write_owned`.
#[derive(Debug)]
pub(super) struct Owned {
    pub data: *const c_void,
    pub len: usize,
    pub release: transport_release_t,
    pub arg: *mut c_void,
}

impl AsRef<[u8]> for Owned {
    fn as_ref(&self) -> &[u8] {
        // SAFETY: transport_write_owned checked the length, and the program keeps the bytes unchanged until `release`.
        unsafe { super::boundary::bytes(self.data, self.len) }.unwrap_or(&[])
    }
}

/// A loop, with what only C needs.
pub(super) struct Loop {
    pub reactor: Reactor<C>,
    pub exception: Option<(transport_exception_t, *mut c_void)>,
    pub log: Option<(c_int, transport_log_t, *mut c_void)>,
    /// Addresses lent to C until the outermost callback returns.
    #[allow(clippy::vec_box)] // C holds their addresses while the list grows
    pub borrowed: Vec<Box<SockAddr>>,
    /// The option: slow callbacks, failing calls and what is left open are told to the log handler.
    pub debug: bool,
}

impl Loop {
    pub fn new(reactor: Reactor<C>) -> Self {
        Loop { reactor, exception: None, log: None, borrowed: Vec::new(), debug: false }
    }
}

// ---- handles -------------------------------------------------------------------------------------------------------------

/// The ticket behind any handle.
#[inline(always)]
pub(super) fn ticket<T>(handle: *const T) -> Ticket {
    Ticket(handle.addr() as u64)
}

/// The handle that carries a ticket: a number in a pointer's clothes, never dereferenced.
#[inline(always)]
pub(super) fn handle<T>(ticket: Ticket) -> *mut T {
    std::ptr::without_provenance_mut(ticket.0 as usize)
}

// ---- inside a callback -----------------------------------------------------------------------------------------------------

thread_local! { static IN_CALLBACK: Cell<bool> = const { Cell::new(false) }; }

/// While it lives, this thread runs callbacks and must not run a loop.
pub(super) struct CallbackScope {
    before: bool,
}

impl CallbackScope {
    pub fn enter() -> Self {
        CallbackScope { before: IN_CALLBACK.replace(true) }
    }

    /// A child forked inside a callback may run loops of its own.
    pub fn forget_in_child() {
        IN_CALLBACK.set(false);
    }

    pub fn is_inside() -> bool {
        IN_CALLBACK.get()
    }
}

impl Drop for CallbackScope {
    fn drop(&mut self) {
        IN_CALLBACK.set(self.before);
    }
}

// ---- turns -----------------------------------------------------------------------------------------------------------------

/// One turn: waits at most `timeout`, then tells everything that happened.
pub(super) fn turn(held: &mut Held, timeout: Option<u64>) -> Result<()> {
    held.get().borrowed.clear();
    held.get().reactor.begin(timeout)?;
    tell_all(held)
}

/// Tells what the turn that has begun holds. A panic of the reactor ends the turn, not the loop.
pub(super) fn tell_all(held: &mut Held) -> Result<()> {
    let told = super::boundary::caught("", || {
        while let Some(event) = held.get().reactor.next_event() {
            if held.get().debug {
                tell_timed(held, event);
            } else {
                tell(held, event);
            }
            let borrowed = &mut held.get().borrowed;
            if !borrowed.is_empty() {
                borrowed.clear();
            }
        }
        Ok(())
    });
    if told.is_err() {
        held.get().reactor.give_up_turn();
    }
    told
}

/// S14: with `debug`, a callback that holds the loop up is named.
#[cold]
fn tell_timed(held: &mut Held, event: Event<C>) {
    let (name, transport) = name_of(&event);
    let Some(name) = name else { return tell(held, event) };
    let whose = held.get().reactor.describe(transport); // it may be gone afterwards
    let start = now();
    tell(held, event);
    let took = now() - start;
    if took > SLOW {
        let of = if whose.is_empty() { "" } else { " of " };
        log(held, TRANSPORT_LOG_WARNING, &format!("slow callback: {name}{of}{whose} took {} ms", took / 1_000_000));
    }
}

const SLOW: u64 = 100_000_000;

fn name_of(event: &Event<C>) -> (Option<&'static str>, Ticket) {
    let (name, transport) = match event {
        Event::Call(_) => ("a function called by the loop", Ticket::NONE),
        Event::Signal(..) => ("a signal handler", Ticket::NONE),
        Event::Accepted(transport) => ("the factory, or connection_made", *transport),
        Event::Made(transport) => ("connection_made", *transport),
        Event::Connected(..) | Event::Done(..) | Event::Resolved(..) | Event::Named(..) => {
            ("a done function", Ticket::NONE)
        }
        Event::Data(transport, _) => ("data_received", *transport),
        Event::Readable(transport) => ("get_buffer, or buffer_updated", *transport),
        Event::Eof(transport) => ("eof_received", *transport),
        Event::ResumeWriting(transport) => ("resume_writing", *transport),
        Event::Lost(transport, _) => ("connection_lost", *transport),
        Event::Release(_) => ("a release function", Ticket::NONE),
        Event::Exception(_) => ("the exception handler", Ticket::NONE),
        Event::Complaint(_) => return (None, Ticket::NONE),
    };
    (Some(name), transport)
}

/// A19: with `debug`, before a loop ends.
pub(super) fn tell_what_is_open(held: &mut Held) {
    if held.get().debug {
        for line in held.get().reactor.describe_all() {
            log(held, TRANSPORT_LOG_WARNING, &format!("still there at transport_loop_free: {line}"));
        }
    }
}

#[inline(always)] // into its two callers
fn tell(held: &mut Held, event: Event<C>) {
    match event {
        Event::Data(transport, len) => data_received(held, transport, len),
        Event::ResumeWriting(transport) => {
            if let Some((function, user)) = callback(held, transport, |table| table.resume_writing) {
                // SAFETY: the program's function, with the user pointer it gave and a live handle.
                unsafe { function(user, handle(transport)) };
            }
        }
        Event::Readable(transport) => fill_buffer(held, transport),
        Event::Eof(transport) => eof_received(held, transport),
        Event::Accepted(transport) => accepted(held, transport),
        Event::Made(transport) => connection_made(held, transport),
        Event::Lost(transport, error) => connection_lost(held, transport, error.as_deref()),
        // SAFETY: here and below: the program's function and the argument it gave with it.
        Event::Call(call) => unsafe { (call.function)(call.arg) },
        Event::Signal(call, signum) => unsafe { (call.function)(call.arg, signum) },
        Event::Connected(done, result) => {
            if let Some(function) = done.function {
                match result {
                    Ok(transport) => unsafe { function(done.arg, handle(transport), std::ptr::null()) },
                    Err(error) => {
                        with_error(Some(&error), |error| unsafe { function(done.arg, std::ptr::null_mut(), error) });
                    }
                }
            }
        }
        Event::Resolved(done, answer) => resolved(done, *answer),
        Event::Named(done, answer) => named(done, *answer),
        Event::Done(done, error) => {
            if let Some(function) = done.function {
                with_error(error.as_deref(), |error| unsafe { function(done.arg, error) });
            }
        }
        Event::Release(owned) => release(owned),
        Event::Exception(error) => exception(held, Ticket::NONE, &error),
        Event::Complaint(text) => {
            // Not about calls that the handler makes: they would never end.
            held.get().debug = false;
            log(held, TRANSPORT_LOG_WARNING, &text);
            held.get().debug = true;
        }
    }
}

fn resolved(done: Resolved, answer: Result<Vec<SocketAddr>>) {
    let Some(function) = done.function else { return };
    let (addresses, error) = match answer {
        Ok(addresses) => (addresses, None),
        Err(error) => (Vec::new(), Some(error)),
    };
    let addresses: Vec<SockAddr> = addresses.into_iter().map(SockAddr::from).collect();
    let pointers: Vec<*const sockaddr> = addresses.iter().map(|address| address.as_ptr().cast()).collect();
    let lens: Vec<usize> = addresses.iter().map(|address| address.len() as usize).collect();
    with_error(error.as_ref(), |error| {
        // SAFETY: the program's function and the argument it gave with it; the lists live until it returns.
        unsafe { function(done.arg, pointers.as_ptr(), lens.as_ptr(), pointers.len(), error) };
    });
}

fn named(done: Named, answer: Result<(String, String)>) {
    let Some(function) = done.function else { return };
    match answer {
        Ok((host, service)) => {
            let (host, service) = (CString::new(host).unwrap_or_default(), CString::new(service).unwrap_or_default());
            // SAFETY: the program's function and the argument it gave with it; the texts live until it returns.
            unsafe { function(done.arg, host.as_ptr(), service.as_ptr(), std::ptr::null()) };
        }
        Err(error) => with_error(Some(&error), |error| {
            // SAFETY: as above.
            unsafe { function(done.arg, std::ptr::null(), std::ptr::null(), error) };
        }),
    }
}

/// One callback of a transport's protocol and the user pointer for it.
#[inline(always)]
fn callback<F>(
    held: &mut Held,
    transport: Ticket,
    which: impl FnOnce(&transport_protocol_t) -> Option<F>,
) -> Option<(F, *mut c_void)> {
    let protocol = held.get().reactor.protocol(transport)?;
    Some((which(&protocol.table)?, protocol.user))
}

#[inline(always)]
fn data_received(held: &mut Held, transport: Ticket, len: usize) {
    if let Some((function, user)) = callback(held, transport, |table| table.data_received) {
        // The buffer is out of the loop while C reads it, so that no call C makes can touch it.
        let buffer = held.get().reactor.take_receive_buffer();
        // SAFETY: the program's function; `buffer` holds at least `len` bytes and lives on this stack until it returns.
        unsafe { function(user, handle(transport), buffer.as_ptr(), len) };
        held.get().reactor.return_receive_buffer(buffer);
    }
}

/// The buffered protocol's data_received: get_buffer, a read, buffer_updated (G2 to G6).
fn fill_buffer(held: &mut Held, transport: Ticket) {
    let Some((get_buffer, user)) = callback(held, transport, |table| table.get_buffer) else { return };
    let mut len = 0;
    // SAFETY: the program's function, with the user pointer it gave, a live handle, and a place for the length.
    let buffer = unsafe { get_buffer(user, handle(transport), RECEIVE_BUFFER, &raw mut len) };
    held.get().reactor.send_gathered();
    // SAFETY: the program's promise: `len` bytes that are the library's until buffer_updated, or the end of this read.
    let Some(buffer) = (unsafe { bytes_mut(buffer, len) }) else {
        if !held.get().reactor.is_closing(transport) {
            let error = held.get().reactor.no_buffer(transport);
            exception(held, transport, &error);
        }
        return;
    };
    match held.get().reactor.read_into(transport, buffer) {
        Input::Data(count) => {
            if let Some((function, user)) = callback(held, transport, |table| table.buffer_updated) {
                // SAFETY: the program's function, with the user pointer it gave and a live handle.
                unsafe { function(user, handle(transport), count) };
            }
        }
        Input::Eof => eof_received(held, transport),
        Input::Nothing => {}
    }
}

fn eof_received(held: &mut Held, transport: Ticket) {
    let keep_open = callback(held, transport, |table| table.eof_received).is_some_and(|(function, user)| {
        // SAFETY: the program's function, with the user pointer it gave and a live handle.
        unsafe { function(user, handle(transport)) != 0 }
    });
    held.get().reactor.eof_answered(transport, keep_open);
}

fn accepted(held: &mut Held, transport: Ticket) {
    let Some((factory, _)) = held.get().reactor.factory(transport) else { return };
    let user = match factory.function {
        None => factory.arg,
        // SAFETY: the program's function and the argument it gave with it.
        Some(function) => unsafe { function(factory.arg) },
    };
    if user.is_null() && factory.function.is_some() {
        held.get().reactor.refuse(transport);
        return;
    }
    let reactor = &mut held.get().reactor;
    if let Some(protocol) = reactor.protocol(transport) {
        let protocol = Protocol { table: protocol.table.clone(), user };
        let _ = reactor.set_protocol(transport, protocol);
    }
    connection_made(held, transport);
}

fn connection_made(held: &mut Held, transport: Ticket) {
    if let Some((function, user)) = callback(held, transport, |table| table.connection_made) {
        // SAFETY: the program's function, with the user pointer it gave and a live handle.
        unsafe { function(user, handle(transport)) };
    }
    held.get().reactor.opened(transport);
}

fn connection_lost(held: &mut Held, transport: Ticket, error: Option<&Error>) {
    if let Some((function, user)) = callback(held, transport, |table| table.connection_lost) {
        // SAFETY: the program's function, with the user pointer it gave and a handle that lives until it returns.
        with_error(error, |error| unsafe { function(user, handle(transport), error) });
    }
    held.get().reactor.remove(transport);
}

/// After a write or a lowered limit: the one callback that runs inside a call (E8).
#[inline(always)]
pub(super) fn follow_flow(held: &mut Held, transport: Ticket, flow: Flow) {
    if flow == Flow::Pause {
        pause_writing(held, transport);
    }
}

#[inline(never)]
fn pause_writing(held: &mut Held, transport: Ticket) {
    if let Some((function, user)) = callback(held, transport, |table| table.pause_writing) {
        let _inside = CallbackScope::enter();
        // SAFETY: the program's function, with the user pointer it gave and a live handle; nothing is borrowed.
        unsafe { function(user, handle(transport)) };
    }
}

/// A lent buffer goes back.
fn release(owned: Owned) {
    if let Some(function) = owned.release {
        // SAFETY: the program's function and the argument it gave with the bytes.
        unsafe { function(owned.arg) };
    }
}

/// What no callback could be told: the exception handler, else the log.
pub(super) fn exception(held: &mut Held, transport: Ticket, error: &Error) {
    let loop_ticket = held.get().reactor.ticket();
    if let Some((Some(function), arg)) = held.get().exception {
        with_error(Some(error), |error| {
            let of_loop: *mut transport_loop_t = handle(loop_ticket);
            let of_transport: *mut transport_t = handle(transport);
            // SAFETY: the program's function and the argument it gave with it.
            unsafe { function(arg, of_loop, of_transport, error) };
        });
    } else {
        log(held, TRANSPORT_LOG_ERROR, &error.message);
    }
}

fn log(held: &mut Held, level: c_int, message: &str) {
    if let Some((most, Some(function), arg)) = held.get().log
        && level <= most
    {
        let message = CString::new(message.replace('\0', "")).unwrap_or_default();
        // SAFETY: the program's function and the argument it gave with it; the text lives until it returns.
        unsafe { function(arg, level, message.as_ptr()) };
    }
}

fn with_error(error: Option<&Error>, tell: impl FnOnce(*const transport_error_t)) {
    match error {
        None => tell(std::ptr::null()),
        Some(error) => tell(&CError::new(error).error),
    }
}
