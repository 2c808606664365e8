//! One-time links. The first person's makes them operator admin, and owner of the first
//! organisation, with a passkey; that of a person who is known already, and has no passkey
//! yet, makes their first one. Links from mails come here too, and go on to `doors`.

use serde::{Deserialize, Serialize};
use types::{StaffRole, UserId, console::SetupInvitation, source::random};
use webauthn_rs::prelude::{PasskeyRegistration, Uuid};

use super::{
    ceremony::{self, PasskeyCeremony},
    doors::{self, Guest, Means},
    passkey::{self, NewPasskey, UNNAMED},
    store::{self, KnownRow, UserRow},
};
use crate::{
    Actor, Ctx, Error, Result,
    access::{NewOrganisation, insert_organisation, organisations_of},
    audit::{Action, Event, Tx},
    codec,
    keyring::Purpose,
    sessions::{self, NewSession},
};

/// How long the first person's link works, in seconds.
const LINK_LIFETIME: i64 = 3600;
/// How long that of a known person works, in seconds.
const ENROLMENT_LIFETIME: i64 = 86_400;
const KIND: &str = "setup";
const GONE: Error = Error::Conflict(
    "This set-up link is not valid: it was used, is older than an hour, or was replaced. \
     Restart Loomwire, or run `loomwire setup-link`, to get a new one.",
);

/// Who the first person is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
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
    person: Person,
    link: Vec<u8>,
}

/// Whose passkey it is to be.
#[derive(Serialize, Deserialize)]
enum Person {
    /// The first person, who is made with it.
    First { form: SetupForm, handle: Uuid },
    /// Somebody who is known.
    Known { user: UserId },
    /// Somebody with a link from a mail.
    Guest(Guest),
}

/// A fresh set-up link's secret, if nobody can sign in yet: the first person's, or, where
/// people are known and none has a passkey, the operator admin's. Older links of the first
/// person stop working.
///
/// # Errors
/// If the database fails.
pub async fn setup_link(ctx: &Ctx) -> Result<Option<String>> {
    let mut read = ctx.read().await?;
    if store::any_user(&mut read).await? {
        let admin = store::unenrolled_admin(&mut read, StaffRole::OperatorAdmin.as_str()).await?;
        drop(read);
        return match admin {
            Some(id) => enrolment_link(ctx, id.parse()?).await.map(Some),
            None => Ok(None),
        };
    }
    drop(read);
    let secret = codec::secret(ctx.rng());
    let expires_at = ctx.now().plus_seconds(LINK_LIFETIME);
    let mut tx = ctx.begin().await?;
    store::replace_setup_link(&mut tx, &codec::digest(&secret), expires_at).await?;
    ctx.commit(tx, Event::new(Action::SetupLinkMade)).await?;
    Ok(Some(secret))
}

/// A link's secret with which somebody who is known, and has no passkey yet, makes one. It
/// works once, for a day. For the operator's own commands: nobody else may hand out accounts.
///
/// # Errors
/// `NotFound`; `Conflict` if the person has a passkey.
pub async fn enrolment_link(ctx: &Ctx, user: UserId) -> Result<String> {
    if *ctx.actor() != Actor::System {
        return Err(Error::NotFound("The account"));
    }
    let secret = codec::secret(ctx.rng());
    let expires_at = ctx.now().plus_seconds(ENROLMENT_LIFETIME);
    let mut tx = ctx.begin().await?;
    let known = store::known(&mut tx, &user.to_string()).await?;
    if known.ok_or(Error::NotFound("The account"))?.has_passkey {
        return Err(Error::Conflict(
            "This person has a passkey already. Sign in with it.",
        ));
    }
    let digest = codec::digest(&secret);
    store::insert_enrolment_link(&mut tx, &digest, &user.to_string(), expires_at).await?;
    ctx.commit(tx, Event::new(Action::SetupLinkMade).target(user))
        .await?;
    Ok(secret)
}

/// Whether the link works.
///
/// # Errors
/// `Conflict` if it does not.
pub async fn setup_open(ctx: &Ctx, secret: &str) -> Result<()> {
    setup_view(ctx, secret).await.map(drop)
}

/// Whom the link is for; `None` for the first person, whom nobody knows yet.
///
/// # Errors
/// `Conflict` if it does not work.
pub async fn setup_view(ctx: &Ctx, secret: &str) -> Result<Option<SetupInvitation>> {
    let mut read = ctx.read().await?;
    match store::setup_link(&mut read, &codec::digest(secret), ctx.now()).await? {
        None => Err(GONE),
        Some(None) => Ok(None),
        Some(Some(user)) => {
            let known = known(&mut read, &user).await?;
            let organisation = organisations_of(&mut read, &user).await?.into_iter().next();
            Ok(Some(SetupInvitation {
                name: known.name,
                email: known.email,
                organisation: organisation.map(|row| row.name).unwrap_or_default(),
            }))
        }
    }
}

