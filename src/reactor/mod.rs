//! The loop: turns readiness, time and mail into events for the layer above, and that layer's calls into I/O. It never
//! calls user code: `begin` waits, then `next` is asked for one event after the other until the turn is over.

mod at_once;
mod connect;
pub mod handles;
mod job;
mod memory;
mod poll;
mod pool;
mod ready;
mod report;
mod resolve;
mod server;
mod signals;
mod socket;
mod stream;
mod timer;
mod wake;
mod watch;

pub use self::connect::ConnectOptions;
pub use self::handles::{Kind, Ticket};
pub use self::poll::now;
pub use self::report::{Counters, Holdings};
pub use self::resolve::Family;
pub use self::server::{Place, ServerOptions};
pub use self::socket::{Address, SocketOptions};
pub use self::stream::{Flow, Input, StreamOptions};
pub use self::wake::{Mail, Mailbox};
pub use self::watch::Direction;

use self::connect::Request;
use self::handles::Handles;
use self::job::Job;
use self::poll::{Poller, Readiness};
use self::pool::Pool;
use self::ready::Ready;
use self::server::{Listener, Server};
use self::signals::Signals;
use self::stream::Stream;
use self::timer::{Timer, TimerTask};
use self::watch::Watches;
use crate::core::error::{Error, Result, Status};
use crate::core::sending::Queues;
use crate::core::timers::Timers;
use std::collections::VecDeque;
use std::net::SocketAddr;

/// What the layer above hangs on the reactor's objects. They are stored and handed back, never looked into.
pub trait User: 'static {
    /// Who is told what happens on a transport.
    type Protocol: Clone;
    /// Makes the protocols of accepted connections.
    type Factory: Copy;
    /// A function to call: call_soon, timers, posts from other threads.
    type Call: Copy + Send;
    /// Called on a signal.
    type SignalCall: Copy;
    /// Told how a connection attempt ended.
    type Connected: Copy;
    /// Told that something has ended: a server, or work in the executor.
    type Done: Copy;
    /// Told the addresses of a name.
    type Resolved: Copy;
    /// Told the names of an address.
    type Named: Copy;
    /// Bytes lent by `write_owned`, to be given back.
    type Owned: AsRef<[u8]>;

    /// Does it provide the memory that is read into (G1)?
    fn is_buffered(protocol: &Self::Protocol) -> bool;
}

/// One thing to tell. It holds no reference, so whoever tells it may be called back in turn. It travels through the hot path:
/// what is large and rare is boxed.
pub enum Event<U: User> {
    Call(U::Call),
    Signal(U::SignalCall, i32),
    /// A connection came in: make its protocol and tell it, then `opened`, or `refuse`.
    Accepted(Ticket),
    /// A connection was made: tell its protocol, then `opened`.
    Made(Ticket),
    /// A connection attempt ended; after `Made` when it succeeded.
    Connected(U::Connected, std::result::Result<Ticket, Box<Error>>),
    /// The first bytes of the receive buffer are this transport's.
    Data(Ticket, usize),
    /// A buffered protocol's transport can be read: get its buffer, then `read_into` it.
    Readable(Ticket),
    /// The peer ended its side: tell, then `eof_answered`.
    Eof(Ticket),
    ResumeWriting(Ticket),
    /// The transport has ended: tell, then `remove`.
    Lost(Ticket, Option<Box<Error>>),
    /// A lent buffer is free.
    Release(U::Owned),
    /// A server and its last connection have ended, or work in the executor.
    Done(U::Done, Option<Box<Error>>),
    Resolved(U::Resolved, Box<Result<Vec<SocketAddr>>>),
    /// Host and service.
    Named(U::Named, Box<Result<(String, String)>>),
    /// Something failed that no callback could be told.
    Exception(Box<Error>),
    /// A line for the log (the option `debug`).
    Complaint(String),
}

/// Bytes read at once, and so the most one `Data` event holds. 64 KiB stay in the second-level cache.
pub const RECEIVE_BUFFER: usize = 64 * 1024;

/// The order of a turn (S2): what was queued, then I/O, then timers. Each phase runs only what was there when the turn
/// began.
#[derive(Clone, Copy, Debug)]
enum Phase {
    /// Entries of `ready` left to run.
    Ready(usize),
    /// Index into `readiness`; true when the source had its first part and the second one is next.
    Io(usize, bool),
    /// Entries of `accepting` left to run; connections the first of them has taken.
    Accept(usize, usize),
    /// Entries of `pending` left to run.
    Pending(usize),
    Timers,
    Over,
}

