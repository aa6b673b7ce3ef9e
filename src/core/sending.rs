//! How a stream's bytes leave: at once, gathered until the callback returns (D22), or queued until there is room.

use super::error::Status;
use super::stream::{Next, Plan, Stream};
use super::write_queue::{MAX_SLICES, WriteQueue};
use std::io::{self, ErrorKind, IoSlice};

/// What takes bytes: a socket, or a test's idea of one. Never blocks: `WouldBlock` when there is no room.
pub trait Sink {
    fn send(&mut self, bytes: &[u8]) -> io::Result<usize>;
    fn send_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize>;
}

impl<S: Sink> Sink for &mut S {
    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (**self).send(bytes)
    }

    fn send_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        (**self).send_vectored(slices)
    }
}

/// Emptied queues, kept for reuse so that steady traffic allocates nothing.
#[derive(Debug)]
#[allow(clippy::vec_box)] // a box moves between here and a stream without being made anew
pub struct Queues<O>(Vec<Box<WriteQueue<O>>>);

const POOLED_QUEUES: usize = 16;

impl<O> Default for Queues<O> {
    fn default() -> Self {
        Queues(Vec::new())
    }
}

impl<O> Queues<O> {
    #[inline]
    fn get(&mut self) -> Box<WriteQueue<O>> {
        self.0.pop().unwrap_or_default()
    }

    #[inline]
    fn put(&mut self, queue: Box<WriteQueue<O>>) {
        if self.0.len() < POOLED_QUEUES {
            self.0.push(queue);
        }
    }
}

/// What sending needs from outside.
pub struct Outlet<'a, S, O> {
    pub sink: S,
    pub queues: &'a mut Queues<O>,
    /// Gets each owned piece that is through.
    pub released: &'a mut Vec<O>,
}

/// What became of a write.
#[derive(Debug)]
pub enum Wrote {
    Steady,
    /// To be flushed when the callback returns.
    Gathered,
    /// The queue has grown over the high mark: pause_writing (E8).
    Pause,
    /// The connection has failed (D6).
    Failed(io::Error),
    /// Part of the bytes is on its way and there is no memory for the rest: the stream cannot go on.
    CutShort,
}

/// What became of queued bytes.
#[derive(Debug)]
pub struct Flushed {
    pub result: io::Result<()>,
    /// resume_writing is due.
    pub resume: bool,
    pub next: Next,
}

impl<O: AsRef<[u8]>> Stream<O> {
    /// The common case of `write`, small and inside a callback (D22); false when it is another case.
    #[inline]
    pub fn gather(&mut self, data: &[u8], queues: &mut Queues<O>) -> bool {
        if !self.may_gather(data.len()) {
            return false;
        }
        let gathered = self.queue_or(|| queues.get()).push_copy(data).is_ok();
        if gathered {
            self.set_gathering(true);
        }
        gathered
    }

    pub fn write<S: Sink>(
        &mut self,
        data: &[u8],
        in_callback: bool,
        outlet: &mut Outlet<'_, S, O>,
    ) -> Result<Wrote, Status> {
        match self.admit_trying(data.len(), in_callback, outlet)? {
            Plan::Nothing => Ok(Wrote::Steady),
            Plan::Send => Ok(self.send_now(data, outlet)),
            plan => {
                let queue = self.queue_or(|| outlet.queues.get());
                queue.push_copy(data).map_err(|_| Status::NoMemory)?;
                Ok(self.queued_by(plan, outlet))
            }
        }
    }

