//! Clients: a request that resolves a name, tries its addresses in turn, and ends in one `done`.

use super::handles::Ticket;
use super::ready::Ready;
use super::resolve::{self, Family};
use super::socket::{Address, Socket};
use super::stream::Stream;
use super::{Event, Reactor, SocketOptions, StreamOptions, User};
use crate::core::attempts::Attempts;
use crate::core::error::{Error, Result, Status};
use std::net::SocketAddr;

#[derive(Clone, Debug)]
pub struct ConnectOptions {
    pub host: String,
    pub port: u16,
    pub family: Family,
    pub socket: SocketOptions,
    pub stream: StreamOptions,
}

/// ```text
/// Resolving ──addresses──► Connecting ──writable──► Made ──connection_made──► Told ──► done
///     └───────── an error, no address left, cancel ──────┴──► Failed ──────────────────► done
/// ```
pub(super) struct Request<U: User> {
    stage: Stage,
    /// `None`: the outcome was known from the start.
    wanted: Option<Wanted<U>>,
    done: U::Connected,
}

/// What the connection is to become.
struct Wanted<U: User> {
    protocol: U::Protocol,
    socket: SocketOptions,
    stream: StreamOptions,
}

enum Stage {
    Resolving,
    Connecting(Attempts, SocketAddr, Socket),
    /// The stream exists; connection_made comes first, `done` behind it (A4).
    Made(Ticket),
    Told(Ticket),
    Failed(Error),
}

impl<U: User> Request<U> {
    pub(super) fn describe(&self) -> String {
        match &self.stage {
            Stage::Resolving => "looking up a name".into(),
            Stage::Connecting(_, address, _) => format!("connecting to {address}"),
            Stage::Made(_) | Stage::Told(_) | Stage::Failed(_) => "about to be answered".into(),
        }
    }
}

impl<U: User> Reactor<U> {
    /// Starts connecting; the answer is `Event::Connected`, never inside this call.
    pub fn create_connection(
        &mut self,
        options: ConnectOptions,
        protocol: U::Protocol,
        done: U::Connected,
    ) -> Result<Ticket> {
        self.require_open()?;
        let wanted = Some(Wanted { protocol, socket: options.socket, stream: options.stream });
        let request = Request { stage: Stage::Resolving, wanted, done };
        let ticket = self
            .requests
            .insert(request)
            .map_err(|_| Error::new(Status::NoMemory, "no room for another request: a loop holds 16,777,216"))?;
        match resolve::numeric(&options.host) {
            Some(ip) if options.family.allows(ip) => {
                self.try_addresses(ticket, Attempts::new(vec![SocketAddr::new(ip, options.port)]));
            }
            Some(ip) => {
                let text = format!("{ip} is no address of the family asked for");
                self.fail_request(ticket, Error::with_text(Status::Resolve, 0, text));
            }
            None => {
                let job = (options.host, options.port, options.family);
                if let Err(error) = self.resolver.start(self.mailbox, self.ticket, ticket, job) {
                    self.requests.remove(ticket);
                    return Err(error);
                }
            }
        }
        Ok(ticket)
    }

    pub(super) fn resolved(&mut self, ticket: Ticket, answer: Result<Vec<SocketAddr>>) {
        let waiting = self.requests.get(ticket).is_some_and(|request| matches!(request.stage, Stage::Resolving));
        match answer {
            _ if !waiting => {} // cancelled meanwhile (X2)
            Ok(addresses) => self.try_addresses(ticket, Attempts::new(addresses)),
            Err(error) => self.fail_request(ticket, error),
        }
    }

    /// The next address that lets itself be tried (J3).
    fn try_addresses(&mut self, ticket: Ticket, mut attempts: Attempts) {
        let Some(request) = self.requests.get_mut(ticket) else { return };
        let Some(wanted) = &request.wanted else { return };
        while let Some(address) = attempts.next_address() {
            let begun = Socket::connect(address, wanted.socket).and_then(|mut socket| {
                self.poller.register(&mut socket, ticket)?;
                Ok(socket)
            });
            match begun {
                Ok(socket) => {
                    request.stage = Stage::Connecting(attempts, address, socket);
                    return;
                }
                Err(error) => attempts.failed(address, &error),
            }
        }
        self.fail_request(ticket, attempts.into_error());
    }

    /// The socket of a request can be written, or has failed.
    pub(super) fn connect_ready(&mut self, ticket: Ticket) {
        let Some(request) = self.requests.get_mut(ticket) else { return };
        let Stage::Connecting(_, _, socket) = &request.stage else { return };
        let connected = socket.connected();
        if matches!(connected, Ok(false)) {
            return;
        }
        let Stage::Connecting(mut attempts, address, socket) = std::mem::replace(&mut request.stage, Stage::Resolving)
        else {
            return;
        };
        match connected {
            Err(error) => {
                drop(socket);
                attempts.failed(address, &error);
                self.try_addresses(ticket, attempts);
            }
            Ok(_) => {
                let Some(wanted) = request.wanted.take() else { return };
                let mut stream = Stream::new(socket, Address::Inet(address), Ticket::NONE, wanted.stream).registered();
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
        }
    }

    /// A request whose outcome is known from the start, but told from the loop.
    pub(super) fn answer(
        &mut self,
        outcome: Result<Stream<U>>,
        protocol: U::Protocol,
        done: U::Connected,
    ) -> Result<Ticket> {
        let stage = match outcome {
            Ok(mut stream) => {
                stream.set_protocol(protocol);
                match self.streams.insert(stream) {
                    Ok(stream) => Stage::Made(stream),
                    Err(stream) => {
                        let _ = stream.into_socket().into_raw(); // what was the program's stays so
                        return Err(Error::no_memory());
                    }
                }
            }
            Err(error) => Stage::Failed(error),
        };
        let made = match stage {
            Stage::Made(stream) => Some(stream),
            _ => None,
        };
        let ticket = self.requests.insert(Request { stage, wanted: None, done }).map_err(|_| {
            made.and_then(|stream| self.streams.remove(stream)).map(|stream| stream.into_socket().into_raw());
            Error::no_memory()
        })?;
        self.ready.push_back(Ready::Made(ticket)); // passed over when there is none
        self.ready.push_back(Ready::Finished(ticket));
        Ok(ticket)
    }

    fn fail_request(&mut self, ticket: Ticket, error: Error) {
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
            Stage::Failed(error) => Err(error),
            Stage::Resolving | Stage::Connecting(..) | Stage::Made(_) => Err(Error::canceled()),
        };
        Some(Event::Connected(request.done, result))
    }

    /// J13: `done` gets TRANSPORT_ECANCELED. Before connection_made the protocol never hears of the connection; after
    /// it the transport is aborted.
    pub fn cancel_request(&mut self, ticket: Ticket) -> std::result::Result<(), Status> {
        let request = self.requests.get_mut(ticket).ok_or(Status::Handle)?;
        match std::mem::replace(&mut request.stage, Stage::Failed(Error::canceled())) {
            Stage::Resolving => {
                self.resolver.forget(ticket);
                self.ready.push_back(Ready::Finished(ticket));
            }
            Stage::Connecting(..) => self.ready.push_back(Ready::Finished(ticket)),
            Stage::Made(stream) => {
                self.streams.remove(stream);
            }
            Stage::Told(stream) => self.lose(stream, None),
            Stage::Failed(error) => request.stage = Stage::Failed(error),
        }
        Ok(())
    }

    pub fn has_request(&self, ticket: Ticket) -> bool {
        self.requests.contains(ticket)
    }
}
