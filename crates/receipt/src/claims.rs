//! What a token says.

use serde::{Deserialize, Serialize};
use types::{Assurance, OrganisationId, TokenId, VerificationId, verification::Check};

/// What a token says. Times are seconds since 1970-01-01T00:00:00Z (RFC 7519, section 2,
/// `NumericDate`), whole ones.
///
/// Claims that are not known here are ignored, as RFC 7519, section 4 asks, so that a later
/// version can add some.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it: the installation's public address.
    pub iss: String,
    /// The verification.
    pub sub: VerificationId,
    /// For whom: the organisation that started the verification.
    pub aud: OrganisationId,
    /// When it was issued.
    pub iat: i64,
    /// From when on it is not valid any more.
    pub exp: i64,
    /// Its id: the same however often it is handed over.
    pub jti: TokenId,
    /// Whether the person has reached 18, whatever age the verification asked for.
    pub over18: bool,
    /// How much the outcome rests on.
    pub assurance: Assurance,
    /// Each check that was made and what it came to.
    pub checks: Vec<Check>,
}
