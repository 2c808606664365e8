//! A passkey: asked for, read, and checked (WebAuthn Level 3, sections 7.1 and 7.2).

use serde_cbor_2::Value;
use types::{PasskeyId, SignInMethod, UserId};
use webauthn_rs::prelude::{
    AuthenticationResult, CreationChallengeResponse, CredentialID, DiscoverableAuthentication, Passkey,
    PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Uuid, WebauthnError,
};
use webauthn_rs_proto::ResidentKeyRequirement;

use super::store::{self, PasskeyRow};
use crate::{Ctx, Error, Result, audit::Tx, mail::Message, notices, recall::Topic};

/// A passkey's name where nobody gave it one.
pub(super) const UNNAMED: &str = "Passkey";

/// A passkey just made, checked, and not yet anybody's.
pub(crate) struct NewPasskey {
    passkey: Passkey,
    claims: Claims,
}

/// What an authenticator says of itself. Nothing attests it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claims {
    /// Its model.
    pub(super) aaguid: String,
    /// The passkey may be copied to other devices (flag BE).
    pub(super) backup_eligible: bool,
    /// It is (flag BS).
    pub(super) backed_up: bool,
}

/// Asks for a discoverable passkey with user verification, made by none of these.
pub(crate) fn ask(
    ctx: &Ctx,
    handle: Uuid,
    email: &str,
    name: &str,
    exclude: Vec<CredentialID>,
) -> Result<(CreationChallengeResponse, PasskeyRegistration)> {
    let exclude = (!exclude.is_empty()).then_some(exclude);
    let (mut options, registration) = ctx
        .webauthn()
        .start_passkey_registration(handle, email, name, exclude)?;
    // The library asks for no resident key; signing in without a name needs one.
    if let Some(selection) = &mut options.public_key.authenticator_selection {
        selection.resident_key = Some(ResidentKeyRequirement::Required);
        selection.require_resident_key = true;
    }
    Ok((options, registration))
}

/// The passkey in the browser's answer, if it holds.
pub(crate) fn made(
    ctx: &Ctx,
    credential: serde_json::Value,
    registration: &PasskeyRegistration,
) -> Result<NewPasskey> {
    let refused = || Error::Unauthenticated("The passkey could not be checked. Start again.");
    let answer: RegisterPublicKeyCredential = serde_json::from_value(credential).map_err(|_| refused())?;
    let passkey = ctx.webauthn().finish_passkey_registration(&answer, registration);
    let claims = claims(&answer.response.attestation_object);
    match (passkey, claims) {
        (Ok(passkey), Some(claims)) => Ok(NewPasskey { passkey, claims }),
        _ => Err(refused()),
    }
}

/// Gives it to somebody.
pub(crate) async fn keep(
    ctx: &Ctx,
    tx: &mut Tx,
    user: UserId,
    new: &NewPasskey,
    name: &str,
) -> Result<PasskeyId> {
    let id = PasskeyId::new(ctx.clock(), ctx.rng());
    tx.changes(Topic::Sessions);
    let row = store::NewPasskeyRow {
        id: id.to_string(),
        user_id: user.to_string(),
        name,
        passkey: &new.passkey,
        claims: &new.claims,
    };
    store::insert_passkey(tx, &row, ctx.now()).await?;
    Ok(id)
}

impl NewPasskey {
    /// How a session that it begins has begun.
    pub(crate) const fn method(&self) -> SignInMethod {
        method(self.claims.backup_eligible)
    }
}

const fn method(backup_eligible: bool) -> SignInMethod {
    if backup_eligible {
        SignInMethod::Passkey
    } else {
        SignInMethod::DeviceBoundPasskey
    }
}

/// Reads them from the authenticator data (section 6.1) in the attestation object (6.5.4).
fn claims(attestation_object: &[u8]) -> Option<Claims> {
    let Value::Map(object) = serde_cbor_2::from_slice(attestation_object).ok()? else {
        return None;
    };
    let Value::Bytes(data) = object.get(&Value::Text("authData".into()))? else {
        return None;
    };
    let flags = *data.get(32)?;
    let aaguid = Uuid::from_slice(data.get(37..53)?).ok()?;
    Some(Claims {
        aaguid: aaguid.to_string(),
        backup_eligible: flags & 0x08 != 0,
        backed_up: flags & 0x10 != 0,
    })
}

