//! Stream transports: readiness in, bytes out. What may happen is `core::stream`'s to say; here it is done.

use super::handles::Ticket;
use super::poll::Readiness;
use super::ready::Ready;
use super::socket::Socket;
use super::{Event, Reactor, User};
use crate::core::error::{Error, Status};
use crate::core::sending::{Flushed, Outlet, Queues, Wrote};
use crate::core::stream::{self, Next};
use std::io::ErrorKind;
use std::net::SocketAddr;

/// What a stream gets at its creation.
#[derive(Clone, Copy, Debug)]
pub struct StreamOptions {
    /// `write_buffer_cap`; usize::MAX none.
    pub write_buffer_cap: usize,
}

/// What a write did to flow control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    Steady,
    /// The queue has grown over the high mark: tell pause_writing now (E8).
    Pause,
}

pub(super) struct Stream<U: User> {
    state: stream::Stream<U::Owned>,
    socket: Socket,
    /// The socket may have bytes; cleared by a read that found fewer than it asked for.
    readable: bool,
    /// A short read is not the last one: the end or an error is behind it.
    hangup: bool,
    /// In the reactor's `pending`: read once a turn, from there.
    in_pending: bool,
    /// In the reactor's `dirty`.
    in_dirty: bool,
    protocol: Option<U::Protocol>,
    server: Ticket,
    peer: SocketAddr,
    error: Option<Box<Error>>,
}

impl<U: User> Stream<U> {
    pub(super) fn new(socket: Socket, peer: SocketAddr, server: Ticket, options: StreamOptions) -> Self {
        Stream {
            state: stream::Stream::new(options.write_buffer_cap),
            socket,
            readable: false,
            hangup: false,
            in_pending: false,
            in_dirty: false,
            protocol: None,
            server,
            peer,
            error: None,
        }
    }

    /// The state and what its bytes leave through, borrowed side by side.
    #[inline]
    fn parts<'a>(
        &'a mut self,
        queues: &'a mut Queues<U::Owned>,
        released: &'a mut Vec<U::Owned>,
    ) -> (&'a mut stream::Stream<U::Owned>, Outlet<'a, Socket, U::Owned>) {
        (&mut self.state, Outlet { sink: &mut self.socket, queues, released })
    }

    pub(super) fn server(&self) -> Ticket {
        self.server
    }

    pub(super) fn set_protocol(&mut self, protocol: U::Protocol) {
        self.protocol = Some(protocol);
    }

    /// Takes up what the poller saw; true when queued bytes wait for room.
    #[inline]
    pub(super) fn note(&mut self, readiness: Readiness) -> bool {
        self.readable |= readiness.readable;
        if readiness.writable {
            self.state.set_writable(true);
        }
        self.hangup |= readiness.hangup;
        self.state.queued() > 0
    }

    pub(super) fn leave_pending(&mut self) {
        self.in_pending = false;
    }

    pub(super) fn take_error(&mut self) -> Option<Box<Error>> {
        self.error.take()
    }
}

type Checked<T> = std::result::Result<T, Status>;

impl<U: User> Reactor<U> {
    // ---- reading -------------------------------------------------------------------------------------------------

    /// One read at most per stream and turn (C2). A short read means that the socket is drained.
    #[inline]
    pub(super) fn read_ready(&mut self, ticket: Ticket) -> Option<Event<U>> {
        let stream = self.streams.get_mut(ticket)?;
        if !stream.readable || stream.in_pending || !stream.state.may_read() {
            return None;
        }
        match stream.socket.recv(&mut self.receive) {
            Ok(0) => {
                stream.readable = false;
                stream.state.eof();
                Some(Event::Eof(ticket))
            }
            Ok(count) => {
                if count < self.receive.len() && !stream.hangup {
                    stream.readable = false;
                } else {
                    stream.in_pending = true;
                    self.pending.push_back(ticket);
                }
                Some(Event::Data(ticket, count))
            }
            Err(error) => {
                match error.kind() {
                    ErrorKind::WouldBlock => stream.readable = false,
                    ErrorKind::Interrupted => self.read_later(ticket),
                    _ => self.lose(ticket, Some(Error::io("receive", &error))),
                }
                None
            }
        }
    }

