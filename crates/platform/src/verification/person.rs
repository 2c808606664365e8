//! The person's side: one secret link, consent, lines, outcome.
//!
//! The link is the whole authentication. Nothing of the person's request is kept.

use types::{Permission, Timestamp, VerificationId, VerificationStatus};

use super::{
    Evidence,
    decide::{MAX_ATTEMPTS, Outcome, Problem, decide, end, hold_open},
    rule::Business,
    store::{self, VerificationRow},
};
use crate::{
    Actor, Ctx, Error, Result,
    audit::{Action, Event},
    codec,
};

/// A link that was recognised: a context for the person, and which verification it is.
pub struct Link {
    /// Acts as the person.
    pub ctx: Ctx,
    /// The verification.
    pub verification: VerificationId,
}

/// What the person's page is to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonView {
    /// Asks for consent.
    Consent {
        /// Who asks.
        business: String,
        /// The age asked for.
        minimum_age: Option<u8>,
        /// When the link stops working.
        expires_at: Timestamp,
    },
    /// Asks for the lines.
    Lines {
        /// Who asks.
        business: String,
        /// The age asked for.
        minimum_age: Option<u8>,
        /// How many tries are left, 1 to 5.
        attempts_left: u8,
    },
    /// It is over.
    Done {
        /// Who asked.
        business: String,
        /// Approved, denied or rejected.
        status: VerificationStatus,
        /// Why, as a code, if not approved.
        reason: Option<String>,
        /// Where to go on.
        return_url: Option<String>,
    },
    /// The business takes no typed lines on live keys, and there is no other way yet.
    NotAccepted {
        /// Who asks.
        business: String,
        /// Where to go on.
        return_url: Option<String>,
    },
}

/// What submitted lines came to.
pub enum Submission {
    /// Something is wrong with them; another try is open.
    Again {
        /// What is wrong.
        problems: Vec<Problem>,
    },
    /// It is over: ask for the view.
    Over,
}

/// Recognises a link.
///
/// # Errors
/// `NotFound` if there is no such link.
pub async fn open_link(ctx: &Ctx, secret: &str) -> Result<Link> {
    let row = store::by_link(&mut *ctx.read().await?, &codec::digest(secret)).await?;
    let row: VerificationRow = row.ok_or(Error::NotFound("This verification"))?.try_into()?;
    let person = Actor::Person {
        verification: row.id,
        organisation: row.organisation,
    };
    Ok(Link {
        ctx: ctx.acting_as(person),
        verification: row.id,
    })
}

/// The person's own verification.
async fn own(ctx: &Ctx) -> Result<VerificationRow> {
    let Actor::Person {
        verification,
        organisation,
    } = ctx.actor()
    else {
        return Err(Error::Forbidden(Permission::VerificationsComplete));
    };
    let mut read = ctx.read().await?;
    let row = store::get(&mut read, &organisation.to_string(), &verification.to_string()).await?;
    row.ok_or(Error::NotFound("This verification"))?.try_into()
}

/// What to show now.
///
/// # Errors
/// `Forbidden` if the context is not the person's.
pub async fn view(ctx: &Ctx) -> Result<PersonView> {
    let row = own(ctx).await?;
    let business = Business::load(ctx, &mut *ctx.read().await?, row.organisation).await?;
    let accepted = business.accepts_self_asserted(row.environment);
    let (business, minimum_age) = (business.name, row.minimum_age);
    if row.status.is_final() {
        let VerificationRow {
            status,
            reason,
            return_url,
            ..
        } = row;
        return Ok(PersonView::Done {
            business,
            status,
            reason,
            return_url,
        });
    }
    if ctx.now() >= row.expires_at {
        let (status, reason) = (VerificationStatus::Rejected, Some("expired".to_owned()));
        return Ok(PersonView::Done {
            business,
            status,
            reason,
            return_url: row.return_url,
        });
    }
    if !accepted {
        return Ok(PersonView::NotAccepted {
            business,
            return_url: row.return_url,
        });
    }
    if row.consented_at.is_none() {
        return Ok(PersonView::Consent {
            business,
            minimum_age,
            expires_at: row.expires_at,
        });
    }
    let left = u8::try_from(MAX_ATTEMPTS.saturating_sub(row.attempts)).unwrap_or_default();
    Ok(PersonView::Lines {
        business,
        minimum_age,
        attempts_left: left,
    })
}

/// The person agrees. Agreeing again changes nothing.
///
/// # Errors
/// `Conflict` if it is over; `Forbidden` if the context is not the person's.
pub async fn consent(ctx: &Ctx) -> Result<()> {
    let row = own(ctx).await?;
    hold_open(ctx, &row)?;
    if row.consented_at.is_some() {
        return Ok(());
    }
    let mut tx = ctx.begin().await?;
    store::consent(
        &mut tx,
        &row.organisation.to_string(),
        &row.id.to_string(),
        ctx.now(),
    )
    .await?;
    ctx.commit(tx, Event::new(Action::VerificationConsented).target(row.id))
        .await
}

/// The person does not agree: the verification ends as rejected.
///
/// # Errors
/// `Conflict` if it is over; `Forbidden` if the context is not the person's.
pub async fn decline(ctx: &Ctx) -> Result<()> {
    let row = own(ctx).await?;
    hold_open(ctx, &row)?;
    let mut tx = ctx.begin().await?;
    end(ctx, &mut tx, &row, "declined").await?;
    ctx.commit(tx, Event::new(Action::VerificationDeclined).target(row.id))
        .await
}

/// The person gives the lines.
///
/// # Errors
/// `Conflict` if it is over or was not agreed to; `Forbidden` if the context is not the
/// person's.
pub async fn submit(ctx: &Ctx, evidence: &Evidence) -> Result<Submission> {
    let row = own(ctx).await?;
    hold_open(ctx, &row)?;
    if row.consented_at.is_none() {
        return Err(Error::Conflict("Agree to be verified first."));
    }
    Ok(match decide(ctx, &row, evidence).await? {
        Outcome::Malformed(problems) => Submission::Again { problems },
        Outcome::Inconsistent { problems, status } if !status.is_final() => Submission::Again { problems },
        Outcome::Inconsistent { .. } | Outcome::Decided => Submission::Over,
    })
}
