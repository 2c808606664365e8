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
    guard::{self, Attempt, GuardKind},
    identity,
    links::{self, LinkKind},
    recall::Topic,
};

const SHOWN: Error = Error::Conflict("The second way was shown already. Wait for the time to pass.");

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
/// `Invalid` if it is not right; `Throttled` after too many that were not.
pub async fn prove(ctx: &Ctx, secret: &str, way: SecondWay, shown: &str) -> Result<()> {
    let id = links::peek(ctx, LinkKind::Recovery, secret).await?;
    let id = id.ok_or(links::GONE)?;
    let mut read = ctx.read().await?;
    let row = store::open(&mut read, &id, ctx.now()).await?.ok_or(links::GONE)?;
    let person = identity::user(&mut read, &row.user_id)
        .await?
        .ok_or(links::GONE)?;
    drop(read);
    if person.staff_role.is_some() {
        return Err(Error::Conflict(
            "The recovery of a staff account is approved by another staff member. Ask one of them.",
        ));
    }
    if row.second_way.is_some() {
        return Err(SHOWN);
    }
    let attempt = Attempt {
        what: GuardKind::Recovery,
        account: Some(&row.user_id),
    };
    guard::check(ctx, &attempt).await?;
    let user: UserId = row.user_id.parse()?;
    let by_password = way == SecondWay::Password;
    let password = by_password && identity::is_password(ctx, user, &person.email, shown).await?;
    let mut tx = ctx.begin().await?;
    if password || identity::is_code(ctx, &mut tx, user, way, shown).await? {
        let event = begin_waiting(ctx, &mut tx, &row, way.as_str(), None).await?;
        ctx.commit(tx, event).await?;
        return guard::succeeded(ctx, &attempt).await;
    }
    let others = identity::was_wrong(ctx, &mut tx, user).await?;
    let event = Event::new(Action::RecoveryRefused)
        .denied()
        .target(user)
        .detail("way", way.as_str());
    ctx.commit_all(tx, event, others).await?;
    Err(Error::invalid(
        "shown",
        "This is not right. Check what you typed, or choose another way.",
    ))
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
        return Err(SHOWN);
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
