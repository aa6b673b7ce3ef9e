//! A few threads of one loop, made when they are first needed. What they do and how they tell is in the work itself.

use super::handles::Ticket;
use crate::core::error::{Error, Result};
use crate::sys;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

const MAX_THREADS: usize = 4;

/// Answers how to tell that it is done.
pub type Work = Box<dyn FnOnce() -> Tell + Send>;
pub type Tell = Box<dyn FnOnce()>;

/// Dropped with its loop: idle threads are waited for. One that is still inside its work, in a system call that nothing can
/// interrupt, is left to finish alone.
#[derive(Debug)]
pub struct Pool {
    name: &'static str,
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    queued: VecDeque<(Ticket, Work)>,
    idle: usize,
    /// Threads that have begun something and not told yet.
    busy: usize,
    /// Those of them that are inside the work.
    working: usize,
    closed: bool,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").field("queued", &self.queued.len()).field("working", &self.working).finish()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pool {
    pub fn new(name: &'static str) -> Self {
        Pool { name, shared: Arc::default(), threads: Vec::new() }
    }

    /// Queues work for the first thread that is free.
    pub fn start(&mut self, ticket: Ticket, work: Work) -> Result<()> {
        self.threads.retain(|thread| !thread.is_finished());
        let mut state = self.shared.lock();
        if state.idle <= state.queued.len() && self.threads.len() < MAX_THREADS {
            let shared = self.shared.clone();
            match sys::spawn_quiet_thread(self.name, move || run(&shared)) {
                Ok(thread) => self.threads.push(thread),
                Err(error) if self.threads.is_empty() => {
                    return Err(Error::io(&format!("start the thread {}", self.name), &error));
                }
                Err(_) => {} // the threads that there are will get to it
            }
        }
        state.queued.push_back((ticket, work));
        self.shared.changed.notify_one();
        Ok(())
    }

    /// Takes back work that no thread has begun; false: too late.
    pub fn forget(&mut self, ticket: Ticket) -> bool {
        let mut state = self.shared.lock();
        let before = state.queued.len();
        state.queued.retain(|(queued, _)| *queued != ticket);
        state.queued.len() < before
    }

    /// Waits until all work has been done and told.
    pub fn wait(&self) {
        let mut state = self.shared.lock();
        while state.busy > 0 || !state.queued.is_empty() {
            state = self.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.closed = true;
        state.queued.clear();
        let working = state.working;
        drop(state);
        self.shared.changed.notify_all();
        if working == 0 {
            for thread in self.threads.drain(..) {
                let _ = thread.join();
            }
        }
    }
}

fn run(shared: &Shared) {
    let mut state = shared.lock();
    loop {
        if state.closed {
            return;
        }
        if let Some((_, work)) = state.queued.pop_front() {
            state.busy += 1;
            state.working += 1;
            drop(state);
            let tell = work();
            shared.lock().working -= 1;
            tell();
            state = shared.lock();
            state.busy -= 1;
            shared.changed.notify_all(); // for `wait`
        } else {
            state.idle += 1;
            state = shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }
}