    fn read_later(&mut self, ticket: Ticket) {
        if let Some(stream) = self.streams.get_mut(ticket)
            && !stream.in_pending
        {
            stream.in_pending = true;
            self.pending.push_back(ticket);
        }
    }

    /// The bytes of the last `Data` event, lent out for the callback; give them back with `return_receive_buffer`.
    #[inline]
    pub fn take_receive_buffer(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.receive)
    }

    #[inline]
    pub fn return_receive_buffer(&mut self, buffer: Vec<u8>) {
        self.receive = buffer;
    }

    /// connection_made has returned: reading starts (A3).
    pub fn opened(&mut self, ticket: Ticket) {
        let Some(stream) = self.streams.get_mut(ticket) else { return };
        let open = stream.state.opened();
        if !open && stream.state.is_lost() {
            return;
        }
        // An accepted socket meets the poller here; a connecting one was known by its request's ticket.
        let registered = match stream.server {
            Ticket::NONE => self.poller.reregister(&mut stream.socket, ticket),
            _ => self.poller.register(&mut stream.socket, ticket),
        };
        if let Err(error) = registered {
            self.lose(ticket, Some(Error::io("watch the connection", &error)));
        }
    }

    /// eof_received has answered (C10, C11).
    pub fn eof_answered(&mut self, ticket: Ticket, keep_open: bool) {
        if !keep_open {
            let _ = self.close(ticket);
        }
    }

    pub fn pause_reading(&mut self, ticket: Ticket) -> Checked<()> {
        self.stream_mut(ticket)?.state.pause_reading();
        Ok(())
    }

    /// Never delivers inside the call: the next turn reads (C6).
    pub fn resume_reading(&mut self, ticket: Ticket) -> Checked<()> {
        let stream = self.stream_mut(ticket)?;
        if stream.state.resume_reading() && stream.readable {
            self.read_later(ticket);
        }
        Ok(())
    }

    pub fn is_reading(&self, ticket: Ticket) -> bool {
        self.streams.get(ticket).is_some_and(|stream| stream.state.is_reading())
    }

    // ---- writing -------------------------------------------------------------------------------------------------

    #[inline]
    pub fn write(&mut self, ticket: Ticket, data: &[u8]) -> Checked<Flow> {
        let stream = self.streams.get_mut(ticket).ok_or(Status::Handle)?;
        if self.in_turn && stream.state.gather(data, &mut self.queues) {
            if !std::mem::replace(&mut stream.in_dirty, true) {
                self.dirty.push(ticket);
            }
            return Ok(Flow::Steady);
        }
        self.write_now(ticket, data)
    }

    #[inline(never)] // keeps the common case small
    fn write_now(&mut self, ticket: Ticket, data: &[u8]) -> Checked<Flow> {
        let stream = self.streams.get_mut(ticket).ok_or(Status::Handle)?;
        let (state, mut outlet) = stream.parts(&mut self.queues, &mut self.released);
        let wrote = state.write(data, self.in_turn, &mut outlet)?;
        self.wrote(ticket, wrote)
    }

    /// As if each piece were written on its own, but in one system call at most. `total` is the sum of their lengths.
    pub fn write_pieces<'a>(
        &mut self,
        ticket: Ticket,
        total: usize,
        pieces: impl Iterator<Item = &'a [u8]>,
    ) -> Checked<Flow> {
        let stream = self.streams.get_mut(ticket).ok_or(Status::Handle)?;
        let (state, mut outlet) = stream.parts(&mut self.queues, &mut self.released);
        let wrote = state.write_pieces(total, pieces, self.in_turn, &mut outlet)?;
        self.wrote(ticket, wrote)
    }

    /// On success `owned` is kept until it is sent or dropped, then comes back as `Event::Release`.
    pub fn write_owned(&mut self, ticket: Ticket, owned: U::Owned) -> std::result::Result<Flow, (Status, U::Owned)> {
        let Some(stream) = self.streams.get_mut(ticket) else { return Err((Status::Handle, owned)) };
        let (state, mut outlet) = stream.parts(&mut self.queues, &mut self.released);
        let wrote = state.write_owned(owned, self.in_turn, &mut outlet)?;
        Ok(self.wrote(ticket, wrote).unwrap_or(Flow::Steady))
    }

    fn wrote(&mut self, ticket: Ticket, wrote: Wrote) -> Checked<Flow> {
        self.queue_releases();
        match wrote {
            Wrote::Steady => {}
            Wrote::Gathered => self.gathered(ticket),
            Wrote::Pause => return Ok(Flow::Pause),
            Wrote::Failed(error) => self.lose(ticket, Some(Error::io("send", &error))),
            Wrote::CutShort => {
                self.lose(ticket, Some(Error::no_memory()));
                return Err(Status::NoMemory);
            }
        }
        Ok(Flow::Steady)
    }

    /// Lent buffers that are free go back from the loop, never inside a call.
    #[inline]
    fn queue_releases(&mut self) {
        if !self.released.is_empty() {
            self.ready.extend(self.released.drain(..).map(Ready::Release));
        }
    }

    fn gathered(&mut self, ticket: Ticket) {
        if let Some(stream) = self.streams.get_mut(ticket)
            && !stream.in_dirty
        {
            stream.in_dirty = true;
            self.dirty.push(ticket);
        }
    }

    /// Sends what is queued and does what that allows. True: resume_writing is due.
    fn flush(&mut self, ticket: Ticket) -> bool {
        let Some(stream) = self.streams.get_mut(ticket) else { return false };
        let (state, mut outlet) = stream.parts(&mut self.queues, &mut self.released);
        let flushed = state.flush(&mut outlet);
        self.flushed(ticket, flushed)
    }

    #[inline]
    fn flushed(&mut self, ticket: Ticket, flushed: Flushed) -> bool {
        self.queue_releases();
        match flushed.result {
            Ok(()) => self.follow(ticket, flushed.next),
            Err(error) => self.lose(ticket, Some(Error::io("send", &error))),
        }
        flushed.resume
    }

    pub(super) fn write_ready(&mut self, ticket: Ticket) -> Option<Event<U>> {
        self.flush(ticket).then_some(Event::ResumeWriting(ticket))
    }

    /// Gathered bytes are tried before a call that asks about them or ends them takes effect (D22). They are fewer than
    /// the high mark, so flow control is not touched.
    fn flush_gathered(&mut self, ticket: Ticket) -> Checked<()> {
        if self.stream_mut(ticket)?.state.is_gathering() {
            self.flush(ticket);
        }
        Ok(())
    }

    /// The callback has returned (D22).
    #[inline]
    pub(super) fn send_gathered(&mut self) {
        while let Some(ticket) = self.dirty.pop() {
            if let Some(stream) = self.streams.get_mut(ticket) {
                stream.in_dirty = false;
                if stream.state.is_gathering() {
                    let (state, mut outlet) = stream.parts(&mut self.queues, &mut self.released);
                    let flushed = state.flush(&mut outlet);
                    self.flushed(ticket, flushed);
                }
            }
        }
    }

    pub fn write_eof(&mut self, ticket: Ticket) -> Checked<()> {
        self.flush_gathered(ticket)?;
        let next = self.stream_mut(ticket)?.state.write_eof();
        self.follow(ticket, next);
        Ok(())
    }

    // ---- flow control --------------------------------------------------------------------------------------------

    /// D18: bytes that the operating system has not taken.
    pub fn write_buffer_size(&mut self, ticket: Ticket) -> usize {
        let _ = self.flush_gathered(ticket);
        self.streams.get(ticket).map_or(0, |stream| stream.state.queued())
    }

    pub fn write_buffer_limits(&self, ticket: Ticket) -> Checked<(usize, usize)> {
        Ok(self.streams.get(ticket).ok_or(Status::Handle)?.state.limits())
    }

    pub fn set_write_buffer_limits(
        &mut self,
        ticket: Ticket,
        high: Option<usize>,
        low: Option<usize>,
    ) -> Checked<Flow> {
        self.flush_gathered(ticket)?;
        let state = &mut self.stream_mut(ticket)?.state;
        state.set_limits(high, low)?;
        Ok(if state.over_high() { Flow::Pause } else { Flow::Steady })
    }

    // ---- ending --------------------------------------------------------------------------------------------------

    pub fn is_closing(&self, ticket: Ticket) -> bool {
        self.streams.get(ticket).is_none_or(|stream| stream.state.is_closing())
    }

    /// B1 to B4: queued bytes are sent first.
    pub fn close(&mut self, ticket: Ticket) -> Checked<()> {
        self.flush_gathered(ticket)?;
        let next = self.stream_mut(ticket)?.state.close();
        self.follow(ticket, next);
        Ok(())
    }

    /// B8: queued bytes are dropped.
    pub fn abort(&mut self, ticket: Ticket) -> Checked<()> {
        self.flush_gathered(ticket)?;
        self.lose(ticket, None);
        Ok(())
    }

    /// As abort, and the peer sees a reset.
    pub fn reset(&mut self, ticket: Ticket) -> std::result::Result<(), Error> {
        let stream = self.stream_mut(ticket).map_err(|status| Error::new(status, ""))?;
        stream.socket.reset_on_close().map_err(|error| Error::io("set SO_LINGER for the reset", &error))?;
        self.lose(ticket, None);
        Ok(())
    }

    /// A stream has ended: connection_lost is queued, once; its bytes are dropped.
    pub(super) fn lose(&mut self, ticket: Ticket, error: Option<Error>) {
        let Some(stream) = self.streams.get_mut(ticket) else { return };
        let next = stream.state.lose();
        if next == Next::Lose {
            stream.error = error.map(Box::new);
            stream.state.drop_queue(&mut self.queues, &mut self.released);
            self.queue_releases(); // before connection_lost
        }
        self.follow(ticket, next);
    }

    /// A bug in the library showed itself while this transport was used: it ends, the loop goes on.
    pub fn lose_by_panic(&mut self, ticket: Ticket, error: Error) {
        self.lose(ticket, Some(error));
    }

    #[inline]
    fn follow(&mut self, ticket: Ticket, next: Next) {
        if next != Next::Nothing {
            self.end(ticket, next);
        }
    }

    fn end(&mut self, ticket: Ticket, next: Next) {
        match next {
            Next::Nothing => {}
            Next::ShutdownWrite => {
                if let Some(stream) = self.streams.get(ticket) {
                    // ENOTCONN: the peer has reset the connection and connection_lost will say so (D16).
                    let _ = stream.socket.shutdown_write();
                }
            }
            Next::Lose => self.ready.push_back(Ready::Lost(ticket)),
        }
    }

    /// connection_lost has returned: the ticket ends and the socket is closed (A13). Closing takes it out of the poller.
    pub fn remove(&mut self, ticket: Ticket) {
        if let Some(stream) = self.streams.remove(ticket) {
            self.connection_gone(stream.server);
        }
    }

    // ---- what it is ----------------------------------------------------------------------------------------------

    #[inline]
    pub fn protocol(&self, ticket: Ticket) -> Option<&U::Protocol> {
        self.streams.get(ticket)?.protocol.as_ref()
    }

    pub fn set_protocol(&mut self, ticket: Ticket, protocol: U::Protocol) -> Checked<()> {
        self.stream_mut(ticket)?.set_protocol(protocol);
        Ok(())
    }

    pub fn has_stream(&self, ticket: Ticket) -> bool {
        self.streams.contains(ticket)
    }

    pub fn peer_address(&self, ticket: Ticket) -> Option<SocketAddr> {
        self.streams.get(ticket).map(|stream| stream.peer)
    }

    pub fn local_address(&self, ticket: Ticket) -> Option<SocketAddr> {
        self.streams.get(ticket)?.socket.local_address().ok()
    }

    pub fn raw_socket(&self, ticket: Ticket) -> Option<i64> {
        self.streams.get(ticket).map(|stream| stream.socket.raw())
    }

    fn stream_mut(&mut self, ticket: Ticket) -> Checked<&mut Stream<U>> {
        self.streams.get_mut(ticket).ok_or(Status::Handle)
    }
}
