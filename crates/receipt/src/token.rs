//! Issuing and checking a token.

use serde::{Deserialize, Serialize};
use types::Timestamp;

use crate::{
    Claims, SigningKey, VerifyingKey,
    encoding::{decode, encode},
    key::ALGORITHM,
};

const TYPE: &str = "JWT";
/// Ours have some 600 bytes; what is longer is not worth decoding.
const MAX_BYTES: usize = 8192;
/// How far ahead of the checker's clock the issuer's may be.
const MAX_SKEW_SECONDS: i64 = 60;

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// It is not three parts of base64url with JSON where it belongs.
    #[error("this is not a token in compact form")]
    Malformed,
    /// The header names another algorithm than `EdDSA`, or none.
    #[error("the token names an algorithm that is not accepted")]
    Algorithm,
    /// The header is of another type, or asks for an extension that must be understood.
    #[error("the token's header asks for something that is not accepted")]
    Header,
    /// None of the keys has the `kid` that the header names.
    #[error("the token was signed with a key that is not known")]
    UnknownKey,
    /// The signature is not that of the key over these bytes.
    #[error("the token's signature does not hold")]
    Signature,
    /// Signed, but the claims are not those of a verification token.
    #[error("the token's claims are not those of a verification")]
    Claims,
    /// Another installation issued it.
    #[error("the token is from another issuer")]
    Issuer,
    /// It is for another organisation.
    #[error("the token is for another audience")]
    Audience,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// It was issued more than a minute in the future.
    #[error("the token is not valid yet: compare the clocks")]
    NotYetValid,
}

#[derive(Serialize)]
struct OwnHeader<'a> {
    alg: &'a str,
    typ: &'a str,
    kid: &'a str,
}

/// Members that are not named here are ignored (RFC 7515, section 4), `jwk`, `jku` and `x5u`
/// with them: a token does not bring its own key.
#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
    /// Present with any value, even `null`, it is `Some`.
    #[serde(default, deserialize_with = "present")]
    crit: Option<()>,
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<()>, D::Error> {
    serde::de::IgnoredAny::deserialize(deserializer).map(|_| Some(()))
}

/// The signed token in compact form (RFC 7515, section 3.1). The same claims give the same
/// token.
#[expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "structs of text, integers and words have a JSON form, and writing it to memory cannot fail"
)]
pub fn issue(key: &SigningKey, claims: &Claims) -> String {
    let header = OwnHeader {
        alg: ALGORITHM,
        typ: TYPE,
        kid: key.kid(),
    };
    let header = serde_json::to_vec(&header).expect("a header of text");
    let claims = serde_json::to_vec(claims).expect("claims of text and numbers");
    sign_compact(key, &header, &claims)
}

pub(crate) fn sign_compact(key: &SigningKey, header: &[u8], payload: &[u8]) -> String {
    let mut token = encode(header);
    token.push('.');
    token.push_str(&encode(payload));
    let signature = key.sign(token.as_bytes());
    token.push('.');
    token.push_str(&encode(&signature));
    token
}

/// Checks a token: signed by one of `keys`, issued by `iss` for `aud`, and valid at `now`.
/// At `exp` itself it has expired (RFC 7519, section 4.1.4).
pub fn check(
    token: &str,
    keys: &[VerifyingKey],
    now: Timestamp,
    iss: &str,
    aud: &str,
) -> Result<Claims, Refusal> {
    let claims = read_signed(token, keys)?;
    if claims.iss != iss {
        return Err(Refusal::Issuer);
    }
    if claims.aud.to_string() != aud {
        return Err(Refusal::Audience);
    }
    let now = now.as_seconds();
    if now >= claims.exp {
        return Err(Refusal::Expired);
    }
    if claims.iat > now.saturating_add(MAX_SKEW_SECONDS) {
        return Err(Refusal::NotYetValid);
    }
    Ok(claims)
}

/// The claims of a token whose signature holds; nothing of the payload is read before.
fn read_signed(token: &str, keys: &[VerifyingKey]) -> Result<Claims, Refusal> {
    if token.len() > MAX_BYTES {
        return Err(Refusal::Malformed);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(Refusal::Malformed)?;
    let (header, payload) = message.split_once('.').ok_or(Refusal::Malformed)?;
    let key = key_for(header, keys)?;
    let signature = decode(signature).ok_or(Refusal::Malformed)?;
    let signature = signature.as_slice().try_into();
    let signature = signature.map_err(|_| Refusal::Signature)?;
    if !key.verifies(message.as_bytes(), signature) {
        return Err(Refusal::Signature);
    }
    // A fourth part would leave a dot here, which is not base64url.
    let payload = decode(payload).ok_or(Refusal::Malformed)?;
    let claims: Claims = serde_json::from_slice(&payload).map_err(|_| Refusal::Claims)?;
    if claims.exp > claims.iat {
        Ok(claims)
    } else {
        Err(Refusal::Claims)
    }
}

fn key_for<'k>(header: &str, keys: &'k [VerifyingKey]) -> Result<&'k VerifyingKey, Refusal> {
    let header = decode(header).ok_or(Refusal::Malformed)?;
    let header: Header = serde_json::from_slice(&header).map_err(|_| Refusal::Malformed)?;
    if header.alg != ALGORITHM {
        return Err(Refusal::Algorithm);
    }
    if header.typ.as_deref() != Some(TYPE) || header.crit.is_some() {
        return Err(Refusal::Header);
    }
    let kid = header.kid.ok_or(Refusal::UnknownKey)?;
    keys.iter()
        .find(|key| key.kid() == kid)
        .ok_or(Refusal::UnknownKey)
}
