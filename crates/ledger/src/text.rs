//! How numbers and bytes are written in notes and proofs: each value has exactly one spelling.

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// Standard base64 with padding (RFC 4648, section 4).
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Missing padding, other alphabets, blanks and stray last bits are refused.
pub(crate) fn from_base64(line: &str) -> Option<Vec<u8>> {
    STANDARD.decode(line).ok()
}

/// An ASCII decimal without leading zeroes.
pub(crate) fn from_decimal(line: &str) -> Option<u64> {
    let digits = line.bytes().all(|byte| byte.is_ascii_digit());
    let plain = line == "0" || !line.starts_with('0');
    if digits && plain { line.parse().ok() } else { None }
}
