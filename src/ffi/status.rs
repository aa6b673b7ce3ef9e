//! Statuses and errors as C sees them.

use crate::core::error::{Error, Status};
use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char, c_int};

/// What a call answers. Zero is success; every failure is negative. Functions only return it: what C passes is checked
/// as an int.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::upper_case_acronyms)]
pub enum transport_status_t {
    TRANSPORT_OK = 0,
    /// An argument breaks its contract.
    TRANSPORT_EINVAL = -1,
    /// NULL, stale, or of another kind.
    TRANSPORT_EHANDLE = -2,
    /// Called off the loop's thread, or in a forked child.
    TRANSPORT_ETHREAD = -3,
    /// Not now: write after write_eof, run inside a callback, still running, ...
    TRANSPORT_ESTATE = -4,
    /// Closing or lost: nothing was queued.
    TRANSPORT_ECLOSED = -5,
    /// This kind of transport, or this platform, or this release, cannot.
    TRANSPORT_ENOTSUP = -6,
    TRANSPORT_ENOMEM = -7,
    /// A hard limit that the user set.
    TRANSPORT_ELIMIT = -8,
    TRANSPORT_ECANCELED = -9,
    TRANSPORT_ETIMEDOUT = -10,
    /// Host or service not found: os_code is the resolver's (EAI_*).
    TRANSPORT_ERESOLVE = -11,
    /// The operating system said no: os_code.
    TRANSPORT_EIO = -12,
    /// Handshake, certificate or record: detail, tls_alert.
    TRANSPORT_ETLS = -13,
    /// TLS: the peer ended without close_notify.
    TRANSPORT_ETRUNCATED = -14,
    /// A bug in this library: it ended at most the transport concerned.
    TRANSPORT_EPANIC = -15,
}

use transport_status_t::*;

/// Why something failed. Made by the library only; fields are appended in later releases, never moved.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct transport_error_t {
    pub status: transport_status_t,
    /// errno, WSA or GAI code; 0 none.
    pub os_code: c_int,
    /// RFC 8446 alert sent or received; -1 none.
    pub tls_alert: c_int,
    /// Stable reason: TRANSPORT_TLS_*, TRANSPORT_RESOLVE_*; 0 none.
    pub detail: c_int,
    /// Layer, cause, remedy: one line of UTF-8; never NULL.
    pub message: *const c_char,
}

struct Entry {
    status: transport_status_t,
    name: &'static CStr,
    text: &'static CStr,
}

const fn entry(status: transport_status_t, name: &'static CStr, text: &'static CStr) -> Entry {
    Entry { status, name, text }
}

/// By number: entry n stands for status -n.
static STATUSES: [Entry; 16] = [
    entry(TRANSPORT_OK, c"TRANSPORT_OK", c"The call did what it says."),
    entry(TRANSPORT_EINVAL, c"TRANSPORT_EINVAL", c"An argument breaks its contract; see the function's description."),
    entry(TRANSPORT_EHANDLE, c"TRANSPORT_EHANDLE", c"The handle is NULL, of another kind, or what it named has ended."),
    entry(
        TRANSPORT_ETHREAD,
        c"TRANSPORT_ETHREAD",
        c"The loop belongs to another thread; use transport_loop_call_soon_threadsafe or transport_loop_adopt.",
    ),
    entry(TRANSPORT_ESTATE, c"TRANSPORT_ESTATE", c"The call is not allowed in this state."),
    entry(
        TRANSPORT_ECLOSED,
        c"TRANSPORT_ECLOSED",
        c"It is closing, lost or being freed: nothing was queued or started.",
    ),
    entry(
        TRANSPORT_ENOTSUP,
        c"TRANSPORT_ENOTSUP",
        c"This kind of transport, this platform or this release of the library cannot do that.",
    ),
    entry(TRANSPORT_ENOMEM, c"TRANSPORT_ENOMEM", c"There is not enough memory."),
    entry(
        TRANSPORT_ELIMIT,
        c"TRANSPORT_ELIMIT",
        c"A limit that the program set, such as write_buffer_cap, does not allow it; nothing was sent.",
    ),
    entry(TRANSPORT_ECANCELED, c"TRANSPORT_ECANCELED", c"It was canceled before it was complete."),
    entry(TRANSPORT_ETIMEDOUT, c"TRANSPORT_ETIMEDOUT", c"The time allowed for it has passed."),
    entry(TRANSPORT_ERESOLVE, c"TRANSPORT_ERESOLVE", c"The host or service name was not found."),
    entry(TRANSPORT_EIO, c"TRANSPORT_EIO", c"The operating system reported an error; os_code has its number."),
    entry(TRANSPORT_ETLS, c"TRANSPORT_ETLS", c"The TLS handshake, a certificate or a record failed."),
    entry(
        TRANSPORT_ETRUNCATED,
        c"TRANSPORT_ETRUNCATED",
        c"The peer ended the connection without TLS close_notify: data may be missing.",
    ),
    entry(TRANSPORT_EPANIC, c"TRANSPORT_EPANIC", c"A bug in libtransport; please report it with the error's message."),
];

