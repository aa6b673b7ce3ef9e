//! What went wrong, in the words of the header. Knows nothing of C: `ffi` turns these into `transport_error_t`.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

/// The failures a call or callback can report; the numbers are the header's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Status {
    Invalid = -1,
    Handle = -2,
    Thread = -3,
    State = -4,
    Closed = -5,
    NotSupported = -6,
    NoMemory = -7,
    Limit = -8,
    Canceled = -9,
    TimedOut = -10,
    Resolve = -11,
    Io = -12,
    Panic = -15,
}

/// A failure with its explanation.
#[derive(Clone, Debug)]
pub struct Error {
    pub status: Status,
    /// errno, WSA or GAI code; 0 none.
    pub os_code: i32,
    pub message: Cow<'static, str>,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub const fn new(status: Status, message: &'static str) -> Self {
        Error { status, os_code: 0, message: Cow::Borrowed(message) }
    }

    pub fn with_text(status: Status, os_code: i32, message: String) -> Self {
        Error { status, os_code, message: Cow::Owned(message) }
    }

    /// The operating system said no to `action` ("recv", "bind to 127.0.0.1:80").
    pub fn io(action: &str, error: &io::Error) -> Self {
        Error::with_text(Status::Io, error.raw_os_error().unwrap_or(0), format!("{action}: {error}"))
    }

    pub fn canceled() -> Self {
        Error::new(Status::Canceled, "canceled before it was complete")
    }

    pub fn no_memory() -> Self {
        Error::new(Status::NoMemory, "no memory for the bytes to be queued")
    }
}

/// Several failures told as one: the first one's status and code, every one's text.
pub fn join(failures: &[Error]) -> Option<Error> {
    let first = failures.first()?;
    let mut text = String::new();
    for failure in failures {
        if text.is_empty() {
            text.push_str(&failure.message);
        } else {
            let _ = write!(text, "; {}", failure.message);
        }
    }
    Some(Error::with_text(first.status, first.os_code, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_errors_keep_the_first_code_and_every_text() {
        let a = Error::with_text(Status::Io, 111, "connect to ::1: refused".into());
        let b = Error::with_text(Status::Io, 101, "connect to 127.0.0.1: unreachable".into());
        let both = join(&[a, b]).expect("two failures");
        assert_eq!(both.os_code, 111);
        assert_eq!(both.message, "connect to ::1: refused; connect to 127.0.0.1: unreachable");
        assert!(join(&[]).is_none());
    }
}
