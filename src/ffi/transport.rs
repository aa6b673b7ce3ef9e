//! Transports: writing, reading, ending, flow control, extra info.

use super::boundary::{bytes, invalid, not_supported, on_transport, value};
use super::dispatch::{Owned, follow_flow, handle, ticket};
use super::event_loop::transport_loop_t;
use super::protocol::*;
use super::registry::{self, Held};
use super::status::transport_status_t;
use crate::core::error::{Error, Result, Status};
use crate::reactor::Ticket;
use socket2::SockAddr;
use std::ffi::{CStr, c_char, c_void};

/// A stream, datagram endpoint, pipe or subprocess; in this release a TCP connection. Valid from its connection_made until
/// its connection_lost has returned; after that every call answers TRANSPORT_EHANDLE.
pub struct transport_t {
    _opaque: [u8; 0],
}

/// One piece of a writelines. Frozen.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct transport_slice_t {
    pub data: *const c_void,
    pub len: usize,
}

pub const TRANSPORT_VALUE_NONE: i32 = 0;
pub const TRANSPORT_VALUE_INT: i32 = 1;
pub const TRANSPORT_VALUE_TEXT: i32 = 2;
pub const TRANSPORT_VALUE_BYTES: i32 = 3;
pub const TRANSPORT_VALUE_ADDRESS: i32 = 4;
pub const TRANSPORT_VALUE_CIPHER: i32 = 5;
pub const TRANSPORT_VALUE_POINTER: i32 = 6;

/// What transport_get_extra_info answers. Frozen; written by the library only. What it points to is borrowed: valid until
/// the outermost callback returns, or, when got outside callbacks, until the loop next runs or is freed.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct transport_value_t {
    /// TRANSPORT_VALUE_*.
    pub kind: i32,
    /// CIPHER: secret bits.
    pub bits: i32,
    /// INT: descriptor, pid, 0 or 1.
    pub number: i64,
    /// TEXT (UTF-8, NUL behind), BYTES, ADDRESS (struct sockaddr), CIPHER (its name), POINTER.
    pub data: *const c_void,
    /// Bytes at data.
    pub len: usize,
    /// CIPHER: "TLSv1.3".
    pub protocol: *const c_char,
    pub reserved: [u64; 3],
}

/// A live transport, or EHANDLE.
#[inline(always)]
fn require(held: &mut Held, transport: Ticket) -> Result<()> {
    if held.get().reactor.has_stream(transport) { Ok(()) } else { Err(Status::Handle.into()) }
}

/// A failure that must not hide a stale handle (the order of api.md: EHANDLE comes before ENOTSUP and EINVAL).
#[cold]
fn refuse(held: &mut Held, transport: Ticket, error: Error) -> Result<()> {
    require(held, transport)?;
    Err(error)
}

// ---- ending ----------------------------------------------------------------------------------------------------------------

/// True as soon as the transport is closed, aborted or has failed, also inside the callback in which that happened; true
/// for a dead handle. Rule B2.
#[unsafe(no_mangle)]
pub extern "C" fn transport_is_closing(transport: *const transport_t) -> bool {
    value("transport_is_closing", true, || {
        let mut held = registry::enter(ticket(transport))?;
        require(&mut held, ticket(transport))?;
        Ok(held.get().reactor.is_closing(ticket(transport)))
    })
}

/// Closes once everything written is sent. Nothing is received any more; connection_lost(NULL) follows from the loop. A
/// second close does nothing. There is no time limit. Closing over input that was not read may make the kernel reset the
/// connection, so that the peer can miss the last bytes: read until eof_received where that matters. Rules B1 to B7.
#[unsafe(no_mangle)]
pub extern "C" fn transport_close(transport: *mut transport_t) -> transport_status_t {
    on_transport("transport_close", ticket(transport), |held| Ok(held.get().reactor.close(ticket(transport))?))
}

/// Closes now; what was not sent is dropped. connection_lost(NULL) follows from the loop. After close it drops the rest.
/// Rules B8 to B10.
#[unsafe(no_mangle)]
pub extern "C" fn transport_abort(transport: *mut transport_t) -> transport_status_t {
    on_transport("transport_abort", ticket(transport), |held| Ok(held.get().reactor.abort(ticket(transport))?))
}

/// As transport_abort, and the peer sees a reset (RST) instead of an end of stream. TRANSPORT_EIO: the system refused;
/// the transport goes on.
#[unsafe(no_mangle)]
pub extern "C" fn transport_reset(transport: *mut transport_t) -> transport_status_t {
    on_transport("transport_reset", ticket(transport), |held| held.get().reactor.reset(ticket(transport)))
}

