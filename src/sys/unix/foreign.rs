//! Descriptors of the program's that the poller may watch.

use mio::event::Source;
use mio::unix::SourceFd;
use mio::{Interest, Registry, Token};
use std::io;
use std::os::fd::RawFd;

/// Never closed here.
#[derive(Debug)]
pub struct Foreign(RawFd);

pub fn foreign(raw: i64) -> io::Result<Foreign> {
    match RawFd::try_from(raw) {
        Ok(fd) if fd >= 0 => Ok(Foreign(fd)),
        _ => Err(io::Error::from_raw_os_error(libc::EBADF)),
    }
}

pub fn is_bad_descriptor(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::EBADF)
}

impl Source for Foreign {
    fn register(&mut self, registry: &Registry, token: Token, interests: Interest) -> io::Result<()> {
        SourceFd(&self.0).register(registry, token, interests)
    }

    fn reregister(&mut self, registry: &Registry, token: Token, interests: Interest) -> io::Result<()> {
        SourceFd(&self.0).reregister(registry, token, interests)
    }

    fn deregister(&mut self, registry: &Registry) -> io::Result<()> {
        SourceFd(&self.0).deregister(registry)
    }
}
