//! Names to addresses: numeric hosts at once, names on a few threads that are made when first needed, so that a slow
//! resolver blocks nobody but the names behind it.

use super::handles::Ticket;
use super::wake::{Mail, Mailbox};
use crate::core::error::{Error, Result, Status};
use crate::sys;
use dns_lookup::{AddrFamily, AddrInfoHints, SockType, getaddrinfo};
use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

const MAX_THREADS: usize = 4;

/// Which address families an answer may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Any,
    V4,
    V6,
}

impl Family {
    pub fn allows(self, ip: IpAddr) -> bool {
        match self {
            Family::Any => true,
            Family::V4 => ip.is_ipv4(),
            Family::V6 => ip.is_ipv6(),
        }
    }
}

/// An address that needs no look-up (J2). A scope ("fe80::1%eth0") does need one.
pub fn numeric(host: &str) -> Option<IpAddr> {
    host.parse().ok()
}

/// Asks the system and waits for its answer.
pub fn look_up(host: &str, port: u16, family: Family) -> Result<Vec<SocketAddr>> {
    let address_family = match family {
        Family::Any => 0,
        Family::V4 => i32::from(AddrFamily::Inet),
        Family::V6 => i32::from(AddrFamily::Inet6),
    };
    let hints =
        AddrInfoHints { socktype: SockType::Stream.into(), address: address_family, ..AddrInfoHints::default() };
    let found = getaddrinfo(Some(host), None, Some(hints)).map_err(|error| {
        let code = error.error_num();
        let cause: io::Error = error.into();
        Error::with_text(Status::Resolve, code, format!("look up {host:?}: {cause}; check the name and the resolver"))
    })?;
    let addresses: Vec<SocketAddr> = found
        .filter_map(|info| info.ok())
        .map(|info| {
            let mut address = info.sockaddr;
            address.set_port(port);
            address
        })
        .collect();
    if addresses.is_empty() {
        return Err(Error::with_text(Status::Resolve, 0, format!("look up {host:?}: the answer holds no address")));
    }
    Ok(addresses)
}

/// The threads of one loop. Dropped with it: idle threads are waited for, one inside the system's resolver is left to
/// finish alone and its answer finds a closed mailbox.
#[derive(Debug, Default)]
pub struct Resolver {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    jobs: VecDeque<Job>,
    idle: usize,
    /// Threads inside the system's resolver, which nothing can interrupt.
    looking: usize,
    closed: bool,
}

#[derive(Debug)]
struct Job {
    request: Ticket,
    host: String,
    port: u16,
    family: Family,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Resolver {
    /// Queues a look-up; the answer comes by mail as `Mail::Resolved(request, ..)`.
    pub fn start<C: Send + 'static>(
        &mut self,
        mailbox: &'static Mailbox<C>,
        owner: Ticket,
        request: Ticket,
        (host, port, family): (String, u16, Family),
    ) -> Result<()> {
        self.threads.retain(|thread| !thread.is_finished());
        let mut state = self.shared.lock();
        if state.idle <= state.jobs.len() && self.threads.len() < MAX_THREADS {
            let shared = self.shared.clone();
            let work = move || run(&shared, mailbox, owner);
            match sys::spawn_quiet_thread("transport-dns", work) {
                Ok(thread) => self.threads.push(thread),
                Err(error) if self.threads.is_empty() => return Err(Error::io("start a resolver thread", &error)),
                Err(_) => {} // the threads that there are will get to it
            }
        }
        state.jobs.push_back(Job { request, host, port, family });
        self.shared.changed.notify_one();
        Ok(())
    }

    /// Takes back a look-up that no thread has begun.
    pub fn forget(&mut self, request: Ticket) {
        self.shared.lock().jobs.retain(|job| job.request != request);
    }
}

impl Drop for Resolver {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.closed = true;
        state.jobs.clear();
        let looking = state.looking;
        drop(state);
        self.shared.changed.notify_all();
        if looking == 0 {
            for thread in self.threads.drain(..) {
                let _ = thread.join();
            }
        }
    }
}

fn run<C>(shared: &Shared, mailbox: &'static Mailbox<C>, owner: Ticket) {
    let mut state = shared.lock();
    loop {
        if state.closed {
            return;
        }
        if let Some(job) = state.jobs.pop_front() {
            state.looking += 1;
            drop(state);
            let answer = look_up(&job.host, job.port, job.family);
            shared.lock().looking -= 1;
            // The loop may be gone: then nobody waits for the answer.
            let _ = mailbox.post(owner, Mail::Resolved(job.request, answer));
            state = shared.lock();
        } else {
            state.idle += 1;
            state = shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }
}
