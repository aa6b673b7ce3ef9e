//! From tickets to loops. Entries are static, so any ticket however old is safe to look up, from any thread; only the
//! thread that holds a loop goes further. Atomics and one mutex per mailbox, none of which a forked child touches.

use super::dispatch::{Call, CallbackScope, Loop};
use crate::core::error::{Error, Result, Status};
use crate::reactor::handles::{Kind, MAX_GENERATION, Ticket};
use crate::reactor::{Mailbox, Reactor};
use crate::sys;
use std::ptr::NonNull;
use std::sync::Once;
use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering};

/// What `Entry::owner` holds besides thread ids, which are multiples of 16.
const FREE: usize = 0;
/// Added to a thread's id while that thread is not inside the loop. Alone: the thread has ended.
const IDLE: usize = 1;
const ORPHAN: usize = IDLE;
/// The parent's, seen from a forked child.
const FORKED: usize = 2;
/// Being made or freed, or its generations are spent.
const TAKEN: usize = 4;

#[repr(align(64))]
struct Entry {
    /// FREE, or whose the loop is. A thread's bare id: it is inside, and nobody else may enter.
    owner: AtomicUsize,
    cell: AtomicPtr<Loop>,
    /// The loop's own ticket.
    key: AtomicU64,
    /// First generation of the next loop with this tag: above all that were ever given out.
    generation: AtomicU32,
    mailbox: Mailbox<Call>,
}

const TAGS: usize = 256;

static TABLE: [Entry; TAGS] = [const {
    Entry {
        owner: AtomicUsize::new(FREE),
        cell: AtomicPtr::new(std::ptr::null_mut()),
        key: AtomicU64::new(0),
        generation: AtomicU32::new(0),
        mailbox: Mailbox::new(),
    }
}; TAGS];

/// The right to use a loop: this thread is inside it. Borrow the loop for one step at a time and never across a call to C.
pub(super) struct Held {
    cell: NonNull<Loop>,
    /// The entry to leave again; `None` inside a run or another call.
    leave: Option<&'static Entry>,
}

impl Held {
    #[inline(always)]
    pub fn get(&mut self) -> &mut Loop {
        // SAFETY: the loop lives until `remove`, which needs a Held that is not nested; only this thread is inside, and
        // `&mut self` keeps two borrows through one Held apart. Through two Helds (nested calls) they cannot overlap,
        // since the outer one is never borrowed while C runs.
        unsafe { self.cell.as_mut() }
    }

    /// Inside a run or another call of this loop: its callbacks are on the stack.
    pub fn is_nested(&self) -> bool {
        self.leave.is_none()
    }
}

impl Drop for Held {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(entry) = self.leave {
            // Not when this is a child forked inside a callback, to which the loop does not belong.
            let me = sys::thread_id();
            let _ = entry.owner.compare_exchange(me, me | IDLE, Ordering::Release, Ordering::Relaxed);
        }
    }
}

/// Enters the loop that a ticket of any kind belongs to. ETHREAD, EHANDLE.
#[inline(always)]
pub(super) fn enter(ticket: Ticket) -> Result<Held> {
    let entry = &TABLE[ticket.tag() as usize];
    if entry.owner.load(Ordering::Relaxed) == sys::thread_id() {
        // SAFETY: only this thread writes its bare id there, after `cell` was set.
        let cell = unsafe { NonNull::new_unchecked(entry.cell.load(Ordering::Relaxed)) };
        return Ok(Held { cell, leave: None });
    }
    enter_idle(entry)
}

#[inline(never)]
fn enter_idle(entry: &'static Entry) -> Result<Held> {
    let me = sys::thread_id();
    match entry.owner.compare_exchange(me | IDLE, me, Ordering::Acquire, Ordering::Relaxed) {
        Ok(_) => match NonNull::new(entry.cell.load(Ordering::Relaxed)) {
            Some(cell) => Ok(Held { cell, leave: Some(entry) }),
            None => Err(Status::Handle.into()),
        },
        Err(FREE | TAKEN) => Err(Status::Handle.into()),
        Err(_) => Err(Status::Thread.into()),
    }
}

/// As `enter`, for a loop's own ticket.
#[inline(always)]
pub(super) fn enter_loop(ticket: Ticket) -> Result<Held> {
    let mut held = enter(ticket)?;
    if held.get().reactor.ticket() != ticket {
        return Err(Status::Handle.into());
    }
    Ok(held)
}

