//! Stream transports: readiness in, bytes out. What may happen is `core::stream`'s to say; here it is done.

use super::handles::Ticket;
use super::poll::{Poller, Readiness};
use super::ready::Ready;
use super::report::Counters;
use super::socket::{Address, Socket};
use super::timer::TimerTask;
use super::{Event, RECEIVE_BUFFER, Reactor, User, now};
use crate::core::error::{Error, Status};
use crate::core::sending::{Flushed, Outlet, Queues, Sink, Wrote};
use crate::core::stream::{self, Next};
use crate::core::timers::TimerId;
use socket2::SockAddr;
use std::io::{self, ErrorKind, IoSlice};

/// What a stream gets at its creation.
#[derive(Clone, Copy, Debug)]
pub struct StreamOptions {
    /// `write_buffer_cap`; usize::MAX none.
    pub write_buffer_cap: usize,
    /// Nanoseconds without a byte in either direction after which the stream ends.
    pub idle_timeout: Option<u64>,
    /// Nanoseconds that sending what is left may take after close.
    pub close_timeout: Option<u64>,
}

/// The time limits of a stream that has any.
#[derive(Debug)]
struct Limits {
    idle: Option<u64>,
    close: Option<u64>,
    last_activity: u64,
    idle_timer: Option<TimerId>,
    close_timer: Option<TimerId>,
}

/// What a write did to flow control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    Steady,
    /// The queue has grown over the high mark: tell pause_writing now (E8).
    Pause,
}

/// What a read brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// So many bytes, at least one.
    Data(usize),
    Eof,
    /// Nothing now; the transport may have ended.
    Nothing,
}

/// How the poller knows a stream's socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Watched {
    Not,
    /// By the ticket of the request that connected it.
    ByRequest,
    Yes,
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
    /// Of the protocol; here for the reader's sake.
    buffered: bool,
    server: Ticket,
    watched: Watched,
    peer: Address,
    limits: Option<Box<Limits>>,
    received: u64,
    sent: u64,
    error: Option<Box<Error>>,
}

/// The way out of a stream: its socket, and whoever watches for activity.
struct Out<'a> {
    socket: &'a mut Socket,
    limits: Option<&'a mut Limits>,
    sent: &'a mut u64,
    sent_by_all: &'a mut u64,
}

impl Out<'_> {
    #[inline]
    fn sent(&mut self, result: io::Result<usize>) -> io::Result<usize> {
        if let Ok(count) = result
            && count > 0
        {
            *self.sent += count as u64;
            *self.sent_by_all += count as u64;
            if let Some(limits) = &mut self.limits {
                limits.last_activity = now();
            }
        }
        result
    }
}

impl Sink for Out<'_> {
    #[inline]
    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.socket.send(bytes);
        self.sent(sent)
    }

    fn send_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let sent = self.socket.send_vectored(slices);
        self.sent(sent)
    }
}

impl Limits {
    fn new(options: StreamOptions) -> Option<Box<Self>> {
        let StreamOptions { idle_timeout: idle, close_timeout: close, .. } = options;
        let any = idle.is_some() || close.is_some();
        any.then(|| Box::new(Limits { idle, close, last_activity: 0, idle_timer: None, close_timer: None }))
    }
}

impl<U: User> Stream<U> {
    pub(super) fn new(socket: Socket, peer: Address, server: Ticket, options: StreamOptions) -> Self {
        Stream {
            state: stream::Stream::new(options.write_buffer_cap),
            socket,
            readable: false,
            hangup: false,
            in_pending: false,
            in_dirty: false,
            protocol: None,
            buffered: false,
            server,
            watched: Watched::Not,
            peer,
            limits: Limits::new(options),
            received: 0,
            sent: 0,
            error: None,
        }
    }

    /// Bytes have come or gone.
    #[inline]
    fn active(&mut self) {
        if let Some(limits) = &mut self.limits {
            limits.last_activity = now();
        }
    }

