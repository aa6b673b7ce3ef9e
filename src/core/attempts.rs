//! The addresses of a name, tried one after the other until one connects (J3). Remembers why each failed, so that the
//! error can name them all (J8).

use super::error::{self, Error, Status};
use std::collections::VecDeque;
use std::net::SocketAddr;

#[derive(Debug)]
pub struct Attempts {
    addresses: VecDeque<SocketAddr>,
    failures: Vec<Error>,
}

impl Attempts {
    /// `addresses` in resolver order; the same one twice is tried once.
    pub fn new(addresses: Vec<SocketAddr>) -> Self {
        let mut unique = VecDeque::with_capacity(addresses.len());
        for address in addresses {
            if !unique.contains(&address) {
                unique.push_back(address);
            }
        }
        Attempts { addresses: unique, failures: Vec::new() }
    }

    /// The next address to try.
    pub fn next_address(&mut self) -> Option<SocketAddr> {
        self.addresses.pop_front()
    }

    pub fn failed(&mut self, address: SocketAddr, error: &std::io::Error) {
        self.failures.push(Error::io(&format!("connect to {address}"), error));
    }

    /// Why none connected.
    pub fn into_error(self) -> Error {
        error::join(&self.failures)
            .unwrap_or_else(|| Error::new(Status::Resolve, "the name has no address of the family asked for"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn tries_each_address_once_and_lists_every_failure() {
        let a: SocketAddr = "127.0.0.1:1".parse().expect("address");
        let b: SocketAddr = "[::1]:1".parse().expect("address");
        let mut attempts = Attempts::new(vec![a, b, a]);
        while let Some(address) = attempts.next_address() {
            attempts.failed(address, &io::Error::from_raw_os_error(111));
        }
        let error = attempts.into_error();
        assert_eq!(error.os_code, 111);
        assert!(error.message.contains("connect to 127.0.0.1:1: "));
        assert!(error.message.contains("; connect to [::1]:1: "));
        assert_eq!(error.message.matches("127.0.0.1").count(), 1);
    }

    #[test]
    fn no_address_at_all_is_a_resolver_error() {
        assert_eq!(Attempts::new(Vec::new()).into_error().status, Status::Resolve);
    }
}
