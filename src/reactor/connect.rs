//! Clients: a request that resolves names, races the addresses (`core::connect`), and ends in one `done`.

use super::handles::Ticket;
use super::pool::Tell;
use super::ready::Ready;
use super::resolve::{self, Family};
use super::socket::{Address, Socket};
use super::stream::Stream;
use super::timer::TimerTask;
use super::wake::Mail;
use super::{Event, Kind, Reactor, SocketOptions, StreamOptions, User, now};
use crate::core::connect::{Attempts, Order, Step};
use crate::core::error::{Error, Result, Status};
use crate::core::timers::TimerId;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

#[derive(Clone, Debug)]
pub struct ConnectOptions {
    pub host: String,
    pub port: u16,
    pub family: Family,
    /// What the socket is bound to first (J7); `None` and 0: nothing.
    pub local_host: Option<String>,
    pub local_port: u16,
    pub order: Order,
    /// Nanoseconds for all of it; `None`: as long as it takes.
    pub timeout: Option<u64>,
    pub socket: SocketOptions,
    pub stream: StreamOptions,
}

/// ```text
/// ResolvingLocal ──► Resolving ──addresses──► Connecting ──one is through──► Made ──connection_made──► Told ──► done
///      └──────────────── an error, no address left, time is over, cancel ──────┴──► Failed ─────────────────────► done
/// ```
pub(super) struct Request<U: User> {
    stage: Stage,
    /// `None`: the outcome was known from the start.
    wanted: Option<Box<Wanted<U>>>,
    done: U::Connected,
    deadline: Option<TimerId>,
}

/// What the connection is to become.
struct Wanted<U: User> {
    protocol: U::Protocol,
    options: ConnectOptions,
    /// The addresses of local_host.
    local: Vec<SocketAddr>,
}

enum Stage {
    ResolvingLocal,
    Resolving,
    Connecting(Race),
    /// The stream exists; connection_made comes first, `done` behind it (A4).
    Made(Ticket),
    Told(Ticket),
    Failed(Error),
}

struct Race {
    attempts: Attempts,
    sockets: Vec<(SocketAddr, Socket)>,
    /// For the next address, and when that is.
    timer: Option<(TimerId, u64)>,
}

impl<U: User> Request<U> {
    pub(super) fn describe(&self) -> String {
        match &self.stage {
            Stage::ResolvingLocal | Stage::Resolving => match &self.wanted {
                Some(wanted) => format!("looking up {}", wanted.options.host),
                None => "about to be answered".into(),
            },
            Stage::Connecting(race) => {
                let addresses: Vec<String> = race.attempts.running().iter().map(ToString::to_string).collect();
                format!("connecting to {}", addresses.join(", "))
            }
            Stage::Made(_) | Stage::Told(_) | Stage::Failed(_) => "about to be answered".into(),
        }
    }
}

impl<U: User> Wanted<U> {
    /// `Some(None)`: any. `None`: the local address asked for has not this family.
    fn local_for(&self, address: SocketAddr) -> Option<Option<SocketAddr>> {
        if self.local.is_empty() {
            return Some(None);
        }
        self.local.iter().copied().find(|local| local.is_ipv4() == address.is_ipv4()).map(Some)
    }
}

/// The request, or why there is none, with the stream that it was to be about.
type Answered<U> = std::result::Result<Ticket, (Error, Option<Box<Stream<U>>>)>;

impl<U: User> Reactor<U> {
    /// Starts connecting; the answer is `Event::Connected`, never inside this call.
    pub fn create_connection(
        &mut self,
        options: ConnectOptions,
        protocol: U::Protocol,
        done: U::Connected,
    ) -> Result<Ticket> {
        self.require_open()?;
        let timeout = options.timeout;
        let wanted = Some(Box::new(Wanted { protocol, options, local: Vec::new() }));
        let request = Request { stage: Stage::ResolvingLocal, wanted, done, deadline: None };
        let ticket = self
            .requests
            .insert(request)
            .map_err(|_| Error::new(Status::NoMemory, "no room for another request: a loop holds 16,777,216"))?;
        if let Err(error) = self.resolve_local(ticket) {
            self.requests.remove(ticket);
            return Err(error);
        }
        if let Some(timeout) = timeout
            && let Some(request) = self.requests.get_mut(ticket)
        {
            request.deadline = Some(self.timers.insert(now().saturating_add(timeout), TimerTask::Connect(ticket)));
        }
        Ok(ticket)
    }

