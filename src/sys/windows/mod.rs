//! Windows. Compiles and serves TCP through mio; signals wait for the issue that brings transport.dll.

use socket2::Socket;
use std::io;
use std::mem::ManuallyDrop;
use std::os::windows::io::{AsRawSocket, FromRawSocket, IntoRawSocket, RawSocket};
use std::sync::OnceLock;
use std::thread::{Builder, JoinHandle};
use std::time::Instant;

/// Windows knows no SIGPIPE.
pub const SEND_FLAGS: i32 = 0;

const WSAEAFNOSUPPORT: i32 = 10047;
const WSAEADDRNOTAVAIL: i32 = 10049;

pub fn monotonic_ns() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_nanos() as u64
}

pub fn raw_socket(socket: &impl AsRawSocket) -> i64 {
    socket.as_raw_socket() as i64
}

pub fn into_raw_socket(socket: impl IntoRawSocket) -> i64 {
    socket.into_raw_socket() as i64
}

/// The program's socket, not closed at the end of its scope. `None`: no socket can have that number.
pub fn borrow_socket(raw: i64) -> Option<ManuallyDrop<Socket>> {
    let socket = RawSocket::try_from(raw).ok().filter(|socket| *socket != RawSocket::MAX)?;
    // SAFETY: not INVALID_SOCKET; it is used for calls that answer WSAENOTSOCK if it is none.
    Some(ManuallyDrop::new(unsafe { Socket::from_raw_socket(socket) }))
}

/// SOCKETs that other programs made say themselves whether they are inherited.
pub fn close_on_exec(_socket: &Socket) -> io::Result<()> {
    Ok(())
}

/// Not here.
pub fn unix_address(_path: &[u8]) -> io::Result<socket2::SockAddr> {
    Err(io::ErrorKind::Unsupported.into())
}

pub fn unix_name(_address: &socket2::SockAddr) -> Option<String> {
    None
}

/// There are none: no server has a path.
#[derive(Debug)]
pub struct SocketFile;

impl SocketFile {
    pub fn of(_path: &[u8]) -> Option<Self> {
        None
    }

    pub fn remove_stale(_path: &[u8]) {}

    pub fn remove(self) {}
}

pub fn set_reuse_port(_socket: &socket2::Socket) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub fn is_in_progress(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
}

pub fn is_address_missing(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(WSAEADDRNOTAVAIL | WSAEAFNOSUPPORT))
}

pub fn thread_id() -> usize {
    #[repr(align(16))]
    struct Here(#[allow(dead_code)] u8);
    thread_local! { static HERE: Here = const { Here(0) }; }
    HERE.with(|here| std::ptr::from_ref(here) as usize)
}

pub fn spawn_quiet_thread(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    Builder::new().name(name.into()).spawn(work)
}

/// Windows does not fork.
pub fn on_fork_in_child(_function: extern "C" fn()) -> io::Result<()> {
    Ok(())
}

/// There are none yet: mio watches only sockets that it has made.
#[derive(Debug)]
pub struct Foreign;

pub fn foreign(_raw: i64) -> io::Result<Foreign> {
    Err(io::ErrorKind::Unsupported.into())
}

pub fn is_bad_descriptor(_error: &io::Error) -> bool {
    false
}

impl mio::event::Source for Foreign {
    fn register(&mut self, _: &mio::Registry, _: mio::Token, _: mio::Interest) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn reregister(&mut self, _: &mio::Registry, _: mio::Token, _: mio::Interest) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn deregister(&mut self, _: &mio::Registry) -> io::Result<()> {
        Ok(())
    }
}

pub mod signals {
    use mio::event::Source;
    use mio::{Interest, Registry, Token};
    use std::io;

    pub fn can_be_caught(_signum: i32) -> bool {
        false
    }

    pub fn subscribe(_tag: u8, _signum: i32) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn unsubscribe(_tag: u8, _signum: i32) {}

    pub fn forget_in_child() {}

    #[derive(Debug)]
    pub struct Watch;

    impl Watch {
        pub fn new(_tag: u8) -> io::Result<Self> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub fn take(&mut self) -> u64 {
            0
        }
    }

    impl Source for Watch {
        fn register(&mut self, _: &Registry, _: Token, _: Interest) -> io::Result<()> {
            Ok(())
        }

        fn reregister(&mut self, _: &Registry, _: Token, _: Interest) -> io::Result<()> {
            Ok(())
        }

        fn deregister(&mut self, _: &Registry) -> io::Result<()> {
            Ok(())
        }
    }
}
