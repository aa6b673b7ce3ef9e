//! Connections that nobody has to wait for: Unix sockets, sockets that the program has connected or accepted, and pairs in
//! memory.

use super::handles::Ticket;
use super::memory;
use super::ready::Ready;
use super::socket::{Address, Socket};
use super::stream::Stream;
use super::{Reactor, SocketOptions, StreamOptions, User};
use crate::core::error::{Error, Result, Status};
use crate::sys;
use std::io::ErrorKind;

impl<U: User> Reactor<U> {
    /// L1, L2: a failure of the system's is `done`'s to hear.
    pub fn connect_path(
        &mut self,
        path: &[u8],
        options: StreamOptions,
        protocol: U::Protocol,
        done: U::Connected,
    ) -> Result<Ticket> {
        self.require_open()?;
        let address = sys::unix_address(path).map_err(|error| match error.kind() {
            ErrorKind::Unsupported => Error::new(Status::NotSupported, "Unix sockets are not supported on this system"),
            _ => Error::with_text(Status::Invalid, 0, format!("path: {error}")),
        })?;
        let connected = Socket::connect_unix(&address).map_err(|error| {
            let name = String::from_utf8_lossy(path).replace('\0', "@");
            Error::io(&format!("connect to {name}"), &error)
        });
        let stream = connected.map(|socket| Stream::new(socket, Address::of(address), Ticket::NONE, options));
        self.answer(stream, protocol, done).map_err(|(error, _)| error)
    }

    /// K21, and create_connection's `socket`. The socket stays the program's when this fails.
    pub fn connect_socket(
        &mut self,
        raw: i64,
        socket: SocketOptions,
        options: StreamOptions,
        protocol: U::Protocol,
        done: U::Connected,
    ) -> Result<Ticket> {
        self.require_open()?;
        let (socket, peer) = Socket::adopt(raw, socket)?;
        let stream = Stream::new(socket, peer, Ticket::NONE, options);
        self.answer(Ok(stream), protocol, done).map_err(|(error, stream)| {
            if let Some(stream) = stream {
                stream.give_back(&self.poller);
            }
            error
        })
    }

    /// Two transports connected to each other. Their connection_made come from the loop, first a's, then b's.
    pub fn pair(&mut self, a: U::Protocol, b: U::Protocol) -> Result<(Ticket, Ticket)> {
        self.require_open()?;
        let (end_a, end_b) = memory::pair(&self.poller.edges);
        let a = self.insert_end(end_a, a)?;
        let b = self.insert_end(end_b, b).inspect_err(|_| drop(self.streams.remove(a)))?;
        self.ready.extend([Ready::Opened(a), Ready::Opened(b)]);
        Ok((a, b))
    }

    fn insert_end(&mut self, end: memory::MemoryEnd, protocol: U::Protocol) -> Result<Ticket> {
        let options = StreamOptions { write_buffer_cap: usize::MAX, idle_timeout: None, close_timeout: None };
        let mut stream = Stream::new(Socket::Memory(Box::new(end)), Address::None, Ticket::NONE, options);
        stream.set_protocol(protocol);
        self.streams.insert(stream).map_err(|_| Error::no_memory())
    }
}
