//! What somebody finds suspicious, told to staff.

use types::{Permission, ReportId, security::SignalKind};

use super::{Signal, record, store};
use crate::{
    Actor, Ctx, Error, Result,
    audit::{Action, Event},
    guard::{self, Attempt, GuardKind},
    mail::{self, Message},
};

/// Characters of a report at most.
const LONGEST: usize = 4_000;

/// Takes a report, and gives the reference by which staff find it. Its words are sealed; the
/// mail to staff has none of them.
///
/// # Errors
/// `Unauthenticated` if nobody is signed in; `Invalid` if nothing is said, or too much;
/// `Throttled` after many.
pub async fn report(ctx: &Ctx, about: &str, text: &str) -> Result<ReportId> {
    let Actor::User { id: user, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
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
    let account = user.to_string();
    let attempt = Attempt {
        what: GuardKind::Report,
        account: Some(&account),
    };
    guard::check(ctx, &attempt).await?;
    let mut tx = ctx.begin().await?;
    let about: String = about.chars().filter(|c| !c.is_control()).take(200).collect();
    let signal = Signal {
        kind: SignalKind::Report,
        user: Some(*user),
        cause: format!("report/{}", crate::codec::secret(ctx.rng())),
        text: if about.is_empty() {
            text.to_owned()
        } else {
            format!("About {about}: {text}")
        },
    };
    let id = record(ctx, &mut tx, signal).await?;
    let id = id.ok_or_else(|| Error::internal("a random cause was there already"))?;
    for (staff, role) in store::staff(&mut tx).await? {
        if !role
            .parse::<types::StaffRole>()?
            .permissions()
            .contains(&Permission::SignalsRead)
        {
            continue;
        }
        let message = Message::new(
            "signal.reported",
            format!("report/{id}/{staff}"),
            "Somebody reported suspicious activity",
        )
        .text(format!(
            "The report has the reference {id}. What it says is shown to staff only, not in mail."
        ))
        .link("Open signals", "/staff/signals");
        mail::to_user(ctx, &mut tx, staff.parse()?, message).await?;
    }
    ctx.commit(tx, Event::new(Action::SuspicionReported).target(id))
        .await?;
    Ok(id)
}
