//! Servers: listening sockets, accepting, and the count of connections that keeps a server's ticket alive.

use super::handles::Ticket;
use super::ready::Ready;
use super::resolve::{self, Family};
use super::socket::{Address, Socket, stream_socket};
use super::stream::Stream;
use super::timer::TimerTask;
use super::{Event, Reactor, SocketOptions, StreamOptions, User, now};
use crate::core::error::{Error, Result, Status};
use crate::sys;
use crate::sys::SocketFile;
use mio::net::TcpListener;
#[cfg(unix)]
use mio::net::UnixListener;
use socket2::{Domain, SockAddr, Type};
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Connections one listener may take before the others have their turn; the rest follows in the next turn.
pub(super) const ACCEPTS_PER_TURN: usize = 64;

/// How long a listener rests that could not accept (K16).
const ACCEPT_RETRY_DELAY: u64 = 1_000_000_000;

#[derive(Clone, Debug)]
pub struct ServerOptions {
    pub place: Place,
    pub backlog: i32,
    pub reuse_address: bool,
    pub reuse_port: bool,
    pub start_serving: bool,
    /// usize::MAX: none.
    pub max_connections: usize,
    pub socket: SocketOptions,
    pub stream: StreamOptions,
}

/// Where a server listens.
#[derive(Clone, Debug)]
pub enum Place {
    /// `None`: all interfaces. Otherwise one or several, with commas.
    Hosts(Option<String>, u16, Family),
    /// A Unix socket's path, or an abstract name (a NUL first).
    Path(Vec<u8>),
    /// A stream socket, bound or listening, that is the program's until the server is made.
    Socket(i64),
    Taken,
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

impl<U: User> Server<U> {
    pub(super) fn listeners(&self) -> &[Ticket] {
        &self.listeners
    }

    pub(super) fn describe(&self) -> String {
        let state = match (self.serving, self.closed) {
            (_, true) => "closed",
            (true, false) => "serving",
            (false, false) => "not serving",
        };
        format!("{state}, {} connections", self.connections)
    }

    fn is_full(&self) -> bool {
        self.connections >= self.options.max_connections
    }
}

#[derive(Debug)]
pub(super) struct Listener {
    server: Ticket,
    socket: ListenerSocket,
    /// Removed when the listener is closed (L4).
    file: Option<SocketFile>,
    /// In the reactor's `accepting`.
    queued: bool,
    /// Out of descriptors: a timer will try again.
    resting: bool,
}

#[derive(Debug)]
enum ListenerSocket {
    /// start_serving is off so far (K10).
    Bound(socket2::Socket),
    /// Listening; true: and known to the poller.
    Tcp(TcpListener, bool),
    #[cfg(unix)]
    Unix(UnixListener, bool),
    Nothing,
}

impl ListenerSocket {
    /// Idempotent.
    fn listen(&mut self, backlog: i32) -> io::Result<()> {
        let ListenerSocket::Bound(socket) = self else { return Ok(()) };
        socket.listen(backlog)?;
        let is_inet = socket.local_addr()?.as_socket().is_some();
        if let ListenerSocket::Bound(socket) = std::mem::replace(self, ListenerSocket::Nothing) {
            *self = match is_inet {
                #[cfg(unix)]
                false => ListenerSocket::Unix(UnixListener::from_std(socket.into()), false),
                _ => ListenerSocket::Tcp(TcpListener::from_std(socket.into()), false),
            };
        }
        Ok(())
    }

    fn accept(&self) -> io::Result<(Socket, Address)> {
        match self {
            ListenerSocket::Tcp(socket, _) => {
                socket.accept().map(|(stream, peer)| (Socket::Tcp(stream), Address::Inet(peer)))
            }
            #[cfg(unix)]
            ListenerSocket::Unix(socket, _) => {
                let (stream, _) = socket.accept()?;
                let peer = socket2::SockRef::from(&stream).peer_addr().map_or(Address::None, Address::of);
                Ok((Socket::Unix(stream), peer))
            }
            ListenerSocket::Bound(_) | ListenerSocket::Nothing => Err(ErrorKind::WouldBlock.into()),
        }
    }
}

impl Listener {
    pub(super) fn local_address(&self) -> Option<socket2::SockAddr> {
        match &self.socket {
            ListenerSocket::Bound(socket) => socket.local_addr().ok(),
            ListenerSocket::Tcp(socket, _) => socket2::SockRef::from(socket).local_addr().ok(),
            #[cfg(unix)]
            ListenerSocket::Unix(socket, _) => socket2::SockRef::from(socket).local_addr().ok(),
            ListenerSocket::Nothing => None,
        }
    }