pub struct Reactor<U: User> {
    ticket: Ticket,
    poller: Poller,
    readiness: Vec<Readiness>,
    phase: Phase,
    /// The time at which this turn stopped waiting.
    turn_time: u64,
    turn_timers: u64,
    turn_pending: usize,
    in_turn: bool,
    stopping: bool,
    /// The loop is being freed: no new work.
    closing: bool,
    mailbox: &'static Mailbox<U::Call>,
    inbox: Vec<Mail<U::Call>>,
    /// What the next turn runs first, in order.
    ready: VecDeque<Ready<U>>,
    /// Streams that had more to read when their share of a turn was used up.
    pending: VecDeque<Ticket>,
    /// Listeners with connections waiting.
    accepting: VecDeque<Ticket>,
    /// Streams that gathered writes in the running callback.
    dirty: Vec<Ticket>,
    queues: Queues<U::Owned>,
    /// Owned pieces on their way to `ready`; empty between calls.
    released: Vec<U::Owned>,
    receive: Vec<u8>,
    timers: Timers<TimerTask>,
    streams: Handles<Stream<U>>,
    servers: Handles<Server<U>>,
    listeners: Handles<Listener>,
    requests: Handles<Request<U>>,
    timer_handles: Handles<Timer<U>>,
    /// Cancelled in this turn: their tickets last until it ends.
    cancelled_timers: Vec<Ticket>,
    jobs: Handles<Job<U>>,
    /// Threads for the system's resolver, which may hang, and for the program's work: neither waits for the other.
    resolver: Pool,
    executor: Pool,
    signals: Signals<U>,
    watches: Watches<U>,
    counters: Counters,
}

impl<U: User> Reactor<U> {
    /// `ticket` is the loop's own; its generation is the first of every object on it.
    pub fn new(ticket: Ticket, generation: u32, mailbox: &'static Mailbox<U::Call>) -> Result<Self> {
        let poller = Poller::new().map_err(|error| Error::io("create the poller", &error))?;
        let waker = poller.waker().map_err(|error| Error::io("create the poller's waker", &error))?;
        let mut receive = Vec::new();
        receive.try_reserve_exact(RECEIVE_BUFFER).map_err(|_| Error::no_memory())?;
        receive.resize(RECEIVE_BUFFER, 0);
        let tag = ticket.tag();
        mailbox.open(ticket, waker);
        Ok(Reactor {
            ticket,
            poller,
            readiness: Vec::new(),
            phase: Phase::Over,
            turn_time: now(),
            turn_timers: 0,
            turn_pending: 0,
            in_turn: false,
            stopping: false,
            closing: false,
            mailbox,
            inbox: Vec::new(),
            ready: VecDeque::new(),
            pending: VecDeque::new(),
            accepting: VecDeque::new(),
            dirty: Vec::new(),
            queues: Queues::default(),
            released: Vec::new(),
            receive,
            timers: Timers::default(),
            streams: Handles::new(tag, Kind::Transport, generation),
            servers: Handles::new(tag, Kind::Server, generation),
            listeners: Handles::new(tag, Kind::Listener, generation),
            requests: Handles::new(tag, Kind::Request, generation),
            timer_handles: Handles::new(tag, Kind::Timer, generation),
            cancelled_timers: Vec::new(),
            jobs: Handles::new(tag, Kind::Job, generation),
            resolver: Pool::new("transport-dns"),
            executor: Pool::new("transport-work"),
            signals: Signals::new(tag),
            watches: Watches::new(tag, generation),
            counters: Counters::default(),
        })
    }

    /// Above every generation that a ticket of this loop has.
    pub fn next_generation(&self) -> u32 {
        [
            self.streams.next_base(),
            self.servers.next_base(),
            self.listeners.next_base(),
            self.requests.next_base(),
            self.timer_handles.next_base(),
            self.watches.next_base(),
            self.jobs.next_base(),
        ]
        .into_iter()
        .fold(0, u32::max)
    }

    // ---- a turn --------------------------------------------------------------------------------------------------

