//! The loop: life, running, calls and timers, signals, handlers.

use super::boundary::{invalid, on_loop, on_object, status, store, switch, text, value};
use super::dispatch::{self, Call, CallbackScope, Done, Named, Resolved, SignalCall, handle, ticket};
use super::protocol::*;
use super::registry::{self, Held};
use super::sized::{self, SizedStruct};
use super::status::transport_status_t;
use crate::core::error::{Error, Result, Status};
use crate::reactor::{Direction, Mail, now};
use std::ffi::{c_char, c_int, c_void};

/// A loop. It and everything on it belong to one thread: the one that made it, until another adopts it.
pub struct transport_loop_t {
    _opaque: [u8; 0],
}

/// A pending call_soon, call_later or call_at. The handle is stale once its function has begun to run, and at the end of
/// the turn in which it was cancelled.
pub struct transport_timer_t {
    _opaque: [u8; 0],
}

/// An operation under way. The handle is stale once its done has begun to run.
pub struct transport_request_t {
    _opaque: [u8; 0],
}

/// Options of a loop.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct transport_loop_options_t {
    /// sizeof(transport_loop_options_t).
    pub size: usize,
    /// Switch, off by default: the log handler is told (TRANSPORT_LOG_WARNING) of callbacks that took longer than 100 ms, of
    /// calls that failed and why, and of what is still open at transport_loop_free. Costs some time in every callback.
    pub debug: c_int,
}

// SAFETY: repr(C), size first, and all-zero is a value.
unsafe impl SizedStruct for transport_loop_options_t {}

pub const TRANSPORT_VERSION_MAJOR: u32 = 0;
pub const TRANSPORT_VERSION_MINOR: u32 = 1;
pub const TRANSPORT_VERSION_PATCH: u32 = 0;
/// No timeout; 0 is the default one.
pub const TRANSPORT_FOREVER: u64 = u64::MAX;
/// Levels of log lines. A log handler gets those up to its level.
pub const TRANSPORT_LOG_ERROR: i32 = 1;
pub const TRANSPORT_LOG_WARNING: i32 = 2;
pub const TRANSPORT_LOG_INFO: i32 = 3;
pub const TRANSPORT_LOG_DEBUG: i32 = 4;

/// Answers the version of the loaded library as 0xMMmmpp. Compare with TRANSPORT_VERSION_* of the header. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn transport_version() -> u32 {
    value("transport_version", 0, || {
        Ok(TRANSPORT_VERSION_MAJOR << 16 | TRANSPORT_VERSION_MINOR << 8 | TRANSPORT_VERSION_PATCH)
    })
}

// ---- life ------------------------------------------------------------------------------------------------------------------

/// Makes a loop that belongs to the calling thread. options may be NULL. *out is to be freed with transport_loop_free.
/// A process holds at most 254 loops (TRANSPORT_ELIMIT). TRANSPORT_EINVAL: out is NULL or options are malformed;
/// TRANSPORT_EIO: no descriptors; TRANSPORT_ENOMEM. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_loop_new(
    options: *const transport_loop_options_t,
    out: *mut *mut transport_loop_t,
) -> transport_status_t {
    status("transport_loop_new", || {
        if out.is_null() {
            return Err(invalid("out is NULL"));
        }
        let mut debug = false;
        if !options.is_null() {
            // SAFETY: the caller's promise for a sized struct.
            let options = unsafe { sized::copy_in(options) }?;
            debug = switch(options.debug, false)?;
        }
        super::boundary::silence_panics();
        let ticket = registry::add()?;
        registry::enter_loop(ticket)?.get().debug = debug;
        // SAFETY: not NULL, and the caller's to be written.
        unsafe { out.write(handle(ticket)) };
        Ok(())
    })
}

