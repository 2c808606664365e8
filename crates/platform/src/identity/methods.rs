//! A person's ways to sign in: what there are, and which may go.

use std::collections::HashSet;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use types::{
    MfaRequirement, SignInMethod, Timestamp, UserId,
    credentials::{PasskeyView, PasswordView, SignInMethods},
};

use super::{
    aaguid,
    store::{self, ListedRow},
};
use crate::{Actor, Ctx, Error, Result};

const STAFF_LAST: &str = "Staff sign in with a passkey only, and this is your last one. Add another first.";
const LAST: &str = "This is the only way to sign in to this account. Add another first.";
const REQUIRED: &str =
    "An organisation of yours asks for this kind of passkey, and you have no other. Add another first.";

/// Whoever is signed in, to change their own account.
pub(super) fn own(ctx: &Ctx) -> Result<UserId> {
    match ctx.actor() {
        Actor::User { id, .. } => Ok(*id),
        _ => Err(Error::Unauthenticated("Sign in first.")),
    }
}

/// The signed-in person's ways to sign in. They are their own, so no permission is needed.
///
/// # Errors
/// `Unauthenticated` if nobody is signed in.
pub async fn sign_in_methods(ctx: &Ctx) -> Result<SignInMethods> {
    let user = own(ctx)?.to_string();
    let mut read = ctx.read().await?;
    let held = Held::read(&mut read, &user).await?;
    let row = store::user(&mut read, &user).await?;
    let handle = store::handle(&mut read, &user).await?.unwrap_or_default();
    let row = row.ok_or(Error::NotFound("The account"))?;
    let password = password(&mut read, &user).await?;
    let passkeys = held
        .passkeys
        .iter()
        .map(|row| view(&held, row))
        .collect::<Result<_>>()?;
    Ok(SignInMethods {
        passkeys,
        password_stays: held.password_stays().map(str::to_owned),
        password,
        is_staff: held.is_staff,
        email: row.email,
        rp_id: ctx
            .settings()
            .public_url
            .host_str()
            .unwrap_or_default()
            .to_owned(),
        user_handle: URL_SAFE_NO_PAD.encode(handle),
    })
}

async fn password(conn: &mut db::Conn, user: &str) -> Result<Option<PasswordView>> {
    let (Some((changed_at, disabled_at)), Some(app_since)) = (
        store::password_state(conn, user).await?,
        store::totp_since(conn, user).await?,
    ) else {
        return Ok(None);
    };
    let left = store::recovery_codes_left(conn, user).await?;
    Ok(Some(PasswordView {
        changed_at: Timestamp::from_millis(changed_at),
        app_since: Timestamp::from_millis(app_since),
        disabled_at: disabled_at.map(Timestamp::from_millis),
        recovery_codes: u32::try_from(left).unwrap_or_default(),
    }))
}

fn view(held: &Held, row: &ListedRow) -> Result<PasskeyView> {
    Ok(PasskeyView {
        id: row.id.parse()?,
        credential_id: URL_SAFE_NO_PAD.encode(&row.credential_id),
        name: row.name.clone(),
        provider: row.aaguid.as_deref().and_then(aaguid::name).map(str::to_owned),
        synced: row.backup_eligible,
        created_at: Timestamp::from_millis(row.created_at),
        last_used_at: row.last_used_at.map(Timestamp::from_millis),
        stays: held.passkey_stays(&row.id).map(str::to_owned),
    })
}

/// What somebody has, and what is asked of them: enough to say what may go.
pub(super) struct Held {
    passkeys: Vec<ListedRow>,
    /// There is a password, and it is taken.
    password: bool,
    is_staff: bool,
    asked: HashSet<MfaRequirement>,
}

impl Held {
    pub(super) async fn read(conn: &mut db::Conn, user: &str) -> Result<Self> {
        let row = store::user(conn, user).await?;
        let password = store::password_state(conn, user).await?;
        let doors = store::doors(conn, user).await?;
        Ok(Self {
            passkeys: store::passkeys(conn, user).await?,
            password: password.is_some_and(|(_, disabled_at)| disabled_at.is_none()),
            is_staff: row.is_some_and(|row| row.staff_role.is_some()),
            asked: doors
                .iter()
                .map(|(_, requirement)| Ok(requirement.parse()?))
                .collect::<Result<_>>()?,
        })
    }

    pub(super) const fn count(&self) -> usize {
        self.passkeys.len()
    }

    /// Why this passkey cannot be removed, if it cannot.
    pub(super) fn passkey_stays(&self, id: &str) -> Option<&'static str> {
        let others: Vec<&ListedRow> = self.passkeys.iter().filter(|row| row.id != id).collect();
        if others.is_empty() && self.is_staff {
            return Some(STAFF_LAST);
        }
        if others.is_empty() && !self.password {
            return Some(LAST);
        }
        // What is asked, met with it and by nothing else.
        let breaks = self.asked.iter().any(|asked| {
            let met_by = |row: &ListedRow| asked.is_met_by(method(row));
            let by_password = self.password && asked.is_met_by(SignInMethod::PasswordTotp);
            self.passkeys.iter().any(met_by) && !by_password && !others.iter().any(|row| met_by(row))
        });
        breaks.then_some(REQUIRED)
    }

    /// Why password and app cannot be removed, if they cannot.
    pub(super) fn password_stays(&self) -> Option<&'static str> {
        self.passkeys.is_empty().then_some(LAST)
    }
}

/// How a session with this passkey begins; the least where the flags are not known yet.
fn method(row: &ListedRow) -> SignInMethod {
    match row.backup_eligible {
        Some(false) => SignInMethod::DeviceBoundPasskey,
        _ => SignInMethod::Passkey,
    }
}
