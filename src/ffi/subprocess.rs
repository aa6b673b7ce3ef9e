//! Subprocesses: declared so that programs can be compiled against the whole contract; not in this release.

use super::boundary::{not_supported, on_loop, value};
use super::dispatch::ticket;
use super::event_loop::transport_loop_t;
use super::protocol::{os_handle, transport_protocol_t};
use super::registry;
use super::status::transport_status_t;
use super::transport::{not_this_kind, transport_t};
use crate::core::error::{Result, Status};
use std::ffi::{c_char, c_int, c_void};

const LATER: &str = "subprocesses are not in this release";

pub const TRANSPORT_STDIO_PIPE: i32 = 0;
pub const TRANSPORT_STDIO_INHERIT: i32 = 1;
pub const TRANSPORT_STDIO_NULL: i32 = 2;
pub const TRANSPORT_STDIO_STDOUT: i32 = 3;
pub const TRANSPORT_STDIO_FD: i32 = 4;

/// Options of transport_subprocess_exec and _shell, which are not in this release.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct transport_subprocess_options_t {
    pub size: usize,
    /// Ends with NULL; argv[0] is looked up in PATH.
    pub argv: *const *const c_char,
    /// NULL: inherit.
    pub envp: *const *const c_char,
    /// NULL: inherit.
    pub cwd: *const c_char,
    pub stdin_mode: c_int,
    pub stdout_mode: c_int,
    pub stderr_mode: c_int,
    /// For TRANSPORT_STDIO_FD.
    pub stdin_fd: os_handle,
    pub stdout_fd: os_handle,
    pub stderr_fd: os_handle,
    /// Switches, off by default.
    pub new_session: c_int,
    pub new_process_group: c_int,
    /// Switches: use the three below.
    pub set_uid: c_int,
    pub set_gid: c_int,
    pub set_umask: c_int,
    pub uid: u32,
    pub gid: u32,
    pub umask: u32,
    pub pass_fds: *const os_handle,
    pub pass_fds_count: usize,
}

/// Starts a program. Not in this release: TRANSPORT_ENOTSUP.
#[unsafe(no_mangle)]
pub extern "C" fn transport_subprocess_exec(
    r#loop: *mut transport_loop_t,
    _options: *const transport_subprocess_options_t,
    _protocol: *const transport_protocol_t,
    _user: *mut c_void,
    _out: *mut *mut transport_t,
) -> transport_status_t {
    on_loop("transport_subprocess_exec", ticket(r#loop), |_| Err(not_supported(LATER)))
}

/// Starts a shell command. Not in this release: TRANSPORT_ENOTSUP.
#[unsafe(no_mangle)]
pub extern "C" fn transport_subprocess_shell(
    r#loop: *mut transport_loop_t,
    _command: *const c_char,
    _options: *const transport_subprocess_options_t,
    _protocol: *const transport_protocol_t,
    _user: *mut c_void,
    _out: *mut *mut transport_t,
) -> transport_status_t {
    on_loop("transport_subprocess_shell", ticket(r#loop), |_| Err(not_supported(LATER)))
}

/// No transport of this release is a process: a live one is told so, a dead one that it is dead.
fn no_process<T>(transport: *const transport_t) -> Result<T> {
    let mut held = registry::enter(ticket(transport))?;
    let live = held.get().reactor.has_stream(ticket(transport));
    Err(if live { Status::NotSupported } else { Status::Handle }.into())
}

/// Answers the process id of a subprocess; -1 for any other transport and for a dead handle.
#[unsafe(no_mangle)]
pub extern "C" fn transport_get_pid(transport: *const transport_t) -> i64 {
    value("transport_get_pid", -1, || no_process(transport))
}

/// Answers how a subprocess ended. A stream answers TRANSPORT_ENOTSUP, and this release has streams only.
#[unsafe(no_mangle)]
pub extern "C" fn transport_get_returncode(transport: *const transport_t, _returncode: *mut i64) -> transport_status_t {
    not_this_kind("transport_get_returncode", transport, LATER)
}

/// Answers the transport of a subprocess's pipe; NULL for any other transport and for a dead handle.
#[unsafe(no_mangle)]
pub extern "C" fn transport_get_pipe_transport(transport: *const transport_t, _fd: c_int) -> *mut transport_t {
    value("transport_get_pipe_transport", std::ptr::null_mut(), || no_process(transport))
}

/// Sends a signal to a subprocess. A stream answers TRANSPORT_ENOTSUP, and this release has streams only.
#[unsafe(no_mangle)]
pub extern "C" fn transport_send_signal(transport: *mut transport_t, _signum: c_int) -> transport_status_t {
    not_this_kind("transport_send_signal", transport, LATER)
}

/// Asks a subprocess to end. A stream answers TRANSPORT_ENOTSUP, and this release has streams only.
#[unsafe(no_mangle)]
pub extern "C" fn transport_terminate(transport: *mut transport_t) -> transport_status_t {
    not_this_kind("transport_terminate", transport, LATER)
}

/// Ends a subprocess. A stream answers TRANSPORT_ENOTSUP, and this release has streams only.
#[unsafe(no_mangle)]
pub extern "C" fn transport_kill(transport: *mut transport_t) -> transport_status_t {
    not_this_kind("transport_kill", transport, LATER)
}
