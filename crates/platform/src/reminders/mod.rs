//! Reminders of what makes an account weaker, as its owner chooses. They are not notices: what
//! tells of a change to the account cannot be switched off.
//!
//! **Invariant**: a person gets at most one mail of them a day, and is told the same thing again
//! after thirty days at the earliest.

mod store;

use types::{
    UserId,
    security::{ReminderChoice, ReminderKind},
};

use crate::{
    Actor, Ctx, Error, Result,
    audit::{Action, Event, Tx},
    calendar,
    jobs::{self, Job},
    mail::{self, Message},
};

const SIGNED_OUT: Error = Error::Unauthenticated("Sign in first.");
/// The same thing is told again after so many seconds.
const AGAIN: i64 = 30 * 86_400;
/// Between two mails to one person lie so many seconds at least.
const APART: i64 = 86_400;
/// A passkey that was not used for so many seconds is one that may be lost.
const UNUSED: i64 = 90 * 86_400;
/// An API key that is older than so many seconds should be rotated.
const OLD: i64 = 365 * 86_400;
/// An account that is younger is being set up, and nobody need be reminded of it, in seconds.
const SETTLED: i64 = 7 * 86_400;
/// People reminded in one transaction at most.
const BATCH: usize = 100;

/// What the viewer is reminded of.
///
/// # Errors
/// `Unauthenticated` if nobody is signed in.
pub async fn choices(ctx: &Ctx) -> Result<Vec<ReminderChoice>> {
    let Actor::User { id, .. } = ctx.actor() else {
        return Err(SIGNED_OUT);
    };
    let mut read = ctx.read().await?;
    let unwanted = store::unwanted(&mut read, &id.to_string()).await?;
    let choice = |kind: &ReminderKind| ReminderChoice {
        kind: *kind,
        wanted: !unwanted.iter().any(|word| word == kind.as_str()),
    };
    Ok(ReminderKind::ALL.iter().map(choice).collect())
}

/// Chooses what the viewer is reminded of: these, and nothing else.
///
/// # Errors
/// `Unauthenticated` if nobody is signed in.
pub async fn choose(ctx: &Ctx, wanted: &[ReminderKind]) -> Result<()> {
    let Actor::User { id, .. } = ctx.actor() else {
        return Err(SIGNED_OUT);
    };
    let mut tx = ctx.begin().await?;
    for kind in ReminderKind::ALL {
        store::choose(&mut tx, &id.to_string(), kind.as_str(), wanted.contains(kind)).await?;
    }
    let words: Vec<&str> = wanted.iter().map(|kind| kind.as_str()).collect();
    let event = Event::new(Action::RemindersChosen).target(id).detail(
        "reminders",
        if words.is_empty() {
            "nothing".to_owned()
        } else {
            words.join(", ")
        },
    );
    ctx.commit(tx, event).await
}

/// Reminds whoever is due, and queues itself: at once if there are more, else for the next day.
pub(crate) async fn send(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    let now = ctx.now();
    let mut due: Vec<(String, Vec<ReminderKind>)> = Vec::new();
    for kind in ReminderKind::ALL {
        for user in found(ctx, tx, *kind).await? {
            match due.iter_mut().find(|(id, _)| *id == user) {
                Some((_, kinds)) => kinds.push(*kind),
                None => due.push((user, vec![*kind])),
            }
        }
    }
    let more = due.len() > BATCH;
    for (user, kinds) in due.into_iter().take(BATCH) {
        remind(ctx, tx, user.parse()?, &kinds).await?;
    }
    let next = if more { now } else { now.plus_seconds(APART) };
    jobs::enqueue(ctx, tx, &Job::Remind, next).await
}

/// Whom this concerns, who wants it, and who was told nothing for a day, nor this for a month.
async fn found(ctx: &Ctx, tx: &mut Tx, kind: ReminderKind) -> Result<Vec<String>> {
    let now = ctx.now();
    let due = store::Due {
        kind: kind.as_str(),
        told_before: now.plus_seconds(-AGAIN).as_millis(),
        any_before: now.plus_seconds(-APART).as_millis(),
    };
    Ok(match kind {
        ReminderKind::UnusedCredential => {
            store::with_unused_passkey(tx, &due, now.plus_seconds(-UNUSED)).await?
        }
        ReminderKind::SinglePasskey => {
            store::with_single_passkey(tx, &due, now.plus_seconds(-SETTLED)).await?
        }
        ReminderKind::OldApiKey => store::with_old_key(tx, &due, now.plus_seconds(-OLD)).await?,
        ReminderKind::NoRecoveryCodes => {
            store::without_recovery_codes(tx, &due, now.plus_seconds(-SETTLED)).await?
        }
    })
}

async fn remind(ctx: &Ctx, tx: &mut Tx, user: UserId, kinds: &[ReminderKind]) -> Result<()> {
    let day: String = calendar::rfc3339(ctx.now())?.chars().take(10).collect();
    let mut message = Message::new(
        "reminder",
        format!("reminder/{user}/{day}"),
        "What would make your account safer",
    );
    for kind in kinds {
        message = message.text(text(*kind));
        store::told(tx, &user.to_string(), kind.as_str(), ctx.now()).await?;
    }
    let message = message
        .text("You choose what you are reminded of under Notifications in your account.")
        .link("Open sign-in methods", "/account/sign-in-methods")
        .link("Choose reminders", "/account/notifications");
    mail::to_user(ctx, tx, user, message).await
}

const fn text(kind: ReminderKind) -> &'static str {
    match kind {
        ReminderKind::UnusedCredential => {
            "A passkey of yours has not been used for 90 days. If you do not have it any more, remove it."
        }
        ReminderKind::SinglePasskey => {
            "You have one passkey. If its device is lost, you have to recover your account: add a second \
             one on another device."
        }
        ReminderKind::OldApiKey => {
            "An API key that you made is older than a year. Rotate it, so that a copy that leaked without \
             anybody noticing stops working."
        }
        ReminderKind::NoRecoveryCodes => {
            "You have no recovery codes. With them you get back in when nothing else works: make ten and \
             keep them apart from your devices."
        }
    }
}
