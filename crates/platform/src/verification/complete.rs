//! What a business asks of a verification: hand over evidence, collect the token, see where
//! it stands.

use types::{Assurance, Environment, Permission, Timestamp, VerificationId, VerificationStatus};

use super::{
    Evidence,
    decide::{Outcome, Problem, decide},
    store::{self, VerificationRow},
    token,
};
use crate::{
    Actor, Ctx, Error, Result,
    recall::{LONGEST, Mark},
};

/// How long a verification that is over is remembered, in milliseconds: it does not change.
const OVER_LONGEST: i64 = 60_000;

const NOT_FOUND: Error = Error::NotFound("The verification");

/// The answer to a completion.
pub struct Completed {
    /// Which verification.
    pub id: VerificationId,
    /// Where it stands.
    pub status: VerificationStatus,
    /// **Secret**: the token, if it was approved.
    pub token: Option<String>,
    /// What was wrong with the evidence, if another try is open.
    pub problems: Vec<Problem>,
}

/// Where a verification stands.
#[derive(Clone, Copy)]
pub struct Standing {
    /// Which verification.
    pub id: VerificationId,
    /// Where it stands.
    pub status: VerificationStatus,
    /// A constant for the assurance reached; `None` before a decision.
    pub confidence: Option<f64>,
    /// When it was started.
    pub created_at: Timestamp,
    /// When it reached a final status.
    pub completed_at: Option<Timestamp>,
}

/// The contract's constant for each assurance.
pub(super) const fn confidence(assurance: Assurance) -> f64 {
    match assurance {
        Assurance::SelfAsserted => 0.3,
        Assurance::Image => 0.6,
        // A provider's own score stands in its place once a provider gives one.
        Assurance::Provider => 0.8,
        Assurance::Cryptographic => 1.0,
    }
}

/// The verification, if it is the tenant's.
async fn read(ctx: &Ctx, id: VerificationId) -> Result<VerificationRow> {
    let tenant = ctx.tenant()?.to_string();
    let row = store::get(&mut *ctx.read().await?, &tenant, &id.to_string()).await?;
    row.map(VerificationRow::try_from).transpose()?.ok_or(NOT_FOUND)
}

/// The verification, if it is the key's tenant's and of the key's environment.
async fn load(ctx: &Ctx, id: VerificationId) -> Result<VerificationRow> {
    let row = read(ctx, id).await?;
    if is_seen(ctx, row.environment) {
        Ok(row)
    } else {
        Err(NOT_FOUND)
    }
}

/// A key sees its own environment.
fn is_seen(ctx: &Ctx, of: Environment) -> bool {
    match ctx.actor() {
        Actor::ApiKey { environment, .. } => of == *environment,
        _ => true,
    }
}

/// With evidence it decides. Without, it hands over what was decided: the same token, however
/// often it is asked.
///
/// # Errors
/// `Forbidden` without [`Permission::VerificationsComplete`]; `NotFound`; `Invalid` for lines
/// that are no lines of a document; `Conflict` while the person is still at it, or if evidence
/// comes for a verification that is over.
pub async fn complete(ctx: &Ctx, id: VerificationId, evidence: Option<Evidence>) -> Result<Completed> {
    ctx.require(Permission::VerificationsComplete).await?;
    let row = load(ctx, id).await?;
    let Some(evidence) = evidence else {
        return answer(ctx, row).await;
    };
    match decide(ctx, &row, &evidence).await? {
        Outcome::Malformed(problems) => Err(Error::Invalid {
            fields: problems
                .into_iter()
                .map(|problem| (field(problem.line), problem.message))
                .collect(),
        }),
        Outcome::Inconsistent { problems, status } => Ok(Completed {
            id,
            status,
            token: None,
            problems,
        }),
        Outcome::Decided => answer(ctx, load(ctx, id).await?).await,
    }
}

/// The name of a line in the request.
fn field(line: usize) -> String {
    match line.checked_sub(1) {
        Some(index) => format!("evidence.mrz[{index}]"),
        None => "evidence.mrz".into(),
    }
}

async fn answer(ctx: &Ctx, row: VerificationRow) -> Result<Completed> {
    if !row.status.is_final() {
        return Err(Error::Conflict(
            "The person is still at it. Ask GET /verify/status until the status is final, or \
             send evidence.",
        ));
    }
    let token = token::issue(ctx, &row).await?;
    Ok(Completed {
        id: row.id,
        status: row.status,
        token,
        problems: Vec::new(),
    })
}

/// Where the verification stands.
///
/// # Errors
/// `Forbidden` without [`Permission::VerificationsRead`]; `NotFound`.
pub async fn status(ctx: &Ctx, id: VerificationId) -> Result<Standing> {
    ctx.require(Permission::VerificationsRead).await?;
    let tenant = ctx.tenant()?;
    let memory = &ctx.remembered().standings;
    let mark = ctx.target_mark(&id.to_string());
    let remembered = memory.get(&(tenant, id), mark, OVER_LONGEST);
    let holds = |standing: &Standing, from: Mark| {
        standing.status.is_final() || ctx.now().millis_since(from.at) < LONGEST
    };
    let (environment, standing) = match remembered {
        Some((found, from)) if holds(&found.1, from) => found,
        _ => {
            let row = read(ctx, id).await?;
            let found = (row.environment, standing(&row));
            memory.put((tenant, id), found, mark);
            found
        }
    };
    if is_seen(ctx, environment) {
        Ok(standing)
    } else {
        Err(NOT_FOUND)
    }
}

fn standing(row: &VerificationRow) -> Standing {
    Standing {
        id: row.id,
        status: row.status,
        confidence: row.assurance.map(confidence),
        created_at: row.created_at,
        completed_at: row.completed_at,
    }
}
