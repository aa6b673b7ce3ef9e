//! Foreign descriptors (add_reader, add_writer): level-triggered to the program, over an edge-triggered poller.

use super::handles::{Handles, Ticket};
use super::poll::{Poller, Readiness};
use super::{Event, Kind, Reactor, User};
use crate::core::error::{Error, Result, Status};
use crate::sys::{self, Foreign};
use mio::Interest;
use std::collections::HashMap;
use std::io::{self, ErrorKind};

/// What the program waits for on a descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Read,
    Write,
}

/// Invariant: at least one of the two calls is there.
struct Watch<U: User> {
    descriptor: Foreign,
    reader: Option<U::Call>,
    writer: Option<U::Call>,
    /// The poller has it.
    known: bool,
}

impl<U: User> Watch<U> {
    fn call(&mut self, direction: Direction) -> &mut Option<U::Call> {
        match direction {
            Direction::Read => &mut self.reader,
            Direction::Write => &mut self.writer,
        }
    }

    fn interest(&self) -> Option<Interest> {
        match (&self.reader, &self.writer) {
            (None, None) => None,
            (Some(_), None) => Some(Interest::READABLE),
            (None, Some(_)) => Some(Interest::WRITABLE),
            (Some(_), Some(_)) => Some(Interest::READABLE | Interest::WRITABLE),
        }
    }
}

pub(super) struct Watches<U: User> {
    all: Handles<Watch<U>>,
    by_descriptor: HashMap<i64, Ticket>,
}

impl<U: User> Watches<U> {
    pub(super) fn new(tag: u8, generation: u32) -> Self {
        Watches { all: Handles::new(tag, Kind::Watch, generation), by_descriptor: HashMap::new() }
    }

    pub(super) fn next_base(&self) -> u32 {
        self.all.next_base()
    }

    fn add(&mut self, poller: &Poller, raw: i64, direction: Direction, call: U::Call) -> Result<()> {
        let ticket = match self.by_descriptor.get(&raw) {
            Some(ticket) => *ticket,
            None => {
                let descriptor = sys::foreign(raw).map_err(|error| refusal(&error))?;
                let watch = Watch { descriptor, reader: None, writer: None, known: false };
                let ticket = self.all.insert(watch).map_err(|_| Error::no_memory())?;
                self.by_descriptor.insert(raw, ticket);
                ticket
            }
        };
        let Some(watch) = self.all.get_mut(ticket) else { return Err(Status::Handle.into()) };
        let before = watch.call(direction).replace(call); // U2
        let result = arm(poller, watch, ticket);
        if result.is_err() {
            *watch.call(direction) = before;
            if watch.interest().is_none() {
                self.all.remove(ticket);
                self.by_descriptor.remove(&raw);
            }
        }
        result
    }

    fn remove(&mut self, poller: &Poller, raw: i64, direction: Direction) -> bool {
        let Some(&ticket) = self.by_descriptor.get(&raw) else { return false };
        let Some(watch) = self.all.get_mut(ticket) else { return false };
        if watch.call(direction).take().is_none() {
            return false;
        }
        if watch.interest().is_some() {
            let _ = arm(poller, watch, ticket); // the program may have closed it
        } else {
            let _ = poller.deregister(&mut watch.descriptor);
            self.all.remove(ticket);
            self.by_descriptor.remove(&raw);
        }
        true
    }

    /// The call that this readiness is for, if it is still wanted (U6).
    fn due(&mut self, readiness: Readiness, direction: Direction) -> Option<U::Call> {
        let Readiness { readable, writable, hangup, .. } = readiness;
        let is_ready = match direction {
            Direction::Read => readable || hangup,
            Direction::Write => writable,
        };
        let watch = self.all.get_mut(readiness.source)?;
        if is_ready { *watch.call(direction) } else { None }
    }

    pub(super) fn clear(&mut self, poller: &Poller) {
        for ticket in self.all.tickets() {
            if let Some(mut watch) = self.all.remove(ticket) {
                let _ = poller.deregister(&mut watch.descriptor);
            }
        }
        self.by_descriptor.clear();
    }
}

/// Has the poller tell, now if it is ready already: that makes a level of its edges (U1).
fn arm<U: User>(poller: &Poller, watch: &mut Watch<U>, ticket: Ticket) -> Result<()> {
    let Some(interest) = watch.interest() else { return Ok(()) };
    // What is new is never changed but added, which fails when the descriptor is known as something else (U5).
    let mut armed = if watch.known { poller.rearm(&mut watch.descriptor, ticket, interest) } else { Ok(()) };
    let forgotten = armed.as_ref().is_err_and(|error| error.kind() == ErrorKind::NotFound); // closed and opened again
    if !watch.known || forgotten {
        armed = poller.watch(&mut watch.descriptor, ticket, interest);
        watch.known = armed.is_ok();
    }
    armed.map_err(|error| refusal(&error))
}

fn refusal(error: &io::Error) -> Error {
    let code = error.raw_os_error().unwrap_or(0);
    match error.kind() {
        ErrorKind::AlreadyExists | ErrorKind::InvalidInput => {
            Error::new(Status::Invalid, "the descriptor is one that the loop has for a transport or for itself") // U5
        }
        ErrorKind::PermissionDenied => {
            let text = "fd cannot be waited for: regular files and folders are always ready";
            Error::with_text(Status::Io, code, text.into())
        }
        ErrorKind::Unsupported => {
            Error::new(Status::NotSupported, "add_reader and add_writer are not supported on this system")
        }
        _ if sys::is_bad_descriptor(error) => {
            Error::with_text(Status::Invalid, code, format!("fd is no open descriptor: {error}"))
        }
        _ => Error::io("watch the descriptor", error),
    }
}

impl<U: User> Reactor<U> {
    /// Calls `call` once a turn as long as the descriptor is ready.
    pub fn add_watch(&mut self, raw: i64, direction: Direction, call: U::Call) -> Result<()> {
        self.require_open()?;
        self.watches.add(&self.poller, raw, direction, call)
    }

    /// U3: was there one?
    pub fn remove_watch(&mut self, raw: i64, direction: Direction) -> bool {
        self.watches.remove(&self.poller, raw, direction)
    }

    /// The reader comes first, then the writer. Arming again before they run is no busy loop: when the poller is asked, it
    /// looks whether the descriptor is ready by then.
    pub(super) fn watch_ready(&mut self, readiness: Readiness, reader_told: bool) -> Option<Event<U>> {
        if !reader_told && let Some(watch) = self.watches.all.get_mut(readiness.source) {
            let _ = arm(&self.poller, watch, readiness.source);
        }
        let direction = if reader_told { Direction::Write } else { Direction::Read };
        self.watches.due(readiness, direction).map(Event::Call)
    }
}