    /// Closes the socket, unless it is still the program's, and removes its file.
    fn close(self, place: &Place) {
        if let Some(file) = self.file {
            file.remove();
        }
        if matches!(place, Place::Socket(_)) {
            match self.socket {
                ListenerSocket::Bound(socket) => drop(sys::into_raw_socket(socket)),
                ListenerSocket::Tcp(socket, _) => drop(sys::into_raw_socket(socket)),
                #[cfg(unix)]
                ListenerSocket::Unix(socket, _) => drop(sys::into_raw_socket(socket)),
                ListenerSocket::Nothing => {}
            }
        }
    }
}

impl Place {
    /// The server has been made: its socket is the library's.
    fn taken(&mut self) {
        if let Place::Socket(_) = self {
            *self = Place::Taken;
        }
    }
}

/// A socket about to listen.
struct Bound {
    socket: socket2::Socket,
    file: Option<SocketFile>,
}

impl<U: User> Reactor<U> {
    pub fn create_server(
        &mut self,
        options: ServerOptions,
        protocol: U::Protocol,
        factory: U::Factory,
    ) -> Result<Ticket> {
        self.require_open()?;
        let server = Server {
            listeners: Vec::new(),
            options,
            protocol,
            factory,
            port: 0,
            serving: false,
            closed: false,
            connections: 0,
            waiting: Vec::new(),
        };
        let ticket = self.servers.insert(server).map_err(|_| no_room("server"))?;
        if let Err(error) = self.open_server(ticket) {
            self.drop_listeners(ticket); // K8
            self.servers.remove(ticket);
            return Err(error);
        }
        if let Some(server) = self.servers.get_mut(ticket) {
            server.options.place.taken();
        }
        Ok(ticket)
    }

    fn open_server(&mut self, ticket: Ticket) -> Result<()> {
        let options = self.server_mut(ticket)?.options.clone();
        for bound in bind_all(&options)? {
            self.add_listener(ticket, bound)?;
        }
        if options.start_serving { self.listen(ticket) } else { Ok(()) }
    }

    fn add_listener(&mut self, ticket: Ticket, Bound { socket, file }: Bound) -> Result<()> {
        let server = self.servers.get_mut(ticket).ok_or(Status::Handle)?;
        if server.listeners.is_empty() {
            server.port = socket.local_addr().ok().and_then(|a| a.as_socket()).map_or(0, |a| a.port());
        }
        let socket = ListenerSocket::Bound(socket);
        let listener = Listener { server: ticket, socket, file, queued: false, resting: false };
        match self.listeners.insert(listener) {
            Ok(listener) => server.listeners.push(listener),
            Err(listener) => {
                listener.close(&server.options.place);
                return Err(no_room("listening socket"));
            }
        }
        Ok(())
    }

    /// Idempotent (K11).
    pub fn start_serving(&mut self, ticket: Ticket) -> Result<()> {
        if self.server_mut(ticket)?.closed {
            return Err(Error::new(Status::Closed, "the server is closed"));
        }
        let listening = self.listen(ticket);
        if listening.is_err() {
            self.end_server(ticket);
        }
        listening
    }