    fn resolve_local(&mut self, ticket: Ticket) -> Result<()> {
        let Some(wanted) = self.requests.get_mut(ticket).and_then(|request| request.wanted.as_mut()) else {
            return Ok(());
        };
        let (host, port) = (&wanted.options.local_host, wanted.options.local_port);
        match host {
            None if port == 0 => {}
            None => {
                let any: [IpAddr; 2] = [Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()];
                wanted.local = any.map(|ip| SocketAddr::new(ip, port)).to_vec();
            }
            Some(host) => match resolve::numeric(host) {
                Some(ip) => wanted.local = vec![SocketAddr::new(ip, port)],
                None => {
                    let host = host.clone();
                    return self.ask(ticket, host, port, Family::Any);
                }
            },
        }
        self.resolve(ticket)
    }

    fn resolve(&mut self, ticket: Ticket) -> Result<()> {
        let Some(request) = self.requests.get_mut(ticket) else { return Ok(()) };
        request.stage = Stage::Resolving;
        let Some(wanted) = &request.wanted else { return Ok(()) };
        let (host, port, family) = (&wanted.options.host, wanted.options.port, wanted.options.family);
        match resolve::numeric(host) {
            Some(ip) if family.allows(ip) => self.race(ticket, vec![SocketAddr::new(ip, port)]),
            Some(ip) => {
                let text = format!("{ip} is no address of the family asked for");
                self.fail_request(ticket, Error::with_text(Status::Resolve, 0, text));
            }
            None => {
                let host = host.clone();
                self.ask(ticket, host, port, family)?;
            }
        }
        Ok(())
    }

    /// The answer comes by mail. The loop may be gone by then: nobody waits for it.
    fn ask(&mut self, ticket: Ticket, host: String, port: u16, family: Family) -> Result<()> {
        let (mailbox, owner) = (self.mailbox, self.ticket);
        let work = move || -> Tell {
            let answer = resolve::look_up(&host, port, family);
            Box::new(move || {
                let _ = mailbox.post(owner, Mail::Resolved(ticket, answer));
            })
        };
        self.resolver.start(ticket, Box::new(work))
    }

    pub(super) fn resolved(&mut self, ticket: Ticket, answer: Result<Vec<SocketAddr>>) {
        let Some(request) = self.requests.get_mut(ticket) else { return };
        let outcome = match (&request.stage, answer) {
            (Stage::ResolvingLocal, Ok(addresses)) => {
                if let Some(wanted) = &mut request.wanted {
                    wanted.local = addresses;
                }
                self.resolve(ticket)
            }
            (Stage::Resolving, Ok(addresses)) => {
                self.race(ticket, addresses);
                Ok(())
            }
            (Stage::ResolvingLocal | Stage::Resolving, Err(error)) => Err(error),
            _ => Ok(()), // cancelled meanwhile (X2)
        };
        if let Err(error) = outcome {
            self.fail_request(ticket, error);
        }
    }

    fn race(&mut self, ticket: Ticket, addresses: Vec<SocketAddr>) {
        let Some(request) = self.requests.get_mut(ticket) else { return };
        let Some(wanted) = &request.wanted else { return };
        let attempts = Attempts::new(addresses, wanted.options.order);
        request.stage = Stage::Connecting(Race { attempts, sockets: Vec::new(), timer: None });
        self.try_addresses(ticket);
    }

