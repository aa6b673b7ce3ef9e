//! What a stream's bytes go through: a socket, non-blocking, close-on-exec and never a SIGPIPE, or one end of a pair in
//! memory.

use super::memory::MemoryEnd;
use crate::core::error::{Error, Result, Status};
use crate::core::sending::Sink;
use crate::sys;
use mio::event::Source;
use mio::net::TcpStream;
#[cfg(unix)]
use mio::net::UnixStream;
use mio::{Interest, Registry, Token};
use socket2::{Domain, SockAddr, SockRef, Type};
use std::io::{self, ErrorKind, IoSlice, Read};
use std::mem::ManuallyDrop;
use std::net::{Shutdown, SocketAddr};
use std::time::Duration;

/// Options that a socket gets once, at its creation.
#[derive(Clone, Copy, Debug)]
pub struct SocketOptions {
    pub nodelay: bool,
    pub keepalive: bool,
}

#[derive(Debug)]
pub enum Socket {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
    Memory(Box<MemoryEnd>),
    /// The program has it back (detach).
    Detached,
}

/// The peer's address, taken once (H2).
#[derive(Debug)]
pub enum Address {
    Inet(SocketAddr),
    Unix(Box<SockAddr>),
    None,
}

impl Address {
    pub fn of(address: SockAddr) -> Self {
        match address.as_socket() {
            Some(address) => Address::Inet(address),
            None => Address::Unix(Box::new(address)),
        }
    }

    pub fn to_sock_addr(&self) -> Option<SockAddr> {
        match self {
            Address::Inet(address) => Some((*address).into()),
            Address::Unix(address) => Some((**address).clone()),
            Address::None => None,
        }
    }
}

impl Socket {
    /// Starts connecting, from the address `local` if there is one; writable when it is through or has failed.
    pub fn connect(address: SocketAddr, local: Option<SocketAddr>, options: SocketOptions) -> Result<Self> {
        let failed = |error| Error::io(&format!("connect to {address}"), &error);
        let socket = match local {
            None => TcpStream::connect(address).map_err(failed)?,
            Some(local) => {
                let socket = bound_to(local)
                    .map_err(|error| Error::io(&format!("bind to {local} to connect to {address}"), &error))?;
                match socket.connect(&address.into()) {
                    Err(error) if !sys::is_in_progress(&error) => return Err(failed(error)),
                    _ => TcpStream::from_std(socket.into()),
                }
            }
        };
        let socket = Socket::Tcp(socket);
        socket.apply(options).map_err(failed)?;
        Ok(socket)
    }

    /// Connects to a Unix socket, which takes no time.
    pub fn connect_unix(address: &SockAddr) -> io::Result<Self> {
        #[cfg(unix)]
        {
            let socket = socket2::Socket::new(Domain::UNIX, Type::STREAM, None)?;
            socket.set_nonblocking(true)?;
            socket.connect(address)?;
            Ok(Socket::Unix(UnixStream::from_std(socket.into())))
        }
        #[cfg(not(unix))]
        {
            let _ = address;
            Err(ErrorKind::Unsupported.into())
        }
    }

    /// A connected stream socket of the program's. It stays the program's when this fails.
    pub fn adopt(raw: i64, options: SocketOptions) -> Result<(Self, Address)> {
        let socket = stream_socket(raw)?;
        let peer = socket.peer_addr().map_err(|error| match error.kind() {
            ErrorKind::NotConnected => Error::new(Status::Invalid, "the socket is not connected"),
            _ => Error::io("ask for the socket's peer", &error),
        })?;
        socket.set_nonblocking(true).map_err(|error| Error::io("make the socket non-blocking", &error))?;
        let socket = ManuallyDrop::into_inner(socket);
        let socket = match Address::of(peer) {
            peer @ Address::Inet(_) => (Socket::Tcp(TcpStream::from_std(socket.into())), peer),
            #[cfg(unix)]
            peer => (Socket::Unix(UnixStream::from_std(socket.into())), peer),
            #[cfg(not(unix))]
            _ => {
                sys::into_raw_socket(TcpStream::from_std(socket.into()));
                return Err(Error::new(Status::NotSupported, "Unix sockets are not supported here"));
            }
        };
        if let Err(error) = socket.0.apply(options) {
            let _ = socket.0.into_raw();
            return Err(Error::io("set the socket's options", &error));
        }
        Ok(socket)
    }

    /// A17: TCP_NODELAY is on unless asked otherwise. Neither option means anything to Unix sockets (L7).
    pub fn apply(&self, options: SocketOptions) -> io::Result<()> {
        let Socket::Tcp(socket) = self else { return Ok(()) };
        let socket = SockRef::from(socket);
        if options.nodelay {
            socket.set_tcp_nodelay(true)?;
        }
        if options.keepalive {
            socket.set_keepalive(true)?;
        }
        Ok(())
    }

    /// After a wait for writability: has it connected (J12)?
    pub fn connected(&self) -> io::Result<bool> {
        let Socket::Tcp(socket) = self else { return Ok(true) };
        if let Some(error) = socket.take_error()? {
            return Err(error);
        }
        match socket.peer_addr() {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotConnected => Ok(false),
            Err(error) => Err(error),
        }
    }

