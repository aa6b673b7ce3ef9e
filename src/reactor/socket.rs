//! The stream socket under a transport: non-blocking, close-on-exec, never a SIGPIPE.

use crate::core::sending::Sink;
use crate::sys;
use mio::event::Source;
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use socket2::SockRef;
use std::io::{self, IoSlice, Read};
use std::net::{Shutdown, SocketAddr};
use std::time::Duration;

/// Options that a socket gets once, at its creation.
#[derive(Clone, Copy, Debug)]
pub struct SocketOptions {
    pub nodelay: bool,
    pub keepalive: bool,
}

#[derive(Debug)]
pub struct Socket(TcpStream);

impl Socket {
    pub fn new(stream: TcpStream) -> Self {
        Socket(stream)
    }

    /// Starts connecting; writable when it is through or has failed.
    pub fn connect(address: SocketAddr, options: SocketOptions) -> io::Result<Self> {
        let socket = Socket(TcpStream::connect(address)?);
        socket.apply(options)?;
        Ok(socket)
    }

    /// A17: TCP_NODELAY is on unless asked otherwise.
    pub fn apply(&self, options: SocketOptions) -> io::Result<()> {
        let socket = SockRef::from(&self.0);
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
        if let Some(error) = self.0.take_error()? {
            return Err(error);
        }
        match self.0.peer_addr() {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(false),
            Err(error) => Err(error),
        }
    }

    #[inline]
    pub fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        (&self.0).read(buffer)
    }

    pub fn shutdown_write(&self) -> io::Result<()> {
        self.0.shutdown(Shutdown::Write)
    }

    /// The close that follows sends a reset instead of a FIN.
    pub fn reset_on_close(&self) -> io::Result<()> {
        SockRef::from(&self.0).set_linger(Some(Duration::ZERO))
    }

    pub fn local_address(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }

    /// The descriptor or SOCKET; it stays this object's.
    pub fn raw(&self) -> i64 {
        sys::raw_socket(&self.0)
    }
}

impl Sink for Socket {
    #[inline]
    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.try_io(|| SockRef::from(&self.0).send_with_flags(bytes, sys::SEND_FLAGS))
    }

    fn send_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.try_io(|| SockRef::from(&self.0).send_vectored_with_flags(slices, sys::SEND_FLAGS))
    }
}

impl Source for Socket {
    fn register(&mut self, registry: &Registry, token: Token, interests: Interest) -> io::Result<()> {
        self.0.register(registry, token, interests)
    }

    fn reregister(&mut self, registry: &Registry, token: Token, interests: Interest) -> io::Result<()> {
        self.0.reregister(registry, token, interests)
    }

    fn deregister(&mut self, registry: &Registry) -> io::Result<()> {
        self.0.deregister(registry)
    }
}