/// Gives the socket back to the program, non-blocking and close-on-exec, with whatever it has not delivered yet still in
/// it; connection_lost(NULL) follows from the loop. TRANSPORT_ENOTSUP: transport_pair; TRANSPORT_EINVAL: socket is NULL;
/// TRANSPORT_ESTATE: bytes wait to be sent; TRANSPORT_ECLOSED: closing or lost.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_detach(transport: *mut transport_t, socket: *mut os_handle) -> transport_status_t {
    on_transport("transport_detach", ticket(transport), |held| {
        if socket.is_null() {
            return refuse(held, ticket(transport), invalid("socket is NULL"));
        }
        let raw = held.get().reactor.detach(ticket(transport))?;
        // SAFETY: not NULL, and the caller's to be written.
        unsafe { socket.write(raw as os_handle) };
        Ok(())
    })
}

// ---- writing ---------------------------------------------------------------------------------------------------------------

/// Sends len bytes, or queues what the system does not take; never blocks. The bytes are the caller's again when it
/// returns. Inside a callback small writes are gathered and leave in one system call when the callback returns, as if each
/// had been tried at once. May run pause_writing before it returns. len 0 does nothing, and data may be NULL then.
///
/// TRANSPORT_EINVAL: data is NULL; TRANSPORT_ESTATE: after write_eof; TRANSPORT_ECLOSED: closing or lost, nothing was
/// queued; TRANSPORT_ELIMIT: beyond write_buffer_cap, nothing was sent; TRANSPORT_ENOMEM: nothing was sent, or the
/// transport is aborted. A failed connection is TRANSPORT_OK: connection_lost tells why. Rules D1 to D8, D22, E4, E8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_write(
    transport: *mut transport_t,
    data: *const c_void,
    len: usize,
) -> transport_status_t {
    on_transport("transport_write", ticket(transport), |held| {
        let transport = ticket(transport);
        // SAFETY: the caller's promise: `data` is NULL or `len` readable bytes.
        let Some(data) = (unsafe { bytes(data, len) }) else {
            return refuse(held, transport, invalid("data is NULL, or len absurd"));
        };
        let flow = held.get().reactor.write(transport, data)?;
        follow_flow(held, transport, flow);
        Ok(())
    })
}

/// As transport_write of each of count slices in turn, in one system call at most. slices may be NULL when count is 0.
/// Rules D10, D11.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_writelines(
    transport: *mut transport_t,
    slices: *const transport_slice_t,
    count: usize,
) -> transport_status_t {
    on_transport("transport_writelines", ticket(transport), |held| {
        let transport = ticket(transport);
        // SAFETY: the caller's promise: NULL, or `count` readable slices.
        let Some(slices) = (unsafe { list(slices, count) }) else {
            return refuse(held, transport, invalid("slices is NULL, or count absurd"));
        };
        let mut total = 0usize;
        for slice in slices {
            // SAFETY: the caller's promise for each slice.
            let piece = unsafe { bytes(slice.data, slice.len) }.and_then(|piece| total.checked_add(piece.len()));
            match piece {
                Some(sum) if sum <= isize::MAX as usize => total = sum,
                _ => return refuse(held, transport, invalid("a slice's data is NULL, or the lengths are absurd")),
            }
        }
        // SAFETY: as above; each slice was checked.
        let pieces = slices.iter().map(|slice| unsafe { bytes(slice.data, slice.len) }.unwrap_or(&[]));
        let flow = held.get().reactor.write_pieces(transport, total, pieces)?;
        follow_flow(held, transport, flow);
        Ok(())
    })
}

/// # Safety
/// `slices` is NULL or points to `count` readable slices.
unsafe fn list<'a>(slices: *const transport_slice_t, count: usize) -> Option<&'a [transport_slice_t]> {
    if count == 0 {
        return Some(&[]);
    }
    if slices.is_null() || !slices.is_aligned() || count > isize::MAX as usize / size_of::<transport_slice_t>() {
        return None;
    }
    // SAFETY: the caller's promise, and the size fits.
    Some(unsafe { std::slice::from_raw_parts(slices, count) })
}

/// As transport_write without a copy: on TRANSPORT_OK the library refers to the bytes, which must not change, until it
/// calls release(arg), exactly once, from the loop, before connection_lost at the latest. On any other status the bytes
/// stay the caller's and release is never called. A NULL release: the bytes live for ever.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_write_owned(
    transport: *mut transport_t,
    data: *const c_void,
    len: usize,
    release: transport_release_t,
    arg: *mut c_void,
) -> transport_status_t {
    on_transport("transport_write_owned", ticket(transport), |held| {
        let transport = ticket(transport);
        // SAFETY: the caller's promise: `data` is NULL or `len` readable bytes.
        if unsafe { bytes(data, len) }.is_none() {
            return refuse(held, transport, invalid("data is NULL, or len absurd"));
        }
        let owned = Owned { data, len, release, arg };
        let flow = held.get().reactor.write_owned(transport, owned).map_err(|(status, _)| status)?;
        follow_flow(held, transport, flow);
        Ok(())
    })
}

