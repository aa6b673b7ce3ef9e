//! Linux, macOS and the BSDs.

mod foreign;
pub mod signals;
mod socket_file;
mod thread;

pub use foreign::{Foreign, foreign, is_bad_descriptor};
pub use socket_file::{SocketFile, unix_address, unix_name};
pub use thread::{on_fork_in_child, spawn_quiet_thread, thread_id};

use socket2::Socket;
use std::io;
use std::mem::ManuallyDrop;
use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd, RawFd};

/// No SIGPIPE, whatever the host has set (D7). Where the flag is missing, mio has set SO_NOSIGPIPE on the socket.
#[cfg(not(target_vendor = "apple"))]
pub const SEND_FLAGS: i32 = libc::MSG_NOSIGNAL;
#[cfg(target_vendor = "apple")]
pub const SEND_FLAGS: i32 = 0;

pub fn monotonic_ns() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is ours and valid; the clock exists on every system this file is compiled for.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

pub fn raw_socket(socket: &impl AsRawFd) -> i64 {
    socket.as_raw_fd().into()
}

pub fn into_raw_socket(socket: impl IntoRawFd) -> i64 {
    socket.into_raw_fd().into()
}

/// The program's socket, not closed at the end of its scope. `None`: no descriptor can have that number.
pub fn borrow_socket(raw: i64) -> Option<ManuallyDrop<Socket>> {
    let fd = RawFd::try_from(raw).ok().filter(|fd| *fd >= 0)?;
    // SAFETY: the number is one that a descriptor can have; it is used for calls that answer EBADF if it is none.
    Some(ManuallyDrop::new(unsafe { Socket::from_raw_fd(fd) }))
}

pub fn close_on_exec(socket: &Socket) -> io::Result<()> {
    socket.set_cloexec(true)
}

pub fn set_reuse_port(socket: &socket2::Socket) -> io::Result<()> {
    socket.set_reuse_port(true)
}

/// A connection attempt has begun and nothing is wrong so far.
pub fn is_in_progress(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EINPROGRESS | libc::EINTR)) // J12
}

/// This machine has no such address, or not the family: a server goes on with its others (K7).
pub fn is_address_missing(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EADDRNOTAVAIL | libc::EAFNOSUPPORT))
}