    /// Starts every attempt that is due, and arms the timer for the one after them.
    fn try_addresses(&mut self, ticket: Ticket) {
        let Some(request) = self.requests.get_mut(ticket) else { return };
        let (Some(wanted), Stage::Connecting(race)) = (&request.wanted, &mut request.stage) else { return };
        let due = loop {
            match race.attempts.step(now()) {
                Step::Start(address) => {
                    let begun = match wanted.local_for(address) {
                        Some(local) => Socket::connect(address, local, wanted.options.socket),
                        None => {
                            let text = format!("connect to {address}: local_host has no address of this family");
                            Err(Error::with_text(Status::Io, 0, text))
                        }
                    };
                    let begun = begun.and_then(|mut socket| {
                        let watched = self.poller.register(&mut socket, ticket);
                        watched.map(|()| socket).map_err(|error| Error::io("watch the connection", &error))
                    });
                    match begun {
                        Ok(socket) => race.sockets.push((address, socket)),
                        Err(error) => race.attempts.failed(address, error),
                    }
                }
                Step::Wait(due) => break due,
                Step::GiveUp => {
                    if let Stage::Connecting(race) = std::mem::replace(&mut request.stage, Stage::Resolving) {
                        self.fail_request(ticket, race.attempts.into_error());
                    }
                    return;
                }
            }
        };
        if race.timer.map(|(_, at)| at) != due {
            if let Some((timer, _)) = race.timer.take() {
                self.timers.cancel(timer);
            }
            race.timer = due.map(|at| (self.timers.insert(at, TimerTask::NextAddress(ticket)), at));
        }
    }

    pub(super) fn next_address_due(&mut self, ticket: Ticket) {
        if let Some(request) = self.requests.get_mut(ticket)
            && let Stage::Connecting(race) = &mut request.stage
        {
            race.timer = None;
            self.try_addresses(ticket);
        }
    }

    /// A socket of a request can be written, or has failed. Which one is found by asking each: they are few.
    pub(super) fn connect_ready(&mut self, ticket: Ticket) {
        let Some(request) = self.requests.get_mut(ticket) else { return };
        let Stage::Connecting(race) = &mut request.stage else { return };
        let mut index = 0;
        while let Some((address, socket)) = race.sockets.get(index) {
            let address = *address;
            match socket.connected() {
                Ok(false) => index += 1,
                Ok(true) => {
                    let (_, socket) = race.sockets.swap_remove(index);
                    self.connected(ticket, address, socket);
                    return;
                }
                Err(error) => {
                    race.sockets.swap_remove(index);
                    race.attempts.failed(address, Error::io(&format!("connect to {address}"), &error));
                }
            }
        }
        self.try_addresses(ticket);
    }

    /// One is through: the others are closed (J6).
    fn connected(&mut self, ticket: Ticket, address: SocketAddr, socket: Socket) {
        self.end_attempts(ticket);
        let Some(request) = self.requests.get_mut(ticket) else { return };
        let Some(wanted) = request.wanted.take() else { return };
        let mut stream =
            Stream::new(socket, Address::Inet(address), Ticket::NONE, wanted.options.stream).watched_by_request();
        stream.set_protocol(wanted.protocol);
        match self.streams.insert(stream) {
            Ok(stream) => {
                request.stage = Stage::Made(stream);
                self.ready.push_back(Ready::Made(ticket));
                self.ready.push_back(Ready::Finished(ticket));
            }
            Err(_) => {
                let text = "no room for another connection: a loop holds 16,777,216";
                self.fail_request(ticket, Error::new(Status::NoMemory, text));
            }
        }
    }

    /// Ends what is under way for a request: its look-up, sockets and timers.
    fn end_attempts(&mut self, ticket: Ticket) -> Option<Attempts> {
        let request = self.requests.get_mut(ticket)?;
        if let Some(deadline) = request.deadline.take() {
            self.timers.cancel(deadline);
        }
        match std::mem::replace(&mut request.stage, Stage::Resolving) {
            Stage::ResolvingLocal | Stage::Resolving => {
                self.resolver.forget(ticket);
                None
            }
            Stage::Connecting(race) => {
                if let Some((timer, _)) = race.timer {
                    self.timers.cancel(timer);
                }
                Some(race.attempts)
            }
            over => {
                request.stage = over;
                None
            }
        }
    }

