//! One handler for the process that tells every loop that asked. The disposition found when the first loop asks is put
//! back when the last one stops asking.

use mio::event::Source;
use mio::net::UnixStream;
use mio::{Interest, Registry, Token};
use std::cell::UnsafeCell;
use std::io::{self, Read};
use std::mem::MaybeUninit;
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, AtomicUsize, Ordering};

/// Signal numbers are 1 to 64 on Linux, fewer elsewhere: one bit each.
const MAX_SIGNAL: i32 = 64;
const LOOPS: usize = 256;

/// By signal number: which loops (tags) asked for it.
static WANTED: [[AtomicU64; LOOPS / 64]; MAX_SIGNAL as usize + 1] =
    [const { [const { AtomicU64::new(0) }; LOOPS / 64] }; MAX_SIGNAL as usize + 1];

/// By tag: the signals that came, and where a byte wakes the loop (descriptor + 1; 0 none).
static ARRIVED: [AtomicU64; LOOPS] = [const { AtomicU64::new(0) }; LOOPS];
static WAKE: [AtomicI32; LOOPS] = [const { AtomicI32::new(0) }; LOOPS];

/// Handlers that run now, on any thread: a descriptor may only be closed when none may still write to it.
static RUNNING: AtomicUsize = AtomicUsize::new(0);

static CHANGING: ChangeLock = ChangeLock(AtomicBool::new(false));
static PREVIOUS: Previous = Previous([const { UnsafeCell::new(MaybeUninit::uninit()) }; MAX_SIGNAL as usize + 1]);

/// Dispositions from before, by signal number. Filled while WANTED has a bit for the number.
struct Previous([UnsafeCell<MaybeUninit<libc::sigaction>>; MAX_SIGNAL as usize + 1]);

// SAFETY: an entry is touched only under CHANGING, or in a forked child, which has one thread.
unsafe impl Sync for Previous {}

/// A spin lock and no Mutex, since a forked child must be able to open it.
struct ChangeLock(AtomicBool);

impl ChangeLock {
    fn with<T>(&self, change: impl FnOnce() -> T) -> T {
        while self.0.compare_exchange_weak(false, true, Ordering::Acquire, Ordering::Relaxed).is_err() {
            std::thread::yield_now();
        }
        let result = change();
        self.0.store(false, Ordering::Release);
        result
    }
}

pub fn can_be_caught(signum: i32) -> bool {
    (1..=MAX_SIGNAL).contains(&signum)
        && signum != libc::SIGKILL
        && signum != libc::SIGSTOP
        && !matches!(signum, 32 | 33 if cfg!(target_os = "linux")) // the C library's own
}

/// Runs in signal context: atomics and write(2) only.
extern "C" fn handler(signum: libc::c_int) {
    // SAFETY: errno's location is valid for the calling thread.
    let errno = unsafe { *errno_location() };
    RUNNING.fetch_add(1, Ordering::SeqCst);
    for (word, wanted) in WANTED[signum as usize].iter().enumerate() {
        let mut tags = wanted.load(Ordering::Acquire);
        while tags != 0 {
            let tag = word * 64 + tags.trailing_zeros() as usize;
            tags &= tags - 1;
            ARRIVED[tag].fetch_or(1 << (signum - 1), Ordering::AcqRel);
            let wake = WAKE[tag].load(Ordering::SeqCst) - 1;
            if wake >= 0 {
                // A full socket already wakes the loop.
                // SAFETY: one byte of a constant; the descriptor is open while WAKE names it.
                unsafe { libc::send(wake, b"!".as_ptr().cast(), 1, libc::MSG_DONTWAIT | super::SEND_FLAGS) };
            }
        }
    }
    RUNNING.fetch_sub(1, Ordering::SeqCst);
    // SAFETY: as above.
    unsafe { *errno_location() = errno };
}

unsafe fn errno_location() -> *mut libc::c_int {
    #[cfg(target_os = "linux")]
    // SAFETY: always callable.
    return unsafe { libc::__errno_location() };
    #[cfg(not(target_os = "linux"))]
    // SAFETY: always callable.
    return unsafe { libc::__error() };
}

fn anybody_wants(signum: i32) -> bool {
    WANTED[signum as usize].iter().any(|word| word.load(Ordering::Acquire) != 0)
}

