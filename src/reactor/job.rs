//! Requests that another thread works on and that end in one `done`: getaddrinfo, getnameinfo, run_in_executor.

use super::handles::Ticket;
use super::pool::Work;
use super::ready::Ready;
use super::resolve::{self, Family};
use super::wake::Mail;
use super::{Event, Reactor, User};
use crate::core::error::{Error, Result, Status};
use std::net::SocketAddr;

/// ```text
/// Waiting ──mail──► Over(outcome) ──► done
///    ├── cancel, not begun or a look-up ──► Over(canceled) ──► done
///    └── cancel, the work has begun ──► Abandoned ──mail──► Over(canceled) ──► done
/// ```
pub(super) struct Job<U: User> {
    state: State,
    done: JobDone<U>,
}

enum State {
    Waiting,
    /// Its argument is in use until the work returns.
    Abandoned,
    Over(Outcome),
}

pub enum JobDone<U: User> {
    Resolved(U::Resolved),
    Named(U::Named),
    Worked(U::Done),
}

#[derive(Debug)]
pub enum Outcome {
    Addresses(Result<Vec<SocketAddr>>),
    Names(Result<(String, String)>),
    Worked,
    Canceled,
}

impl<U: User> Job<U> {
    pub(super) fn describe(&self) -> &'static str {
        match self.done {
            JobDone::Resolved(_) => "looking up addresses",
            JobDone::Named(_) => "looking up a name",
            JobDone::Worked(_) => "working in the executor",
        }
    }
}

impl<U: User> Reactor<U> {
    /// A numeric host with a numeric service, or none, needs no thread (J2).
    pub fn getaddrinfo(
        &mut self,
        host: Option<String>,
        service: Option<String>,
        family: Family,
        done: U::Resolved,
    ) -> Result<Ticket> {
        let ip = host.as_deref().and_then(resolve::numeric);
        let port = service.as_deref().map_or(Some(0), |service| service.parse().ok());
        let known = match (ip, port) {
            (Some(ip), Some(port)) if family.allows(ip) => Some(Ok(vec![SocketAddr::new(ip, port)])),
            (Some(ip), Some(_)) => {
                let text = format!("{ip} is no address of the family asked for");
                Some(Err(Error::with_text(Status::Resolve, 0, text)))
            }
            _ => None,
        };
        let ticket = self.add_job(JobDone::Resolved(done))?;
        if let Some(answer) = known {
            self.job_over(ticket, Outcome::Addresses(answer));
            return Ok(ticket);
        }
        let ask = move || Outcome::Addresses(resolve::addresses(host.as_deref(), service.as_deref(), family));
        let work = self.telling(ticket, ask);
        let started = self.resolver.start(ticket, work);
        self.started(ticket, started)
    }

    pub fn getnameinfo(&mut self, address: SocketAddr, done: U::Named) -> Result<Ticket> {
        let ticket = self.add_job(JobDone::Named(done))?;
        let work = self.telling(ticket, move || Outcome::Names(resolve::names(address)));
        let started = self.resolver.start(ticket, work);
        self.started(ticket, started)
    }

    pub fn run_in_executor(&mut self, work: impl FnOnce() + Send + 'static, done: U::Done) -> Result<Ticket> {
        let ticket = self.add_job(JobDone::Worked(done))?;
        let work = self.telling(ticket, move || {
            work();
            Outcome::Worked
        });
        let started = self.executor.start(ticket, work);
        self.started(ticket, started)
    }

    fn add_job(&mut self, done: JobDone<U>) -> Result<Ticket> {
        self.require_open()?;
        self.jobs.insert(Job { state: State::Waiting, done }).map_err(|_| Error::no_memory())
    }

    /// Work whose outcome comes back by mail. The loop may be gone by then: nobody waits for it.
    fn telling(&self, ticket: Ticket, work: impl FnOnce() -> Outcome + Send + 'static) -> Work {
        let (mailbox, owner) = (self.mailbox, self.ticket);
        Box::new(move || {
            let outcome = work();
            Box::new(move || {
                let _ = mailbox.post(owner, Mail::JobOver(ticket, outcome));
            })
        })
    }

    fn started(&mut self, ticket: Ticket, started: Result<()>) -> Result<Ticket> {
        started.map(|()| ticket).inspect_err(|_| drop(self.jobs.remove(ticket)))
    }

    /// A late answer finds its job gone (X2).
    pub(super) fn job_over(&mut self, ticket: Ticket, outcome: Outcome) {
        let Some(job) = self.jobs.get_mut(ticket) else { return };
        job.state = match job.state {
            State::Waiting => State::Over(outcome),
            State::Abandoned => State::Over(Outcome::Canceled),
            State::Over(_) => return,
        };
        self.ready.push_back(Ready::JobOver(ticket));
    }

    pub(super) fn cancel_job(&mut self, ticket: Ticket) -> std::result::Result<(), Status> {
        let job = self.jobs.get_mut(ticket).ok_or(Status::Handle)?;
        if !matches!(job.state, State::Waiting) {
            return Ok(());
        }
        let is_free = match job.done {
            JobDone::Worked(_) => self.executor.forget(ticket),
            JobDone::Resolved(_) | JobDone::Named(_) => {
                self.resolver.forget(ticket);
                true
            }
        };
        if is_free {
            self.job_over(ticket, Outcome::Canceled);
        } else {
            job.state = State::Abandoned;
        }
        Ok(())
    }

    /// For a loop that ends: look-ups and work that no thread has begun are cancelled, the other work is waited for and
    /// keeps its result.
    pub(super) fn end_jobs(&mut self) {
        for ticket in self.jobs.tickets() {
            let is_work = self.jobs.get(ticket).is_some_and(|job| matches!(job.done, JobDone::Worked(_)));
            if !is_work {
                let _ = self.cancel_job(ticket);
            } else if self.executor.forget(ticket) {
                self.job_over(ticket, Outcome::Canceled);
            }
        }
        self.executor.wait();
    }

    /// The ticket is stale before `done` runs.
    pub(super) fn job_finished(&mut self, ticket: Ticket) -> Option<Event<U>> {
        let job = self.jobs.remove(ticket)?;
        let State::Over(outcome) = job.state else { return None };
        Some(match (job.done, outcome) {
            (JobDone::Resolved(done), Outcome::Addresses(answer)) => Event::Resolved(done, Box::new(answer)),
            (JobDone::Resolved(done), _) => Event::Resolved(done, Box::new(Err(Error::canceled()))),
            (JobDone::Named(done), Outcome::Names(answer)) => Event::Named(done, Box::new(answer)),
            (JobDone::Named(done), _) => Event::Named(done, Box::new(Err(Error::canceled()))),
            (JobDone::Worked(done), Outcome::Worked) => Event::Done(done, None),
            (JobDone::Worked(done), _) => Event::Done(done, Some(Box::new(Error::canceled()))),
        })
    }
}
