//! TLS configurations: declared so that programs can be compiled against the whole contract; not in this release. None
//! can be made, so every handle of one is dead.

use super::boundary::{invalid, not_supported, status};
use super::status::transport_status_t;
use crate::core::error::Status;
use std::ffi::{c_char, c_int, c_void};

/// A TLS configuration. Not in this release: none can be made.
pub struct transport_tls_config_t {
    _opaque: [u8; 0],
}

pub const TRANSPORT_TLS_1_2: i32 = 0x0303;
pub const TRANSPORT_TLS_1_3: i32 = 0x0304;
pub const TRANSPORT_CLIENT_AUTH_NONE: i32 = 0;
pub const TRANSPORT_CLIENT_AUTH_OPTIONAL: i32 = 1;
pub const TRANSPORT_CLIENT_AUTH_REQUIRED: i32 = 2;

/// Told one line of the NSS key log.
pub type transport_keylog_t = Option<unsafe extern "C" fn(arg: *mut c_void, line: *const c_char)>;

fn new(name: &'static str, out: *mut *mut transport_tls_config_t) -> transport_status_t {
    status(name, || {
        if out.is_null() {
            return Err(invalid("out is NULL"));
        }
        Err(not_supported("tls is not in this release"))
    })
}

fn dead(name: &'static str) -> transport_status_t {
    status(name, || Err(Status::Handle.into()))
}

/// Makes the configuration of a TLS client. Not in this release: TRANSPORT_ENOTSUP. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn transport_tls_client_config_new(out: *mut *mut transport_tls_config_t) -> transport_status_t {
    new("transport_tls_client_config_new", out)
}

/// Makes the configuration of a TLS server. Not in this release: TRANSPORT_ENOTSUP. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn transport_tls_server_config_new(out: *mut *mut transport_tls_config_t) -> transport_status_t {
    new("transport_tls_server_config_new", out)
}

/// Frees a configuration. NULL is TRANSPORT_OK; anything else TRANSPORT_EHANDLE in this release. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn transport_tls_config_free(config: *mut transport_tls_config_t) -> transport_status_t {
    status("transport_tls_config_free", || if config.is_null() { Ok(()) } else { Err(Status::Handle.into()) })
}

/// Not in this release: TRANSPORT_EHANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn transport_tls_config_load_cert_chain(
    _config: *mut transport_tls_config_t,
    _cert_file: *const c_char,
    _key_file: *const c_char,
) -> transport_status_t {
    dead("transport_tls_config_load_cert_chain")
}

/// Not in this release: TRANSPORT_EHANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn transport_tls_config_load_cert_chain_pem(
    _config: *mut transport_tls_config_t,
    _cert: *const c_void,
    _cert_len: usize,
    _key: *const c_void,
    _key_len: usize,
) -> transport_status_t {
    dead("transport_tls_config_load_cert_chain_pem")
}

/// Not in this release: TRANSPORT_EHANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn transport_tls_config_reload_cert_chain(
    _config: *mut transport_tls_config_t,
    _cert_file: *const c_char,
    _key_file: *const c_char,
) -> transport_status_t {
    dead("transport_tls_config_reload_cert_chain")
}

/// Not in this release: TRANSPORT_EHANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn transport_tls_config_load_verify_locations(
    _config: *mut transport_tls_config_t,
    _ca_file: *const c_char,
) -> transport_status_t {
    dead("transport_tls_config_load_verify_locations")
}

/// Not in this release: TRANSPORT_EHANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn transport_tls_config_load_verify_pem(
    _config: *mut transport_tls_config_t,
    _pem: *const c_void,
    _len: usize,
) -> transport_status_t {
    dead("transport_tls_config_load_verify_pem")
}

/// Not in this release: TRANSPORT_EHANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn transport_tls_config_load_crls_pem(
    _config: *mut transport_tls_config_t,
    _pem: *const c_void,
    _len: usize,
) -> transport_status_t {
    dead("transport_tls_config_load_crls_pem")
}

/// Not in this release: TRANSPORT_EHANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn transport_tls_config_set_alpn(
    _config: *mut transport_tls_config_t,
    _protocols: *const *const c_char,
    _count: usize,
) -> transport_status_t {
    dead("transport_tls_config_set_alpn")
}

/// Not in this release: TRANSPORT_EHANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn transport_tls_config_set_client_auth(
    _config: *mut transport_tls_config_t,
    _mode: c_int,
) -> transport_status_t {
    dead("transport_tls_config_set_client_auth")
}

/// Not in this release: TRANSPORT_EHANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn transport_tls_config_set_min_version(
    _config: *mut transport_tls_config_t,
    _version: c_int,
) -> transport_status_t {
    dead("transport_tls_config_set_min_version")
}

/// Not in this release: TRANSPORT_EHANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn transport_tls_config_set_keylog(
    _config: *mut transport_tls_config_t,
    _fn: transport_keylog_t,
    _arg: *mut c_void,
) -> transport_status_t {
    dead("transport_tls_config_set_keylog")
}

/// Not in this release: TRANSPORT_EHANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn transport_tls_config_dangerous_disable_verification(
    _config: *mut transport_tls_config_t,
) -> transport_status_t {
    dead("transport_tls_config_dangerous_disable_verification")
}
