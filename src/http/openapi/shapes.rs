//! Shapes of answers that no type of ours has: they are written by a library, by hand or by the frame.
//! A test holds real answers to them.
#![expect(
    dead_code,
    reason = "they only describe: nothing is made of them, and a test compares them with real answers"
)]

use std::collections::BTreeMap;

use types::RequestId;
use utoipa::ToSchema;

/// The form of every error.
#[derive(ToSchema)]
pub(in crate::http) struct Error {
    /// The request's id, as in the header `x-request-id`: give it to whoever you ask for help.
    request_id: RequestId,
    /// What is wrong.
    error: Problem,
}

/// What is wrong.
#[derive(ToSchema)]
pub(in crate::http) struct Problem {
    /// For programs. A code never changes its meaning; be ready for further ones.
    #[schema(pattern = "^[A-Z_]+$", examples("INVALID_REQUEST"))]
    code: String,
    /// For people: what happened, and what to do. Its words may change.
    message: String,
    /// With `INVALID_REQUEST`: the field's name, and what is wrong with it.
    fields: Option<BTreeMap<String, String>>,
}

/// A set of public keys (RFC 7517, section 5).
#[derive(ToSchema)]
pub(in crate::http) struct Jwks {
    /// The keys, those that only verify included.
    keys: Vec<Jwk>,
}

/// A public key (RFC 7517; RFC 8037, section 2).
#[derive(ToSchema)]
pub(in crate::http) struct Jwk {
    /// The key's type.
    #[schema(examples("OKP"))]
    kty: String,
    /// The curve.
    #[schema(examples("Ed25519"))]
    crv: String,
    /// The public bytes in base64url.
    #[schema(pattern = "^[0-9A-Za-z_-]{43}$")]
    x: String,
    /// The key's id, which tokens name in their header.
    kid: String,
    /// The algorithm.
    #[schema(examples("EdDSA"))]
    alg: String,
    /// What the key is for.
    #[schema(rename = "use", examples("sig"))]
    usage: String,
}

/// A key that was found.
#[derive(ToSchema)]
pub(in crate::http) struct LeakFinding {
    /// The key.
    token: String,
    /// Where it was found.
    url: Option<String>,
}

/// The process runs.
#[derive(ToSchema)]
pub(in crate::http) struct Alive {
    /// Always `ok`.
    #[schema(examples("ok"))]
    status: String,
}

/// The server can serve.
#[derive(ToSchema)]
pub(in crate::http) struct Ready {
    /// Always `ready`.
    #[schema(examples("ready"))]
    status: String,
    /// Where servers share their limits: whether they do so at this moment.
    #[schema(nullable = false)]
    limits: Option<String>,
}
