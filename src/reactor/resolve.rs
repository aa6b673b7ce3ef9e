//! Names to addresses and back: numeric hosts at once, the rest by the system's resolver, which blocks its thread.

use crate::core::error::{Error, Result, Status};
use dns_lookup::{AddrFamily, AddrInfoHints, SockType, getaddrinfo};
use std::io;
use std::net::{IpAddr, SocketAddr};

/// Which address families an answer may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Any,
    V4,
    V6,
}

impl Family {
    pub fn allows(self, ip: IpAddr) -> bool {
        match self {
            Family::Any => true,
            Family::V4 => ip.is_ipv4(),
            Family::V6 => ip.is_ipv6(),
        }
    }
}

/// An address that needs no look-up (J2). A scope ("fe80::1%eth0") does need one.
pub fn numeric(host: &str) -> Option<IpAddr> {
    host.parse().ok()
}

/// Asks the system and waits for its answer.
pub fn look_up(host: &str, port: u16, family: Family) -> Result<Vec<SocketAddr>> {
    let mut found = addresses(Some(host), None, family)?;
    found.iter_mut().for_each(|address| address.set_port(port));
    Ok(found)
}

/// As getaddrinfo, for streams; no address twice.
pub fn addresses(host: Option<&str>, service: Option<&str>, family: Family) -> Result<Vec<SocketAddr>> {
    let address_family = match family {
        Family::Any => 0,
        Family::V4 => i32::from(AddrFamily::Inet),
        Family::V6 => i32::from(AddrFamily::Inet6),
    };
    let hints =
        AddrInfoHints { socktype: SockType::Stream.into(), address: address_family, ..AddrInfoHints::default() };
    let what = || match (host, service) {
        (Some(host), Some(service)) => format!("{host:?}, service {service:?}"),
        (Some(name), None) | (None, Some(name)) => format!("{name:?}"),
        (None, None) => "nothing".into(),
    };
    let found = getaddrinfo(host, service, Some(hints)).map_err(|error| {
        let code = error.error_num();
        let cause: io::Error = error.into();
        Error::with_text(Status::Resolve, code, format!("look up {}: {cause}; check the name and the resolver", what()))
    })?;
    let mut addresses = Vec::new();
    for info in found.flatten() {
        if !addresses.contains(&info.sockaddr) {
            addresses.push(info.sockaddr);
        }
    }
    if addresses.is_empty() {
        return Err(Error::with_text(Status::Resolve, 0, format!("look up {}: the answer holds no address", what())));
    }
    Ok(addresses)
}

/// As getnameinfo: host and service.
pub fn names(address: SocketAddr) -> Result<(String, String)> {
    dns_lookup::getnameinfo(&address, 0).map_err(|error| {
        let code = error.error_num();
        let cause: io::Error = error.into();
        Error::with_text(Status::Resolve, code, format!("look up the name of {address}: {cause}"))
    })
}