fn by_number(status: c_int) -> Option<&'static Entry> {
    STATUSES.get(usize::try_from(status.checked_neg()?).ok()?)
}

pub(super) fn to_c(status: Status) -> transport_status_t {
    by_number(status as c_int).map_or(TRANSPORT_EPANIC, |entry| entry.status)
}

impl From<Status> for Error {
    /// A failure that needs no more words than its status has.
    fn from(status: Status) -> Self {
        Error::new(status, "")
    }
}

/// An error as C gets it. The message lives as long as this.
pub(super) struct CError {
    pub error: transport_error_t,
    _message: CString,
}

impl CError {
    pub fn new(error: &Error) -> Self {
        let status = to_c(error.status);
        let message = if error.message.is_empty() {
            by_number(status as c_int).map_or(c"", |entry| entry.text).to_owned()
        } else {
            let bytes: Vec<u8> = error.message.bytes().filter(|byte| *byte != 0).collect();
            CString::new(bytes).unwrap_or_default()
        };
        let error =
            transport_error_t { status, os_code: error.os_code, tls_alert: -1, detail: 0, message: message.as_ptr() };
        CError { error, _message: message }
    }
}

/// An error's message, or its status's.
pub(super) fn explain(error: &Error) -> String {
    CError::new(error)._message.to_string_lossy().into_owned()
}

// ---- the last failed call of a thread --------------------------------------------------------------------------------

enum Last {
    None,
    /// Not asked about yet: a failing call costs no formatting.
    Failed(Error),
    Told(CError),
}

thread_local! { static LAST: RefCell<Last> = const { RefCell::new(Last::None) }; }

/// Remembers why a call failed and answers its status.
#[cold]
pub(super) fn fail(error: Error) -> transport_status_t {
    let status = to_c(error.status);
    // A thread that is ending has no place to remember it.
    let _ = LAST.try_with(|last| {
        if let Ok(mut last) = last.try_borrow_mut() {
            *last = Last::Failed(error);
        }
    });
    status
}

struct Fixed(transport_error_t);
// SAFETY: immutable; its pointer is to a constant.
unsafe impl Sync for Fixed {}

static NOTHING_FAILED: Fixed = Fixed(transport_error_t {
    status: TRANSPORT_OK,
    os_code: 0,
    tls_alert: -1,
    detail: 0,
    message: c"No call has failed on this thread.".as_ptr(),
});

/// Names a status: "TRANSPORT_ECLOSED". Any int may be given; an unknown one is "TRANSPORT_UNKNOWN". Never NULL; the text
/// lives as long as the library. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn transport_status_name(status: c_int) -> *const c_char {
    super::boundary::value("transport_status_name", c"TRANSPORT_EPANIC".as_ptr(), || {
        Ok(by_number(status).map_or(c"TRANSPORT_UNKNOWN", |entry| entry.name).as_ptr())
    })
}

/// Explains a status in one sentence. Any int may be given. Never NULL; the text lives as long as the library. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn transport_status_text(status: c_int) -> *const c_char {
    super::boundary::value("transport_status_text", c"A bug in libtransport.".as_ptr(), || {
        Ok(by_number(status).map_or(c"No status of this library has that number.", |entry| entry.text).as_ptr())
    })
}

/// Explains the last call of this thread that failed. Never NULL: before any failure its status is TRANSPORT_OK. Valid
/// until the thread's next failing call. Functions that answer no status explain a failure here too. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn transport_last_error() -> *const transport_error_t {
    super::boundary::value("transport_last_error", &raw const NOTHING_FAILED.0, || {
        let told = LAST.try_with(|last| {
            let mut last = last.try_borrow_mut().ok()?;
            if let Last::Failed(error) = &*last {
                let told = CError::new(error);
                *last = Last::Told(told);
            }
            match &*last {
                Last::Told(told) => Some(&raw const told.error),
                _ => None,
            }
        });
        Ok(told.ok().flatten().unwrap_or(&raw const NOTHING_FAILED.0))
    })
}
