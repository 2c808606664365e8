//! The first person: a one-time link makes them operator admin, and owner of the first
//! organisation, with a passkey.

use serde::{Deserialize, Serialize};
use types::{PasskeyId, StaffRole, UserId, source::random};
use webauthn_rs::prelude::{PasskeyRegistration, RegisterPublicKeyCredential, Uuid};

use super::{
    ceremony::{self, PasskeyCeremony},
    store::{self, UserRow},
};
use crate::{
    Ctx, Error, Result,
    access::{NewOrganisation, insert_organisation},
    audit::{Action, Event},
    codec,
    keyring::Purpose,
    sessions::{self, NewSession},
};

/// How long a set-up link works, in seconds.
const LINK_LIFETIME: i64 = 3600;
const KIND: &str = "setup";
const GONE: Error = Error::Conflict(
    "This set-up link is not valid: it was used, is older than an hour, or was replaced. \
     Restart Loomwire, or run `loomwire setup-link`, to get a new one.",
);

/// Who the first person is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetupForm {
    /// The person's name, 1 to 100 characters.
    pub name: String,
    /// The person's e-mail address.
    pub email: String,
    /// The name of the first organisation, 1 to 100 characters.
    pub organisation: String,
    /// Its IANA time zone; empty for UTC.
    pub time_zone: String,
}

#[derive(Serialize, Deserialize)]
struct State {
    registration: PasskeyRegistration,
    form: SetupForm,
    handle: Uuid,
    link: Vec<u8>,
}

/// A fresh set-up link's secret, if nobody has set this installation up. Older links stop
/// working.
///
/// # Errors
/// If the database fails.
pub async fn setup_link(ctx: &Ctx) -> Result<Option<String>> {
    if store::any_user(&mut *ctx.read().await?).await? {
        return Ok(None);
    }
    let secret = codec::secret(ctx.rng());
    let expires_at = ctx.now().plus_seconds(LINK_LIFETIME);
    let mut tx = ctx.begin().await?;
    store::replace_setup_link(&mut tx, &codec::digest(&secret), expires_at).await?;
    ctx.commit(tx, Event::new(Action::SetupLinkMade)).await?;
    Ok(Some(secret))
}

/// Whether the link works.
///
/// # Errors
/// `Conflict` if it does not.
pub async fn setup_open(ctx: &Ctx, secret: &str) -> Result<()> {
    let digest = codec::digest(secret);
    if store::setup_link_works(&mut *ctx.read().await?, &digest, ctx.now()).await? {
        return Ok(());
    }
    Err(GONE)
}

impl SetupForm {
    fn check(self) -> Result<Self> {
        let form = Self {
            name: self.name.trim().to_owned(),
            email: self.email.trim().to_owned(),
            organisation: self.organisation.trim().to_owned(),
            time_zone: match self.time_zone.trim() {
                zone if jiff::tz::TimeZone::get(zone).is_ok() => zone.to_owned(),
                _ => "UTC".to_owned(),
            },
        };
        let mut fields = Vec::new();
        for (field, value) in [("name", &form.name), ("organisation", &form.organisation)] {
            if let Err(message) = crate::access::check_name(value) {
                fields.push((field.to_owned(), message));
            }
        }
        if !looks_like_email(&form.email) {
            fields.push((
                "email".into(),
                "Give an e-mail address, such as ada@example.com.".into(),
            ));
        }
        if fields.is_empty() {
            Ok(form)
        } else {
            Err(Error::Invalid { fields })
        }
    }
}

/// Something, one `@`, something with a dot or a host name: the rest shows when mail is sent.
fn looks_like_email(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(local, host)| {
        !local.is_empty() && !host.is_empty() && !host.contains('@') && text.len() <= 254
    }) && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// First half: checks the form and asks for a discoverable passkey.
///
/// # Errors
/// `Conflict` if the link does not work; `Invalid`.
pub async fn setup_begin(ctx: &Ctx, secret: &str, form: SetupForm) -> Result<PasskeyCeremony> {
    use webauthn_rs_proto::ResidentKeyRequirement;

    setup_open(ctx, secret).await?;
    let form = form.check()?;
    let handle = Uuid::from_bytes(random(ctx.rng()));
    let (mut options, registration) =
        ctx.webauthn()
            .start_passkey_registration(handle, &form.email, &form.name, None)?;
    // The library asks for no resident key; signing in without a name needs one.
    if let Some(selection) = &mut options.public_key.authenticator_selection {
        selection.resident_key = Some(ResidentKeyRequirement::Required);
        selection.require_resident_key = true;
    }
    let state = State {
        registration,
        form,
        handle,
        link: codec::digest(secret),
    };
    ceremony::begin(ctx, KIND, &state, &options).await
}

/// Second half: checks the new passkey, makes user and organisation, uses the link up, and
/// signs the person in.
///
/// # Errors
/// `Unauthenticated` if the answer does not hold; `Conflict` if the link was used meanwhile.
pub async fn setup_finish(ctx: &Ctx, ceremony: &str, credential: serde_json::Value) -> Result<NewSession> {
    let mut tx = ctx.begin().await?;
    let state: State = ceremony::take(ctx, &mut tx, KIND, ceremony).await?;
    let refused = Error::Unauthenticated("The passkey could not be checked. Start again.");
    let Ok(answer) = serde_json::from_value::<RegisterPublicKeyCredential>(credential) else {
        return Err(refused);
    };
    let Ok(passkey) = ctx
        .webauthn()
        .finish_passkey_registration(&answer, &state.registration)
    else {
        return Err(refused);
    };
    let now = ctx.now();
    if !store::use_setup_link(&mut tx, &state.link, now).await? || store::any_user(&mut tx).await? {
        return Err(GONE);
    }
    let user = UserId::new(ctx.clock(), ctx.rng());
    let row = UserRow {
        id: user.to_string(),
        email: state.form.email,
        name: state.form.name,
        staff_role: Some(StaffRole::OperatorAdmin.to_string()),
    };
    store::insert_user(&mut tx, &row, state.handle.as_bytes(), now).await?;
    ctx.make_data_key(&mut tx, Purpose::Personal, &row.id).await?;
    let passkey_id = PasskeyId::new(ctx.clock(), ctx.rng()).to_string();
    store::insert_passkey(&mut tx, &passkey_id, &row.id, &passkey, now).await?;
    let new = NewOrganisation {
        name: state.form.organisation,
        time_zone: state.form.time_zone,
    };
    let organisation = insert_organisation(ctx, &mut tx, &new, user, now).await?;
    let session = sessions::create(ctx, &mut tx, user, organisation).await?;
    let event = Event::new(Action::SetupCompleted)
        .by_user(user)
        .in_organisation(organisation)
        .target(organisation)
        .detail("organisation", new.name);
    ctx.commit(tx, event).await?;
    Ok(session)
}