/// Ends the stream to the peer once everything written is sent (TCP: FIN); reading goes on. A second call, and one after
/// close, do nothing. Rules D12 to D16.
#[unsafe(no_mangle)]
pub extern "C" fn transport_write_eof(transport: *mut transport_t) -> transport_status_t {
    on_transport("transport_write_eof", ticket(transport), |held| {
        Ok(held.get().reactor.write_eof(ticket(transport))?)
    })
}

/// True when transport_write_eof works on this kind of transport: TCP. False for a dead handle. Rule D17.
#[unsafe(no_mangle)]
pub extern "C" fn transport_can_write_eof(transport: *const transport_t) -> bool {
    value("transport_can_write_eof", false, || {
        let mut held = registry::enter(ticket(transport))?;
        require(&mut held, ticket(transport))?;
        Ok(true)
    })
}

/// Answers the bytes written that the system has not taken yet, after trying those gathered in this callback. 0 for a dead
/// handle. Rule D18.
#[unsafe(no_mangle)]
pub extern "C" fn transport_get_write_buffer_size(transport: *const transport_t) -> usize {
    value("transport_get_write_buffer_size", 0, || {
        let mut held = registry::enter(ticket(transport))?;
        require(&mut held, ticket(transport))?;
        Ok(held.get().reactor.write_buffer_size(ticket(transport)))
    })
}

/// Answers the water marks in bytes. high and low may be NULL. Rule E1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_get_write_buffer_limits(
    transport: *const transport_t,
    high: *mut usize,
    low: *mut usize,
) -> transport_status_t {
    on_transport("transport_get_write_buffer_limits", ticket(transport), |held| {
        let limits = held.get().reactor.write_buffer_limits(ticket(transport))?;
        // SAFETY: each is NULL or the caller's to be written.
        unsafe {
            super::boundary::store(high, limits.0);
            super::boundary::store(low, limits.1);
        }
        Ok(())
    })
}

/// Sets the water marks in bytes: pause_writing when strictly more than high waits, resume_writing when low or less is
/// left. TRANSPORT_DEFAULT derives one from the other (low = high / 4, high = 4 * low), both: 64 KiB and 16 KiB. Runs
/// pause_writing before it returns when more than the new high waits already; raising the marks does not resume.
/// TRANSPORT_EINVAL: low > high; nothing changes. Rules E2, E3, E10.
#[unsafe(no_mangle)]
pub extern "C" fn transport_set_write_buffer_limits(
    transport: *mut transport_t,
    high: usize,
    low: usize,
) -> transport_status_t {
    on_transport("transport_set_write_buffer_limits", ticket(transport), |held| {
        let transport = ticket(transport);
        let given = |mark: usize| (mark != usize::MAX).then_some(mark);
        let flow = held.get().reactor.set_write_buffer_limits(transport, given(high), given(low))?;
        follow_flow(held, transport, flow);
        Ok(())
    })
}

// ---- reading ---------------------------------------------------------------------------------------------------------------

/// Stops data_received until transport_resume_reading. What arrives stays in the kernel, whose window then slows the peer
/// down; the peer's end of stream and errors wait too. Idempotent; nothing on a closing transport. Rules C5, C7, C9.
#[unsafe(no_mangle)]
pub extern "C" fn transport_pause_reading(transport: *mut transport_t) -> transport_status_t {
    on_transport("transport_pause_reading", ticket(transport), |held| {
        Ok(held.get().reactor.pause_reading(ticket(transport))?)
    })
}

/// Ends transport_pause_reading. Never delivers inside the call. Idempotent; nothing on a closing transport. Rule C6.
#[unsafe(no_mangle)]
pub extern "C" fn transport_resume_reading(transport: *mut transport_t) -> transport_status_t {
    on_transport("transport_resume_reading", ticket(transport), |held| {
        Ok(held.get().reactor.resume_reading(ticket(transport))?)
    })
}

/// True unless paused, closing or behind the peer's end of stream; false for a dead handle. Rules C8, C12.
#[unsafe(no_mangle)]
pub extern "C" fn transport_is_reading(transport: *const transport_t) -> bool {
    value("transport_is_reading", false, || {
        let mut held = registry::enter(ticket(transport))?;
        require(&mut held, ticket(transport))?;
        Ok(held.get().reactor.is_reading(ticket(transport)))
    })
}

// ---- what it is ------------------------------------------------------------------------------------------------------------

