//! What a loop holds and has done, for people and for counters; and the explanations of `debug`.

use super::boundary::{invalid, on_loop, on_transport};
use super::dispatch::{CallbackScope, ticket};
use super::event_loop::{TRANSPORT_LOG_INFO, transport_loop_t};
use super::protocol::transport_log_t;
use super::sized::{self, SizedStruct};
use super::status::transport_status_t;
use super::transport::transport_t;
use crate::core::error::Status;
use std::ffi::{CString, c_void};

/// What transport_loop_stats answers. Fields are appended in later releases.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct transport_loop_stats_t {
    /// sizeof(transport_loop_stats_t), set by the caller.
    pub size: usize,
    /// Since the loop was made: turns run, callbacks run from it, bytes received and sent by all transports.
    pub turns: u64,
    pub callbacks: u64,
    pub bytes_received: u64,
    pub bytes_sent: u64,
    /// Since the loop was made: transports, by any way.
    pub transports_made: u64,
    /// Now: transports, servers, requests, timers, and calls queued for the next turn.
    pub transports: u64,
    pub servers: u64,
    pub requests: u64,
    pub timers: u64,
    pub queued: u64,
}

// SAFETY: repr(C), size first, and all-zero is a value.
unsafe impl SizedStruct for transport_loop_stats_t {}

/// What transport_stats answers. Fields are appended in later releases.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct transport_stats_t {
    /// sizeof(transport_stats_t), set by the caller.
    pub size: usize,
    /// Bytes delivered to the protocol, and bytes that the system has taken.
    pub bytes_received: u64,
    pub bytes_sent: u64,
    /// Bytes that wait to be sent, those gathered in the running callback included.
    pub bytes_queued: u64,
}

// SAFETY: repr(C), size first, and all-zero is a value.
unsafe impl SizedStruct for transport_stats_t {}

/// Answers what a loop has done and what it holds. out->size is to be set; see transport_loop_stats_t. Counting costs next
/// to nothing and is always on. TRANSPORT_EINVAL: out is NULL, or its size is none of this library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_loop_stats(
    r#loop: *const transport_loop_t,
    out: *mut transport_loop_stats_t,
) -> transport_status_t {
    on_loop("transport_loop_stats", ticket(r#loop), |held| {
        let reactor = &held.get().reactor;
        let (counters, holdings) = (reactor.counters(), reactor.holdings());
        let stats = |size| transport_loop_stats_t {
            size,
            turns: counters.turns,
            callbacks: counters.events,
            bytes_received: counters.received,
            bytes_sent: counters.sent,
            transports_made: counters.made,
            transports: holdings.transports as u64,
            servers: holdings.servers as u64,
            requests: holdings.requests as u64,
            timers: holdings.timers as u64,
            queued: holdings.queued as u64,
        };
        // SAFETY: the caller's promise for a sized struct that can be written.
        unsafe { sized::copy_out(out, stats) }
    })
}

/// Answers the bytes of one transport. out->size is to be set; see transport_stats_t. TRANSPORT_EINVAL: out is NULL, or its
/// size is none of this library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_stats(
    transport: *const transport_t,
    out: *mut transport_stats_t,
) -> transport_status_t {
    on_transport("transport_stats", ticket(transport), |held| {
        let (received, sent, queued) = held.get().reactor.traffic(ticket(transport)).ok_or(Status::Handle)?;
        let stats =
            |size| transport_stats_t { size, bytes_received: received, bytes_sent: sent, bytes_queued: queued as u64 };
        // SAFETY: the caller's promise for a sized struct that can be written.
        unsafe { sized::copy_out(out, stats) }
    })
}

/// Calls fn(arg, TRANSPORT_LOG_INFO, line) for each thing that keeps the loop from being idle: transports and servers with
/// their addresses and states, requests, timers, queued calls. Runs fn before it returns, and nothing else does; the lines
/// are collected first, so fn may call anything. No line: the loop is idle. TRANSPORT_EINVAL: fn is NULL.
#[unsafe(no_mangle)]
pub extern "C" fn transport_loop_dump(
    r#loop: *const transport_loop_t,
    r#fn: transport_log_t,
    arg: *mut c_void,
) -> transport_status_t {
    on_loop("transport_loop_dump", ticket(r#loop), |held| {
        let function = r#fn.ok_or(invalid("fn is NULL"))?;
        let _inside = CallbackScope::enter();
        for line in held.get().reactor.describe_all() {
            let line = CString::new(line.replace('\0', "@")).unwrap_or_default();
            // SAFETY: the program's function and the argument it gave with it; nothing is borrowed.
            unsafe { function(arg, TRANSPORT_LOG_INFO, line.as_ptr()) };
        }
        Ok(())
    })
}