/// Makes a loop that belongs to the calling thread.
pub(super) fn add() -> Result<Ticket> {
    watch_forks()?;
    let (tag, entry) = claim().ok_or_else(|| {
        Error::new(Status::Limit, "all 254 places for loops are taken: free one with transport_loop_free")
    })?;
    let generation = entry.generation.load(Ordering::Relaxed);
    let ticket = Ticket::new(tag, generation, 0, Kind::Loop);
    let reactor = match Reactor::new(ticket, generation, &entry.mailbox) {
        Ok(reactor) => reactor,
        Err(error) => {
            entry.mailbox.vacate();
            entry.owner.store(FREE, Ordering::Release);
            return Err(error);
        }
    };
    entry.cell.store(Box::into_raw(Box::new(Loop::new(reactor))), Ordering::Relaxed);
    entry.key.store(ticket.0, Ordering::Relaxed);
    own_from_here();
    entry.owner.store(sys::thread_id() | IDLE, Ordering::Release);
    Ok(ticket)
}

/// First come, first served, starting behind the tag given out last, so that tags are reused late.
fn claim() -> Option<(u8, &'static Entry)> {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let start = NEXT.fetch_add(1, Ordering::Relaxed);
    (0..TAGS - 2).map(|i| (start + i) % (TAGS - 2) + 1).find_map(|tag| {
        let entry = &TABLE[tag];
        let claimed = entry.owner.compare_exchange(FREE, TAKEN, Ordering::Acquire, Ordering::Relaxed).is_ok();
        claimed.then_some((tag as u8, entry))
    })
}

/// Ends a loop. A tag whose generations run short is never given out again.
pub(super) fn remove(mut held: Held) {
    let Some(entry) = held.leave.take() else { return };
    held.get().reactor.vacate();
    let next = held.get().reactor.next_generation().max(entry.generation.load(Ordering::Relaxed)) + 1;
    entry.generation.store(next, Ordering::Relaxed);
    entry.key.store(0, Ordering::Relaxed);
    let cell = entry.cell.swap(std::ptr::null_mut(), Ordering::Relaxed);
    // SAFETY: made by Box::into_raw in `add`; this thread is the only one inside and nothing refers to it any more.
    drop(unsafe { Box::from_raw(cell) });
    entry.owner.store(if next < MAX_GENERATION / 2 { FREE } else { TAKEN }, Ordering::Release);
}

/// The calling thread takes over an idle loop.
pub(super) fn adopt(ticket: Ticket) -> Result<()> {
    let entry = &TABLE[ticket.tag() as usize];
    let me = sys::thread_id();
    let owner = entry.owner.load(Ordering::Acquire);
    match owner {
        FORKED => return Err(Status::Thread.into()),
        _ if entry.key.load(Ordering::Relaxed) != ticket.0 || ticket.is_none() => return Err(Status::Handle.into()),
        _ if owner & IDLE == 0 => return Err(Error::new(Status::State, "somebody is inside the loop")),
        _ => {}
    }
    own_from_here();
    match entry.owner.compare_exchange(owner, me | IDLE, Ordering::AcqRel, Ordering::Relaxed) {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::new(Status::State, "somebody is inside the loop, or has just adopted it")),
    }
}

/// The mailbox for posts from any thread, and whether the calling thread owns the loop.
pub(super) fn mailbox(ticket: Ticket) -> Result<(&'static Mailbox<Call>, bool)> {
    let entry = &TABLE[ticket.tag() as usize];
    let owner = entry.owner.load(Ordering::Relaxed);
    if owner == FORKED {
        return Err(Status::Thread.into());
    }
    if ticket.is_none() {
        return Err(Status::Handle.into());
    }
    Ok((&entry.mailbox, owner & !IDLE == sys::thread_id()))
}

// ---- threads that end, processes that fork ---------------------------------------------------------------------------------

/// Thread ids are used again, so a thread that ends gives up its loops.
struct Owner;

impl Drop for Owner {
    fn drop(&mut self) {
        let me = sys::thread_id();
        for entry in &TABLE {
            let _ = entry.owner.compare_exchange(me | IDLE, ORPHAN, Ordering::Release, Ordering::Relaxed);
        }
    }
}

fn own_from_here() {
    thread_local! { static OWNER: Owner = const { Owner }; }
    // A thread that is ending already cannot be told later; its loops stay its own.
    let _ = OWNER.try_with(|_| {});
}

fn watch_forks() -> Result<()> {
    static ONCE: Once = Once::new();
    let mut result = Ok(());
    ONCE.call_once(|| result = sys::on_fork_in_child(forked));
    result.map_err(|error| Error::io("register with pthread_atfork", &error))
}

/// Runs in a forked child: the parent's loops are none of its business. Atomics only.
extern "C" fn forked() {
    for entry in &TABLE {
        if entry.owner.load(Ordering::Relaxed) != FREE || entry.mailbox.is_locked() {
            entry.owner.store(FORKED, Ordering::Relaxed);
        }
    }
    CallbackScope::forget_in_child();
    sys::signals::forget_in_child();
}
