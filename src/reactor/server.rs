//! Servers: listening sockets, accepting, and the count of connections that keeps a server's ticket alive.

use super::handles::Ticket;
use super::ready::Ready;
use super::resolve::{self, Family};
use super::socket::Socket;
use super::stream::Stream;
use super::timer::TimerTask;
use super::{Event, Reactor, SocketOptions, StreamOptions, User, now};
use crate::core::error::{Error, Result, Status};
use crate::sys;
use mio::net::TcpListener;
use socket2::{Domain, SockAddr, Type};
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Connections one listener may take before the others have their turn; the rest follows in the next turn.
pub(super) const ACCEPTS_PER_TURN: usize = 64;

/// How long a listener rests that could not accept (K16).
const ACCEPT_RETRY_DELAY: u64 = 1_000_000_000;

#[derive(Clone, Debug)]
pub struct ServerOptions {
    /// `None`: all interfaces. Otherwise one or several, with commas.
    pub host: Option<String>,
    pub port: u16,
    pub family: Family,
    pub backlog: i32,
    pub reuse_address: bool,
    pub reuse_port: bool,
    pub start_serving: bool,
    pub socket: SocketOptions,
    pub stream: StreamOptions,
}

pub(super) struct Server<U: User> {
    listeners: Vec<Ticket>,
    options: ServerOptions,
    protocol: U::Protocol,
    factory: U::Factory,
    port: u16,
    serving: bool,
    closed: bool,
    /// Connections whose connection_lost has not returned (K14).
    connections: usize,
    waiting: Vec<U::Done>,
}

#[derive(Debug)]
pub(super) struct Listener {
    server: Ticket,
    socket: ListenerSocket,
    /// In the reactor's `accepting`.
    queued: bool,
    /// Out of descriptors: a timer will try again.
    resting: bool,
}

#[derive(Debug)]
enum ListenerSocket {
    /// start_serving is off so far (K10).
    Bound(socket2::Socket),
    /// Between the two; stays so only when listen failed, which ends the server.
    Starting,
    Listening(TcpListener),
}

impl<U: User> Reactor<U> {
    pub fn create_server(
        &mut self,
        options: ServerOptions,
        protocol: U::Protocol,
        factory: U::Factory,
    ) -> Result<Ticket> {
        self.require_open()?;
        let sockets = bind_all(&options)?;
        let port = sockets[0].local_addr().ok().and_then(|a| a.as_socket()).map_or(0, |a| a.port());
        let start = options.start_serving;
        let server = Server {
            listeners: Vec::with_capacity(sockets.len()),
            options,
            protocol,
            factory,
            port,
            serving: false,
            closed: false,
            connections: 0,
            waiting: Vec::new(),
        };
        let ticket = self.servers.insert(server).map_err(|_| no_room("server"))?;
        let added = sockets.into_iter().try_for_each(|socket| self.add_listener(ticket, socket));
        let started = added.and_then(|()| if start { self.start_serving(ticket) } else { Ok(()) });
        if let Err(error) = started {
            self.drop_listeners(ticket); // K8
            self.servers.remove(ticket); // a queued ServerEnded finds nobody
            return Err(error);
        }
        Ok(ticket)
    }

    fn add_listener(&mut self, server: Ticket, socket: socket2::Socket) -> Result<()> {
        let listener = Listener { server, socket: ListenerSocket::Bound(socket), queued: false, resting: false };
        let listener = self.listeners.insert(listener).map_err(|_| no_room("listening socket"))?;
        if let Some(server) = self.servers.get_mut(server) {
            server.listeners.push(listener);
        }
        Ok(())
    }

    /// Idempotent (K11).
    pub fn start_serving(&mut self, ticket: Ticket) -> Result<()> {
        let server = self.server_mut(ticket)?;
        if server.closed {
            return Err(Error::new(Status::Closed, "the server is closed"));
        }
        let (backlog, tickets) = (server.options.backlog, server.listeners.clone());
        server.serving = true;
        for listener in tickets {
            if let Err(error) = self.listen(listener, backlog) {
                self.end_server(ticket);
                return Err(Error::io("listen", &error));
            }
        }
        Ok(())
    }

    fn listen(&mut self, ticket: Ticket, backlog: i32) -> io::Result<()> {
        let Some(listener) = self.listeners.get_mut(ticket) else { return Ok(()) };
        match std::mem::replace(&mut listener.socket, ListenerSocket::Starting) {
            ListenerSocket::Bound(socket) => {
                socket.listen(backlog)?;
                let mut socket = TcpListener::from_std(socket.into());
                self.poller.register_reader(&mut socket, ticket)?;
                listener.socket = ListenerSocket::Listening(socket);
            }
            listening => listener.socket = listening,
        }
        Ok(())
    }