    #[inline]
    pub fn recv(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Socket::Tcp(socket) => (&*socket).read(buffer),
            #[cfg(unix)]
            Socket::Unix(socket) => (&*socket).read(buffer),
            Socket::Memory(end) => end.recv(buffer),
            Socket::Detached => Err(ErrorKind::WouldBlock.into()),
        }
    }

    pub fn shutdown_write(&mut self) -> io::Result<()> {
        match self {
            Socket::Tcp(socket) => socket.shutdown(Shutdown::Write),
            #[cfg(unix)]
            Socket::Unix(socket) => socket.shutdown(Shutdown::Write),
            Socket::Memory(end) => {
                end.shutdown_write();
                Ok(())
            }
            Socket::Detached => Ok(()),
        }
    }

    /// The close that follows sends a reset instead of a FIN. A Unix socket knows no reset: its peer sees the end.
    pub fn reset_on_close(&mut self) -> io::Result<()> {
        match self {
            Socket::Tcp(socket) => SockRef::from(&*socket).set_linger(Some(Duration::ZERO)),
            Socket::Memory(end) => {
                end.reset_on_close();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    pub fn local_address(&self) -> Option<SockAddr> {
        match self {
            Socket::Tcp(socket) => SockRef::from(socket).local_addr().ok(),
            #[cfg(unix)]
            Socket::Unix(socket) => SockRef::from(socket).local_addr().ok(),
            Socket::Memory(_) | Socket::Detached => None,
        }
    }

    /// The descriptor or SOCKET; it stays this object's.
    pub fn raw(&self) -> Option<i64> {
        match self {
            Socket::Tcp(socket) => Some(sys::raw_socket(socket)),
            #[cfg(unix)]
            Socket::Unix(socket) => Some(sys::raw_socket(socket)),
            Socket::Memory(_) | Socket::Detached => None,
        }
    }

    /// The descriptor or SOCKET, from now on the caller's.
    pub fn into_raw(self) -> Option<i64> {
        match self {
            Socket::Tcp(socket) => Some(sys::into_raw_socket(socket)),
            #[cfg(unix)]
            Socket::Unix(socket) => Some(sys::into_raw_socket(socket)),
            Socket::Memory(_) | Socket::Detached => None,
        }
    }
}

fn bound_to(local: SocketAddr) -> io::Result<socket2::Socket> {
    let socket = socket2::Socket::new(Domain::for_address(local), Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    socket.bind(&local.into())?;
    Ok(socket)
}

/// A stream socket of the program's, not to be closed by whoever looks at it.
pub fn stream_socket(raw: i64) -> Result<ManuallyDrop<socket2::Socket>> {
    let socket = sys::borrow_socket(raw).ok_or(Error::new(Status::Invalid, "socket is no descriptor"))?;
    match socket.r#type() {
        Ok(Type::STREAM) => {}
        Ok(_) => return Err(Error::new(Status::Invalid, "the socket is not a stream socket")),
        Err(error) => {
            let text = format!("socket is no open socket: {error}");
            return Err(Error::with_text(Status::Invalid, error.raw_os_error().unwrap_or(0), text));
        }
    }
    sys::close_on_exec(&socket).map_err(|error| Error::io("make the socket close-on-exec", &error))?;
    Ok(socket)
}

impl Sink for Socket {
    #[inline]
    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Socket::Tcp(socket) => socket.try_io(|| SockRef::from(&*socket).send_with_flags(bytes, sys::SEND_FLAGS)),
            #[cfg(unix)]
            Socket::Unix(socket) => SockRef::from(&*socket).send_with_flags(bytes, sys::SEND_FLAGS),
            Socket::Memory(end) => end.send(bytes),
            Socket::Detached => Err(ErrorKind::NotConnected.into()),
        }
    }

    fn send_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        match self {
            Socket::Tcp(socket) => {
                socket.try_io(|| SockRef::from(&*socket).send_vectored_with_flags(slices, sys::SEND_FLAGS))
            }
            #[cfg(unix)]
            Socket::Unix(socket) => SockRef::from(&*socket).send_vectored_with_flags(slices, sys::SEND_FLAGS),
            Socket::Memory(end) => end.send_vectored(slices),
            Socket::Detached => Err(ErrorKind::NotConnected.into()),
        }
    }
}

impl Source for Socket {
    fn register(&mut self, registry: &Registry, token: Token, interests: Interest) -> io::Result<()> {
        match self {
            Socket::Tcp(socket) => socket.register(registry, token, interests),
            #[cfg(unix)]
            Socket::Unix(socket) => socket.register(registry, token, interests),
            Socket::Memory(end) => {
                end.register(super::Ticket(token.0 as u64));
                Ok(())
            }
            Socket::Detached => Ok(()),
        }
    }

    fn reregister(&mut self, registry: &Registry, token: Token, interests: Interest) -> io::Result<()> {
        match self {
            Socket::Tcp(socket) => socket.reregister(registry, token, interests),
            #[cfg(unix)]
            Socket::Unix(socket) => socket.reregister(registry, token, interests),
            Socket::Memory(_) | Socket::Detached => self.register(registry, token, interests),
        }
    }

    fn deregister(&mut self, registry: &Registry) -> io::Result<()> {
        match self {
            Socket::Tcp(socket) => socket.deregister(registry),
            #[cfg(unix)]
            Socket::Unix(socket) => socket.deregister(registry),
            Socket::Memory(_) | Socket::Detached => Ok(()),
        }
    }
}
