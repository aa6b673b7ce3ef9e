//! The queue of things to run in the next turn, first in, first out (S1, A11).

use super::handles::Ticket;
use super::{Event, Reactor, User};
use crate::core::error::Error;

pub(super) enum Ready<U: User> {
    Call(U::Call),
    /// A call_soon with a ticket, so that it can be cancelled.
    Cancellable(Ticket),
    /// The first half of a connection made: connection_made.
    Made(Ticket),
    /// The end of a request: its `done`.
    Finished(Ticket),
    /// A transport whose handle is out already: connection_made.
    Opened(Ticket),
    Lost(Ticket),
    Release(U::Owned),
    /// Has this server ended by now?
    ServerEnded(Ticket),
    /// A server has ended; true: because the loop is being freed.
    ServerDone(U::Done, bool),
    Exception(Box<Error>),
    Complaint(String),
    /// The end of a job: its `done`.
    JobOver(Ticket),
}

impl<U: User> Reactor<U> {
    pub(super) fn run_ready(&mut self) -> Option<Event<U>> {
        match self.ready.pop_front()? {
            Ready::Call(call) => Some(Event::Call(call)),
            Ready::Cancellable(timer) => self.timer_runs(timer),
            Ready::Made(request) => self.request_made(request),
            Ready::Finished(request) => self.request_finished(request),
            Ready::Opened(stream) => self.streams.contains(stream).then_some(Event::Made(stream)),
            Ready::Lost(stream) => {
                let error = self.streams.get_mut(stream)?.take_error();
                Some(Event::Lost(stream, error))
            }
            Ready::Release(owned) => Some(Event::Release(owned)),
            Ready::ServerEnded(server) => {
                self.server_ended(server);
                None
            }
            Ready::ServerDone(done, freed) => Some(Event::Done(done, freed.then(|| Box::new(Error::canceled())))),
            Ready::Exception(error) => Some(Event::Exception(error)),
            Ready::JobOver(job) => self.job_finished(job),
            Ready::Complaint(text) => Some(Event::Complaint(text)),
        }
    }
}
