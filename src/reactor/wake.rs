//! What other threads may say to a loop: functions to call, answers of the resolver, "stop". A mailbox outlives every
//! loop that uses it, so a late letter finds a closed door, never freed memory.

use super::handles::Ticket;
use super::job::Outcome;
use crate::core::error::{Error, Status};
use mio::Waker;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

#[derive(Debug)]
pub enum Mail<C> {
    Call(C),
    /// The addresses of a connection's host.
    Resolved(Ticket, Result<Vec<SocketAddr>, Error>),
    JobOver(Ticket, Outcome),
}

#[derive(Debug)]
pub struct Mailbox<C> {
    inner: Mutex<Inner<C>>,
    /// There may be mail or a stop: spares the loop the lock in most turns.
    waiting: AtomicBool,
}

#[derive(Debug)]
struct Inner<C> {
    /// The loop that reads this box now; `Ticket::NONE` between loops.
    owner: Ticket,
    open: bool,
    stop: bool,
    mail: Vec<Mail<C>>,
    waker: Option<Waker>,
}

impl<C> Mailbox<C> {
    #[allow(clippy::new_without_default)] // const, for statics
    pub const fn new() -> Self {
        let inner = Inner { owner: Ticket::NONE, open: false, stop: false, mail: Vec::new(), waker: None };
        Mailbox { inner: Mutex::new(inner), waiting: AtomicBool::new(false) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<C>> {
        // Nothing is left half done by a panic in here, so a poisoned lock is as good as any.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody is inside, or was when this process was forked: then the box stays locked for ever.
    pub fn is_locked(&self) -> bool {
        matches!(self.inner.try_lock(), Err(TryLockError::WouldBlock))
    }

    pub fn open(&self, owner: Ticket, waker: Waker) {
        let mut inner = self.lock();
        inner.owner = owner;
        inner.open = true;
        inner.stop = false;
        inner.waker = Some(waker);
    }

    /// Nothing is accepted any more; what was accepted can still be collected.
    pub fn close(&self) {
        self.lock().open = false;
    }

    pub fn vacate(&self) {
        let mut inner = self.lock();
        inner.owner = Ticket::NONE;
        inner.open = false;
        inner.mail = Vec::new();
        inner.waker = None;
        self.waiting.store(false, Ordering::Relaxed);
    }

    /// Would a post to this owner be accepted?
    pub fn check(&self, owner: Ticket) -> Result<(), Status> {
        self.lock().check(owner)
    }

    pub fn post(&self, owner: Ticket, mail: Mail<C>) -> Result<(), Status> {
        let mut inner = self.lock();
        inner.check(owner)?;
        inner.mail.push(mail);
        if inner.mail.len() == 1 {
            self.waiting.store(true, Ordering::Release);
            inner.wake();
        }
        Ok(())
    }

    pub fn stop(&self, owner: Ticket) -> Result<(), Status> {
        let mut inner = self.lock();
        inner.check(owner)?;
        inner.stop = true;
        self.waiting.store(true, Ordering::Release);
        inner.wake();
        Ok(())
    }

    pub fn may_have_mail(&self) -> bool {
        self.waiting.load(Ordering::Acquire)
    }

    /// Moves all mail to `into` (empty before) and says whether a stop was asked for.
    pub fn collect(&self, into: &mut Vec<Mail<C>>) -> bool {
        let mut inner = self.lock();
        self.waiting.store(false, Ordering::Relaxed);
        std::mem::swap(&mut inner.mail, into);
        std::mem::take(&mut inner.stop)
    }
}

impl<C> Inner<C> {
    fn check(&self, owner: Ticket) -> Result<(), Status> {
        match (self.owner == owner, self.open) {
            (false, _) => Err(Status::Handle),
            (true, false) => Err(Status::Closed),
            (true, true) => Ok(()),
        }
    }

    fn wake(&self) {
        if let Some(waker) = &self.waker {
            // A full eventfd or pipe means that a wake-up is already under way.
            let _ = waker.wake();
        }
    }
}
