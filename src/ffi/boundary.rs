//! What every exported function does first and last: stop a panic, remember a failure, turn pointers into values.

use super::protocol::sockaddr;
use super::registry::{self, Held};
use super::status::{explain, fail, transport_status_t};
use crate::core::error::{Error, Result, Status};
use crate::reactor::Ticket;
use socket2::{SockAddr, SockAddrStorage};
use std::any::Any;
use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_void};
use std::net::SocketAddr;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

/// The body of a function that answers a status.
#[inline(always)]
pub(super) fn status(name: &'static str, body: impl FnOnce() -> Result<()>) -> transport_status_t {
    match caught(name, body) {
        Ok(()) => transport_status_t::TRANSPORT_OK,
        Err(error) => fail(error),
    }
}

/// The body of a function that answers a value; `otherwise` when it fails.
#[inline(always)]
pub(super) fn value<T>(name: &'static str, otherwise: T, body: impl FnOnce() -> Result<T>) -> T {
    match caught(name, body) {
        Ok(value) => value,
        Err(error) => {
            fail(error);
            otherwise
        }
    }
}

/// The body of a function on a loop. Its thread and its ticket are checked first (ETHREAD, EHANDLE).
#[inline(always)]
pub(super) fn on_loop(
    name: &'static str,
    ticket: Ticket,
    body: impl FnOnce(&mut Held) -> Result<()>,
) -> transport_status_t {
    status(name, || guarded(name, &mut registry::enter_loop(ticket)?, Ticket::NONE, body))
}

/// The body of a function on an object of a loop. The thread is checked here, the ticket by the body.
#[inline(always)]
pub(super) fn on_object(
    name: &'static str,
    ticket: Ticket,
    body: impl FnOnce(&mut Held) -> Result<()>,
) -> transport_status_t {
    status(name, || guarded(name, &mut registry::enter(ticket)?, Ticket::NONE, body))
}

/// As `on_object`, for a transport: a panic inside ends it, and nothing else.
#[inline(always)]
pub(super) fn on_transport(
    name: &'static str,
    ticket: Ticket,
    body: impl FnOnce(&mut Held) -> Result<()>,
) -> transport_status_t {
    status(name, || guarded(name, &mut registry::enter(ticket)?, ticket, body))
}

/// A panic in `body` is told to the loop too, and ends `transport`.
#[inline(always)]
fn guarded(
    name: &'static str,
    held: &mut Held,
    transport: Ticket,
    body: impl FnOnce(&mut Held) -> Result<()>,
) -> Result<()> {
    let result = caught("", || {
        panic_on_demand_inside(name);
        body(held)
    });
    if let Err(error) = &result {
        failed(held, name, transport, error);
    }
    result
}

#[cold]
fn failed(held: &mut Held, name: &'static str, transport: Ticket, error: &Error) {
    let of_loop = held.get();
    if error.status == Status::Panic {
        of_loop.reactor.exception(error.clone());
        of_loop.reactor.lose_by_panic(transport, error.clone());
    } else if of_loop.debug {
        of_loop.reactor.complain(format!("{name}: {}", explain(error)));
    }
}

#[inline(always)]
pub(super) fn caught<T>(name: &'static str, body: impl FnOnce() -> Result<T>) -> Result<T> {
    let body = || {
        panic_on_demand(name);
        body()
    };
    panic::catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| Err(panicked(payload)))
}

#[cold]
fn panicked(payload: Box<dyn Any + Send>) -> Error {
    let text = PANIC_TEXT.try_with(|text| text.take()).unwrap_or_default();
    let _ = panic::catch_unwind(AssertUnwindSafe(|| drop(payload))); // a payload's drop may panic again
    Error::with_text(Status::Panic, 0, format!("bug in libtransport, please report it: {text}"))
}

thread_local! { static PANIC_TEXT: RefCell<String> = const { RefCell::new(String::new()) }; }

/// This library's copy of std prints nothing: a panic's text goes into the error that it becomes.
pub(super) fn silence_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        panic::set_hook(Box::new(|info| {
            let _ = PANIC_TEXT.try_with(|text| text.replace(info.to_string().replace('\n', " ")));
        }));
    });
}

// ---- what C passes -----------------------------------------------------------------------------------------------------

pub(super) fn invalid(message: &'static str) -> Error {
    Error::new(Status::Invalid, message)
}

pub(super) fn not_supported(message: &'static str) -> Error {
    Error::new(Status::NotSupported, message)
}

