//! call_soon, call_at and cancelling them; and the loop's own deadlines.

use super::handles::Ticket;
use super::ready::Ready;
use super::{Event, Reactor, User};
use crate::core::error::{Error, Result, Status};
use crate::core::timers::TimerId;

/// What a ticket of `transport_timer_t` names.
pub(super) struct Timer<U: User> {
    call: U::Call,
    state: TimerState,
}

#[derive(Clone, Copy, Debug)]
enum TimerState {
    /// In the queue of the next turn.
    Soon,
    Armed(TimerId),
    /// The ticket lasts until the turn ends, so that a second cancel is harmless (S3).
    Cancelled,
}

/// What a deadline is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum TimerTask {
    User(Ticket),
    /// A listener that ran out of descriptors tries again (K16).
    AcceptAgain(Ticket),
    /// A stream's idle_timeout.
    Idle(Ticket),
    /// A stream's close_timeout.
    Close(Ticket),
    /// A request's next address is due.
    NextAddress(Ticket),
    /// A request's connect_timeout.
    Connect(Ticket),
}

impl<U: User> Reactor<U> {
    /// Runs `call` in the next turn. Without a ticket nothing has to be allocated.
    pub fn call_soon(&mut self, call: U::Call, cancellable: bool) -> Result<Ticket> {
        self.require_open()?;
        self.read_mail(); // FIFO by time of queueing, posts of other threads included (S9)
        if !cancellable {
            self.ready.push_back(Ready::Call(call));
            return Ok(Ticket::NONE);
        }
        let ticket = self.timer_handles.insert(Timer { call, state: TimerState::Soon }).map_err(|_| full())?;
        self.ready.push_back(Ready::Cancellable(ticket));
        Ok(ticket)
    }

    /// Runs `call` at `deadline` on the loop's clock, never before it (T1).
    pub fn call_at(&mut self, deadline: u64, call: U::Call) -> Result<Ticket> {
        self.require_open()?;
        let ticket = self.timer_handles.insert(Timer { call, state: TimerState::Soon }).map_err(|_| full())?;
        let armed = TimerState::Armed(self.timers.insert(deadline, TimerTask::User(ticket)));
        if let Some(timer) = self.timer_handles.get_mut(ticket) {
            timer.state = armed;
        }
        Ok(ticket)
    }

    pub fn cancel_timer(&mut self, ticket: Ticket) -> std::result::Result<(), Status> {
        let timer = self.timer_handles.get_mut(ticket).ok_or(Status::Handle)?;
        match std::mem::replace(&mut timer.state, TimerState::Cancelled) {
            TimerState::Armed(id) => {
                self.timers.cancel(id);
            }
            TimerState::Soon => {}
            TimerState::Cancelled => return Ok(()),
        }
        self.cancelled_timers.push(ticket);
        Ok(())
    }

    pub fn has_timer(&self, ticket: Ticket) -> bool {
        self.timer_handles.contains(ticket)
    }

    pub(super) fn timer_due(&mut self, task: TimerTask) -> Option<Event<U>> {
        match task {
            TimerTask::User(ticket) => self.timer_runs(ticket),
            TimerTask::AcceptAgain(listener) => {
                self.listener_retries(listener);
                None
            }
            TimerTask::Idle(stream) => {
                self.idle_due(stream);
                None
            }
            TimerTask::Close(stream) => {
                self.close_due(stream);
                None
            }
            TimerTask::NextAddress(request) => {
                self.next_address_due(request);
                None
            }
            TimerTask::Connect(request) => {
                self.connect_due(request);
                None
            }
        }
    }

    /// The ticket is stale before its function runs, so a cancel inside it cannot hit a later timer.
    pub(super) fn timer_runs(&mut self, ticket: Ticket) -> Option<Event<U>> {
        if matches!(self.timer_handles.get(ticket)?.state, TimerState::Cancelled) {
            return None;
        }
        self.timer_handles.remove(ticket).map(|timer| Event::Call(timer.call))
    }
}

fn full() -> Error {
    Error::new(Status::NoMemory, "no room for another timer: 16,777,216 are the most a loop holds")
}