    // ---- accepting -----------------------------------------------------------------------------------------------

    pub(super) fn listener_ready(&mut self, ticket: Ticket) {
        if let Some(listener) = self.listeners.get_mut(ticket)
            && !listener.queued
            && !listener.resting
        {
            listener.queued = true;
            self.accepting.push_back(ticket);
        }
    }

    /// The next waiting connection. `None`: there is none, or the listener has to rest.
    pub(super) fn accept(&mut self, ticket: Ticket) -> Option<Event<U>> {
        loop {
            let listener = self.listeners.get_mut(ticket)?;
            let ListenerSocket::Listening(socket) = &listener.socket else { return None };
            let error = match socket.accept() {
                Ok((stream, peer)) => {
                    let server = listener.server;
                    match self.accepted(server, Socket::new(stream), peer) {
                        Some(event) => return Some(event),
                        None => continue,
                    }
                }
                Err(error) => error,
            };
            match error.kind() {
                ErrorKind::WouldBlock => {
                    listener.queued = false;
                    return None;
                }
                ErrorKind::Interrupted | ErrorKind::ConnectionAborted => {}
                _ => {
                    // Out of descriptors or memory, mostly: one report, a pause, a retry (K16, K18).
                    listener.queued = false;
                    listener.resting = true;
                    self.timers.insert(now() + ACCEPT_RETRY_DELAY, TimerTask::AcceptAgain(ticket));
                    self.exception(Error::io("accept, next try in one second", &error));
                    return None;
                }
            }
        }
    }

    fn accepted(&mut self, ticket: Ticket, socket: Socket, peer: SocketAddr) -> Option<Event<U>> {
        let server = self.servers.get_mut(ticket)?;
        #[cfg(not(target_os = "linux"))] // Linux hands the listener's options down
        if let Err(error) = socket.apply(server.options.socket) {
            self.exception(Error::io("set the options of an accepted connection", &error));
            return None;
        }
        let mut stream = Stream::new(socket, peer, ticket, server.options.stream);
        stream.set_protocol(server.protocol.clone());
        match self.streams.insert(stream) {
            Ok(stream) => {
                server.connections += 1;
                Some(Event::Accepted(stream))
            }
            Err(_) => {
                self.exception(no_room("connection"));
                None
            }
        }
    }

    /// The listener is through for this turn: out of connections, out of its share, or gone.
    pub(super) fn share_used(&mut self, ticket: Ticket) {
        if self.listeners.get(ticket).is_some_and(|listener| listener.queued) {
            self.accepting.push_back(ticket);
        }
    }

    pub(super) fn listener_retries(&mut self, ticket: Ticket) {
        if let Some(listener) = self.listeners.get_mut(ticket) {
            listener.resting = false;
        }
        self.listener_ready(ticket);
    }

    /// Who makes the protocol of this accepted connection.
    pub fn factory(&self, stream: Ticket) -> Option<(U::Factory, &U::Protocol)> {
        let server = self.servers.get(self.streams.get(stream)?.server())?;
        Some((server.factory, &server.protocol))
    }

    /// The factory wants no such connection: closed, and no callback ever hears of it.
    pub fn refuse(&mut self, stream: Ticket) {
        self.remove(stream);
    }

    // ---- ending --------------------------------------------------------------------------------------------------

    /// K12: the listening sockets are closed now; connections go on. The ticket lasts until the loop has run, so that
    /// wait_closed can follow.
    pub fn close_server(&mut self, ticket: Ticket) -> Result<()> {
        self.server_mut(ticket)?;
        self.end_server(ticket);
        Ok(())
    }

    pub(super) fn end_server(&mut self, ticket: Ticket) {
        if let Some(server) = self.servers.get_mut(ticket)
            && !server.closed
        {
            server.closed = true;
            server.serving = false;
            self.drop_listeners(ticket);
            self.ready.push_back(Ready::ServerEnded(ticket));
        }
    }

    fn drop_listeners(&mut self, ticket: Ticket) {
        let listeners = self.servers.get_mut(ticket).map(|server| std::mem::take(&mut server.listeners));
        for ticket in listeners.unwrap_or_default() {
            if let Some(Listener { socket: ListenerSocket::Listening(mut socket), .. }) = self.listeners.remove(ticket)
            {
                let _ = self.poller.deregister(&mut socket);
            }
        }
    }