    /// As if each piece were written on its own, in one system call at most.
    pub fn write_pieces<'a, S: Sink>(
        &mut self,
        total: usize,
        pieces: impl Iterator<Item = &'a [u8]>,
        in_callback: bool,
        outlet: &mut Outlet<'_, S, O>,
    ) -> Result<Wrote, Status> {
        let plan = self.admit_trying(total, in_callback, outlet)?;
        if plan == Plan::Nothing {
            return Ok(Wrote::Steady);
        }
        let queue = self.queue_or(|| outlet.queues.get());
        queue.push_copies(total, pieces).map_err(|_| Status::NoMemory)?;
        Ok(self.queued_by(plan, outlet))
    }

    /// On success `owned` is kept until it is sent or dropped, then told to `released`; else it comes back.
    pub fn write_owned<S: Sink>(
        &mut self,
        owned: O,
        in_callback: bool,
        outlet: &mut Outlet<'_, S, O>,
    ) -> Result<Wrote, (Status, O)> {
        match self.admit_trying(owned.as_ref().len(), in_callback, outlet) {
            Err(status) => Err((status, owned)),
            Ok(Plan::Nothing) => {
                outlet.released.push(owned);
                Ok(Wrote::Steady)
            }
            Ok(plan) => {
                let queue = self.queue_or(|| outlet.queues.get());
                queue.push_owned(owned).map_err(|owned| (Status::NoMemory, owned))?;
                Ok(self.queued_by(plan, outlet))
            }
        }
    }

    /// As `admit`; gathered bytes count against the cap only if the sink does not take them now (D22). A failed send
    /// shows itself again at the next attempt.
    fn admit_trying<S: Sink>(
        &mut self,
        len: usize,
        in_callback: bool,
        outlet: &mut Outlet<'_, S, O>,
    ) -> Result<Plan, Status> {
        match self.admit(len, in_callback) {
            Err(Status::Limit) if self.is_gathering() => {
                self.set_gathering(false);
                let _ = self.send_queue(outlet);
                self.admit(len, in_callback)
            }
            plan => plan,
        }
    }

    /// The bytes of an admitted write are in the queue: leave them there, or send.
    #[inline]
    fn queued_by<S: Sink>(&mut self, plan: Plan, outlet: &mut Outlet<'_, S, O>) -> Wrote {
        if plan == Plan::Gather {
            self.set_gathering(true);
            return Wrote::Gathered;
        }
        if plan == Plan::Send {
            self.set_gathering(false);
            if let Err(error) = self.send_queue(outlet) {
                return Wrote::Failed(error);
            }
        }
        self.flow()
    }

    fn flow(&mut self) -> Wrote {
        if self.over_high() { Wrote::Pause } else { Wrote::Steady }
    }

    /// Sends what was gathered and `data` behind it in one call, straight from the caller's memory; copies the rest.
    fn send_now<S: Sink>(&mut self, data: &[u8], outlet: &mut Outlet<'_, S, O>) -> Wrote {
        let before = self.queued();
        let sent = match self.queue() {
            Some(queue) if before > 0 => send_pieces(queue, data, &mut outlet.sink),
            _ => outlet.sink.send(data),
        };
        let (sent, full) = match sent {
            Ok(sent) => (sent, false),
            Err(error) if error.kind() == ErrorKind::WouldBlock => (0, true),
            Err(error) if error.kind() == ErrorKind::Interrupted => (0, false),
            Err(error) => return Wrote::Failed(error),
        };
        let from_queue = sent.min(before);
        self.consume(from_queue, outlet.released);
        self.set_gathering(false);
        self.set_writable(!full);
        let rest = &data[sent - from_queue..];
        if rest.is_empty() {
            self.put_back_empty_queue(outlet.queues);
            return Wrote::Steady;
        }
        if self.queue_or(|| outlet.queues.get()).push_copy(rest).is_err() {
            return if sent == 0 && before == 0 {
                Wrote::Failed(ErrorKind::OutOfMemory.into())
            } else {
                Wrote::CutShort
            };
        }
        // A short send is no proof that the socket is full, and only a full one tells when it has room again.
        match self.send_queue(outlet) {
            Ok(()) => self.flow(),
            Err(error) => Wrote::Failed(error),
        }
    }

    /// Sends what is queued until it is gone or the sink is full.
    fn send_queue<S: Sink>(&mut self, outlet: &mut Outlet<'_, S, O>) -> io::Result<()> {
        while self.is_writable()
            && let Some(queue) = self.queue()
            && !queue.is_empty()
        {
            let sent = match queue.single() {
                Some(bytes) => outlet.sink.send(bytes),
                None => send_pieces(queue, &[], &mut outlet.sink),
            };
            match sent {
                Ok(0) => self.set_writable(false),
                Ok(sent) => self.consume(sent, outlet.released),
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.set_writable(false),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.put_back_empty_queue(outlet.queues);
        Ok(())
    }

    /// There may be room, or gathered bytes have to go: sends, then says what that allows.
    #[inline]
    pub fn flush<S: Sink>(&mut self, outlet: &mut Outlet<'_, S, O>) -> Flushed {
        self.set_gathering(false);
        if let Err(error) = self.send_queue(outlet) {
            return Flushed { result: Err(error), resume: false, next: Next::Nothing };
        }
        let resume = self.under_low(); // before the end of a closing stream (B6)
        Flushed { result: Ok(()), resume, next: self.flushed() }
    }

    /// Drops what is queued.
    pub fn drop_queue(&mut self, queues: &mut Queues<O>, released: &mut Vec<O>) {
        if let Some(mut queue) = self.take_queue() {
            queue.clear(released);
            queues.put(queue);
        }
    }

    #[inline]
    fn put_back_empty_queue(&mut self, queues: &mut Queues<O>) {
        if let Some(queue) = self.take_empty_queue() {
            queues.put(queue);
        }
    }
}

/// One call for what is queued and `data` behind it.
#[inline(never)] // the list of slices would weigh on the stack of the common case
fn send_pieces<O: AsRef<[u8]>, S: Sink>(queue: &WriteQueue<O>, data: &[u8], sink: &mut S) -> io::Result<usize> {
    let mut slices = [IoSlice::new(&[]); MAX_SLICES + 1];
    let mut used = queue.fill(&mut slices[..MAX_SLICES]);
    if !data.is_empty() {
        slices[used] = IoSlice::new(data);
        used += 1;
    }
    sink.send_vectored(&slices[..used])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A kernel with room for so many bytes; `room` grows between callbacks.
    #[derive(Default)]
    struct Kernel {
        room: usize,
        taken: Vec<u8>,
        calls: usize,
    }

    impl Sink for Kernel {
        fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.calls += 1;
            let count = bytes.len().min(self.room);
            if count == 0 {
                return Err(ErrorKind::WouldBlock.into());
            }
            self.taken.extend_from_slice(&bytes[..count]);
            self.room -= count;
            Ok(count)
        }

        fn send_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
            let flat: Vec<u8> = slices.iter().flat_map(|slice| slice.iter().copied()).collect();
            self.send(&flat)
        }
    }

    /// asyncio's transport: every write tries at once when nothing waits (D1, D2), pause and resume by E4 to E6.
    struct Asyncio {
        kernel: Kernel,
        waiting: Vec<u8>,
        paused: bool,
        high: usize,
        low: usize,
    }

    impl Asyncio {
        fn write(&mut self, data: &[u8]) -> bool {
            let sent = if self.waiting.is_empty() { self.kernel.send(data).unwrap_or(0) } else { 0 };
            self.waiting.extend_from_slice(&data[sent..]);
            let pause = !self.paused && self.waiting.len() > self.high;
            self.paused |= pause;
            pause
        }

        fn write_ready(&mut self) -> bool {
            let sent = self.kernel.send(&self.waiting).unwrap_or(0);
            self.waiting.drain(..sent);
            let resume = self.paused && self.waiting.len() <= self.low;
            self.paused &= !resume;
            resume
        }
    }

    #[derive(Clone, Debug)]
    enum Step {
        Write(usize),
        WritePieces(usize, usize),
        WriteOwned(usize),
        Size,
    }

    fn step() -> impl Strategy<Value = Step> {
        let len = prop_oneof![0usize..40, 0usize..3000, 60_000usize..70_000];
        prop_oneof![
            4 => len.clone().prop_map(Step::Write),
            1 => (0usize..500, 0usize..500).prop_map(|(a, b)| Step::WritePieces(a, b)),
            1 => len.prop_map(Step::WriteOwned),
            1 => Just(Step::Size),
        ]
    }

    /// (room that the kernel gets before it, run in a callback of the loop, what the callback does)
    type Turn = (usize, bool, Vec<Step>);

    fn turns() -> impl Strategy<Value = Vec<Turn>> {
        let room = prop_oneof![Just(0usize), 0usize..200, 0usize..100_000, Just(1 << 22)];
        proptest::collection::vec((room, any::<bool>(), proptest::collection::vec(step(), 0..12)), 1..12)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        /// D22: gathering shows in nothing but the number of system calls. Same bytes in the same order, same sizes, same
        /// pauses in the same writes, same resumes.
        #[test]
        fn gathering_is_as_if_each_write_had_tried_at_once(
            marks in prop_oneof![Just((65536usize, 16384usize)), Just((0, 0)), Just((100, 10)), Just((200_000, 1))],
            turns in turns(),
        ) {
            let (high, low) = marks;
            let mut model =
                Asyncio { kernel: Kernel::default(), waiting: Vec::new(), paused: false, high, low };
            let mut stream: Stream<Vec<u8>> = Stream::new(usize::MAX);
            stream.opened();
            stream.set_limits(Some(high), Some(low)).expect("limits");
            let (mut kernel, mut queues, mut released) = (Kernel::default(), Queues::default(), Vec::new());
            let (mut next, mut lent) = (0u8, 0);
            let mut bytes = move |len: usize| -> Vec<u8> {
                (0..len).map(|_| { next = next.wrapping_mul(5).wrapping_add(3); next }).collect()
            };
            for (room, in_callback, steps) in turns {
                kernel.room += room;
                model.kernel.room += room;
                macro_rules! outlet {
                    () => { &mut Outlet { sink: &mut kernel, queues: &mut queues, released: &mut released } };
                }
                if room > 0 && stream.queued() > 0 {
                    stream.set_writable(true);
                    prop_assert_eq!(stream.flush(outlet!()).resume, model.write_ready());
                }
                for step in steps {
                    let (wrote, paused) = match step {
                        Step::Write(len) => {
                            let data = bytes(len);
                            (stream.write(&data, in_callback, outlet!()), model.write(&data))
                        }
                        Step::WritePieces(a, b) => {
                            let (a, b) = (bytes(a), bytes(b));
                            let pieces = [a.as_slice(), b.as_slice()];
                            let total = a.len() + b.len();
                            let wrote = stream.write_pieces(total, pieces.into_iter(), in_callback, outlet!());
                            (wrote, model.write(&[a.as_slice(), b.as_slice()].concat()))
                        }
                        Step::WriteOwned(len) => {
                            let data = bytes(len);
                            lent += 1;
                            let paused = model.write(&data);
                            (stream.write_owned(data, in_callback, outlet!()).map_err(|(status, _)| status), paused)
                        }
                        Step::Size => {
                            if stream.is_gathering() {
                                prop_assert!(!stream.flush(outlet!()).resume);
                            }
                            prop_assert_eq!(stream.queued(), model.waiting.len());
                            continue;
                        }
                    };
                    prop_assert_eq!(matches!(wrote, Ok(Wrote::Pause)), paused);
                    prop_assert!(matches!(wrote, Ok(Wrote::Steady | Wrote::Gathered | Wrote::Pause)));
                    prop_assert!(in_callback || !stream.is_gathering());
                }
                if stream.is_gathering() {
                    prop_assert!(!stream.flush(outlet!()).resume);
                }
                prop_assert_eq!(stream.queued(), model.waiting.len());
                prop_assert_eq!(&kernel.taken, &model.kernel.taken);
            }
            stream.drop_queue(&mut queues, &mut released);
            prop_assert_eq!(released.len(), lent);
        }
    }

    #[test]
    fn the_writes_of_a_callback_leave_in_one_call() {
        let mut stream: Stream<Vec<u8>> = Stream::new(usize::MAX);
        stream.opened();
        let (mut queues, mut released) = (Queues::default(), Vec::new());
        let mut kernel = Kernel { room: 1 << 20, ..Kernel::default() };
        let mut outlet = Outlet { sink: &mut kernel, queues: &mut queues, released: &mut released };
        for _ in 0..16 {
            assert!(matches!(stream.write(&[7; 64], true, &mut outlet), Ok(Wrote::Gathered)));
        }
        assert!(stream.flush(&mut outlet).result.is_ok());
        assert_eq!((kernel.calls, kernel.taken.len()), (1, 1024));
    }
}
