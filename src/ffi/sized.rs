//! Structs that C fills in and that may grow: each starts with its size.

use super::boundary::invalid;
use crate::core::error::Result;

/// # Safety
/// The type is `repr(C)`, its first field is `size: usize`, and all bytes zero is a value of it.
pub(super) unsafe trait SizedStruct: Copy {}

const LARGEST: usize = 4096;

/// Copies a sized struct in. Its size must be this release's, or larger with a tail of zeros: a program made for a later
/// release that uses nothing of it.
///
/// # Safety
/// `from` is NULL or points to as many readable bytes as its first word says.
pub(super) unsafe fn copy_in<T: SizedStruct>(from: *const T) -> Result<T> {
    let known = size_of::<T>();
    if from.is_null() {
        return Err(invalid("an options or protocol struct is NULL"));
    }
    if !from.is_aligned() {
        return Err(invalid("an options or protocol struct is not aligned"));
    }
    // SAFETY: not NULL and aligned, and the caller promises that at least the size can be read.
    let size = unsafe { from.cast::<usize>().read() };
    if size < known || size > LARGEST {
        return Err(invalid("a struct's size field is not one of this library's: set it to sizeof the struct"));
    }
    // SAFETY: the caller promises `size` readable bytes.
    let tail = unsafe { std::slice::from_raw_parts(from.cast::<u8>().add(known), size - known) };
    if tail.iter().any(|byte| *byte != 0) {
        return Err(invalid("a struct uses fields of a later release of this library"));
    }
    // SAFETY: `known` bytes are readable, and SizedStruct promises that any C-made value of them is one of T.
    Ok(unsafe { from.read() })
}

/// Writes a sized struct out, by the same rules for its size; a tail that this release does not know becomes zero.
///
/// # Safety
/// `to` is NULL or points to as many writable bytes as its first word says.
pub(super) unsafe fn copy_out<T: SizedStruct>(to: *mut T, value: impl FnOnce(usize) -> T) -> Result<()> {
    let known = size_of::<T>();
    if to.is_null() || !to.is_aligned() {
        return Err(invalid("out is NULL or not aligned"));
    }
    // SAFETY: not NULL and aligned, and the caller promises that at least the size can be read.
    let size = unsafe { to.cast::<usize>().read() };
    if size < known || size > LARGEST {
        return Err(invalid("the size field of *out is not one of this library's: set it to sizeof the struct"));
    }
    // SAFETY: the caller promises `size` writable bytes, of which `known` are T's.
    unsafe {
        to.write(value(size));
        to.cast::<u8>().add(known).write_bytes(0, size - known);
    }
    Ok(())
}
