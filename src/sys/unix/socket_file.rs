//! The file of a Unix socket: who made it removes it (L3, L4).

use socket2::SockAddr;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

/// The address for a path, or for an abstract name when it begins with a NUL.
pub fn unix_address(path: &[u8]) -> io::Result<SockAddr> {
    if path.first() == Some(&0) && !cfg!(any(target_os = "linux", target_os = "android")) {
        return Err(io::ErrorKind::Unsupported.into());
    }
    SockAddr::unix(OsStr::from_bytes(path))
}

/// The path of an address, or its abstract name with an @ before it, as ss(8) writes it.
pub fn unix_name(address: &SockAddr) -> Option<String> {
    let path = address.as_pathname().map(|path| path.display().to_string());
    path.or_else(|| Some(format!("@{}", String::from_utf8_lossy(address.as_abstract_namespace()?))))
}

/// A file as it was when its socket was bound.
#[derive(Debug)]
pub struct SocketFile {
    path: PathBuf,
    device: u64,
    inode: u64,
}

impl SocketFile {
    /// `None`: an abstract name, or no such file.
    pub fn of(path: &[u8]) -> Option<Self> {
        let path = named(path)?;
        let found = fs::symlink_metadata(path).ok()?;
        Some(SocketFile { path: path.to_owned(), device: found.dev(), inode: found.ino() })
    }

    /// Removes the socket file that an earlier program has left. Anything but a socket stays.
    pub fn remove_stale(path: &[u8]) {
        if let Some(path) = named(path)
            && fs::metadata(path).is_ok_and(|found| found.file_type().is_socket())
        {
            let _ = fs::remove_file(path);
        }
    }

    /// Unless another file has taken its place.
    pub fn remove(self) {
        if fs::symlink_metadata(&self.path).is_ok_and(|found| found.dev() == self.device && found.ino() == self.inode) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn named(path: &[u8]) -> Option<&Path> {
    (!path.is_empty() && path[0] != 0).then(|| Path::new(OsStr::from_bytes(path)))
}
