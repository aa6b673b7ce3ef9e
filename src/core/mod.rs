//! State machines: what a transport is allowed to do next. No sockets, no C, no clock: bytes and time are arguments.

pub mod connect;
pub mod error;
pub mod sending;
pub mod stream;
pub mod timers;
pub mod write_queue;
