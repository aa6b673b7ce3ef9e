//! What a stream transport may do next: life, read side, write side and flow control. The reactor asks before it acts
//! and tells afterwards; nothing here touches a socket.

use super::error::Status;
use super::write_queue::{CHUNK, WriteQueue};

/// Water marks of a plain stream (E1).
pub const HIGH_WATER: usize = 64 * 1024;
pub const LOW_WATER: usize = 16 * 1024;

/// ```text
/// Opening ──connection_made returned──► Open ──close──► Closing ──flushed──► Lost ──connection_lost returned──► gone
///    └──────────── close, abort, an error ─────────────────┴──── abort, an error ────┘
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    /// Before connection_made has returned: nothing is read yet (A3).
    Opening,
    Open,
    /// close() was called and queued bytes are still being sent (B4).
    Closing,
    /// connection_lost is queued or running.
    Lost,
}

/// ```text
/// Reading ◄──pause, resume──► Paused          either ──eof──► Ended
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ReadSide {
    Reading,
    Paused,
    /// The peer's end of stream was delivered; nothing makes it read again (C13).
    Ended,
}

/// ```text
/// Open ──write_eof──► Ending ──flushed──► Ended
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WriteSide {
    Open,
    /// write_eof() was called; queued bytes come first (D12).
    Ending,
    Ended,
}

/// Where the bytes of an admitted write go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// There are none (D4).
    Nothing,
    /// Behind the bytes that already wait (D2).
    Append,
    /// Kept until the callback returns (D22).
    Gather,
    /// To the operating system at once, behind what was gathered (D1).
    Send,
}

/// What follows from a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Nothing,
    /// Everything queued is sent and write_eof() was called: shut the write side down.
    ShutdownWrite,
    /// The transport has ended: connection_lost is to be queued.
    Lose,
}

/// Invariant: at most one `Next::Lose` over the life of a stream.
#[derive(Debug)]
pub struct Stream<O> {
    life: Life,
    read: ReadSide,
    write: WriteSide,
    /// pause_writing was told and resume_writing was not.
    paused_writing: bool,
    /// The queue holds only bytes of the running callback that no send was tried for.
    gathering: bool,
    /// The socket may have room; false from a send that found none until the poller says so.
    writable: bool,
    /// Present only while bytes wait: an idle connection holds no buffer.
    queue: Option<Box<WriteQueue<O>>>,
    high: usize,
    low: usize,
    /// `write_buffer_cap`; usize::MAX none.
    cap: usize,
}

impl<O: AsRef<[u8]>> Stream<O> {
    pub fn new(cap: usize) -> Self {
        Stream {
            life: Life::Opening,
            read: ReadSide::Reading,
            write: WriteSide::Open,
            paused_writing: false,
            gathering: false,
            writable: true,
            queue: None,
            high: HIGH_WATER,
            low: LOW_WATER,
            cap,
        }
    }

    // ---- life ----------------------------------------------------------------------------------------------------

    /// connection_made has returned. False when the transport was closed or aborted in it.
    pub fn opened(&mut self) -> bool {
        if self.life == Life::Opening {
            self.life = Life::Open;
        }
        self.life == Life::Open
    }