    /// K13: told when the server is closed and its last connection is lost.
    pub fn wait_closed(&mut self, ticket: Ticket, done: U::Done) -> Result<()> {
        self.server_mut(ticket)?.waiting.push(done);
        Ok(())
    }

    pub(super) fn connection_gone(&mut self, server: Ticket) {
        if let Some(open) = self.servers.get_mut(server) {
            open.connections -= 1;
            if open.closed && open.connections == 0 {
                self.ready.push_back(Ready::ServerEnded(server));
            }
        }
    }

    pub(super) fn server_ended(&mut self, ticket: Ticket) {
        let ended = self.servers.get(ticket).is_some_and(|server| server.closed && server.connections == 0);
        if ended && let Some(server) = self.servers.remove(ticket) {
            let freed = self.closing;
            self.ready.extend(server.waiting.into_iter().map(|done| Ready::ServerDone(done, freed)));
        }
    }

    /// The live connections that this server accepted.
    pub fn connections_of(&self, server: Ticket) -> Result<Vec<Ticket>> {
        self.require_server(server)?;
        Ok(self.streams.iter().filter(|(_, stream)| stream.server() == server).map(|(ticket, _)| ticket).collect())
    }

    // ---- what it is ----------------------------------------------------------------------------------------------

    pub fn require_server(&self, ticket: Ticket) -> Result<()> {
        if self.servers.contains(ticket) { Ok(()) } else { Err(Error::new(Status::Handle, "")) }
    }

    pub fn is_serving(&self, ticket: Ticket) -> bool {
        self.servers.get(ticket).is_some_and(|server| server.serving)
    }

    /// Of the first socket; 0 when it is closed.
    pub fn server_port(&self, ticket: Ticket) -> u16 {
        self.servers.get(ticket).map_or(0, |server| if server.closed { 0 } else { server.port })
    }

    fn server_mut(&mut self, ticket: Ticket) -> Result<&mut Server<U>> {
        self.servers.get_mut(ticket).ok_or(Error::new(Status::Handle, ""))
    }
}

fn no_room(what: &str) -> Error {
    Error::with_text(Status::NoMemory, 0, format!("no room for another {what}: a loop holds 16,777,216"))
}

// ---- binding -----------------------------------------------------------------------------------------------------------

/// K2 to K8: one socket per address; a family or address that the machine lacks is passed over as long as another binds.
fn bind_all(options: &ServerOptions) -> Result<Vec<socket2::Socket>> {
    let mut sockets = Vec::new();
    let mut missing = Vec::new();
    for address in addresses(options)? {
        match bind(address, options) {
            Ok(socket) => sockets.push(socket),
            Err(error) => {
                let failure = Error::io(&format!("bind to {address}"), &error);
                if !sys::is_address_missing(&error) {
                    return Err(failure);
                }
                missing.push(failure);
            }
        }
    }
    if sockets.is_empty() {
        return Err(crate::core::error::join(&missing).unwrap_or_else(|| Error::new(Status::Resolve, "no address")));
    }
    Ok(sockets)
}

fn addresses(options: &ServerOptions) -> Result<Vec<SocketAddr>> {
    let mut all = Vec::new();
    let hosts = options.host.as_deref().unwrap_or("");
    for host in hosts.split(',').map(str::trim) {
        let found: Vec<SocketAddr> = if host.is_empty() {
            let any: [IpAddr; 2] = [Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()];
            any.into_iter()
                .filter(|ip| options.family.allows(*ip))
                .map(|ip| SocketAddr::new(ip, options.port))
                .collect()
        } else if let Some(ip) = resolve::numeric(host) {
            if !options.family.allows(ip) {
                let text = format!("{host} is no address of the family asked for");
                return Err(Error::with_text(Status::Resolve, 0, text));
            }
            vec![SocketAddr::new(ip, options.port)]
        } else {
            resolve::look_up(host, options.port, options.family)?
        };
        for address in found {
            if !all.contains(&address) {
                all.push(address); // K3
            }
        }
    }
    Ok(all)
}

fn bind(address: SocketAddr, options: &ServerOptions) -> io::Result<socket2::Socket> {
    let socket = socket2::Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    if options.reuse_address && cfg!(unix) {
        socket.set_reuse_address(true)?; // on Windows it would let others steal the port
    }
    if options.reuse_port {
        sys::set_reuse_port(&socket)?;
    }
    if address.is_ipv6() {
        socket.set_only_v6(true)?; // K6
    }
    if options.socket.nodelay {
        socket.set_tcp_nodelay(true)?;
    }
    if options.socket.keepalive {
        socket.set_keepalive(true)?;
    }
    socket.bind(&SockAddr::from(address))?;
    Ok(socket)
}
