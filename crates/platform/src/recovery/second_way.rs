//! The second way that the person shows, beside the link in the mail.

use types::UserId;

use super::{
    PATIENCE,
    store::{self, RecoveryRow},
    tell,
};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event, Tx},
    identity,
    links::{self, LinkKind},
    recall::Topic,
};

/// What the person shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondWay {
    /// One of the recovery codes; it is used up.
    RecoveryCode,
    /// The password.
    Password,
    /// A one-time code of the authenticator app.
    Totp,
}

impl SecondWay {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::RecoveryCode, Self::Password, Self::Totp];

    /// Its word, in forms and in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RecoveryCode => "recovery_code",
            Self::Password => "password",
            Self::Totp => "totp",
        }
    }
}

impl std::str::FromStr for SecondWay {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|way| way.as_str() == word);
        found.ok_or_else(|| Error::invalid("way", "Choose what you have."))
    }
}

/// Shows the second way, with which the waiting time begins. A wrong one is audited.
///
/// # Errors
/// `Conflict` if the link does not work, a way was shown already, or a staff member must approve;
/// `Invalid` if it is not right.
pub async fn prove(ctx: &Ctx, secret: &str, way: SecondWay, shown: &str) -> Result<()> {
    let id = links::peek(ctx, LinkKind::Recovery, secret).await?;
    let id = id.ok_or(links::GONE)?;
    let mut tx = ctx.begin().await?;
    let row = store::open(&mut tx, &id, ctx.now()).await?.ok_or(links::GONE)?;
    let user: UserId = row.user_id.parse()?;
    let person = identity::user(&mut tx, &row.user_id).await?;
    if person.ok_or(links::GONE)?.staff_role.is_some() {
        return Err(Error::Conflict(
            "The recovery of a staff account is approved by another staff member. Ask one of them.",
        ));
    }
    if row.second_way.is_some() {
        return Err(Error::Conflict("The second way was shown already. Wait for the time to pass."));
    }
    if !identity::is_shown(ctx, &mut tx, user, way, shown).await? {
        let event = Event::new(Action::RecoveryRefused)
            .denied()
            .target(user)
            .detail("way", way.as_str());
        ctx.commit(tx, event).await?;
        return Err(Error::invalid(
            "shown",
            "This is not right. Check what you typed, or choose another way.",
        ));
    }
    let event = begin_waiting(ctx, &mut tx, &row, way.as_str(), None).await?;
    ctx.commit(tx, event).await
}

/// Notes the second way, and tells the account's address that the time has begun.
pub(super) async fn begin_waiting(
    ctx: &Ctx,
    tx: &mut Tx,
    row: &RecoveryRow,
    way: &'static str,
    approved_by: Option<UserId>,
) -> Result<Event> {
    let ready_at = ctx.now().plus_seconds(ctx.settings().accounts.recovery_delay);
    let approver = approved_by.map(|by| by.to_string());
    let shown = store::show_second_way(
        tx,
        &row.id,
        way,
        approver.as_deref(),
        ready_at,
        ready_at.plus_seconds(PATIENCE),
    );
    if !shown.await? {
        return Err(Error::Conflict("The second way was shown already. Wait for the time to pass."));
    }
    tx.changes(Topic::Sessions);
    tell::waiting(ctx, tx, row, ready_at).await?;
    let user: UserId = row.user_id.parse()?;
    let event = Event::new(Action::RecoveryConfirmed)
        .target(user)
        .detail("way", way)
        .detail("recovery", &row.id);
    Ok(match super::begin::home(tx, user).await? {
        Some(organisation) => event.in_organisation(organisation),
        None => event,
    })
}