    /// In a word, for people.
    pub fn life(&self) -> &'static str {
        match self.life {
            Life::Opening => "opening",
            Life::Open => "open",
            Life::Closing => "closing",
            Life::Lost => "lost",
        }
    }

    pub fn is_closing(&self) -> bool {
        matches!(self.life, Life::Closing | Life::Lost)
    }

    pub fn is_lost(&self) -> bool {
        self.life == Life::Lost
    }

    /// B1, B3, B4: stops reading; ends at once when nothing is queued. Gathered bytes were tried before.
    pub fn close(&mut self) -> Next {
        match self.life {
            Life::Closing | Life::Lost => Next::Nothing,
            Life::Opening | Life::Open => {
                self.life = Life::Closing;
                self.flushed()
            }
        }
    }

    /// An error, or abort(): `Next::Lose` exactly once (B9). The caller drops the queue.
    pub fn lose(&mut self) -> Next {
        if self.life == Life::Lost {
            return Next::Nothing;
        }
        self.life = Life::Lost;
        Next::Lose
    }

    // ---- read side -----------------------------------------------------------------------------------------------

    pub fn may_read(&self) -> bool {
        self.life == Life::Open && self.read == ReadSide::Reading
    }

    /// C8, C12: true from creation; false when paused, at the end of the stream, or closing.
    pub fn is_reading(&self) -> bool {
        !self.is_closing() && self.read == ReadSide::Reading
    }

    pub fn pause_reading(&mut self) {
        if self.read == ReadSide::Reading {
            self.read = ReadSide::Paused;
        }
    }

    /// True when reading may go on now (never after the end of the stream, C13).
    pub fn resume_reading(&mut self) -> bool {
        if self.read == ReadSide::Paused {
            self.read = ReadSide::Reading;
        }
        self.may_read()
    }

    /// The peer ended its side.
    pub fn eof(&mut self) {
        self.read = ReadSide::Ended;
    }

    // ---- write side ----------------------------------------------------------------------------------------------

    /// May `len` bytes be written now, and how? Checks in the order of api.md: ESTATE, ECLOSED, ELIMIT.
    pub fn admit(&self, len: usize, in_callback: bool) -> Result<Plan, Status> {
        if self.write != WriteSide::Open {
            return Err(Status::State);
        }
        if self.is_closing() {
            return Err(Status::Closed);
        }
        let queued = self.queued();
        if len > self.cap.saturating_sub(queued) {
            return Err(Status::Limit);
        }
        Ok(if len == 0 {
            Plan::Nothing
        } else if queued > 0 && !self.gathering {
            Plan::Append
        } else if in_callback && self.may_gather(len) {
            Plan::Gather
        } else {
            Plan::Send
        })
    }

    /// Whether `admit` would plan to gather `len` bytes, written inside a callback.
    #[inline]
    pub fn may_gather(&self, len: usize) -> bool {
        let queued = self.queued();
        self.write == WriteSide::Open
            && !self.is_closing()
            && (queued == 0 || self.gathering)
            && len > 0
            && queued.saturating_add(len) <= self.high.min(self.cap).min(CHUNK)
    }

    /// D12, D14: after the queued bytes, or now.
    pub fn write_eof(&mut self) -> Next {
        if self.is_closing() || self.write != WriteSide::Open {
            return Next::Nothing;
        }
        self.write = WriteSide::Ending;
        self.flushed()
    }

    /// After a send: what an empty queue allows. With close() after write_eof() the close does both (D15).
    pub fn flushed(&mut self) -> Next {
        if self.queued() > 0 {
            return Next::Nothing;
        }
        match (self.life, self.write) {
            (Life::Closing, _) => self.lose(),
            (Life::Opening | Life::Open, WriteSide::Ending) => {
                self.write = WriteSide::Ended;
                Next::ShutdownWrite
            }
            _ => Next::Nothing,
        }
    }

    // ---- the queue -----------------------------------------------------------------------------------------------

    #[inline]
    pub fn queued(&self) -> usize {
        self.queue.as_ref().map_or(0, |queue| queue.len())
    }

    pub fn is_gathering(&self) -> bool {
        self.gathering
    }

    pub fn set_gathering(&mut self, gathering: bool) {
        self.gathering = gathering;
    }

    pub fn is_writable(&self) -> bool {
        self.writable
    }

    #[inline]
    pub fn set_writable(&mut self, writable: bool) {
        self.writable = writable;
    }

    pub fn queue(&self) -> Option<&WriteQueue<O>> {
        self.queue.as_deref()
    }

    /// The queue, made by `new` when there is none.
    #[inline]
    pub fn queue_or(&mut self, new: impl FnOnce() -> Box<WriteQueue<O>>) -> &mut WriteQueue<O> {
        self.queue.get_or_insert_with(new)
    }

    pub fn consume(&mut self, count: usize, released: &mut Vec<O>) {
        if let Some(queue) = &mut self.queue {
            queue.consume(count, released);
        }
    }

    /// The queue when it is empty, to be used by another stream.
    #[inline]
    pub fn take_empty_queue(&mut self) -> Option<Box<WriteQueue<O>>> {
        self.queue.take_if(|queue| queue.is_empty())
    }

    pub fn take_queue(&mut self) -> Option<Box<WriteQueue<O>>> {
        self.gathering = false;
        self.queue.take()
    }

    // ---- flow control --------------------------------------------------------------------------------------------

    pub fn limits(&self) -> (usize, usize) {
        (self.high, self.low)
    }

    /// E2, E3: `None` is derived from the other one, or the default.
    pub fn set_limits(&mut self, high: Option<usize>, low: Option<usize>) -> Result<(), Status> {
        let (high, low) = match (high, low) {
            (None, None) => (HIGH_WATER, LOW_WATER),
            (Some(high), None) => (high, high / 4),
            (None, Some(low)) => (low.saturating_mul(4), low),
            (Some(high), Some(low)) => (high, low),
        };
        if low > high {
            return Err(Status::Invalid);
        }
        (self.high, self.low) = (high, low);
        Ok(())
    }

    /// E4, E5: true once, when the queue has grown strictly over the high mark.
    #[inline]
    pub fn over_high(&mut self) -> bool {
        if self.paused_writing || self.life == Life::Lost || self.queued() <= self.high {
            return false;
        }
        self.paused_writing = true;
        true
    }

    /// E6: true once, when a paused stream's queue has shrunk to the low mark or below.
    #[inline]
    pub fn under_low(&mut self) -> bool {
        if !self.paused_writing || self.life == Life::Lost || self.queued() > self.low {
            return false;
        }
        self.paused_writing = false;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> Stream<Vec<u8>> {
        let mut stream = Stream::new(usize::MAX);
        assert!(stream.opened());
        stream
    }

    fn queue(stream: &mut Stream<Vec<u8>>, len: usize) {
        stream.queue_or(Box::default).push_copy(&vec![0; len]).expect("memory");
    }

    #[test]
    fn close_and_abort_lose_exactly_once() {
        let mut stream = open();
        assert_eq!(stream.close(), Next::Lose);
        assert_eq!(stream.close(), Next::Nothing);
        assert_eq!(stream.lose(), Next::Nothing);
        let mut stream = open();
        queue(&mut stream, 5);
        assert_eq!(stream.close(), Next::Nothing);
        assert!(stream.is_closing() && !stream.is_lost());
        stream.consume(5, &mut Vec::new());
        assert_eq!(stream.flushed(), Next::Lose);
        assert_eq!(stream.flushed(), Next::Nothing);
    }

    #[test]
    fn closing_before_connection_made_returns_never_opens() {
        let mut stream: Stream<Vec<u8>> = Stream::new(usize::MAX);
        assert!(stream.is_reading() && !stream.may_read());
        assert_eq!(stream.close(), Next::Lose);
        assert!(!stream.opened());
    }

    #[test]
    fn write_eof_waits_for_the_queue_and_close_after_it_loses_once() {
        let mut stream = open();
        queue(&mut stream, 3);
        assert_eq!(stream.write_eof(), Next::Nothing);
        assert_eq!(stream.admit(0, false), Err(Status::State));
        stream.consume(3, &mut Vec::new());
        assert_eq!(stream.flushed(), Next::ShutdownWrite);
        assert_eq!(stream.flushed(), Next::Nothing);
        assert_eq!(stream.write_eof(), Next::Nothing);
        assert_eq!(stream.close(), Next::Lose);
        assert_eq!(stream.admit(1, false), Err(Status::State));
    }

    #[test]
    fn the_end_of_the_stream_cannot_be_resumed() {
        let mut stream = open();
        stream.pause_reading();
        assert!(!stream.may_read());
        assert!(stream.resume_reading());
        stream.eof();
        stream.pause_reading();
        assert!(!stream.resume_reading());
        assert!(!stream.is_reading());
    }

    #[test]
    fn limits_are_derived_and_checked() {
        let mut stream = open();
        assert_eq!(stream.limits(), (65536, 16384));
        assert_eq!(stream.set_limits(Some(101), None), Ok(()));
        assert_eq!(stream.limits(), (101, 25));
        assert_eq!(stream.set_limits(None, Some(7)), Ok(()));
        assert_eq!(stream.limits(), (28, 7));
        assert_eq!(stream.set_limits(Some(0), Some(1)), Err(Status::Invalid));
        assert_eq!(stream.limits(), (28, 7));
        assert_eq!(stream.set_limits(None, Some(usize::MAX)), Ok(()));
        assert_eq!(stream.limits(), (usize::MAX, usize::MAX));
    }

    #[test]
    fn pause_is_strictly_over_high_and_resume_at_low_each_once() {
        let mut stream = open();
        stream.set_limits(Some(10), Some(4)).expect("limits");
        queue(&mut stream, 10);
        assert!(!stream.over_high());
        queue(&mut stream, 1);
        assert!(stream.over_high() && !stream.over_high());
        stream.consume(6, &mut Vec::new());
        assert!(!stream.under_low());
        stream.consume(1, &mut Vec::new());
        assert!(stream.under_low() && !stream.under_low());
    }

    #[test]
    fn a_cap_refuses_before_anything_is_queued() {
        let mut stream: Stream<Vec<u8>> = Stream::new(10);
        assert_eq!(stream.admit(11, false), Err(Status::Limit));
        assert_eq!(stream.admit(10, false), Ok(Plan::Send));
        queue(&mut stream, 4);
        assert_eq!(stream.admit(7, false), Err(Status::Limit));
        assert_eq!(stream.admit(6, false), Ok(Plan::Append));
    }
}