    pub(super) fn connect_due(&mut self, ticket: Ticket) {
        let error = match self.end_attempts(ticket) {
            Some(attempts) => attempts.timed_out(),
            None => Error::new(Status::TimedOut, "connect_timeout is over, and the name is not resolved yet"),
        };
        self.fail_request(ticket, error);
    }

    /// A request whose outcome is known from the start, but told from the loop. When this fails the stream comes back.
    pub(super) fn answer(
        &mut self,
        outcome: Result<Stream<U>>,
        protocol: U::Protocol,
        done: U::Connected,
    ) -> Answered<U> {
        let stage = match outcome {
            Err(error) => Stage::Failed(error),
            Ok(mut stream) => {
                stream.set_protocol(protocol);
                let ticket =
                    self.streams.insert(stream).map_err(|stream| (Error::no_memory(), Some(Box::new(stream))))?;
                let stream = self.streams.get_mut(ticket).ok_or((Error::no_memory(), None))?;
                if let Err(error) = stream.watch(&self.poller, ticket) {
                    let error = match error.kind() {
                        // J14: the poller knows it already.
                        ErrorKind::AlreadyExists => {
                            Error::new(Status::Invalid, "the socket is one that a transport of this loop has")
                        }
                        _ => Error::io("watch the connection", &error),
                    };
                    return Err((error, self.streams.remove(ticket).map(Box::new)));
                }
                Stage::Made(ticket)
            }
        };
        match self.requests.insert(Request { stage, wanted: None, done, deadline: None }) {
            Ok(ticket) => {
                self.ready.push_back(Ready::Made(ticket)); // passed over when there is none
                self.ready.push_back(Ready::Finished(ticket));
                Ok(ticket)
            }
            Err(Request { stage: Stage::Made(ticket), .. }) => {
                Err((Error::no_memory(), self.streams.remove(ticket).map(Box::new)))
            }
            Err(_) => Err((Error::no_memory(), None)),
        }
    }

    fn fail_request(&mut self, ticket: Ticket, error: Error) {
        self.end_attempts(ticket);
        if let Some(request) = self.requests.get_mut(ticket) {
            request.stage = Stage::Failed(error);
            self.ready.push_back(Ready::Finished(ticket));
        }
    }

    pub(super) fn request_made(&mut self, ticket: Ticket) -> Option<Event<U>> {
        let request = self.requests.get_mut(ticket)?;
        let Stage::Made(stream) = request.stage else { return None };
        request.stage = Stage::Told(stream);
        Some(Event::Made(stream))
    }

    /// The request's ticket is stale before `done` runs.
    pub(super) fn request_finished(&mut self, ticket: Ticket) -> Option<Event<U>> {
        let request = self.requests.remove(ticket)?;
        let result = match request.stage {
            Stage::Told(stream) => Ok(stream),
            Stage::Failed(error) => Err(Box::new(error)),
            _ => Err(Box::new(Error::canceled())),
        };
        Some(Event::Connected(request.done, result))
    }

    /// J13: `done` gets TRANSPORT_ECANCELED. Before connection_made the protocol never hears of the connection; after
    /// it the transport is aborted.
    pub fn cancel_request(&mut self, ticket: Ticket) -> std::result::Result<(), Status> {
        if ticket.is(Kind::Job) {
            return self.cancel_job(ticket);
        }
        let request = self.requests.get_mut(ticket).ok_or(Status::Handle)?;
        match request.stage {
            Stage::ResolvingLocal | Stage::Resolving | Stage::Connecting(_) => {
                self.fail_request(ticket, Error::canceled());
            }
            Stage::Made(stream) => {
                request.stage = Stage::Failed(Error::canceled());
                self.streams.remove(stream);
            }
            Stage::Told(stream) => {
                request.stage = Stage::Failed(Error::canceled());
                self.lose(stream, None);
            }
            Stage::Failed(_) => {}
        }
        Ok(())
    }

    pub fn has_request(&self, ticket: Ticket) -> bool {
        self.requests.contains(ticket) || self.jobs.contains(ticket)
    }
}