/// Ends a loop and everything on it. Runs callbacks: pending done callbacks get TRANSPORT_ECANCELED, transports are aborted
/// and get connection_lost(TRANSPORT_ECANCELED), functions accepted by call_soon and call_soon_threadsafe run; timers and
/// signal handlers are dropped. New work asked for meanwhile is refused with TRANSPORT_ECLOSED. NULL is TRANSPORT_OK; a
/// second free TRANSPORT_EHANDLE. TRANSPORT_ESTATE: called inside a callback of this loop. Rules S7, S8.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_free(r#loop: *mut transport_loop_t) -> transport_status_t {
    status("transport_loop_free", || {
        if r#loop.is_null() {
            return Ok(());
        }
        let mut held = registry::enter_loop(ticket(r#loop))?;
        if held.is_nested() {
            return Err(Error::new(Status::State, "a loop cannot be freed inside one of its callbacks"));
        }
        let _inside = CallbackScope::enter();
        held.get().borrowed.clear();
        dispatch::tell_what_is_open(&mut held);
        held.get().reactor.shut_down();
        let mut result = Ok(());
        while held.get().reactor.drain() {
            let told = dispatch::tell_all(&mut held);
            result = result.and(told);
        }
        registry::remove(held);
        result
    })
}

/// The calling thread takes over an idle loop with everything on it, also one whose thread has ended. TRANSPORT_OK when it
/// is the caller's already. TRANSPORT_ESTATE: somebody is inside the loop. Any thread; TRANSPORT_ETHREAD in a forked child.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_adopt(r#loop: *mut transport_loop_t) -> transport_status_t {
    status("transport_loop_adopt", || registry::adopt(ticket(r#loop)))
}

// ---- running ---------------------------------------------------------------------------------------------------------------

/// Runs turns until transport_loop_stop. A turn runs what was queued, then what input and output allow, then due timers.
/// TRANSPORT_ESTATE: inside a callback, of this loop or another. Rules S1, S2, S4 to S6.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_run_forever(r#loop: *mut transport_loop_t) -> transport_status_t {
    on_loop("transport_loop_run_forever", ticket(r#loop), |held| run(held, |_| Some(None)))
}

/// Runs turns until no transport, server, request, timer or posted function is left, or transport_loop_stop. Signal
/// handlers do not keep it running. TRANSPORT_ESTATE as for transport_loop_run_forever.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_run_until_idle(r#loop: *mut transport_loop_t) -> transport_status_t {
    on_loop("transport_loop_run_until_idle", ticket(r#loop), |held| {
        run(held, |held| if held.get().reactor.is_idle() { None } else { Some(None) })
    })
}

/// Runs one turn, waiting at most timeout nanoseconds for something to do: 0 polls, TRANSPORT_FOREVER waits. TRANSPORT_OK
/// also when nothing happened. TRANSPORT_ESTATE as for transport_loop_run_forever.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_run_once(r#loop: *mut transport_loop_t, timeout: u64) -> transport_status_t {
    on_loop("transport_loop_run_once", ticket(r#loop), |held| {
        let timeout = (timeout != TRANSPORT_FOREVER).then_some(timeout);
        let mut left = 1;
        run(held, move |_| {
            left -= 1;
            (left >= 0).then_some(timeout)
        })
    })
}

/// Turns as long as `next` gives a timeout (`Some(None)`: wait for ever) and nobody stops the loop. A stop that was asked
/// for before still lets one turn run, without waiting (S5).
fn run(held: &mut Held, mut next: impl FnMut(&mut Held) -> Option<Option<u64>>) -> Result<()> {
    if held.is_nested() || CallbackScope::is_inside() {
        return Err(Error::new(Status::State, "a loop cannot be run inside a callback"));
    }
    let _inside = CallbackScope::enter();
    while let Some(timeout) = next(held) {
        dispatch::turn(held, timeout)?;
        if held.get().reactor.take_stop() {
            break;
        }
    }
    Ok(())
}

/// Lets the running turn finish and then the run return; a loop that does not run returns from its next run after one turn.
/// Any thread, also racing transport_loop_free (TRANSPORT_ECLOSED, TRANSPORT_EHANDLE). Rules S4, S5.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_stop(r#loop: *mut transport_loop_t) -> transport_status_t {
    status("transport_loop_stop", || {
        let ticket = ticket(r#loop);
        let (mailbox, _) = registry::mailbox(ticket)?;
        Ok(mailbox.stop(ticket)?)
    })
}

/// Answers the loop's clock: monotonic nanoseconds, the clock of call_at. 0 for a dead handle. Rule S11.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_time(r#loop: *const transport_loop_t) -> u64 {
    value("transport_loop_time", 0, || registry::enter_loop(ticket(r#loop)).map(|_| now()))
}

// ---- calls and timers --------------------------------------------------------------------------------------------------------

fn call(function: transport_callback_t, arg: *mut c_void) -> Result<Call> {
    let function = function.ok_or(invalid("the function is NULL"))?;
    Ok(Call { function, arg })
}

/// Queues fn(arg) for the next turn, first in, first out. out may be NULL; else *out is a timer that can be cancelled.
/// TRANSPORT_EINVAL: fn is NULL; TRANSPORT_ECLOSED: the loop is being freed. Rules S1, S3.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_loop_call_soon(
    r#loop: *mut transport_loop_t,
    r#fn: transport_callback_t,
    arg: *mut c_void,
    out: *mut *mut transport_timer_t,
) -> transport_status_t {
    on_loop("transport_loop_call_soon", ticket(r#loop), |held| {
        let timer = held.get().reactor.call_soon(call(r#fn, arg)?, !out.is_null())?;
        // SAFETY: NULL or the caller's to be written.
        unsafe { store(out, handle(timer)) };
        Ok(())
    })
}

/// Runs fn(arg) once, delay nanoseconds from now or later, never earlier; equal deadlines first in, first out. out may be
/// NULL. TRANSPORT_EINVAL: fn is NULL; TRANSPORT_ECLOSED: the loop is being freed. Rules T1 to T7.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_loop_call_later(
    r#loop: *mut transport_loop_t,
    delay: u64,
    r#fn: transport_callback_t,
    arg: *mut c_void,
    out: *mut *mut transport_timer_t,
) -> transport_status_t {
    on_loop("transport_loop_call_later", ticket(r#loop), |held| {
        let timer = held.get().reactor.call_at(now().saturating_add(delay), call(r#fn, arg)?)?;
        // SAFETY: NULL or the caller's to be written.
        unsafe { store(out, handle(timer)) };
        Ok(())
    })
}

/// As transport_loop_call_later, at a time of transport_loop_time. A time in the past is as soon as possible.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_loop_call_at(
    r#loop: *mut transport_loop_t,
    when: u64,
    r#fn: transport_callback_t,
    arg: *mut c_void,
    out: *mut *mut transport_timer_t,
) -> transport_status_t {
    on_loop("transport_loop_call_at", ticket(r#loop), |held| {
        let timer = held.get().reactor.call_at(when, call(r#fn, arg)?)?;
        // SAFETY: NULL or the caller's to be written.
        unsafe { store(out, handle(timer)) };
        Ok(())
    })
}

/// Has the function not run. A second cancel in the same turn is TRANSPORT_OK too; after it has run, or in a later turn,
/// TRANSPORT_EHANDLE. Rule S3.
#[unsafe(no_mangle)]
pub extern "C" fn transport_timer_cancel(timer: *mut transport_timer_t) -> transport_status_t {
    on_object("transport_timer_cancel", ticket(timer), |held| Ok(held.get().reactor.cancel_timer(ticket(timer))?))
}

/// Queues fn(arg) like transport_loop_call_soon, from any thread, and wakes the loop. TRANSPORT_OK means that it will run,
/// also when the loop is freed first (then inside transport_loop_free). What arg points to is the program's to synchronize.
/// TRANSPORT_EINVAL: fn is NULL; TRANSPORT_ECLOSED: the loop is being freed; TRANSPORT_EHANDLE: it is gone. Any thread;
/// TRANSPORT_ETHREAD in a forked child. Rule S9.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_call_soon_threadsafe(
    r#loop: *mut transport_loop_t,
    r#fn: transport_callback_t,
    arg: *mut c_void,
) -> transport_status_t {
    status("transport_loop_call_soon_threadsafe", || {
        let ticket = ticket(r#loop);
        let (mailbox, own_thread) = registry::mailbox(ticket)?;
        if own_thread {
            let mut held = registry::enter_loop(ticket)?;
            return held.get().reactor.call_soon(call(r#fn, arg)?, false).map(|_| ());
        }
        match call(r#fn, arg) {
            Ok(call) => Ok(mailbox.post(ticket, Mail::Call(call))?),
            Err(error) => Err(mailbox.check(ticket).err().filter(|s| *s == Status::Handle).map_or(error, Error::from)),
        }
    })
}

// ---- foreign descriptors -------------------------------------------------------------------------------------------------------

/// Calls fn(arg) from the loop, once a turn, as long as fd can be read, its end included; replaces this loop's earlier
/// reader for it. For descriptors of other libraries: pipes, event and timer descriptors, sockets, terminals. The
/// descriptor stays the program's: remove the reader before closing it. Readers do not keep transport_loop_run_until_idle
/// running. TRANSPORT_EINVAL: fn is NULL, or fd is no open descriptor, or one of a transport of this loop; TRANSPORT_EIO: it
/// cannot be waited for (a regular file); TRANSPORT_ECLOSED: the loop is being freed; TRANSPORT_ENOTSUP on Windows. Rules
/// U1 to U7.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_add_reader(
    r#loop: *mut transport_loop_t,
    fd: os_handle,
    r#fn: transport_callback_t,
    arg: *mut c_void,
) -> transport_status_t {
    on_loop("transport_loop_add_reader", ticket(r#loop), |held| {
        held.get().reactor.add_watch(fd as i64, Direction::Read, call(r#fn, arg)?)
    })
}

/// As transport_loop_add_reader, as long as fd can be written, or has failed. Reader and writer of one descriptor are
/// independent; in one turn the reader comes first. Rules U1 to U7.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_add_writer(
    r#loop: *mut transport_loop_t,
    fd: os_handle,
    r#fn: transport_callback_t,
    arg: *mut c_void,
) -> transport_status_t {
    on_loop("transport_loop_add_writer", ticket(r#loop), |held| {
        held.get().reactor.add_watch(fd as i64, Direction::Write, call(r#fn, arg)?)
    })
}

/// Ends add_reader; true when there was one. It does not run any more, even if it was due in this turn. False, and nothing
/// more, for any other descriptor and for a dead handle. Rules U3, U6, U7.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_remove_reader(r#loop: *mut transport_loop_t, fd: os_handle) -> bool {
    value("transport_loop_remove_reader", false, || {
        Ok(registry::enter_loop(ticket(r#loop))?.get().reactor.remove_watch(fd as i64, Direction::Read))
    })
}

/// Ends add_writer, as transport_loop_remove_reader ends add_reader.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_remove_writer(r#loop: *mut transport_loop_t, fd: os_handle) -> bool {
    value("transport_loop_remove_writer", false, || {
        Ok(registry::enter_loop(ticket(r#loop))?.get().reactor.remove_watch(fd as i64, Direction::Write))
    })
}

// ---- signals ---------------------------------------------------------------------------------------------------------------

/// Calls fn(arg, signum) on the loop's thread when the process gets the signal; replaces this loop's earlier handler for
/// it. Every loop that asked for a number is told; signals of one number that come close together may be told once. The
/// disposition found when the first loop asks is put back when the last one stops asking. TRANSPORT_EINVAL: fn is NULL, or
/// the signal does not exist or cannot be caught; TRANSPORT_EIO: no descriptors. Rules V1 to V7.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_add_signal_handler(
    r#loop: *mut transport_loop_t,
    signum: c_int,
    r#fn: transport_signal_t,
    arg: *mut c_void,
) -> transport_status_t {
    on_loop("transport_loop_add_signal_handler", ticket(r#loop), |held| {
        let function = r#fn.ok_or(invalid("the function is NULL"))?;
        held.get().reactor.add_signal_handler(signum, SignalCall { function, arg })
    })
}

/// Ends add_signal_handler; true when there was one. Rule V4.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_remove_signal_handler(r#loop: *mut transport_loop_t, signum: c_int) -> bool {
    value("transport_loop_remove_signal_handler", false, || {
        Ok(registry::enter_loop(ticket(r#loop))?.get().reactor.remove_signal_handler(signum))
    })
}

// ---- names and other threads -----------------------------------------------------------------------------------------------

/// Looks up addresses as getaddrinfo(3) does, for streams, each address once, in the resolver's order. host or service may be
/// NULL, not both; family is 0, AF_INET or AF_INET6. done(arg, addresses, address_lens, count, NULL) comes from the loop; on
/// failure count is 0 and error tells why: TRANSPORT_ERESOLVE (os_code is EAI_*) or TRANSPORT_ECANCELED. The addresses are
/// valid during done. A name is asked for on another thread, so that a resolver that hangs holds up nobody; a numeric host
/// with a numeric service needs none. *out (NULL allowed) is a request for transport_request_cancel, which may be called
/// from a timer to set a deadline.
///
/// Answers: TRANSPORT_EINVAL: done is NULL, host and service both are, family is another, or a text is not UTF-8;
/// TRANSPORT_ECLOSED: the loop is being freed; TRANSPORT_EIO: no thread. Rules J2, X1, X2.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_loop_getaddrinfo(
    r#loop: *mut transport_loop_t,
    host: *const c_char,
    service: *const c_char,
    family: c_int,
    done: transport_resolved_t,
    arg: *mut c_void,
    out: *mut *mut transport_request_t,
) -> transport_status_t {
    on_loop("transport_loop_getaddrinfo", ticket(r#loop), |held| {
        // SAFETY: the caller's promise: each is NULL or NUL-terminated.
        let (host, service) = unsafe { (text(host)?.map(String::from), text(service)?.map(String::from)) };
        if host.is_none() && service.is_none() {
            return Err(invalid("host and service are both NULL"));
        }
        if done.is_none() {
            return Err(invalid("done is NULL"));
        }
        let family = super::connection::family(family)?;
        let request = held.get().reactor.getaddrinfo(host, service, family, Resolved { function: done, arg })?;
        // SAFETY: NULL or the caller's to be written.
        unsafe { store(out, handle(request)) };
        Ok(())
    })
}

/// Looks up the host and the service of an IPv4 or IPv6 address, as getnameinfo(3) does: names where there are any, else
/// numbers. done(arg, host, service, NULL) comes from the loop; on failure both are NULL and error tells why. The texts are
/// valid during done; the address is copied. *out as for transport_loop_getaddrinfo.
///
/// Answers: TRANSPORT_EINVAL: done or address is NULL, or the address is of another family or too short; TRANSPORT_ECLOSED:
/// the loop is being freed; TRANSPORT_EIO: no thread. Rules X1, X2.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_loop_getnameinfo(
    r#loop: *mut transport_loop_t,
    address: *const sockaddr,
    address_len: usize,
    done: transport_named_t,
    arg: *mut c_void,
    out: *mut *mut transport_request_t,
) -> transport_status_t {
    on_loop("transport_loop_getnameinfo", ticket(r#loop), |held| {
        // SAFETY: the caller's promise: NULL or `address_len` readable bytes.
        let address = unsafe { super::boundary::inet_address(address, address_len) }
            .ok_or(invalid("address is NULL, too short, or neither AF_INET nor AF_INET6"))?;
        if done.is_none() {
            return Err(invalid("done is NULL"));
        }
        let request = held.get().reactor.getnameinfo(address, Named { function: done, arg })?;
        // SAFETY: NULL or the caller's to be written.
        unsafe { store(out, handle(request)) };
        Ok(())
    })
}

/// Calls work(arg) on a thread of a small pool, for what would block the loop, then done(arg, NULL) from the loop. done may
/// be NULL. The pool has at most four threads, made when they are needed and ended with the loop, with all signals blocked;
/// a look-up that hangs does not hold it up. *out (NULL allowed) is a request for transport_request_cancel: work that has
/// not begun never runs; work that has cannot be stopped. done gets TRANSPORT_ECANCELED either way, after work has returned,
/// so that arg can be freed there. transport_loop_free waits for work that has begun, whose done gets NULL, and cancels the
/// rest.
///
/// Answers: TRANSPORT_EINVAL: work is NULL; TRANSPORT_ECLOSED: the loop is being freed; TRANSPORT_EIO: no thread. Rules X3,
/// X4.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_loop_run_in_executor(
    r#loop: *mut transport_loop_t,
    work: transport_callback_t,
    done: transport_done_t,
    arg: *mut c_void,
    out: *mut *mut transport_request_t,
) -> transport_status_t {
    on_loop("transport_loop_run_in_executor", ticket(r#loop), |held| {
        let work = call(work, arg)?;
        let request = held.get().reactor.run_in_executor(move || work.run(), Done { function: done, arg })?;
        // SAFETY: NULL or the caller's to be written.
        unsafe { store(out, handle(request)) };
        Ok(())
    })
}

/// Ends an operation early; its done gets TRANSPORT_ECANCELED, from the loop. A connection that was made meanwhile is
/// aborted; one whose connection_made has not run is never heard of. Work of the executor that has begun goes on, and done
/// comes after it. A second cancel before done is TRANSPORT_OK. TRANSPORT_EHANDLE: done has run. Rules J13, X2.
#[unsafe(no_mangle)]
pub extern "C" fn transport_request_cancel(request: *mut transport_request_t) -> transport_status_t {
    on_object("transport_request_cancel", ticket(request), |held| {
        Ok(held.get().reactor.cancel_request(ticket(request))?)
    })
}

// ---- handlers ----------------------------------------------------------------------------------------------------------------

/// Has fn told of failures that no callback could be told, such as a server out of descriptors; NULL ends that. Without a
/// handler such failures are lines for the log handler, at TRANSPORT_LOG_ERROR. Rules F10, K16.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_set_exception_handler(
    r#loop: *mut transport_loop_t,
    r#fn: transport_exception_t,
    arg: *mut c_void,
) -> transport_status_t {
    on_loop("transport_loop_set_exception_handler", ticket(r#loop), |held| {
        held.get().exception = r#fn.map(|_| (r#fn, arg));
        Ok(())
    })
}

/// Has fn told the library's log lines up to level (TRANSPORT_LOG_*); NULL ends that. Without a handler nothing is logged:
/// the library never prints. TRANSPORT_EINVAL: level is none of TRANSPORT_LOG_*.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_set_log_handler(
    r#loop: *mut transport_loop_t,
    level: c_int,
    r#fn: transport_log_t,
    arg: *mut c_void,
) -> transport_status_t {
    on_loop("transport_loop_set_log_handler", ticket(r#loop), |held| {
        if r#fn.is_some() && !(TRANSPORT_LOG_ERROR..=TRANSPORT_LOG_DEBUG).contains(&level) {
            return Err(invalid("the level is none of TRANSPORT_LOG_ERROR to TRANSPORT_LOG_DEBUG"));
        }
        held.get().log = r#fn.map(|_| (level, r#fn, arg));
        Ok(())
    })
}

/// Answers a descriptor for a foreign loop to poll for reading: when it is readable, or the time of
/// transport_loop_backend_timeout is over, transport_loop_run_once(loop, 0) has work. Ask for the timeout again after each
/// run_once and after any other call on the loop. The descriptor is the library's: poll it, nothing else. -1 for a dead
/// handle, and on Windows.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_backend_fd(r#loop: *const transport_loop_t) -> os_handle {
    value("transport_loop_backend_fd", -1, || {
        Ok(registry::enter_loop(ticket(r#loop))?.get().reactor.descriptor().map_or(-1, |fd| fd as os_handle))
    })
}

/// Answers the nanoseconds until something is due: 0 when there is work now, TRANSPORT_FOREVER when nothing is planned.
/// 0 for a dead handle.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_backend_timeout(r#loop: *const transport_loop_t) -> u64 {
    value("transport_loop_backend_timeout", 0, || {
        Ok(registry::enter_loop(ticket(r#loop))?.get().reactor.until_due().unwrap_or(TRANSPORT_FOREVER))
    })
}