    /// Waits at most `timeout` nanoseconds (`None`: for ever) for something to do and starts a turn.
    pub fn begin(&mut self, timeout: Option<u64>) -> Result<()> {
        let idle = self.has_nothing_to_do();
        let timeout = if idle { least(timeout, self.until_next_timer()) } else { Some(0) };
        self.poller.wait(timeout, &mut self.readiness).map_err(|error| Error::io("wait for events", &error))?;
        self.turn_time = now();
        self.start_turn();
        Ok(())
    }

    /// A turn that neither waits nor looks for readiness: runs what is queued.
    fn start_turn(&mut self) {
        self.read_mail();
        self.counters.turns += 1;
        self.turn_timers = self.timers.mark();
        self.turn_pending = self.pending.len();
        self.phase = Phase::Ready(self.ready.len());
        self.in_turn = true;
    }

    /// The next thing to tell; `None` ends the turn. What the last callback wrote is sent first (D22).
    #[inline]
    pub fn next_event(&mut self) -> Option<Event<U>> {
        self.send_gathered();
        loop {
            let event = match self.phase {
                Phase::Ready(0) => {
                    self.phase = Phase::Io(0, false);
                    continue;
                }
                Phase::Ready(left) => {
                    self.phase = Phase::Ready(left - 1);
                    self.run_ready()
                }
                Phase::Io(index, was_read) => {
                    let Some(&readiness) = self.readiness.get(index) else {
                        self.phase = Phase::Accept(self.accepting.len(), 0);
                        continue;
                    };
                    self.io(index, readiness, was_read)
                }
                Phase::Accept(0, _) => {
                    self.phase = Phase::Pending(self.turn_pending);
                    continue;
                }
                Phase::Accept(left, taken) => self.run_accepting(left, taken),
                Phase::Pending(0) => {
                    self.phase = Phase::Timers;
                    continue;
                }
                Phase::Pending(left) => self.run_pending(left),
                Phase::Timers => match self.timers.pop_due(self.turn_time, self.turn_timers) {
                    Some(task) => self.timer_due(task),
                    None => {
                        self.phase = Phase::Over;
                        continue;
                    }
                },
                Phase::Over => {
                    self.end_turn();
                    return None;
                }
            };
            if event.is_some() {
                self.counters.events += 1;
                return event;
            }
        }
    }

    /// A bug stopped the turn: what is left of it is dropped, and the next one starts afresh.
    pub fn give_up_turn(&mut self) {
        self.phase = Phase::Over;
        if self.receive.is_empty() {
            self.receive = vec![0; RECEIVE_BUFFER];
        }
        self.end_turn();
    }

    fn end_turn(&mut self) {
        self.in_turn = false;
        while let Some(ticket) = self.cancelled_timers.pop() {
            self.timer_handles.remove(ticket);
        }
    }

    /// One readiness: sets the source's flags, then takes its share. Reading comes before writing, as in asyncio.
    #[inline]
    fn io(&mut self, index: usize, readiness: Readiness, was_read: bool) -> Option<Event<U>> {
        let source = readiness.source;
        if source.is(Kind::Transport) {
            if was_read {
                self.phase = Phase::Io(index + 1, false);
                return self.write_ready(source);
            }
            let stream = self.streams.get_mut(source);
            let has_queue = stream.is_some_and(|stream| stream.note(readiness));
            self.phase = if has_queue { Phase::Io(index, true) } else { Phase::Io(index + 1, false) };
            return self.read_ready(source);
        }
        self.phase = Phase::Io(index + 1, false);
        if source.is(Kind::Listener) {
            self.listener_ready(source);
            None
        } else if source.is(Kind::Request) {
            self.connect_ready(source);
            None
        } else if source.is(Kind::Watch) {
            if !was_read {
                self.phase = Phase::Io(index, true);
            }
            self.watch_ready(readiness, was_read)
        } else if source == poll::SIGNALS {
            let (call, signum) = self.signals.next_due(!was_read)?;
            self.phase = Phase::Io(index, true);
            Some(Event::Signal(call, signum))
        } else {
            None
        }
    }

    fn run_accepting(&mut self, left: usize, taken: usize) -> Option<Event<U>> {
        let listener = *self.accepting.front()?;
        if taken < server::ACCEPTS_PER_TURN
            && let Some(event) = self.accept(listener)
        {
            self.phase = Phase::Accept(left, taken + 1);
            return Some(event);
        }
        self.accepting.pop_front();
        self.phase = Phase::Accept(left - 1, 0);
        self.share_used(listener);
        None
    }

