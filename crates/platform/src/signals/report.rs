//! What somebody finds suspicious, told to staff.

use types::{Permission, ReportId, StaffRole, security::SignalKind};

use super::{Signal, record, store};
use crate::{
    Actor, Ctx, Error, Result,
    audit::{Action, Event, Tx},
    guard::{self, Attempt, GuardKind},
    mail::{self, Message},
};

/// Characters of a report at most.
const LONGEST: usize = 4_000;

/// Whoever has no account is told of to staff so often at most, in seconds: they can be many,
/// and each report waits under Signals all the same.
const ONE_MAIL: i64 = 3_600;

/// Takes a report of anybody, and gives the reference by which staff find it. Its words are
/// sealed; the mail to staff has none of them.
///
/// # Errors
/// `Invalid` if nothing is said, or too much; `Throttled` after many of one account or network.
pub async fn report(ctx: &Ctx, about: &str, text: &str) -> Result<ReportId> {
    let user = match ctx.actor() {
        Actor::User { id, .. } => Some(*id),
        _ => None,
    };
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid(
            "text",
            "Say what looks suspicious, in your own words.",
        ));
    }
    if text.chars().count() > LONGEST {
        return Err(Error::invalid("text", "Say it in at most 4,000 characters."));
    }
    let account = user.map(|user| user.to_string());
    let attempt = Attempt {
        what: GuardKind::Report,
        account: account.as_deref(),
    };
    guard::check(ctx, &attempt).await?;
    let mut tx = ctx.begin().await?;
    let about: String = about.chars().filter(|c| !c.is_control()).take(200).collect();
    let signal = Signal {
        kind: SignalKind::Report,
        user,
        cause: format!("report/{}", crate::codec::secret(ctx.rng())),
        text: if about.is_empty() {
            text.to_owned()
        } else {
            format!("About {about}: {text}")
        },
    };
    let id = record(ctx, &mut tx, signal).await?;
    let id = id.ok_or_else(|| Error::internal("a random cause was there already"))?;
    tell_staff(ctx, &mut tx, user.map(|_| id)).await?;
    ctx.commit(tx, Event::new(Action::SuspicionReported).target(id))
        .await?;
    Ok(id)
}

/// Mails those who may read it; that of somebody without an account has no reference there,
/// since one mail stands for all of an hour.
async fn tell_staff(ctx: &Ctx, tx: &mut Tx, known: Option<ReportId>) -> Result<()> {
    let hour = ctx.now().as_millis() / (ONE_MAIL * 1000);
    for (staff, role) in store::staff(tx).await? {
        let permissions = role.parse::<StaffRole>()?.permissions();
        if !permissions.contains(&Permission::SignalsRead) {
            continue;
        }
        let (cause, text) = match known {
            Some(id) => (
                format!("report/{id}/{staff}"),
                format!(
                    "The report has the reference {id}. What it says is shown to staff only, not in mail."
                ),
            ),
            None => (
                format!("report/anybody/{hour}/{staff}"),
                "Somebody who is not signed in sent a report. Further ones of this hour make no \
                 mail of their own. What they say is shown to staff only, not in mail."
                    .to_owned(),
            ),
        };
        let message = Message::new("signal.reported", cause, "Somebody reported suspicious activity")
            .text(text)
            .link("Open signals", "/staff/signals");
        mail::to_user(ctx, tx, staff.parse()?, message).await?;
    }
    Ok(())
}
