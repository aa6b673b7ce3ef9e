//! Bytes accepted by `write` and not yet taken by the operating system, in order. Small pieces are copied into shared
//! chunks, large ones into a chunk of their own, owned ones are referenced. Knows nothing of limits or sockets.

use std::collections::{TryReserveError, VecDeque};
use std::io::IoSlice;

/// Copied pieces share chunks of at most this size.
pub const CHUNK: usize = 64 * 1024;

/// How many pieces one send may carry. More than 64 gain nothing: 64 chunks are 4 MiB.
pub const MAX_SLICES: usize = 64;

/// The common case, small writes that leave at once, touches only `tail`.
#[derive(Debug)]
pub struct WriteQueue<O> {
    /// The copies behind all of `before`.
    tail: Vec<u8>,
    before: VecDeque<Chunk<O>>,
    /// Bytes of the first piece that are already sent.
    sent: usize,
    /// Invariant: the sum of all pieces' lengths less `sent`.
    bytes: usize,
    /// An emptied chunk kept for the next tail, so that steady traffic allocates nothing.
    spare: Vec<u8>,
}

#[derive(Debug)]
enum Chunk<O> {
    Copied(Vec<u8>),
    Owned(O),
}

impl<O: AsRef<[u8]>> Chunk<O> {
    fn bytes(&self) -> &[u8] {
        match self {
            Chunk::Copied(bytes) => bytes,
            Chunk::Owned(owned) => owned.as_ref(),
        }
    }
}

impl<O> Default for WriteQueue<O> {
    fn default() -> Self {
        WriteQueue { tail: Vec::new(), before: VecDeque::new(), sent: 0, bytes: 0, spare: Vec::new() }
    }
}

impl<O: AsRef<[u8]>> WriteQueue<O> {
    #[inline]
    pub fn len(&self) -> usize {
        self.bytes
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// Appends a copy; on failure nothing is appended.
    #[inline]
    pub fn push_copy(&mut self, data: &[u8]) -> Result<(), TryReserveError> {
        self.make_room(data.len())?;
        self.tail.extend_from_slice(data);
        self.bytes += data.len();
        Ok(())
    }

    /// Appends copies of several pieces, `total` bytes in all, or of none.
    pub fn push_copies<'a>(
        &mut self,
        total: usize,
        pieces: impl Iterator<Item = &'a [u8]>,
    ) -> Result<(), TryReserveError> {
        self.make_room(total)?;
        let before = self.tail.len();
        pieces.for_each(|piece| self.tail.extend_from_slice(piece));
        debug_assert_eq!(self.tail.len() - before, total);
        self.bytes += total;
        Ok(())
    }

    /// Room for `len` more bytes in the tail, or in a new one when they would make it larger than a chunk.
    #[inline]
    fn make_room(&mut self, len: usize) -> Result<(), TryReserveError> {
        if len <= CHUNK.min(self.tail.capacity()).saturating_sub(self.tail.len()) {
            return Ok(());
        }
        self.make_more_room(len)
    }

    fn make_more_room(&mut self, len: usize) -> Result<(), TryReserveError> {
        if self.tail.is_empty() || self.tail.len() + len <= CHUNK {
            return self.tail.try_reserve(len);
        }
        self.before.try_reserve(1)?;
        self.spare.try_reserve(len)?;
        self.end_tail();
        Ok(())
    }

    /// What comes next is another piece. There is room in `before`.
    fn end_tail(&mut self) {
        let tail = std::mem::replace(&mut self.tail, std::mem::take(&mut self.spare));
        self.before.push_back(Chunk::Copied(tail));
    }

    /// Appends a reference. On failure the reference comes back.
    pub fn push_owned(&mut self, owned: O) -> Result<(), O> {
        if self.before.try_reserve(2).is_err() {
            return Err(owned);
        }
        if !self.tail.is_empty() {
            self.end_tail();
        }
        self.bytes += owned.as_ref().len();
        self.before.push_back(Chunk::Owned(owned));
        Ok(())
    }

    fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        let tail = Some(&self.tail[..]).filter(|tail| !tail.is_empty());
        self.before.iter().map(Chunk::bytes).chain(tail)
    }

    /// The only piece, when there is one: the common case, sent without building a list.
    #[inline]
    pub fn single(&self) -> Option<&[u8]> {
        if self.before.is_empty() {
            return Some(&self.tail[self.sent..]);
        }
        let mut pieces = self.pieces();
        let first = pieces.next()?;
        pieces.next().is_none().then_some(&first[self.sent..])
    }

    /// Fills `slices` from the front of the queue and says how many were used.
    pub fn fill<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let mut skip = self.sent;
        let mut used = 0;
        for (slot, piece) in slices.iter_mut().zip(self.pieces()) {
            *slot = IoSlice::new(&piece[skip..]);
            skip = 0;
            used += 1;
        }
        used
    }

    /// Forgets the first `count` bytes; owned pieces that are through go to `released`.
    #[inline]
    pub fn consume(&mut self, count: usize, released: &mut Vec<O>) {
        debug_assert!(count <= self.bytes);
        self.bytes -= count;
        self.sent += count;
        if !self.before.is_empty() {
            self.drop_sent_chunks(released);
        }
        if self.bytes == 0 {
            self.sent = 0;
            self.tail.clear();
            if self.tail.capacity() > CHUNK {
                self.tail = Vec::new();
            }
        }
    }

    fn drop_sent_chunks(&mut self, released: &mut Vec<O>) {
        while let Some(front) = self.before.front() {
            let len = front.bytes().len();
            if self.sent < len {
                return;
            }
            self.sent -= len;
            match self.before.pop_front() {
                Some(Chunk::Owned(owned)) => released.push(owned),
                Some(Chunk::Copied(chunk)) => self.keep(chunk),
                None => {}
            }
        }
    }

    pub fn clear(&mut self, released: &mut Vec<O>) {
        self.consume(self.bytes, released);
    }

    fn keep(&mut self, mut chunk: Vec<u8>) {
        if chunk.capacity() <= CHUNK && chunk.capacity() > self.spare.capacity() {
            chunk.clear();
            self.spare = chunk;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drain(queue: &mut WriteQueue<Vec<u8>>, step: usize) -> (Vec<u8>, usize) {
        let (mut out, mut released) = (Vec::new(), Vec::new());
        while !queue.is_empty() {
            let mut slices = [IoSlice::new(&[]); MAX_SLICES];
            let used = queue.fill(&mut slices);
            let flat: Vec<u8> = slices[..used].iter().flat_map(|s| s.iter().copied()).collect();
            let n = step.min(flat.len());
            out.extend_from_slice(&flat[..n]);
            queue.consume(n, &mut released);
        }
        (out, released.len())
    }

    #[test]
    fn order_is_kept_over_copied_large_and_owned_pieces() {
        let large: Vec<u8> = (0..200_000u32).map(|i| i as u8).collect();
        for step in [1000, 4096, 65_536, 1_000_000] {
            let mut queue = WriteQueue::default();
            let mut expected = Vec::new();
            for i in 0..50u8 {
                queue.push_copy(&[i; 700]).expect("memory");
                expected.extend_from_slice(&[i; 700]);
                if i % 10 == 0 {
                    queue.push_owned(vec![i; 900]).expect("memory");
                    expected.extend_from_slice(&[i; 900]);
                }
            }
            queue.push_copy(&large).expect("memory");
            expected.extend_from_slice(&large);
            assert_eq!(queue.len(), expected.len());
            let (out, released) = drain(&mut queue, step);
            assert_eq!(out, expected);
            assert_eq!(released, 5);
        }
    }

    #[test]
    fn an_empty_owned_piece_is_released_too() {
        let mut queue: WriteQueue<Vec<u8>> = WriteQueue::default();
        queue.push_owned(Vec::new()).expect("memory");
        let mut released = Vec::new();
        queue.clear(&mut released);
        assert_eq!(released.len(), 1);
    }

    #[test]
    fn steady_traffic_reuses_its_chunk() {
        let mut queue: WriteQueue<Vec<u8>> = WriteQueue::default();
        queue.push_copy(&[1; 100]).expect("memory");
        let first = queue.single().expect("one piece").as_ptr();
        queue.consume(100, &mut Vec::new());
        queue.push_copy(&[2; 100]).expect("memory");
        assert_eq!(queue.single().expect("one piece").as_ptr(), first);
    }

    #[test]
    fn a_size_beyond_memory_is_refused_and_changes_nothing() {
        let mut queue: WriteQueue<Vec<u8>> = WriteQueue::default();
        queue.push_copy(b"x").expect("memory");
        // An absurd length cannot be made as a slice; the reserve that push_copy relies on refuses it.
        assert!(Vec::<u8>::new().try_reserve(usize::MAX).is_err());
        assert_eq!(queue.len(), 1);
    }
}
