//! Verification tokens: a JSON Web Token (RFC 7519) signed with Ed25519 (RFC 8037), issued
//! when a verification is approved and checked anywhere with the public keys alone.
//!
//! There is one algorithm, and the key decides it, not the token. A token says that a check
//! was made, never about whom: it has no personal data.
//!
//! It compiles for the browser: time is an argument, and nothing here is random.

mod claims;
mod encoding;
mod key;
mod token;

pub use claims::Claims;
pub use key::{Jwk, Jwks, SigningKey, UnusableKey, VerifyingKey};
pub use token::{Refusal, check, issue};