/// Bytes that C owns for the duration of a call. `None`: NULL with a length, or an absurd one.
///
/// # Safety
/// `data` is NULL or points to `len` readable bytes that nobody changes while the result is used.
#[inline(always)]
pub(super) unsafe fn bytes<'a>(data: *const c_void, len: usize) -> Option<&'a [u8]> {
    if len == 0 {
        return Some(&[]);
    }
    if data.is_null() || len > isize::MAX as usize {
        return None;
    }
    // SAFETY: the caller's promise, and the length fits.
    Some(unsafe { std::slice::from_raw_parts(data.cast(), len) })
}

/// Memory that C lends for writing. `None`: there is none, or of absurd size.
///
/// # Safety
/// `data` is NULL or points to `len` bytes that nobody else uses while the result is used.
pub(super) unsafe fn bytes_mut<'a>(data: *mut c_void, len: usize) -> Option<&'a mut [u8]> {
    if data.is_null() || len == 0 || len > isize::MAX as usize {
        return None;
    }
    // SAFETY: the caller's promise, and the length fits.
    Some(unsafe { std::slice::from_raw_parts_mut(data.cast(), len) })
}

/// An IPv4 or IPv6 address. `None`: NULL, another family, or too short for its family.
///
/// # Safety
/// `address` is NULL or points to `len` readable bytes.
pub(super) unsafe fn inet_address(address: *const sockaddr, len: usize) -> Option<SocketAddr> {
    // SAFETY: the caller's promise.
    let bytes = unsafe { self::bytes(address.cast(), len) }?;
    let mut storage = SockAddrStorage::zeroed();
    let len = bytes.len().min(size_of::<SockAddrStorage>());
    // SAFETY: both are at least `len` bytes, and any bytes are a value of the storage.
    let address = unsafe {
        std::ptr::copy_nonoverlapping(bytes.as_ptr(), (&raw mut storage).cast(), len);
        SockAddr::new(storage, len.try_into().ok()?)
    };
    let whole = address.as_socket()?; // looks at the family
    (SockAddr::from(whole).len() <= address.len()).then_some(whole)
}

/// A C string, `None` for NULL.
///
/// # Safety
/// `text` is NULL or points to a NUL-terminated string that lives as long as the result.
pub(super) unsafe fn text<'a>(text: *const c_char) -> Result<Option<&'a str>> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str().map(Some).map_err(|_| invalid("a text is not UTF-8"))
}

/// A switch: 0 default, TRANSPORT_ON, TRANSPORT_OFF.
pub(super) fn switch(value: i32, default: bool) -> Result<bool> {
    match value {
        0 => Ok(default),
        1 => Ok(true),
        -1 => Ok(false),
        _ => Err(invalid("a switch is neither 0 nor TRANSPORT_ON nor TRANSPORT_OFF")),
    }
}

/// Stores an optional result.
///
/// # Safety
/// `out` is NULL or valid for a write.
#[inline(always)]
pub(super) unsafe fn store<T>(out: *mut T, value: T) {
    if !out.is_null() {
        // SAFETY: the caller's promise.
        unsafe { out.write(value) };
    }
}

// ---- panics on demand (c-tests/test-boundary-panic.c) --------------------------------------------------------------------

#[cfg(not(feature = "test-hooks"))]
#[inline(always)]
fn panic_on_demand(_name: &'static str) {}

#[cfg(not(feature = "test-hooks"))]
#[inline(always)]
fn panic_on_demand_inside(_name: &'static str) {}

#[cfg(feature = "test-hooks")]
fn panic_on_demand(name: &'static str) {
    hook::panic_if_armed(name, false);
}

#[cfg(feature = "test-hooks")]
fn panic_on_demand_inside(name: &'static str) {
    hook::panic_if_armed(name, true);
}

#[cfg(feature = "test-hooks")]
mod hook {
    use std::cell::RefCell;
    use std::ffi::{CStr, c_char};

    thread_local! { static ARMED: RefCell<Option<(String, bool)>> = const { RefCell::new(None) }; }

    pub fn panic_if_armed(name: &str, inside: bool) {
        let is_it = |armed: &mut (String, bool)| armed.0 == name && armed.1 == inside;
        if ARMED.with(|armed| armed.borrow_mut().take_if(is_it).is_some()) {
            panic!("asked for by transport_test_panic");
        }
    }

    /// The next call of the function with this name on this thread panics: before anything is looked at, or (`inside`)
    /// where the loop is held.
    /// cbindgen:ignore
    #[unsafe(no_mangle)]
    pub unsafe extern "C" fn transport_test_panic(function: *const c_char, inside: bool) {
        // SAFETY: the test passes a string literal.
        let name = unsafe { CStr::from_ptr(function) }.to_string_lossy().into_owned();
        ARMED.with(|armed| *armed.borrow_mut() = Some((name, inside)));
    }
}
