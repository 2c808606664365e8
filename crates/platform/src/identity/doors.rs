//! Ways in that begin with a link in a mail: an invitation, a sign-up, a recovery. Each ends
//! with a way to sign in being made, and a session.

use serde::{Deserialize, Serialize};
use types::{SignInMethod, UserId, source::random};
use webauthn_rs::prelude::Uuid;

use super::{
    enrol::{PasswordTotp, check_password_totp, enrol_password_totp},
    passkey::{self, NewPasskey, UNNAMED},
    password::Whose,
    store::{self, UserRow},
};
use crate::{
    Ctx, Error, Result, accounts,
    audit::Tx,
    codec, invitations,
    keyring::Purpose,
    links::{self, LinkKind},
    recovery,
    sessions::NewSession,
};

/// Which way in a link opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Door {
    /// An invitation, accepted by somebody without an account.
    Invitation,
    /// A sign-up whose address is confirmed by the link.
    SignUp,
    /// A recovery whose time has come.
    Recovery,
}

impl Door {
    const ALL: [(Self, LinkKind); 3] = [
        (Self::Invitation, LinkKind::Invitation),
        (Self::SignUp, LinkKind::ConfirmEmail),
        (Self::Recovery, LinkKind::Recovery),
    ];

    const fn link(self) -> LinkKind {
        match self {
            Self::Invitation => LinkKind::Invitation,
            Self::SignUp => LinkKind::ConfirmEmail,
            Self::Recovery => LinkKind::Recovery,
        }
    }
}

/// Somebody at a door.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Guest {
    pub(crate) door: Door,
    /// The WebAuthn user handle: a new one for a new account.
    pub(crate) handle: Uuid,
    pub(crate) email: String,
    pub(crate) name: String,
}

/// How the guest will sign in: shown to work, not yet kept.
pub(crate) enum Means {
    /// A passkey whose registration was checked.
    Passkey(Box<NewPasskey>),
    /// A password and an authenticator app.
    PasswordTotp(Box<PasswordTotp>),
}

/// Somebody who has come in.
pub struct Entered {
    /// Their first session.
    pub session: NewSession,
    /// **Secret**: the recovery codes that were made with a password, shown this once.
    pub codes: Vec<String>,
}

impl Means {
    /// Keeps it as the user's way to sign in; and the recovery codes that came with it.
    pub(crate) async fn keep(
        self,
        ctx: &Ctx,
        tx: &mut Tx,
        user: UserId,
    ) -> Result<(SignInMethod, Vec<String>)> {
        match self {
            Self::Passkey(passkey) => {
                passkey::keep(ctx, tx, user, &passkey, UNNAMED).await?;
                Ok((passkey.method(), Vec::new()))
            }
            Self::PasswordTotp(new) => {
                let codes = enrol_password_totp(ctx, tx, user, *new).await?;
                Ok((SignInMethod::PasswordTotp, codes))
            }
        }
    }
}

/// What the person typed who comes in with a password and an authenticator app.
#[derive(Clone, Copy)]
pub struct PasswordForm<'a> {
    /// The name, where the door asks for it.
    pub name: &'a str,
    /// The new password.
    pub password: &'a str,
    /// The secret that the app was given.
    pub totp_secret: &'a str,
    /// The code that the app shows.
    pub totp_code: &'a str,
}

/// Comes in through a link from a mail, with a password and an authenticator app.
///
/// # Errors
/// `Conflict` if the link opens nothing, or the account is staff's, which has passkeys only;
/// `Invalid`.
pub async fn enter_with_password(ctx: &Ctx, secret: &str, form: PasswordForm<'_>) -> Result<Entered> {
    let guest = guest(ctx, secret, form.name).await?;
    let known = user_by_email(&mut *ctx.read().await?, &guest.email).await?;
    if known.is_some_and(|known| known.staff_role.is_some()) {
        return Err(Error::Conflict(
            "A staff account is opened with a passkey only. Create one above.",
        ));
    }
    let whose = Whose {
        name: &guest.name,
        email: &guest.email,
        organisation: "",
    };
    let new = check_password_totp(ctx, whose, form.password, form.totp_secret, form.totp_code).await?;
    let tx = ctx.begin().await?;
    let means = Means::PasswordTotp(Box::new(new));
    enter(ctx, tx, &guest, &codec::digest(secret), means).await
}

/// Who the link is for; `name` is what the person typed, where the door asks for it.
///
/// # Errors
/// `Conflict` if the link opens nothing, or not yet; `Invalid`.
pub(super) async fn guest(ctx: &Ctx, secret: &str, name: &str) -> Result<Guest> {
    for (door, kind) in Door::ALL {
        let Some(subject) = links::peek(ctx, kind, secret).await? else {
            continue;
        };
        let fresh = Uuid::from_bytes(random(ctx.rng()));
        let (handle, email, name) = match door {
            Door::Invitation => {
                let (email, name) = invitations::guest(ctx, &subject, name).await?;
                (fresh, email, name)
            }
            Door::SignUp => {
                let (email, name) = accounts::sign_up_guest(ctx, &subject).await?;
                (fresh, email, name)
            }
            Door::Recovery => {
                let user = recovery::guest(ctx, &subject).await?;
                let known = store::known(&mut *ctx.read().await?, &user.to_string()).await?;
                let known = known.ok_or(links::GONE)?;
                let handle = Uuid::from_slice(&known.handle).map_err(Error::internal)?;
                (handle, known.email, known.name)
            }
        };
        return Ok(Guest {
            door,
            handle,
            email,
            name,
        });
    }
    Err(links::GONE)
}

/// Lets the guest in: uses the link up, makes or changes the account, and signs in.
///
/// # Errors
/// `Conflict` if the link was used, replaced or ran out meanwhile.
pub(super) async fn enter(
    ctx: &Ctx,
    mut tx: Tx,
    guest: &Guest,
    link: &[u8],
    means: Means,
) -> Result<Entered> {
    let subject = links::take_digest(ctx, &mut tx, guest.door.link(), link).await?;
    match guest.door {
        Door::Invitation => invitations::complete(ctx, tx, &subject, guest, means).await,
        Door::SignUp => accounts::complete_sign_up(ctx, tx, &subject, guest, means).await,
        Door::Recovery => recovery::complete(ctx, tx, &subject, means).await,
    }
}

/// Makes an account with a confirmed address.
///
/// # Errors
/// `Conflict` if another account has the address.
pub(crate) async fn make_user(
    ctx: &Ctx,
    tx: &mut Tx,
    email: &str,
    name: &str,
    handle: Uuid,
) -> Result<UserId> {
    let taken = Error::Conflict("An account has this address by now. Sign in to it instead.");
    if user_by_email(tx, email).await?.is_some() {
        return Err(taken);
    }
    let user = UserId::new(ctx.clock(), ctx.rng());
    let row = UserRow {
        id: user.to_string(),
        email: email.to_owned(),
        name: name.to_owned(),
        staff_role: None,
    };
    let made = store::insert_user(tx, &row, handle.as_bytes(), ctx.now()).await;
    // Two at once: the index lets one of them through.
    made.map_err(|error| {
        if error.violates("users", &["email_key"]) {
            taken
        } else {
            error.into()
        }
    })?;
    ctx.make_data_key(tx, Purpose::Personal, &row.id).await?;
    Ok(user)
}

/// The account with this address, whatever its case.
pub(crate) async fn user_by_email(conn: &mut db::Conn, email: &str) -> Result<Option<UserRow>> {
    Ok(store::user_by_email_key(conn, &email.trim().to_lowercase()).await?)
}
