//! Signals as events of the loop (V1). `sys` catches them for the whole process and writes a byte; here they are told.

use super::poll::{Poller, SIGNALS};
use super::{Reactor, User};
use crate::core::error::{Error, Result, Status};
use crate::sys::signals as system;

pub(super) struct Signals<U: User> {
    tag: u8,
    /// By number; few, so a list will do.
    handlers: Vec<(i32, U::SignalCall)>,
    /// Made with the first handler.
    watch: Option<system::Watch>,
    due: u64,
}

impl<U: User> Signals<U> {
    pub(super) fn new(tag: u8) -> Self {
        Signals { tag, handlers: Vec::new(), watch: None, due: 0 }
    }

    /// The next signal that came and is still wanted; `first` in a turn looks at what came.
    pub(super) fn next_due(&mut self, first: bool) -> Option<(U::SignalCall, i32)> {
        if first && let Some(watch) = &mut self.watch {
            self.due |= watch.take();
        }
        while self.due != 0 {
            let signum = self.due.trailing_zeros() as i32 + 1;
            self.due &= self.due - 1;
            if let Some((_, call)) = self.handlers.iter().find(|(number, _)| *number == signum) {
                return Some((*call, signum));
            }
        }
        None
    }

    fn add(&mut self, poller: &Poller, signum: i32, call: U::SignalCall) -> Result<()> {
        let failed = |error| Error::io(&format!("catch signal {signum}"), &error);
        if self.watch.is_none() {
            let mut watch = system::Watch::new(self.tag).map_err(failed)?;
            poller.register_reader(&mut watch, SIGNALS).map_err(failed)?;
            self.watch = Some(watch);
        }
        if let Some(handler) = self.handlers.iter_mut().find(|(number, _)| *number == signum) {
            handler.1 = call; // V2
            return Ok(());
        }
        system::subscribe(self.tag, signum).map_err(failed)?;
        self.handlers.push((signum, call));
        Ok(())
    }

    fn remove(&mut self, signum: i32) -> bool {
        let Some(index) = self.handlers.iter().position(|(number, _)| *number == signum) else { return false };
        self.handlers.swap_remove(index);
        system::unsubscribe(self.tag, signum);
        true
    }

    /// V7: the dispositions from before are back.
    pub(super) fn clear(&mut self, poller: &Poller) {
        for (signum, _) in self.handlers.drain(..) {
            system::unsubscribe(self.tag, signum);
        }
        if let Some(mut watch) = self.watch.take() {
            let _ = poller.deregister(&mut watch);
        }
    }
}

impl<U: User> Drop for Signals<U> {
    fn drop(&mut self) {
        for (signum, _) in self.handlers.drain(..) {
            system::unsubscribe(self.tag, signum);
        }
    }
}

impl<U: User> Reactor<U> {
    pub fn add_signal_handler(&mut self, signum: i32, call: U::SignalCall) -> Result<()> {
        if !system::can_be_caught(signum) {
            let text = format!("signal {signum} does not exist or cannot be caught");
            return Err(Error::with_text(Status::Invalid, 0, text));
        }
        self.require_open()?;
        self.signals.add(&self.poller, signum, call)
    }

    pub fn remove_signal_handler(&mut self, signum: i32) -> bool {
        self.signals.remove(signum)
    }
}
