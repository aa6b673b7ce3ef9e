//! Tickets: what C holds instead of addresses. A ticket names a loop, a kind, a slot and the generation of the slot, so a
//! ticket whose object has ended never matches again.
//!
//! ```text
//! 63      56 55                  28 27               4 3    0
//! | tag 1..254 | generation, 28 bits | index, 24 bits  | kind |      0 is NULL and never valid
//! ```

/// The value behind a C handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket(pub u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    Loop = 1,
    Transport = 2,
    Server = 3,
    Timer = 4,
    Request = 5,
    /// Inside only: one listening socket of a server.
    Listener = 6,
    /// Inside only: a foreign descriptor.
    Watch = 7,
    /// A request that another thread works on.
    Job = 8,
}

const INDEX_BITS: u32 = 24;
const GENERATION_BITS: u32 = 28;
const MAX_SLOTS: usize = 1 << INDEX_BITS;
pub const MAX_GENERATION: u32 = (1 << GENERATION_BITS) - 1;

impl Ticket {
    pub const NONE: Ticket = Ticket(0);

    pub const fn new(tag: u8, generation: u32, index: u32, kind: Kind) -> Ticket {
        Ticket((tag as u64) << 56 | (generation as u64) << 28 | (index as u64) << 4 | kind as u64)
    }

    pub const fn tag(self) -> u8 {
        (self.0 >> 56) as u8
    }

    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    #[inline]
    const fn index(self) -> usize {
        (self.0 >> 4) as usize & (MAX_SLOTS - 1)
    }

    pub const fn is(self, kind: Kind) -> bool {
        self.0 & 0xf == kind as u64
    }
}

/// All objects of one kind on one loop.
#[derive(Debug)]
pub struct Handles<T> {
    tag: u8,
    kind: Kind,
    /// Generation of a slot's first object.
    first_generation: u32,
    /// Above every generation given out so far: where the next loop with this tag starts.
    next_base: u32,
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
    live: usize,
    inserted: u64,
}

#[derive(Debug)]
struct Slot<T> {
    /// The whole ticket of the object that lives here; 0 when none does.
    key: u64,
    generation: u32,
    object: Option<T>,
}

impl<T> Handles<T> {
    pub fn new(tag: u8, kind: Kind, first_generation: u32) -> Self {
        Handles {
            tag,
            kind,
            first_generation,
            next_base: first_generation,
            slots: Vec::new(),
            free: Vec::new(),
            live: 0,
            inserted: 0,
        }
    }

    pub fn count(&self) -> usize {
        self.live
    }

    /// How many there have ever been.
    pub fn inserted(&self) -> u64 {
        self.inserted
    }

    pub fn next_base(&self) -> u32 {
        self.next_base
    }

    /// A new object's ticket, or the object back when all slots are taken.
    pub fn insert(&mut self, object: T) -> Result<Ticket, T> {
        let index = match self.free.pop() {
            Some(index) => index,
            None if self.slots.len() == MAX_SLOTS || self.slots.try_reserve(1).is_err() => return Err(object),
            None => {
                self.slots.push(Slot { key: 0, generation: self.first_generation, object: None });
                (self.slots.len() - 1) as u32
            }
        };
        let slot = &mut self.slots[index as usize];
        let ticket = Ticket::new(self.tag, slot.generation, index, self.kind);
        self.next_base = self.next_base.max(slot.generation + 1);
        slot.key = ticket.0;
        slot.object = Some(object);
        self.live += 1;
        self.inserted += 1;
        Ok(ticket)
    }

    #[inline]
    pub fn get(&self, ticket: Ticket) -> Option<&T> {
        let slot = self.slots.get(ticket.index())?;
        if slot.key == ticket.0 { slot.object.as_ref() } else { None }
    }

    #[inline]
    pub fn get_mut(&mut self, ticket: Ticket) -> Option<&mut T> {
        let slot = self.slots.get_mut(ticket.index())?;
        if slot.key == ticket.0 { slot.object.as_mut() } else { None }
    }

    pub fn contains(&self, ticket: Ticket) -> bool {
        self.get(ticket).is_some()
    }

    /// Ends the ticket. A slot whose generations are spent is retired: 16 bytes lost, never an old ticket revived.
    pub fn remove(&mut self, ticket: Ticket) -> Option<T> {
        let slot = self.slots.get_mut(ticket.index())?;
        if slot.key != ticket.0 {
            return None;
        }
        slot.key = 0;
        let object = slot.object.take()?;
        self.live -= 1;
        if slot.generation < MAX_GENERATION {
            slot.generation += 1;
            self.free.push(ticket.index() as u32);
        }
        Some(object)
    }

    pub fn iter(&self) -> impl Iterator<Item = (Ticket, &T)> {
        self.slots.iter().filter_map(|slot| slot.object.as_ref().map(|object| (Ticket(slot.key), object)))
    }

    pub fn tickets(&self) -> Vec<Ticket> {
        self.iter().map(|(ticket, _)| ticket).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_dies_with_its_object_and_stays_dead() {
        let mut handles = Handles::new(7, Kind::Timer, 100);
        let first = handles.insert('a').expect("room");
        assert_eq!(handles.get(first), Some(&'a'));
        assert_eq!(handles.remove(first), Some('a'));
        assert_eq!(handles.remove(first), None);
        let second = handles.insert('b').expect("room");
        assert_ne!(first, second);
        assert_eq!(first.index(), second.index());
        assert!(handles.get(first).is_none() && handles.contains(second));
        assert_eq!(handles.next_base(), 102);
    }

    #[test]
    fn other_kinds_tags_and_absurd_values_do_not_match() {
        let mut handles = Handles::new(7, Kind::Timer, 0);
        let ticket = handles.insert(()).expect("room");
        for wrong in [0, u64::MAX, ticket.0 ^ 1, ticket.0 ^ (1 << 56), ticket.0 ^ (1 << 30), ticket.0 | 0xff_fff0] {
            assert!(!handles.contains(Ticket(wrong)), "{wrong:x}");
        }
    }

    #[test]
    fn a_slot_whose_generations_are_spent_is_retired() {
        let mut handles = Handles::new(1, Kind::Server, MAX_GENERATION);
        let last = handles.insert(1).expect("room");
        handles.remove(last);
        let next = handles.insert(2).expect("room");
        assert_ne!(last.index(), next.index());
        assert!(!handles.contains(last));
    }
}
