//! Readiness, the clock, and nothing else: the only place that waits. A simulated network would replace this module and
//! `socket`.

use super::handles::Ticket;
use super::memory::Edges;
use crate::sys;
use mio::event::Source;
use mio::{Events, Interest, Poll, Token, Waker};
use std::io;
use std::time::Duration;

/// Tokens that are no tickets.
const WAKE: Ticket = Ticket(u64::MAX);
pub const SIGNALS: Ticket = Ticket(u64::MAX - 1);

/// Longer waits are cut; the loop waits again (T5).
const LONGEST_WAIT: u64 = 24 * 3600 * 1_000_000_000;

/// What became possible on one source.
#[derive(Clone, Copy, Debug)]
pub struct Readiness {
    pub source: Ticket,
    pub readable: bool,
    pub writable: bool,
    /// The peer ended its side, or the connection failed: read on until the end or the error is seen.
    pub hangup: bool,
}

#[derive(Debug)]
pub struct Poller {
    poll: Poll,
    events: Events,
    /// Of pairs in memory.
    pub edges: Edges,
}

impl Poller {
    pub fn new() -> io::Result<Self> {
        Ok(Poller { poll: Poll::new()?, events: Events::with_capacity(512), edges: Edges::default() })
    }

    /// Wakes this poller from any thread. At most one per poller.
    pub fn waker(&self) -> io::Result<Waker> {
        Waker::new(self.poll.registry(), Token(WAKE.0 as usize))
    }

    /// Waits up to `timeout` nanoseconds (`None`: for ever) and fills `ready`. An interrupting signal ends the wait.
    pub fn wait(&mut self, timeout: Option<u64>, ready: &mut Vec<Readiness>) -> io::Result<()> {
        ready.clear();
        ready.append(&mut self.edges.borrow_mut());
        let longest = if ready.is_empty() { LONGEST_WAIT } else { 0 };
        let timeout = Duration::from_nanos(timeout.unwrap_or(LONGEST_WAIT).min(longest));
        match self.poll.poll(&mut self.events, Some(timeout)) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            other => other?,
        }
        for event in &self.events {
            let source = Ticket(event.token().0 as u64);
            if source != WAKE {
                let failed = event.is_error();
                ready.push(Readiness {
                    source,
                    readable: event.is_readable() || failed,
                    writable: event.is_writable() || event.is_write_closed() || failed,
                    hangup: event.is_read_closed() || failed,
                });
            }
        }
        Ok(())
    }

    pub fn has_edges(&self) -> bool {
        !self.edges.borrow().is_empty()
    }

    /// Everything is watched for both directions once and for all; the edges say what changed.
    pub fn register(&self, source: &mut impl Source, ticket: Ticket) -> io::Result<()> {
        self.poll.registry().register(source, Token(ticket.0 as usize), Interest::READABLE | Interest::WRITABLE)
    }

    pub fn reregister(&self, source: &mut impl Source, ticket: Ticket) -> io::Result<()> {
        self.poll.registry().reregister(source, Token(ticket.0 as usize), Interest::READABLE | Interest::WRITABLE)
    }

    /// For directions that change.
    pub fn watch(&self, source: &mut impl Source, ticket: Ticket, interest: Interest) -> io::Result<()> {
        self.poll.registry().register(source, Token(ticket.0 as usize), interest)
    }

    /// As `watch`, for what is known already: an edge follows if it is ready.
    pub fn rearm(&self, source: &mut impl Source, ticket: Ticket, interest: Interest) -> io::Result<()> {
        self.poll.registry().reregister(source, Token(ticket.0 as usize), interest)
    }

    /// Readable when `wait` would find something; `None`: this system has no such thing.
    pub fn descriptor(&self) -> Option<i64> {
        #[cfg(unix)]
        return Some(sys::raw_socket(&self.poll));
        #[cfg(not(unix))]
        None
    }

    pub fn register_reader(&self, source: &mut impl Source, ticket: Ticket) -> io::Result<()> {
        self.poll.registry().register(source, Token(ticket.0 as usize), Interest::READABLE)
    }

    pub fn deregister(&self, source: &mut impl Source) -> io::Result<()> {
        self.poll.registry().deregister(source)
    }
}

/// Monotonic nanoseconds.
pub fn now() -> u64 {
    sys::monotonic_ns()
}