/// Somebody who may make a first passkey.
async fn known(conn: &mut db::Conn, user: &str) -> Result<KnownRow> {
    let known = store::known(conn, user).await?;
    known.filter(|known| !known.has_passkey).ok_or(GONE)
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

/// First half: checks the form, which only the first person fills in, and asks for a
/// discoverable passkey.
///
/// # Errors
/// `Conflict` if the link does not work; `Invalid`.
pub async fn setup_begin(ctx: &Ctx, secret: &str, form: SetupForm) -> Result<PasskeyCeremony> {
    let link = codec::digest(secret);
    let mut read = ctx.read().await?;
    let whose = store::setup_link(&mut read, &link, ctx.now()).await?;
    let (person, handle, email, name) = match whose {
        None => {
            drop(read);
            let guest = doors::guest(ctx, secret, &form.name).await?;
            let (handle, email, name) = (guest.handle, guest.email.clone(), guest.name.clone());
            return registration(ctx, Person::Guest(guest), link, (handle, &email, &name)).await;
        }
        Some(None) => {
            let form = form.check()?;
            let handle = Uuid::from_bytes(random(ctx.rng()));
            let (email, name) = (form.email.clone(), form.name.clone());
            (Person::First { form, handle }, handle, email, name)
        }
        Some(Some(user)) => {
            let row = known(&mut read, &user).await?;
            let handle = Uuid::from_slice(&row.handle).map_err(Error::internal)?;
            let person = Person::Known { user: user.parse()? };
            (person, handle, row.email, row.name)
        }
    };
    drop(read);
    registration(ctx, person, link, (handle, &email, &name)).await
}

/// Asks for a discoverable passkey.
async fn registration(
    ctx: &Ctx,
    person: Person,
    link: Vec<u8>,
    (handle, email, name): (Uuid, &str, &str),
) -> Result<PasskeyCeremony> {
    let (options, registration) = passkey::ask(ctx, handle, email, name, Vec::new())?;
    let state = State {
        registration,
        person,
        link,
    };
    ceremony::begin(ctx, KIND, &state, &options).await
}

/// Second half: checks the new passkey, makes user and organisation if it is the first
/// person's, uses the link up, and signs the person in.
///
/// # Errors
/// `Unauthenticated` if the answer does not hold; `Conflict` if the link was used meanwhile.
pub async fn setup_finish(ctx: &Ctx, ceremony: &str, credential: serde_json::Value) -> Result<NewSession> {
    let mut tx = ctx.begin().await?;
    let state: State = ceremony::take(ctx, &mut tx, KIND, ceremony).await?;
    let passkey = passkey::made(ctx, credential, &state.registration)?;
    if let Person::Guest(guest) = state.person {
        let means = Means::Passkey(Box::new(passkey));
        let entered = doors::enter(ctx, tx, &guest, &state.link, means).await?;
        return Ok(entered.session);
    }
    if !store::use_setup_link(&mut tx, &state.link, ctx.now()).await? {
        return Err(GONE);
    }
    match state.person {
        Person::First { form, handle } => first(ctx, tx, form, handle, &passkey).await,
        Person::Known { user } => enrol(ctx, tx, user, &passkey).await,
        Person::Guest(_) => Err(GONE),
    }
}

/// Makes the first person, with the first organisation.
async fn first(
    ctx: &Ctx,
    mut tx: Tx,
    form: SetupForm,
    handle: Uuid,
    passkey: &NewPasskey,
) -> Result<NewSession> {
    let now = ctx.now();
    if store::any_user(&mut tx).await? {
        return Err(GONE);
    }
    let user = UserId::new(ctx.clock(), ctx.rng());
    let row = UserRow {
        id: user.to_string(),
        email: form.email,
        name: form.name,
        staff_role: Some(StaffRole::OperatorAdmin.to_string()),
    };
    store::insert_user(&mut tx, &row, handle.as_bytes(), now).await?;
    ctx.make_data_key(&mut tx, Purpose::Personal, &row.id).await?;
    passkey::keep(ctx, &mut tx, user, passkey, UNNAMED).await?;
    let new = NewOrganisation {
        name: form.organisation,
        time_zone: form.time_zone,
    };
    let organisation = insert_organisation(ctx, &mut tx, &new, user, now).await?;
    let session = sessions::create(ctx, &mut tx, user, organisation, passkey.method()).await?;
    let event = Event::new(Action::SetupCompleted)
        .by_user(user)
        .in_organisation(organisation)
        // What happened to the account: it stands in the person's own Activity.
        .target(user)
        .detail("organisation", new.name);
    ctx.commit(tx, event).await?;
    Ok(session)
}

/// Gives a known person their first passkey; their other links stop working.
async fn enrol(ctx: &Ctx, mut tx: Tx, user: UserId, passkey: &NewPasskey) -> Result<NewSession> {
    let id = user.to_string();
    known(&mut tx, &id).await?;
    let organisation = organisations_of(&mut tx, &id).await?.into_iter().next();
    let organisation = organisation.ok_or(Error::Conflict(
        "This account belongs to no organisation. Ask an administrator to invite you.",
    ))?;
    let organisation = organisation.id.parse()?;
    store::remove_enrolment_links(&mut tx, &id).await?;
    let passkey_id = passkey::keep(ctx, &mut tx, user, passkey, UNNAMED).await?;
    let session = sessions::create(ctx, &mut tx, user, organisation, passkey.method()).await?;
    let event = Event::new(Action::PasskeyEnrolled)
        .by_user(user)
        .in_organisation(organisation)
        .target(user)
        .detail("passkey", passkey_id);
    ctx.commit(tx, event).await?;
    Ok(session)
}