    /// The state and what its bytes leave through, borrowed side by side.
    #[inline]
    fn parts<'a>(
        &'a mut self,
        queues: &'a mut Queues<U::Owned>,
        released: &'a mut Vec<U::Owned>,
        counters: &'a mut Counters,
    ) -> (&'a mut stream::Stream<U::Owned>, Outlet<'a, Out<'a>, U::Owned>) {
        let sink = Out {
            socket: &mut self.socket,
            limits: self.limits.as_deref_mut(),
            sent: &mut self.sent,
            sent_by_all: &mut counters.sent,
        };
        (&mut self.state, Outlet { sink, queues, released })
    }

    pub(super) fn watched_by_request(mut self) -> Self {
        self.watched = Watched::ByRequest;
        self
    }

    /// Idempotent. From now on edges are noted, also before connection_made.
    pub(super) fn watch(&mut self, poller: &Poller, ticket: Ticket) -> io::Result<()> {
        match self.watched {
            Watched::Not => poller.register(&mut self.socket, ticket)?,
            Watched::ByRequest => poller.reregister(&mut self.socket, ticket)?,
            Watched::Yes => {}
        }
        self.watched = Watched::Yes;
        Ok(())
    }

    pub(super) fn peer(&self) -> &Address {
        &self.peer
    }

    pub(super) fn local_address(&self) -> Option<SockAddr> {
        self.socket.local_address()
    }

    pub(super) fn describe(&self) -> String {
        let (state, received, sent) = (&self.state, self.received, self.sent);
        let reading = if state.is_reading() { "reading" } else { "not reading" };
        format!("{}, {reading}, {} bytes wait, {received} received, {sent} sent", state.life(), state.queued())
    }

    /// The socket is the program's again.
    pub(super) fn give_back(mut self, poller: &Poller) -> Option<i64> {
        if self.watched == Watched::Yes {
            let _ = poller.deregister(&mut self.socket);
        }
        self.socket.into_raw()
    }

    pub(super) fn server(&self) -> Ticket {
        self.server
    }

    pub(super) fn set_protocol(&mut self, protocol: U::Protocol) {
        self.buffered = U::is_buffered(&protocol);
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
        if stream.buffered {
            return Some(Event::Readable(ticket));
        }
        let received = stream.socket.recv(&mut self.receive);
        match self.received(ticket, received, RECEIVE_BUFFER) {
            Input::Data(count) => Some(Event::Data(ticket, count)),
            Input::Eof => Some(Event::Eof(ticket)),
            Input::Nothing => None,
        }
    }

    /// After `Event::Readable`: reads into the protocol's own memory (G4), unless getting it has put an end to reading.
    pub fn read_into(&mut self, ticket: Ticket, buffer: &mut [u8]) -> Input {
        match self.streams.get_mut(ticket) {
            Some(stream) if stream.state.may_read() && stream.buffered => {
                let received = stream.socket.recv(buffer);
                self.received(ticket, received, buffer.len())
            }
            Some(stream) if stream.state.may_read() => {
                self.read_later(ticket); // for the streaming protocol that was set meanwhile
                Input::Nothing
            }
            _ => Input::Nothing,
        }
    }

    /// The protocol offered no memory to read into (G3).
    pub fn no_buffer(&mut self, ticket: Ticket) -> Error {
        let error = Error::new(Status::Invalid, "get_buffer() returned an empty buffer");
        self.lose(ticket, Some(error.clone()));
        error
    }

    #[inline]
    fn received(&mut self, ticket: Ticket, received: io::Result<usize>, room: usize) -> Input {
        let Some(stream) = self.streams.get_mut(ticket) else { return Input::Nothing };
        match received {
            Ok(0) => {
                stream.readable = false;
                stream.state.eof();
                Input::Eof
            }
            Ok(count) => {
                stream.received += count as u64;
                self.counters.received += count as u64;
                stream.active();
                if count < room && !stream.hangup {
                    stream.readable = false;
                } else {
                    stream.in_pending = true;
                    self.pending.push_back(ticket);
                }
                Input::Data(count)
            }
            Err(error) => {
                match error.kind() {
                    ErrorKind::WouldBlock => stream.readable = false,
                    ErrorKind::Interrupted => self.read_later(ticket),
                    _ => self.lose(ticket, Some(Error::io("receive", &error))),
                }
                Input::Nothing
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
        let watched = stream.watch(&self.poller, ticket);
        let readable = stream.readable;
        if let Some(limits) = &mut stream.limits
            && let Some(idle) = limits.idle
        {
            limits.last_activity = now();
            let deadline = limits.last_activity.saturating_add(idle);
            limits.idle_timer = Some(self.timers.insert(deadline, TimerTask::Idle(ticket)));
        }
        match watched {
            Err(error) => self.lose(ticket, Some(Error::io("watch the connection", &error))),
            Ok(()) if readable => self.read_later(ticket), // what came before
            Ok(()) => {}
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
        let (state, mut outlet) = stream.parts(&mut self.queues, &mut self.released, &mut self.counters);
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
        let (state, mut outlet) = stream.parts(&mut self.queues, &mut self.released, &mut self.counters);
        let wrote = state.write_pieces(total, pieces, self.in_turn, &mut outlet)?;
        self.wrote(ticket, wrote)
    }

    /// On success `owned` is kept until it is sent or dropped, then comes back as `Event::Release`.
    pub fn write_owned(&mut self, ticket: Ticket, owned: U::Owned) -> std::result::Result<Flow, (Status, U::Owned)> {
        let Some(stream) = self.streams.get_mut(ticket) else { return Err((Status::Handle, owned)) };
        let (state, mut outlet) = stream.parts(&mut self.queues, &mut self.released, &mut self.counters);
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
        let (state, mut outlet) = stream.parts(&mut self.queues, &mut self.released, &mut self.counters);
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
    pub fn send_gathered(&mut self) {
        while let Some(ticket) = self.dirty.pop() {
            if let Some(stream) = self.streams.get_mut(ticket) {
                stream.in_dirty = false;
                if stream.state.is_gathering() {
                    let (state, mut outlet) = stream.parts(&mut self.queues, &mut self.released, &mut self.counters);
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
        let stream = self.streams.get_mut(ticket).ok_or(Status::Handle)?;
        let was_closing = stream.state.is_closing();
        let next = stream.state.close();
        if !was_closing
            && next == Next::Nothing
            && let Some(limits) = &mut stream.limits
            && let Some(close) = limits.close
        {
            limits.close_timer = Some(self.timers.insert(now().saturating_add(close), TimerTask::Close(ticket)));
        }
        self.follow(ticket, next);
        Ok(())
    }

    /// Has nothing moved for the whole time? Else the limit starts again from the last byte.
    pub(super) fn idle_due(&mut self, ticket: Ticket) {
        let Some(limits) = self.streams.get_mut(ticket).and_then(|stream| stream.limits.as_mut()) else { return };
        let deadline = limits.last_activity.saturating_add(limits.idle.unwrap_or(u64::MAX));
        limits.idle_timer = None;
        if deadline > now() {
            limits.idle_timer = Some(self.timers.insert(deadline, TimerTask::Idle(ticket)));
        } else {
            let text = "idle_timeout: no byte was received or sent for that long";
            self.lose(ticket, Some(Error::new(Status::TimedOut, text)));
        }
    }

    /// The socket is the program's from now on; connection_lost(NULL) follows.
    pub fn detach(&mut self, ticket: Ticket) -> std::result::Result<i64, Error> {
        let stream = self.streams.get(ticket).ok_or(Status::Handle)?;
        if matches!(stream.socket, Socket::Memory(_)) {
            return Err(Error::new(Status::NotSupported, "a transport in memory has no socket to give back"));
        }
        self.flush_gathered(ticket)?;
        let stream = self.streams.get_mut(ticket).ok_or(Status::Handle)?;
        if stream.state.queued() > 0 {
            let text = "bytes wait to be sent: detach when get_write_buffer_size is 0";
            return Err(Error::new(Status::State, text));
        }
        if stream.state.is_closing() {
            return Err(Status::Closed.into());
        }
        let _ = self.poller.deregister(&mut stream.socket); // not yet registered inside connection_made
        let raw = std::mem::replace(&mut stream.socket, Socket::Detached).into_raw();
        self.lose(ticket, None);
        raw.ok_or(Status::NotSupported.into())
    }

    pub(super) fn close_due(&mut self, ticket: Ticket) {
        let Some(stream) = self.streams.get_mut(ticket) else { return };
        if let Some(limits) = &mut stream.limits {
            limits.close_timer = None;
        }
        let text = format!("close_timeout: the peer has not taken the last {} bytes", stream.state.queued());
        self.lose(ticket, Some(Error::with_text(Status::TimedOut, 0, text)));
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
                if let Some(stream) = self.streams.get_mut(ticket) {
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
            if let Some(limits) = stream.limits {
                for timer in [limits.idle_timer, limits.close_timer].into_iter().flatten() {
                    self.timers.cancel(timer);
                }
            }
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

    /// Bytes received, sent and queued.
    pub fn traffic(&self, ticket: Ticket) -> Option<(u64, u64, usize)> {
        self.streams.get(ticket).map(|stream| (stream.received, stream.sent, stream.state.queued()))
    }

    pub fn has_stream(&self, ticket: Ticket) -> bool {
        self.streams.contains(ticket)
    }

    pub fn peer_address(&self, ticket: Ticket) -> Option<SockAddr> {
        self.streams.get(ticket)?.peer.to_sock_addr()
    }

    pub fn local_address(&self, ticket: Ticket) -> Option<SockAddr> {
        self.streams.get(ticket)?.socket.local_address()
    }

    pub fn raw_socket(&self, ticket: Ticket) -> Option<i64> {
        self.streams.get(ticket)?.socket.raw()
    }

    fn stream_mut(&mut self, ticket: Ticket) -> Checked<&mut Stream<U>> {
        self.streams.get_mut(ticket).ok_or(Status::Handle)
    }
}
