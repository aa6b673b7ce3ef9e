//! Happy eyeballs (RFC 8305, J3 to J6): which address of a name to try next, and when. Starts each attempt a while after
//! the one before it, or at once when that one has failed; the first that connects wins. Remembers why the others failed,
//! so that the error can name them all (J8). Knows no clock: the caller says what time it is.

use super::error::{self, Error, Status};
use std::collections::VecDeque;
use std::net::SocketAddr;

/// RFC 8305, section 5: attempts are never closer together than this.
const SHORTEST_DELAY: u64 = 10_000_000;

/// How the addresses of a name are tried.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// Nanoseconds between the starts of two attempts; `None`: one after the other.
    pub delay: Option<u64>,
    /// How many addresses of the first family come before the families alternate; 0: the resolver's order (J5).
    pub interleave: usize,
}

#[derive(Debug)]
pub struct Attempts {
    waiting: VecDeque<SocketAddr>,
    running: Vec<SocketAddr>,
    failures: Vec<Error>,
    delay: Option<u64>,
    /// When the first of `waiting` is due, if nothing fails before; `None`: when one of `running` fails.
    due: Option<u64>,
}

/// What to do now.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Start connecting to this one, then ask again.
    Start(SocketAddr),
    /// Ask again at this time (`None`: no time), or when an attempt has failed.
    Wait(Option<u64>),
    /// None connected.
    GiveUp,
}

impl Attempts {
    /// `addresses` in resolver order; the same one twice is tried once.
    pub fn new(addresses: Vec<SocketAddr>, order: Order) -> Self {
        let mut waiting = VecDeque::with_capacity(addresses.len());
        for address in interleaved(addresses, order.interleave) {
            if !waiting.contains(&address) {
                waiting.push_back(address);
            }
        }
        let delay = order.delay.map(|delay| delay.max(SHORTEST_DELAY));
        Attempts { waiting, running: Vec::new(), failures: Vec::new(), delay, due: Some(0) }
    }

    pub fn step(&mut self, now: u64) -> Step {
        let is_due = self.running.is_empty() || self.due.is_some_and(|due| due <= now);
        if is_due && let Some(address) = self.waiting.pop_front() {
            self.running.push(address);
            self.due = self.delay.map(|delay| now.saturating_add(delay));
            return Step::Start(address);
        }
        match (self.running.is_empty(), self.waiting.is_empty()) {
            (true, _) => Step::GiveUp,
            (false, true) => Step::Wait(None),
            (false, false) => Step::Wait(self.due),
        }
    }

    /// An attempt that was started has failed. If it was the last one started, the next is due at once (J4).
    pub fn failed(&mut self, address: SocketAddr, error: Error) {
        self.failures.push(error);
        if self.running.last() == Some(&address) {
            self.due = Some(0);
        }
        self.running.retain(|running| *running != address);
    }

    pub fn running(&self) -> &[SocketAddr] {
        &self.running
    }

    /// Why none has connected so far.
    pub fn into_error(self) -> Error {
        error::join(&self.failures)
            .unwrap_or_else(|| Error::new(Status::Resolve, "the name has no address of the family asked for"))
    }

    /// Nothing connected in time.
    pub fn timed_out(self) -> Error {
        let mut text = String::from("connect_timeout is over");
        for address in &self.running {
            text.push_str(&format!("; connect to {address}: no answer"));
        }
        for failure in &self.failures {
            text.push_str(&format!("; {}", failure.message));
        }
        Error::with_text(Status::TimedOut, 0, text)
    }
}

