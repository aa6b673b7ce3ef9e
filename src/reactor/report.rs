//! What a loop holds and what it has done, for people and for counters.

use super::handles::Ticket;
use super::server::Server;
use super::stream::Stream;
use super::{Address, Kind, Reactor, User, now};
use crate::sys;
use socket2::SockAddr;
use std::fmt::Write as _;

/// What a loop has done so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counters {
    pub turns: u64,
    pub events: u64,
    pub received: u64,
    pub sent: u64,
    /// Transports whose connection_made is due or has run.
    pub made: u64,
}

/// What a loop holds now.
#[derive(Clone, Copy, Debug)]
pub struct Holdings {
    pub transports: usize,
    pub servers: usize,
    pub requests: usize,
    pub timers: usize,
    pub queued: usize,
}

impl<U: User> Reactor<U> {
    pub fn counters(&self) -> Counters {
        Counters { made: self.streams.inserted(), ..self.counters }
    }

    pub fn holdings(&self) -> Holdings {
        Holdings {
            transports: self.streams.count(),
            servers: self.servers.count(),
            requests: self.requests.count() + self.jobs.count(),
            timers: self.timers.count(),
            queued: self.ready.len(),
        }
    }

    /// One line for each thing that keeps the loop from being idle.
    pub fn describe_all(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.streams.iter().map(|(_, stream)| describe_stream(stream)).collect();
        lines.extend(self.servers.iter().map(|(_, server)| self.describe_server(server)));
        lines.extend(self.requests.iter().map(|(_, request)| format!("request: {}", request.describe())));
        lines.extend(self.jobs.iter().map(|(_, job)| format!("request: {}", job.describe())));
        if self.timers.count() > 0 {
            let due = self.timers.next_deadline().map_or(0, |deadline| deadline.saturating_sub(now()));
            lines.push(format!("timers: {}, the next due in {} ms", self.timers.count(), due / 1_000_000));
        }
        if !self.ready.is_empty() {
            lines.push(format!("queued calls: {}", self.ready.len()));
        }
        lines
    }

    /// A transport by its addresses.
    pub fn describe(&self, ticket: Ticket) -> String {
        match self.streams.get(ticket) {
            Some(stream) if ticket.is(Kind::Transport) => describe_ends(stream),
            _ => String::new(),
        }
    }

    fn describe_server(&self, server: &Server<U>) -> String {
        let mut line = String::from("server");
        let listening = server.listeners().iter().filter_map(|ticket| self.listeners.get(*ticket)?.local_address());
        for (index, address) in listening.enumerate() {
            let _ = write!(line, "{} {}", if index > 0 { "," } else { "" }, address_text(Some(address)));
        }
        let _ = write!(line, ": {}", server.describe());
        line
    }
}

fn describe_stream<U: User>(stream: &Stream<U>) -> String {
    format!("transport {}: {}", describe_ends(stream), stream.describe())
}

fn describe_ends<U: User>(stream: &Stream<U>) -> String {
    if matches!(stream.peer(), Address::None) {
        return "in memory".into();
    }
    format!("{} to {}", address_text(stream.local_address()), address_text(stream.peer().to_sock_addr()))
}

pub(super) fn address_text(address: Option<SockAddr>) -> String {
    let Some(address) = address else { return "(unknown)".into() };
    if let Some(inet) = address.as_socket() {
        return inet.to_string();
    }
    sys::unix_name(&address).unwrap_or_else(|| "(unnamed)".into())
}