fn bit(tag: u8) -> (usize, u64) {
    (tag as usize / 64, 1 << (tag % 64))
}

/// From now on the loop with this tag is told. The number was checked by `can_be_caught`.
pub fn subscribe(tag: u8, signum: i32) -> io::Result<()> {
    let (word, mask) = bit(tag);
    CHANGING.with(|| {
        let first = !anybody_wants(signum);
        WANTED[signum as usize][word].fetch_or(mask, Ordering::AcqRel);
        if first && let Err(error) = install(signum) {
            WANTED[signum as usize][word].fetch_and(!mask, Ordering::AcqRel);
            return Err(error);
        }
        Ok(())
    })
}

pub fn unsubscribe(tag: u8, signum: i32) {
    let (word, mask) = bit(tag);
    CHANGING.with(|| {
        WANTED[signum as usize][word].fetch_and(!mask, Ordering::AcqRel);
        ARRIVED[tag as usize].fetch_and(!(1 << (signum - 1)), Ordering::AcqRel);
        if !anybody_wants(signum) {
            restore(signum);
        }
    });
}

fn install(signum: i32) -> io::Result<()> {
    // SAFETY: an all-zero sigaction is valid; the handler keeps to what signal context allows; PREVIOUS is ours while
    // CHANGING is held.
    let result = unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as extern "C" fn(libc::c_int) as usize;
        action.sa_flags = libc::SA_RESTART; // V7
        libc::sigfillset(&mut action.sa_mask);
        libc::sigaction(signum, &action, (*PREVIOUS.0[signum as usize].get()).as_mut_ptr())
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Puts the old disposition back (V4), unless the host has replaced ours meanwhile.
fn restore(signum: i32) {
    // SAFETY: the entry was filled by `install`, which ran before WANTED was non-empty for the last time.
    unsafe {
        let mut now: libc::sigaction = std::mem::zeroed();
        let ours = libc::sigaction(signum, std::ptr::null(), &mut now) == 0
            && now.sa_sigaction == handler as extern "C" fn(libc::c_int) as usize;
        if ours {
            libc::sigaction(signum, (*PREVIOUS.0[signum as usize].get()).as_ptr(), std::ptr::null_mut());
        }
    }
}

/// In a forked child: the parent's loops must not hear of the child's signals, and the child has its old dispositions.
pub fn forget_in_child() {
    for signum in 1..=MAX_SIGNAL {
        if anybody_wants(signum) {
            WANTED[signum as usize].iter().for_each(|word| word.store(0, Ordering::Release));
            restore(signum);
        }
    }
    WAKE.iter().for_each(|wake| wake.store(0, Ordering::Release));
    RUNNING.store(0, Ordering::Release);
    CHANGING.0.store(false, Ordering::Release);
}

/// One loop's end: readable when a signal came.
#[derive(Debug)]
pub struct Watch {
    tag: u8,
    reader: UnixStream,
    /// Where the handler writes; open while WAKE names it.
    _writer: UnixStream,
}

impl Watch {
    pub fn new(tag: u8) -> io::Result<Self> {
        let (reader, writer) = UnixStream::pair()?;
        WAKE[tag as usize].store(writer.as_raw_fd() + 1, Ordering::Release);
        Ok(Watch { tag, reader, _writer: writer })
    }

    /// The signals that came since the last time, one bit each.
    pub fn take(&mut self) -> u64 {
        let mut bytes = [0; 64];
        while matches!(self.reader.read(&mut bytes), Ok(count) if count == bytes.len()) {}
        ARRIVED[self.tag as usize].swap(0, Ordering::AcqRel)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        WAKE[self.tag as usize].store(0, Ordering::SeqCst);
        while RUNNING.load(Ordering::SeqCst) > 0 {
            std::thread::yield_now();
        }
        ARRIVED[self.tag as usize].store(0, Ordering::Release);
    }
}

impl Source for Watch {
    fn register(&mut self, registry: &Registry, token: Token, interests: Interest) -> io::Result<()> {
        self.reader.register(registry, token, interests)
    }

    fn reregister(&mut self, registry: &Registry, token: Token, interests: Interest) -> io::Result<()> {
        self.reader.reregister(registry, token, interests)
    }

    fn deregister(&mut self, registry: &Registry) -> io::Result<()> {
        self.reader.deregister(registry)
    }
}