    fn listen(&mut self, ticket: Ticket) -> Result<()> {
        let server = self.server_mut(ticket)?;
        server.serving = true;
        let (backlog, listeners) = (server.options.backlog, server.listeners.clone());
        for ticket in listeners {
            if let Some(listener) = self.listeners.get_mut(ticket) {
                let listening = listener.socket.listen(backlog).and_then(|()| match &mut listener.socket {
                    ListenerSocket::Bound(_) | ListenerSocket::Nothing => Ok(()),
                    ListenerSocket::Tcp(socket, known) if !*known => {
                        *known = true;
                        self.poller.register_reader(socket, ticket)
                    }
                    #[cfg(unix)]
                    ListenerSocket::Unix(socket, known) if !*known => {
                        *known = true;
                        self.poller.register_reader(socket, ticket)
                    }
                    _ => Ok(()),
                });
                listening.map_err(|error| Error::io("listen", &error))?;
            }
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
            if self.servers.get(listener.server).is_none_or(Server::is_full) {
                listener.queued = false; // `connection_gone` comes back to it
                return None;
            }
            let error = match listener.socket.accept() {
                Ok((socket, peer)) => {
                    let server = listener.server;
                    match self.accepted(server, socket, peer) {
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

    fn accepted(&mut self, ticket: Ticket, socket: Socket, peer: Address) -> Option<Event<U>> {
        let server = self.servers.get_mut(ticket)?;
        #[cfg(not(target_os = "linux"))] // Linux hands the listener's options down
        if let Err(error) = socket.apply(server.options.socket) {
            self.exception(Error::io("set the options of an accepted connection", &error));
            return None;
        }
        let mut stream = Stream::new(socket, peer, ticket, server.options.stream);
        stream.set_protocol(server.protocol.clone());
        match self.streams.insert(stream) {
            Ok(ticket) => {
                server.connections += 1;
                if let Some(stream) = self.streams.get_mut(ticket) {
                    let _ = stream.watch(&self.poller, ticket); // tried again by `opened`, which can tell
                }
                Some(Event::Accepted(ticket))
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
        let Some(server) = self.servers.get_mut(ticket) else { return };
        for ticket in std::mem::take(&mut server.listeners) {
            let Some(mut listener) = self.listeners.remove(ticket) else { continue };
            let _ = match &mut listener.socket {
                ListenerSocket::Tcp(socket, true) => self.poller.deregister(socket),
                #[cfg(unix)]
                ListenerSocket::Unix(socket, true) => self.poller.deregister(socket),
                _ => Ok(()),
            };
            listener.close(&server.options.place);
        }
    }

    /// K13: told when the server is closed and its last connection is lost.
    pub fn wait_closed(&mut self, ticket: Ticket, done: U::Done) -> Result<()> {
        self.server_mut(ticket)?.waiting.push(done);
        Ok(())
    }

    pub(super) fn connection_gone(&mut self, server: Ticket) {
        if let Some(open) = self.servers.get_mut(server) {
            let was_full = open.is_full();
            open.connections -= 1;
            if open.closed && open.connections == 0 {
                self.ready.push_back(Ready::ServerEnded(server));
            } else if was_full {
                open.listeners.clone().into_iter().for_each(|listener| self.listener_ready(listener));
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
fn bind_all(options: &ServerOptions) -> Result<Vec<Bound>> {
    let (hosts, port, family) = match &options.place {
        Place::Hosts(hosts, port, family) => (hosts.as_deref().unwrap_or(""), *port, *family),
        Place::Path(path) => return Ok(vec![bind_path(path)?]),
        Place::Socket(raw) => return Ok(vec![given(*raw)?]),
        Place::Taken => return Ok(Vec::new()),
    };
    let mut sockets = Vec::new();
    let mut missing = Vec::new();
    for address in addresses(hosts, port, family)? {
        match bind(address, options) {
            Ok(socket) => sockets.push(Bound { socket, file: None }),
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

/// L3: a socket file that nobody uses any more is in nobody's way.
fn bind_path(path: &[u8]) -> Result<Bound> {
    let address = sys::unix_address(path).map_err(|error| match error.kind() {
        ErrorKind::Unsupported => Error::new(Status::NotSupported, "Unix sockets are not supported on this system"),
        _ => Error::with_text(Status::Invalid, 0, format!("path: {error}")),
    })?;
    let name = String::from_utf8_lossy(path).replace('\0', "@");
    let failed = |error: io::Error| Error::io(&format!("bind to {name}"), &error);
    SocketFile::remove_stale(path);
    let socket = socket2::Socket::new(Domain::UNIX, Type::STREAM, None).map_err(failed)?;
    socket.set_nonblocking(true).map_err(failed)?;
    socket.bind(&address).map_err(failed)?;
    Ok(Bound { socket, file: SocketFile::of(path) })
}

fn given(raw: i64) -> Result<Bound> {
    let socket = stream_socket(raw)?;
    if socket.peer_addr().is_ok() {
        return Err(Error::new(
            Status::Invalid,
            "the socket is a connected one: a server needs a bound or listening one",
        ));
    }
    socket.set_nonblocking(true).map_err(|error| Error::io("make the socket non-blocking", &error))?;
    Ok(Bound { socket: std::mem::ManuallyDrop::into_inner(socket), file: None })
}

fn addresses(hosts: &str, port: u16, family: Family) -> Result<Vec<SocketAddr>> {
    let mut all = Vec::new();
    for host in hosts.split(',').map(str::trim) {
        let found: Vec<SocketAddr> = if host.is_empty() {
            let any: [IpAddr; 2] = [Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()];
            any.into_iter().filter(|ip| family.allows(*ip)).map(|ip| SocketAddr::new(ip, port)).collect()
        } else if let Some(ip) = resolve::numeric(host) {
            if !family.allows(ip) {
                let text = format!("{host} is no address of the family asked for");
                return Err(Error::with_text(Status::Resolve, 0, text));
            }
            vec![SocketAddr::new(ip, port)]
        } else {
            resolve::look_up(host, port, family)?
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