    fn run_pending(&mut self, left: usize) -> Option<Event<U>> {
        self.phase = Phase::Pending(left - 1);
        let stream = self.pending.pop_front()?;
        self.streams.get_mut(stream)?.leave_pending();
        self.read_ready(stream)
    }

    // ---- the loop ------------------------------------------------------------------------------------------------

    pub fn ticket(&self) -> Ticket {
        self.ticket
    }

    /// A stop was asked for; asking again needs another stop (S4).
    pub fn take_stop(&mut self) -> bool {
        if self.mailbox.may_have_mail() {
            self.read_mail();
        }
        std::mem::take(&mut self.stopping)
    }

    pub fn stop(&mut self) {
        self.stopping = true;
    }

    pub fn is_shutting_down(&self) -> bool {
        self.closing
    }

    /// Nothing is left that could ever call anybody, readers and signal handlers apart.
    pub fn is_idle(&self) -> bool {
        self.ready.is_empty()
            && self.streams.count() == 0
            && self.servers.count() == 0
            && self.requests.count() == 0
            && self.jobs.count() == 0
            && self.timers.count() == 0
            && !self.mailbox.may_have_mail()
    }

    /// Refuses new work from now on and ends everything; what has to be told is queued (see `drain`).
    pub fn shut_down(&mut self) {
        self.closing = true;
        self.end_jobs(); // while the mailbox is open
        self.mailbox.close();
        self.read_mail();
        for server in self.servers.tickets() {
            self.end_server(server);
        }
        for request in self.requests.tickets() {
            let _ = self.cancel_request(request);
        }
        for stream in self.streams.tickets() {
            self.lose(stream, Some(Error::canceled()));
        }
        self.timers = Timers::default();
        self.signals.clear(&self.poller);
        self.watches.clear(&self.poller);
    }

    /// Starts a turn of what `shut_down` queued; false when nothing is left.
    pub fn drain(&mut self) -> bool {
        if self.ready.is_empty() && !self.mailbox.may_have_mail() {
            return false;
        }
        self.readiness.clear();
        self.pending.clear();
        self.accepting.clear();
        self.start_turn();
        true
    }

    /// The mailbox of a loop that ends.
    pub fn vacate(&mut self) {
        self.mailbox.vacate();
    }

    pub fn exception(&mut self, error: Error) {
        self.ready.push_back(Ready::Exception(Box::new(error)));
    }

    pub fn complain(&mut self, text: String) {
        if !self.closing {
            self.ready.push_back(Ready::Complaint(text));
        }
    }

    fn require_open(&self) -> Result<()> {
        if self.closing {
            return Err(Error::new(Status::Closed, "the loop is being freed and takes no new work"));
        }
        Ok(())
    }

    fn read_mail(&mut self) {
        if !self.mailbox.may_have_mail() {
            return;
        }
        let mut inbox = std::mem::take(&mut self.inbox);
        self.stopping |= self.mailbox.collect(&mut inbox);
        for mail in inbox.drain(..) {
            match mail {
                Mail::Call(call) => self.ready.push_back(Ready::Call(call)),
                Mail::Resolved(request, answer) => self.resolved(request, answer),
                Mail::JobOver(job, outcome) => self.job_over(job, outcome),
            }
        }
        self.inbox = inbox;
    }

    fn has_nothing_to_do(&self) -> bool {
        self.ready.is_empty()
            && self.pending.is_empty()
            && self.accepting.is_empty()
            && !self.poller.has_edges()
            && !self.stopping
    }

    /// For a foreign loop to wait on: readable when a turn has something to do, but for what `until_due` tells.
    pub fn descriptor(&self) -> Option<i64> {
        self.poller.descriptor()
    }

    /// Nanoseconds until there is something to do without any input; `None`: never.
    pub fn until_due(&self) -> Option<u64> {
        if self.has_nothing_to_do() && !self.mailbox.may_have_mail() { self.until_next_timer() } else { Some(0) }
    }

    fn until_next_timer(&self) -> Option<u64> {
        self.timers.next_deadline().map(|deadline| deadline.saturating_sub(now()))
    }
}

fn least(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
