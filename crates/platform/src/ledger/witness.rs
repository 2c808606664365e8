//! Having checkpoints cosigned (C2SP tlog-witness): what to send to whom, and what came of it. The
//! server does the sending, outside any transaction.

use db::Conn;
use ledger::{
    checkpoint::add_signature,
    witness::{Request, open_cosignature},
};
use types::Timestamp;

use super::{
    Witness,
    prove::between,
    store::{self, CosignatureRow},
};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event, Housekeeping, Tx},
    calendar,
    mail::{self, Message},
    retention,
};

/// After so many seconds without a good answer staff are told.
const LONG: i64 = 15 * 60;
/// Characters of a problem that are kept: the witness wrote some of them.
const WORDS: usize = 300;

/// What there is for a witness to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submission {
    /// It has signed the newest checkpoint.
    Nothing,
    /// This is to be sent.
    Send {
        /// The body.
        request: Request,
        /// How many events the checkpoint covers.
        size: u64,
    },
    /// It has signed a larger tree than this database has: events are missing here.
    Behind {
        /// What it has signed.
        signed: u64,
        /// What we have.
        ours: u64,
    },
}

/// The newest checkpoint for this witness, with the proof that it grew out of what the witness
/// signed last: `signed`, if it has just said so, and else what we remember.
///
/// # Errors
/// If the database fails.
pub async fn submission(ctx: &Ctx, witness: &Witness, signed: Option<u64>) -> Result<Submission> {
    let mut read = ctx.read().await?;
    let Some(last) = store::last_checkpoint(&mut read).await? else {
        return Ok(Submission::Nothing);
    };
    let ours = u64::try_from(last.tree_size).unwrap_or_default();
    let old_size = match signed {
        Some(signed) => signed,
        None => remembered(&mut read, witness.key.name()).await?,
    };
    if old_size > ours {
        return Ok(Submission::Behind {
            signed: old_size,
            ours,
        });
    }
    if old_size == ours && signed.is_none() {
        return Ok(Submission::Nothing);
    }
    let request = Request {
        old_size,
        proof: between(&mut read, old_size, ours).await?,
        checkpoint: last.note,
    };
    Ok(Submission::Send { request, size: ours })
}

async fn remembered(conn: &mut Conn, name: &str) -> Result<u64> {
    let row = store::witness(conn, name).await?;
    Ok(row.map_or(0, |row| u64::try_from(row.tree_size).unwrap_or_default()))
}

/// Keeps the cosignature that a witness answered with.
///
/// # Errors
/// `Conflict` if there is none by its key in the answer that is right.
pub async fn cosigned(
    ctx: &Ctx,
    witness: &Witness,
    request: &Request,
    size: u64,
    answer: &str,
) -> Result<()> {
    let sound = |line: &&str| {
        add_signature(&request.checkpoint, line)
            .is_ok_and(|note| open_cosignature(&note, &witness.key).is_ok())
    };
    let line = answer.lines().find(sound).ok_or(Error::Conflict(
        "It answered without a signature that its key in ledger.witness checks.",
    ))?;
    let name = witness.key.name();
    let row = CosignatureRow {
        tree_size: i64::try_from(size).map_err(Error::internal)?,
        witness: name.to_owned(),
        line: line.to_owned(),
    };
    let mut tx = ctx.begin().await?;
    let before = store::witness(&mut tx, name).await?;
    store::insert_cosignature(&mut tx, &row, ctx.now()).await?;
    store::answered(&mut tx, name, row.tree_size, ctx.now()).await?;
    if before.is_some_and(|before| before.told_at.is_some()) {
        tracing::info!(witness = name, "the witness signs again");
        let event = Event::new(Action::WitnessRecovered).detail("witness", name);
        return ctx.commit(tx, event).await;
    }
    ctx.commit_housekeeping(tx, Housekeeping::CosignatureKept).await
}

/// Notes that a witness did not sign, and tells staff: at once if it `contradicts` the log, and
/// else once it has failed for long.
///
/// # Errors
/// If the database fails.
pub async fn failed(ctx: &Ctx, witness: &Witness, problem: &str, contradicts: bool) -> Result<()> {
    let name = witness.key.name();
    let problem: String = problem.chars().take(WORDS).collect();
    let mut tx = ctx.begin().await?;
    let now = ctx.now();
    let row = store::failed(&mut tx, name, &problem, now).await?;
    let since = row.failing_since.unwrap_or_else(|| now.as_millis());
    let long = now.as_millis().saturating_sub(since) >= LONG * 1000;
    if row.told_at.is_none() && (long || contradicts) && store::set_told(&mut tx, name, now).await? {
        tracing::error!(
            witness = name,
            problem,
            "a witness does not sign the ledger's checkpoints"
        );
        tell(ctx, &mut tx, name, (since, now), &problem).await?;
        let event = Event::new(Action::WitnessFailing)
            .failed()
            .detail("witness", name)
            .detail("problem", problem.trim_end_matches('.'));
        return ctx.commit(tx, event).await;
    }
    tracing::warn!(witness = name, problem, "a witness did not sign");
    ctx.commit_housekeeping(tx, Housekeeping::CosignatureKept).await
}

/// A mail to each of the staff who look after the log.
async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    name: &str,
    (since, now): (i64, Timestamp),
    problem: &str,
) -> Result<()> {
    let begun = calendar::to_the_minute(Timestamp::from_millis(since))?;
    for user in retention::everybody_of(tx, None).await? {
        let message = Message::new(
            "ledger.witness_failing",
            format!("ledger.witness_failing:{name}:{}:{user}", now.as_millis()),
            "A witness does not sign the ledger's checkpoints",
        )
        .text(format!("The witness {name} has not signed since {begun}. {problem}"))
        .text(
            "Events are written and get their places as before. Until it signs again, nobody else vouches for \
             what was written since. It is tried again on its own.",
        )
        .link("Look at the ledger", "/staff/ledger");
        mail::to_user(ctx, tx, user, message).await?;
    }
    Ok(())
}
