//! Deadlines in order; equal ones first in, first out (T2). An indexed binary heap: cancelling frees at once, so
//! cancelled timers leave nothing behind (T4). Time is a number that the caller passes.

/// Names one armed timer until it fires or is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerId(u32);

#[derive(Debug)]
pub struct Timers<T> {
    heap: Vec<Node>,
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
    next_order: u64,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    deadline: u64,
    order: u64,
    slot: u32,
}

#[derive(Debug)]
struct Slot<T> {
    position: u32,
    task: Option<T>,
}

impl Node {
    fn before(&self, other: &Node) -> bool {
        (self.deadline, self.order) < (other.deadline, other.order)
    }
}

impl<T> Default for Timers<T> {
    fn default() -> Self {
        Timers { heap: Vec::new(), slots: Vec::new(), free: Vec::new(), next_order: 0 }
    }
}

impl<T> Timers<T> {
    pub fn count(&self) -> usize {
        self.heap.len()
    }

    /// Timers inserted from now on have this order or a later one: a turn passes it to `pop_due` to leave them out.
    pub fn mark(&self) -> u64 {
        self.next_order
    }

    pub fn next_deadline(&self) -> Option<u64> {
        self.heap.first().map(|node| node.deadline)
    }

    pub fn insert(&mut self, deadline: u64, task: T) -> TimerId {
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                self.slots.push(Slot { position: 0, task: None });
                (self.slots.len() - 1) as u32
            }
        };
        self.slots[slot as usize].task = Some(task);
        let order = self.next_order;
        self.next_order += 1;
        self.heap.push(Node { deadline, order, slot });
        self.sift_up(self.heap.len() - 1);
        TimerId(slot)
    }

    /// The task of a timer that has not fired yet.
    pub fn cancel(&mut self, id: TimerId) -> Option<T> {
        let slot = self.slots.get(id.0 as usize)?;
        slot.task.as_ref()?;
        let position = slot.position as usize;
        self.remove_at(position)
    }

    /// The first task due at `now` that was inserted before `mark`.
    pub fn pop_due(&mut self, now: u64, mark: u64) -> Option<T> {
        let first = self.heap.first()?;
        if first.deadline > now || first.order >= mark {
            return None;
        }
        self.remove_at(0)
    }

    fn remove_at(&mut self, position: usize) -> Option<T> {
        let node = self.heap.swap_remove(position);
        if position < self.heap.len() {
            self.sift_down(position);
            self.sift_up(position);
        }
        self.free.push(node.slot);
        self.slots[node.slot as usize].task.take()
    }

    fn place(&mut self, position: usize, node: Node) {
        self.slots[node.slot as usize].position = position as u32;
        self.heap[position] = node;
    }

    fn sift_up(&mut self, mut position: usize) {
        let node = self.heap[position];
        while position > 0 {
            let parent = (position - 1) / 2;
            if !node.before(&self.heap[parent]) {
                break;
            }
            self.place(position, self.heap[parent]);
            position = parent;
        }
        self.place(position, node);
    }

    fn sift_down(&mut self, mut position: usize) {
        let node = self.heap[position];
        loop {
            let mut child = 2 * position + 1;
            if child >= self.heap.len() {
                break;
            }
            if child + 1 < self.heap.len() && self.heap[child + 1].before(&self.heap[child]) {
                child += 1;
            }
            if !self.heap[child].before(&node) {
                break;
            }
            self.place(position, self.heap[child]);
            position = child;
        }
        self.place(position, node);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        /// T1, T2, T3, T4: against a sorted map of (deadline, insertion) that does the same.
        #[test]
        fn behaves_as_a_sorted_map(steps in proptest::collection::vec((0u8..4, 0u64..50, 0usize..64), 1..400)) {
            let mut timers = Timers::default();
            let mut model: BTreeMap<(u64, usize), TimerId> = BTreeMap::new();
            let mut now = 0;
            for (count, (what, value, pick)) in steps.into_iter().enumerate() {
                match what {
                    0 | 1 => {
                        let id = timers.insert(now + value, (now + value, count));
                        model.insert((now + value, count), id);
                    }
                    2 if !model.is_empty() => {
                        let (&key, &id) = model.iter().nth(pick % model.len()).expect("not empty");
                        prop_assert_eq!(timers.cancel(id), Some(key));
                        model.remove(&key);
                    }
                    _ => {
                        now += value / 4;
                        while let Some(task) = timers.pop_due(now, u64::MAX) {
                            prop_assert_eq!(model.pop_first().map(|(key, _)| key), Some(task));
                        }
                        prop_assert!(model.keys().next().is_none_or(|(deadline, _)| *deadline > now));
                    }
                }
                prop_assert_eq!(timers.count(), model.len());
                prop_assert_eq!(timers.next_deadline(), model.keys().next().map(|(deadline, _)| *deadline));
            }
        }
    }

    #[test]
    fn timers_inserted_after_the_mark_wait_for_the_next_turn() {
        let mut timers = Timers::default();
        timers.insert(1, 'a');
        let mark = timers.mark();
        timers.insert(1, 'b');
        assert_eq!(timers.pop_due(5, mark), Some('a'));
        assert_eq!(timers.pop_due(5, mark), None);
        assert_eq!(timers.pop_due(5, timers.mark()), Some('b'));
    }

    #[test]
    fn a_cancelled_timer_leaves_no_memory_behind() {
        let mut timers = Timers::default();
        for i in 0..100_000u64 {
            let id = timers.insert(i, i);
            assert_eq!(timers.cancel(id), Some(i));
            assert_eq!(timers.cancel(id), None);
        }
        assert_eq!(timers.count(), 0);
        assert!(timers.slots.len() <= 1);
    }
}
