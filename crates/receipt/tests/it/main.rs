//! Tokens from outside: what is accepted, and every way in which one is not.

#[cfg(test)]
mod keys;
#[cfg(test)]
mod tokens;

use receipt::{Claims, SigningKey};
use types::{
    Assurance, OrganisationId, TokenId, VerificationId,
    verification::{Check, CheckKind, CheckResult},
};

const ISSUER: &str = "https://id.example";
/// 2026-01-01T00:00:00Z.
const ISSUED: i64 = 1_767_225_600;

fn signing_key(byte: u8) -> SigningKey {
    SigningKey::from_seed(&[byte; 32])
}

fn organisation() -> OrganisationId {
    OrganisationId::from_u128(7)
}

fn claims() -> Claims {
    Claims {
        iss: ISSUER.to_owned(),
        sub: VerificationId::from_u128(1),
        aud: organisation(),
        iat: ISSUED,
        exp: ISSUED + 86_400,
        jti: TokenId::from_u128(2),
        over18: true,
        assurance: Assurance::SelfAsserted,
        checks: vec![Check {
            check: CheckKind::DocumentConsistent,
            result: CheckResult::Passed,
        }],
    }
}
