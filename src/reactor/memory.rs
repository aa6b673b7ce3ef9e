//! Two ends connected in memory (transport_pair), with the manners of a socket: bounded room, an end of stream, a reset,
//! and edges that come with the poller's.

use super::handles::Ticket;
use super::poll::Readiness;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, ErrorKind, IoSlice, Read};
use std::rc::Rc;

/// Bytes that one direction holds.
const ROOM: usize = 64 * 1024;
/// An emptied buffer beyond this is given back: idle pairs hold next to nothing.
const KEPT: usize = 4096;

/// Where the edges of all pairs of a loop are collected; the poller hands them out.
pub type Edges = Rc<RefCell<Vec<Readiness>>>;

#[derive(Debug)]
pub struct MemoryEnd {
    pair: Rc<RefCell<Pair>>,
    side: usize,
    reset: bool,
}

#[derive(Debug)]
struct Pair {
    /// What each side has to read, and who reads there.
    sides: [Side; 2],
    edges: Edges,
}

#[derive(Debug, Default)]
struct Side {
    inbox: VecDeque<u8>,
    /// The other side writes no more.
    ended: bool,
    /// The other side ended with a reset.
    reset: bool,
    /// This side is closed: nobody reads here any more.
    closed: bool,
    /// The other side found no room here.
    was_full: bool,
    owner: Option<Ticket>,
}

pub fn pair(edges: &Edges) -> (MemoryEnd, MemoryEnd) {
    let pair = Rc::new(RefCell::new(Pair { sides: Default::default(), edges: edges.clone() }));
    let end = |side| MemoryEnd { pair: pair.clone(), side, reset: false };
    (end(0), end(1))
}

impl Pair {
    fn wake(&self, side: usize, readable: bool, writable: bool) {
        let side = &self.sides[side];
        if let Some(source) = side.owner {
            let hangup = side.ended || side.reset;
            self.edges.borrow_mut().push(Readiness { source, readable, writable, hangup });
        }
    }
}

impl MemoryEnd {
    /// From now on `owner` is told of edges, beginning with how things are.
    pub fn register(&mut self, owner: Ticket) {
        let mut pair = self.pair.borrow_mut();
        pair.sides[self.side].owner = Some(owner);
        pair.wake(self.side, true, true);
    }

    pub fn recv(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut pair = self.pair.borrow_mut();
        let mine = &mut pair.sides[self.side];
        if mine.reset {
            return Err(ErrorKind::ConnectionReset.into());
        }
        if mine.inbox.is_empty() {
            return if mine.ended { Ok(0) } else { Err(ErrorKind::WouldBlock.into()) };
        }
        let mut count = 0;
        // VecDeque reads one of its two halves at a time, and a short read would look like the last one.
        while count < buffer.len() && !mine.inbox.is_empty() {
            count += mine.inbox.read(&mut buffer[count..])?;
        }
        if mine.inbox.is_empty() && mine.inbox.capacity() > KEPT {
            mine.inbox = VecDeque::new();
        }
        if std::mem::take(&mut mine.was_full) {
            pair.wake(1 - self.side, false, true);
        }
        Ok(count)
    }

    pub fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.send_vectored(&[IoSlice::new(bytes)])
    }

    pub fn send_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut pair = self.pair.borrow_mut();
        if pair.sides[self.side].reset {
            return Err(ErrorKind::ConnectionReset.into());
        }
        let other = &mut pair.sides[1 - self.side];
        if other.closed {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let was_empty = other.inbox.is_empty();
        let mut sent = 0;
        for slice in slices {
            let count = slice.len().min(ROOM - other.inbox.len());
            if other.inbox.try_reserve(count).is_err() {
                break;
            }
            other.inbox.extend(&slice[..count]);
            sent += count;
            if count < slice.len() {
                break;
            }
        }
        if sent == 0 {
            other.was_full = true;
            return Err(ErrorKind::WouldBlock.into());
        }
        if was_empty {
            pair.wake(1 - self.side, true, false);
        }
        Ok(sent)
    }

    pub fn shutdown_write(&mut self) {
        let mut pair = self.pair.borrow_mut();
        pair.sides[1 - self.side].ended = true;
        pair.wake(1 - self.side, true, false);
    }

    pub fn reset_on_close(&mut self) {
        self.reset = true;
    }
}

impl Drop for MemoryEnd {
    fn drop(&mut self) {
        let mut pair = self.pair.borrow_mut();
        let mine = &mut pair.sides[self.side];
        mine.owner = None;
        mine.closed = true;
        mine.inbox = VecDeque::new();
        let other = &mut pair.sides[1 - self.side];
        other.ended = true;
        other.reset |= self.reset;
        pair.wake(1 - self.side, true, true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(result: io::Result<usize>) -> ErrorKind {
        result.expect_err("an error").kind()
    }

    #[test]
    fn bytes_arrive_in_order_and_room_is_bounded() {
        let edges = Edges::default();
        let (mut a, mut b) = pair(&edges);
        let mut buffer = vec![0; 2 * ROOM];
        assert_eq!(kind(b.recv(&mut buffer)), ErrorKind::WouldBlock);
        let data: Vec<u8> = (0..ROOM + 5).map(|i| i as u8).collect();
        assert_eq!(a.send(&data).expect("room"), ROOM);
        assert_eq!(kind(a.send(b"x")), ErrorKind::WouldBlock);
        assert_eq!(b.recv(&mut buffer[..1000]).expect("bytes"), 1000);
        assert_eq!(a.send(&data[ROOM..]).expect("room"), 5);
        assert_eq!(b.recv(&mut buffer[1000..]).expect("bytes"), ROOM - 1000 + 5);
        assert_eq!(buffer[..ROOM + 5], data);
    }

    #[test]
    fn the_end_comes_behind_the_bytes_and_a_reset_before_them() {
        let edges = Edges::default();
        let (mut a, mut b) = pair(&edges);
        let mut buffer = [0; 8];
        a.send(b"abc").expect("room");
        a.shutdown_write();
        assert_eq!(b.recv(&mut buffer).expect("bytes"), 3);
        assert_eq!(b.recv(&mut buffer).expect("the end"), 0);
        b.send(b"still open").expect("room");
        b.reset_on_close();
        drop(b);
        assert_eq!(kind(a.recv(&mut buffer)), ErrorKind::ConnectionReset);
        assert_eq!(kind(a.send(b"x")), ErrorKind::ConnectionReset);
    }

    #[test]
    fn edges_are_told_once_and_only_to_the_registered() {
        let edges = Edges::default();
        let (mut a, mut b) = pair(&edges);
        a.send(b"before").expect("room");
        assert!(edges.borrow().is_empty());
        b.register(Ticket(7));
        a.send(b"more").expect("room"); // not empty before: no new edge
        assert_eq!(edges.borrow().len(), 1);
        assert!(edges.borrow()[0].readable && edges.borrow()[0].source == Ticket(7));
        drop(a);
        assert!(edges.borrow()[1].hangup);
        assert_eq!(kind(b.send(b"x")), ErrorKind::BrokenPipe);
    }
}
