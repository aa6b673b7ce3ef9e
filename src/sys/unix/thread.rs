//! Threads: telling them apart, starting quiet ones, and noticing a fork.

use std::io;
use std::mem::MaybeUninit;
use std::thread::{Builder, JoinHandle};

/// A number that no other living thread has: the thread pointer, one instruction. It is used again after the thread has
/// ended, so whoever remembers it must forget it then.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[inline(always)]
pub fn thread_id() -> usize {
    let id;
    // SAFETY: the x86-64 ABI keeps the thread control block's own address at fs:0 for the life of the thread.
    unsafe { std::arch::asm!("mov {}, fs:[0]", out(reg) id, options(nostack, pure, readonly, preserves_flags)) };
    id
}

#[cfg(all(target_os = "linux", target_arch = "aarch64"))]
#[inline(always)]
pub fn thread_id() -> usize {
    let id;
    // SAFETY: TPIDR_EL0 holds the thread pointer on Linux and can be read without privilege.
    unsafe { std::arch::asm!("mrs {}, tpidr_el0", out(reg) id, options(nostack, pure, nomem, preserves_flags)) };
    id
}

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
pub fn thread_id() -> usize {
    #[repr(align(16))]
    struct Here(#[allow(dead_code)] u8);
    thread_local! { static HERE: Here = const { Here(0) }; }
    HERE.with(|here| std::ptr::from_ref(here) as usize)
}

/// A thread with every signal blocked, so that the host's handlers run on the host's threads.
pub fn spawn_quiet_thread(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    let mut old = MaybeUninit::uninit();
    // SAFETY: both sets are ours; sigfillset and pthread_sigmask initialize what they are given.
    unsafe {
        let mut all = MaybeUninit::uninit();
        libc::sigfillset(all.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), old.as_mut_ptr());
    }
    let thread = Builder::new().name(name.into()).spawn(work);
    // SAFETY: `old` was filled by the call above.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, old.as_ptr(), std::ptr::null_mut()) };
    thread
}

/// Has `function` run in every child that is forked from now on. It may only do what a signal handler may.
pub fn on_fork_in_child(function: extern "C" fn()) -> io::Result<()> {
    // SAFETY: `function` is a plain function that lives as long as the library, which is never unloaded (-z nodelete).
    match unsafe {
        libc::pthread_atfork(None, None, Some(std::mem::transmute::<extern "C" fn(), unsafe extern "C" fn()>(function)))
    } {
        0 => Ok(()),
        code => Err(io::Error::from_raw_os_error(code)),
    }
}