/// From the next callback on another protocol is told. Neither connection_made for the new one nor connection_lost for the
/// old one; a paused transport stays paused, so the new protocol may get resume_writing first. The table is copied.
/// TRANSPORT_EINVAL: protocol is NULL or malformed. Rules I1, I2.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_set_protocol(
    transport: *mut transport_t,
    protocol: *const transport_protocol_t,
    user: *mut c_void,
) -> transport_status_t {
    on_transport("transport_set_protocol", ticket(transport), |held| {
        require(held, ticket(transport))?;
        // SAFETY: the caller's promise for a sized struct of callbacks.
        let protocol = unsafe { Protocol::copy_in(protocol, user) }?;
        Ok(held.get().reactor.set_protocol(ticket(transport), protocol)?)
    })
}

/// Answers the protocol's user pointer; NULL for a dead handle. Rule I3.
#[unsafe(no_mangle)]
pub extern "C" fn transport_get_protocol(transport: *const transport_t) -> *mut c_void {
    value("transport_get_protocol", std::ptr::null_mut(), || {
        let mut held = registry::enter(ticket(transport))?;
        require(&mut held, ticket(transport))?;
        Ok(held.get().reactor.protocol(ticket(transport)).map_or(std::ptr::null_mut(), |protocol| protocol.user))
    })
}

/// Answers the loop of a transport; NULL for a dead handle.
#[unsafe(no_mangle)]
pub extern "C" fn transport_get_loop(transport: *const transport_t) -> *mut transport_loop_t {
    value("transport_get_loop", std::ptr::null_mut(), || {
        let mut held = registry::enter(ticket(transport))?;
        require(&mut held, ticket(transport))?;
        Ok(handle(held.get().reactor.ticket()))
    })
}

const NO_VALUE: transport_value_t = transport_value_t {
    kind: TRANSPORT_VALUE_NONE,
    bits: 0,
    number: 0,
    data: std::ptr::null(),
    len: 0,
    protocol: std::ptr::null(),
    reserved: [0; 3],
};

/// Answers facts about a transport, by asyncio's names: "peername" and "sockname" (ADDRESS), "socket" (INT: the
/// descriptor, which stays the library's). Unknown or absent: TRANSPORT_OK and NONE. What *out points to is borrowed; see
/// transport_value_t. Works inside connection_lost too. TRANSPORT_EINVAL: name or out is NULL. Rules H1 to H4.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transport_get_extra_info(
    transport: *const transport_t,
    name: *const c_char,
    out: *mut transport_value_t,
) -> transport_status_t {
    on_transport("transport_get_extra_info", ticket(transport), |held| {
        let transport = ticket(transport);
        require(held, transport)?;
        if name.is_null() || out.is_null() {
            return Err(invalid("name or out is NULL"));
        }
        // SAFETY: not NULL, and the caller's NUL-terminated text.
        let name = unsafe { CStr::from_ptr(name) };
        let reactor = &held.get().reactor;
        let value = match name.to_bytes() {
            b"peername" => reactor.peer_address(transport).map(|address| lend_address(held, address)),
            b"sockname" => reactor.local_address(transport).map(|address| lend_address(held, address)),
            b"socket" => reactor.raw_socket(transport).map(|number| transport_value_t {
                kind: TRANSPORT_VALUE_INT,
                number,
                ..NO_VALUE
            }),
            _ => None,
        };
        // SAFETY: not NULL, and the caller's to be written.
        unsafe { out.write(value.unwrap_or(NO_VALUE)) };
        Ok(())
    })
}

fn lend_address(held: &mut Held, address: SockAddr) -> transport_value_t {
    let address = Box::new(address);
    let (data, len) = (address.as_ptr().cast(), address.len() as usize);
    held.get().borrowed.push(address);
    transport_value_t { kind: TRANSPORT_VALUE_ADDRESS, data, len, ..NO_VALUE }
}

/// Sends a file. Not in this release: TRANSPORT_ENOTSUP.
#[unsafe(no_mangle)]
pub extern "C" fn transport_sendfile(
    transport: *mut transport_t,
    _file: os_handle,
    _offset: u64,
    _count: u64,
    _done: transport_sent_t,
    _arg: *mut c_void,
) -> transport_status_t {
    on_transport("transport_sendfile", ticket(transport), |held| {
        refuse(held, ticket(transport), not_supported("sendfile is not in this release"))
    })
}

/// As `refuse`, for the functions of other kinds of transports.
pub(super) fn not_this_kind(
    name: &'static str,
    transport: *const transport_t,
    message: &'static str,
) -> transport_status_t {
    on_transport(name, ticket(transport), |held| refuse(held, ticket(transport), not_supported(message)))
}