/// The families take turns, beginning with the first address's, of which `first` come ahead.
fn interleaved(addresses: Vec<SocketAddr>, first: usize) -> Vec<SocketAddr> {
    if first == 0 {
        return addresses;
    }
    let Some(is_v4) = addresses.first().map(SocketAddr::is_ipv4) else { return addresses };
    let (same, other): (Vec<_>, Vec<_>) = addresses.into_iter().partition(|address| address.is_ipv4() == is_v4);
    let (mut same, mut other) = (same.into_iter(), other.into_iter());
    let mut mixed: Vec<SocketAddr> = same.by_ref().take(first - 1).collect();
    loop {
        let pair = [same.next(), other.next()];
        if pair == [None, None] {
            return mixed;
        }
        mixed.extend(pair.into_iter().flatten());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECOND: u64 = 1_000_000_000;

    fn v4(last: u8) -> SocketAddr {
        SocketAddr::new([127, 0, 0, last].into(), 1)
    }

    fn v6(last: u16) -> SocketAddr {
        SocketAddr::new([0, 0, 0, 0, 0, 0, 0, last].into(), 1)
    }

    fn attempts(addresses: &[SocketAddr], delay: Option<u64>) -> Attempts {
        Attempts::new(addresses.to_vec(), Order { delay, interleave: 1 })
    }

    fn refuse(attempts: &mut Attempts, address: SocketAddr) {
        attempts.failed(address, Error::with_text(Status::Io, 111, format!("connect to {address}: refused")));
    }

    #[test]
    fn tries_each_address_once_and_lists_every_failure() {
        let (a, b) = (v4(1), v6(1));
        let mut attempts = attempts(&[a, b, a], None);
        while let Step::Start(address) = attempts.step(0) {
            refuse(&mut attempts, address);
        }
        let error = attempts.into_error();
        assert_eq!(error.os_code, 111);
        assert!(error.message.contains("connect to 127.0.0.1:1: "));
        assert!(error.message.contains("; connect to [::1]:1: "));
        assert_eq!(error.message.matches("127.0.0.1").count(), 1);
    }

    #[test]
    fn no_address_at_all_is_a_resolver_error() {
        let mut attempts = attempts(&[], Some(SECOND));
        assert_eq!(attempts.step(0), Step::GiveUp);
        assert_eq!(attempts.into_error().status, Status::Resolve);
    }

    /// J4: a black hole costs the delay and no more.
    #[test]
    fn the_second_starts_when_the_delay_is_over() {
        let mut attempts = attempts(&[v6(1), v4(1), v4(2)], Some(SECOND));
        assert_eq!(attempts.step(5), Step::Start(v6(1)));
        assert_eq!(attempts.step(5), Step::Wait(Some(5 + SECOND)));
        assert_eq!(attempts.step(4 + SECOND), Step::Wait(Some(5 + SECOND)));
        assert_eq!(attempts.step(6 + SECOND), Step::Start(v4(1)));
        assert_eq!(attempts.step(6 + SECOND), Step::Wait(Some(6 + 2 * SECOND)));
        assert_eq!(attempts.running(), [v6(1), v4(1)]);
    }

    /// J4: an address that refuses costs no time; an older attempt that fails leaves the newer one its time.
    #[test]
    fn the_next_starts_at_once_when_the_last_one_fails() {
        let mut attempts = attempts(&[v4(1), v4(2), v4(3), v4(4)], Some(SECOND));
        assert_eq!(attempts.step(0), Step::Start(v4(1)));
        refuse(&mut attempts, v4(1));
        assert_eq!(attempts.step(1), Step::Start(v4(2)));
        assert_eq!(attempts.step(1 + SECOND), Step::Start(v4(3)));
        refuse(&mut attempts, v4(2));
        assert_eq!(attempts.step(2 + SECOND), Step::Wait(Some(1 + 2 * SECOND)));
        refuse(&mut attempts, v4(3));
        assert_eq!(attempts.step(3 + SECOND), Step::Start(v4(4)));
        assert_eq!(attempts.step(3 + SECOND), Step::Wait(None));
        refuse(&mut attempts, v4(4));
        assert_eq!(attempts.step(4 + SECOND), Step::GiveUp);
    }

    #[test]
    fn without_a_delay_one_waits_for_the_other() {
        let mut attempts = attempts(&[v4(1), v4(2)], None);
        assert_eq!(attempts.step(0), Step::Start(v4(1)));
        assert_eq!(attempts.step(u64::MAX), Step::Wait(None));
        refuse(&mut attempts, v4(1));
        assert_eq!(attempts.step(0), Step::Start(v4(2)));
    }

    #[test]
    fn a_tiny_delay_is_ten_milliseconds() {
        let mut attempts = attempts(&[v4(1), v4(2)], Some(1));
        assert_eq!(attempts.step(0), Step::Start(v4(1)));
        assert_eq!(attempts.step(0), Step::Wait(Some(SHORTEST_DELAY)));
    }

    /// J5, as asyncio does it.
    #[test]
    fn families_alternate() {
        let all = vec![v6(1), v6(2), v6(3), v4(1), v4(2)];
        assert_eq!(interleaved(all.clone(), 0), all);
        assert_eq!(interleaved(all.clone(), 1), [v6(1), v4(1), v6(2), v4(2), v6(3)]);
        assert_eq!(interleaved(all, 2), [v6(1), v6(2), v4(1), v6(3), v4(2)]);
        assert_eq!(interleaved(vec![v4(1)], 9), [v4(1)]);
    }

    #[test]
    fn a_timeout_names_who_did_not_answer_and_who_failed() {
        let mut attempts = attempts(&[v4(1), v4(2)], Some(SECOND));
        attempts.step(0);
        refuse(&mut attempts, v4(1));
        attempts.step(0);
        let error = attempts.timed_out();
        assert_eq!(error.status, Status::TimedOut);
        assert!(error.message.contains("127.0.0.2:1: no answer; connect to 127.0.0.1:1: "));
    }

    proptest! {
        /// Whatever the times and the failures: every address is started once, in order, never two closer than the delay
        /// unless the one before failed, and it gives up only when all have failed.
        #[test]
        fn every_address_gets_its_chance(count in 0u8..9, steps in proptest::collection::vec((0u64..3 * SECOND, any::<usize>()), 0..60)) {
            let addresses: Vec<SocketAddr> = (0..count).map(v4).collect();
            let mut attempts = attempts(&addresses, Some(SECOND));
            let (mut now, mut started, mut failed) = (0, 0, Vec::new());
            let mut last_start: Option<(u64, SocketAddr)> = None;
            for (wait, pick) in steps {
                loop {
                    match attempts.step(now) {
                        Step::Start(address) => {
                            prop_assert_eq!(address, addresses[started]);
                            if let Some((at, before)) = last_start {
                                prop_assert!(now >= at + SECOND || failed.contains(&before) || attempts.running().len() == 1);
                            }
                            last_start = Some((now, address));
                            started += 1;
                        }
                        Step::Wait(due) => {
                            prop_assert!(!attempts.running().is_empty());
                            prop_assert!(due.is_none_or(|due| due > now));
                            prop_assert_eq!(due.is_none(), started == addresses.len());
                            break;
                        }
                        Step::GiveUp => {
                            prop_assert_eq!(failed.len(), addresses.len());
                            return Ok(());
                        }
                    }
                }
                now += wait;
                if pick % 2 == 0 {
                    let address = attempts.running()[pick / 2 % attempts.running().len()];
                    refuse(&mut attempts, address);
                    failed.push(address);
                }
            }
        }
    }
}