/// Why an answer does not hold, as the audit log has it.
pub(super) struct Refused {
    pub(super) reason: &'static str,
    /// Whose passkey it claims to be a copy of, if the counter fell.
    pub(super) copied: Option<PasskeyRow>,
}

impl From<&'static str> for Refused {
    fn from(reason: &'static str) -> Self {
        Self { reason, copied: None }
    }
}

/// A passkey that has answered a challenge.
pub(super) struct Proven {
    pub(super) row: PasskeyRow,
    passkey: Passkey,
    result: AuthenticationResult,
}

impl Proven {
    pub(super) fn method(&self) -> SignInMethod {
        method(self.result.backup_eligible())
    }

    /// Notes its use, its counter moved on.
    pub(super) async fn used(&self, ctx: &Ctx, tx: &mut Tx) -> Result<()> {
        let flags = (self.result.backup_eligible(), self.result.backup_state());
        store::passkey_used(tx, &self.row.id, &self.passkey, flags, ctx.now()).await
    }
}

/// Whether the answer holds for this passkey: challenge, origin, signature, user verification,
/// and a counter that went up.
pub(super) fn check(
    ctx: &Ctx,
    answer: &PublicKeyCredential,
    state: DiscoverableAuthentication,
    row: Option<PasskeyRow>,
) -> Result<Proven, Refused> {
    let row = row.ok_or("the passkey is not enrolled here")?;
    let mut passkey: Passkey =
        serde_json::from_str(&row.credential).map_err(|_| "the stored passkey could not be read")?;
    let answered = ctx
        .webauthn()
        .finish_discoverable_authentication_v2(answer, state, &passkey);
    let result = match answered {
        Ok(result) => result,
        Err(WebauthnError::CredentialPossibleCompromise) => {
            return Err(Refused {
                reason: "the passkey's counter went back, as a copy's would",
                copied: Some(row),
            });
        }
        Err(_) => return Err("the passkey's signature, challenge or origin did not hold".into()),
    };
    if !result.user_verified() {
        return Err("the authenticator did not verify the user".into());
    }
    passkey.update_credential(&result);
    Ok(Proven { row, passkey, result })
}

/// Tells the owner of a passkey that somebody came with what may be a copy of it.
pub(super) async fn tell_of_copy(ctx: &Ctx, tx: &mut Tx, refused: &Refused) -> Result<()> {
    let Some(row) = &refused.copied else {
        return Ok(());
    };
    let cause = format!("passkey.copied:{}:{}", row.id, ctx.now().as_millis());
    let message = Message::new("passkey.copied", cause, "A passkey of yours may have been copied")
        .text(format!(
            "Somebody used your passkey “{}”, and its counter had gone back. That happens when an authenticator was copied. The attempt was refused.",
            row.name
        ))
        .text("If it keeps happening on your own device, remove that passkey and make a new one.");
    notices::tell(ctx, tx, row.user_id.parse()?, message).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(data: &[u8]) -> Vec<u8> {
        let map = [
            (Value::Text("fmt".into()), Value::Text("none".into())),
            (Value::Text("attStmt".into()), Value::Map(Default::default())),
            (Value::Text("authData".into()), Value::Bytes(data.to_vec())),
        ];
        serde_cbor_2::to_vec(&Value::Map(map.into_iter().collect())).unwrap()
    }

    #[test]
    fn model_and_flags_are_read_from_the_authenticator_data() {
        let mut data = vec![7; 32];
        data.push(0x5d);
        data.extend([0, 0, 0, 1]);
        data.extend(0x00112233_4455_6677_8899_aabbccddeeff_u128.to_be_bytes());
        data.extend([0, 16]);
        let read = claims(&object(&data)).unwrap();
        assert_eq!(read.aaguid, "00112233-4455-6677-8899-aabbccddeeff");
        assert!(read.backup_eligible && read.backed_up);
        data[32] = 0x45;
        let read = claims(&object(&data)).unwrap();
        assert!(!read.backup_eligible && !read.backed_up);
        assert_eq!(claims(&object(&data[..40])), None);
        assert_eq!(claims(b"nonsense"), None);
    }
}
