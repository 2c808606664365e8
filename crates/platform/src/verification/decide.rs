//! From evidence to a decision, the same for a person's page and for a business's call.

use types::{Assurance, Environment, TokenId, VerificationId, VerificationStatus};
use verify::{decision, mrz};

use super::{
    Evidence, count,
    figures::{self, Group},
    rule::Business,
    store::{self, Decided, VerificationRow},
    told,
};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event, Tx},
};

/// How often lines whose check digits do not agree may be given before the verification ends.
pub const MAX_ATTEMPTS: i64 = 5;

/// What is wrong with a line, for whoever gave it. It may quote what was given: it goes back
/// to that caller only, and is never written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1; 0 for the lines as a whole.
    pub line: usize,
    /// The character within the line, counted from 1; 0 for the line as a whole.
    pub position: usize,
    /// A sentence.
    pub message: String,
}

/// What evidence came to.
pub(super) enum Outcome {
    /// The lines are not lines of a document: nothing was decided, no try was used.
    Malformed(Vec<Problem>),
    /// The check digits do not agree: a try was used.
    Inconsistent {
        problems: Vec<Problem>,
        status: VerificationStatus,
    },
    /// Approved or denied.
    Decided,
}

/// Reads the evidence, decides, and writes the decision and its audit event.
///
/// # Errors
/// `Conflict` if the verification is over, also when another call was quicker; `Invalid` if
/// the organisation takes no self-asserted evidence on live keys.
pub(super) async fn decide(ctx: &Ctx, row: &VerificationRow, evidence: &Evidence) -> Result<Outcome> {
    hold_open(ctx, row)?;
    let business = Business::load(ctx, &mut *ctx.read().await?, row.organisation).await?;
    if !business.accepts_self_asserted(row.environment) {
        refused(ctx, row.id, "self-asserted evidence on a live key").await?;
        return Err(Error::invalid(
            "evidence.mrz",
            "Typed lines are self-asserted evidence, which live keys refuse. Use a test key, or \
             let an owner accept it in the organisation's settings.",
        ));
    }
    let rule = business.rule(row);
    let reading = match mrz::read(&evidence.lines(), rule.today) {
        Ok(reading) => reading,
        Err(malformed) => {
            refused(ctx, row.id, "the lines could not be read").await?;
            return Ok(Outcome::Malformed(
                malformed.problems().iter().map(problem).collect(),
            ));
        }
    };
    if row.environment == Environment::Live && reading.is_specimen() {
        refused(ctx, row.id, "a specimen on a live key").await?;
        return Err(Error::invalid(
            "evidence.mrz",
            "This is a specimen document: no one was ever issued it. Specimens work with test keys.",
        ));
    }
    let decision = decision::decide(&reading, &rule);
    if decision.status == VerificationStatus::Resubmission {
        let mut problems: Vec<Problem> = reading.problems().iter().map(problem).collect();
        if decision.reason == Some(decision::Reason::ExpiryNotStated) {
            let message = "This document states no date of expiry. Use another document.".into();
            problems.push(Problem {
                line: 0,
                position: 0,
                message,
            });
        }
        let status = write_try(ctx, row).await?;
        return Ok(Outcome::Inconsistent { problems, status });
    }
    write_decision(ctx, row, &decision).await?;
    Ok(Outcome::Decided)
}

fn problem(problem: &mrz::Problem) -> Problem {
    Problem {
        line: problem.line,
        position: problem.position,
        message: problem.message.clone(),
    }
}

/// A verification that is over, by decision or by time, takes nothing more.
pub(super) fn hold_open(ctx: &Ctx, row: &VerificationRow) -> Result<()> {
    if row.status.is_final() {
        return Err(Error::Conflict("This verification is over. Start a new one."));
    }
    if ctx.now() >= row.expires_at {
        return Err(Error::Conflict(
            "This verification's time ran out. Start a new one.",
        ));
    }
    Ok(())
}

async fn refused(ctx: &Ctx, id: VerificationId, reason: &'static str) -> Result<()> {
    let event = Event::new(Action::VerificationRefused)
        .target(id)
        .denied()
        .detail("reason", reason);
    ctx.record(event).await
}

const TOO_LATE: Error =
    Error::Conflict("Another answer was quicker. Ask for the status of this verification.");

async fn write_try(ctx: &Ctx, row: &VerificationRow) -> Result<VerificationStatus> {
    let mut tx = ctx.begin().await?;
    let tenant = row.organisation.to_string();
    let attempt = store::count_try(&mut tx, &tenant, &row.id.to_string())
        .await?
        .ok_or(TOO_LATE)?;
    let mut events = Vec::new();
    let mut status = VerificationStatus::Resubmission;
    if attempt >= MAX_ATTEMPTS {
        status = VerificationStatus::Rejected;
        end(ctx, &mut tx, row, "too_many_tries").await?;
        let outcome = Event::new(Action::VerificationDecided).target(row.id);
        events.push(outcome.detail("outcome", "rejected after too many tries"));
    }
    let event = Event::new(Action::VerificationResubmission)
        .target(row.id)
        .failed();
    ctx.commit_all(tx, event.detail("attempt", attempt), events)
        .await?;
    Ok(status)
}

/// Ends a verification without a decision.
pub(super) async fn end(ctx: &Ctx, tx: &mut Tx, row: &VerificationRow, reason: &'static str) -> Result<()> {
    let tenant = row.organisation.to_string();
    count::ended(tx, row.environment, reason);
    let ended = store::reject(tx, &tenant, &row.id.to_string(), reason, ctx.now()).await?;
    if !ended {
        return Err(TOO_LATE);
    }
    figures::ended(tx, row, Group::Rejected, ctx.now()).await?;
    told::ended(ctx, tx, row, (VerificationStatus::Rejected, None)).await
}

async fn write_decision(ctx: &Ctx, row: &VerificationRow, decision: &decision::Decision) -> Result<()> {
    let now = ctx.now();
    let approved = decision.status == VerificationStatus::Approved;
    let decided = Decided {
        status: decision.status,
        assurance: Assurance::SelfAsserted,
        over18: decision.over18,
        checks: serde_json::to_string(&decision.checks)?,
        reason: decision.reason.map(|reason| reason.as_str().to_owned()),
        token_id: approved.then(|| TokenId::new(ctx.clock(), ctx.rng()).to_string()),
        token_expires_at: approved.then(|| now.plus_seconds(ctx.settings().token_ttl).as_millis()),
        completed_at: now,
    };
    let mut tx = ctx.begin().await?;
    let tenant = row.organisation.to_string();
    if !store::decide(&mut tx, &tenant, &row.id.to_string(), &decided).await? {
        return Err(TOO_LATE);
    }
    count::ended(&mut tx, row.environment, decision.status.as_str());
    figures::ended(&mut tx, row, Group::of(decision.status), now).await?;
    told::ended(ctx, &mut tx, row, (decided.status, Some(decided.assurance))).await?;
    let event = Event::new(Action::VerificationDecided)
        .target(row.id)
        .detail("outcome", decision.status)
        .detail("assurance", decided.assurance);
    ctx.commit(tx, event).await
}
