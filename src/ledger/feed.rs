//! Sending checkpoints to one witness (C2SP tlog-witness).

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use platform::{
    Ctx,
    ledger::{self, Submission, Witness},
};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use crate::outbound::Outbound;

/// A witness gets this long for one answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two checkpoints that are sent: no more often does a witness hear from us.
const PACE: Duration = Duration::from_secs(1);
/// What another server published is sent after this long, if that server did not do it.
const LOOK: Duration = Duration::from_mins(1);
/// After a failure: this, doubled each time up to the limit.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// Why a witness did not sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// In words.
    pub(super) problem: String,
    /// Whether it says that our log is not the one that it knows.
    pub(super) contradicts: bool,
}

impl Refusal {
    fn plain(problem: impl Into<String>) -> Self {
        Self {
            problem: problem.into(),
            contradicts: false,
        }
    }

    fn contradiction(problem: impl Into<String>) -> Self {
        Self {
            problem: problem.into(),
            contradicts: true,
        }
    }
}

/// Sends to one witness.
pub(super) struct Feeder {
    ctx: Ctx,
    witness: Witness,
    outbound: Outbound,
}

impl Feeder {
    pub(super) fn new(ctx: &Ctx, witness: &Witness, outbound: &Outbound) -> Self {
        Self {
            ctx: ctx.clone(),
            witness: witness.clone(),
            outbound: outbound.clone(),
        }
    }

    /// Until it is aborted.
    pub(super) async fn run(self, mut published: watch::Receiver<u64>) {
        let mut wait = FIRST_WAIT;
        loop {
            match self.turn().await {
                Ok(true) => {
                    wait = FIRST_WAIT;
                    sleep(PACE).await;
                    // Whichever is first: a newer checkpoint, or the time to look.
                    drop(timeout(LOOK, published.changed()).await);
                }
                Ok(false) => {
                    sleep(wait).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
                Err(error) => {
                    tracing::warn!(%error, "what a witness did cannot be noted at the moment");
                    sleep(PACE).await;
                }
            }
        }
    }

    /// Sends the newest checkpoint and notes what came of it; whether all is well.
    pub(super) async fn turn(&self) -> platform::Result<bool> {
        match self.send().await {
            Ok(()) => Ok(true),
            Err(Failed::Here(error)) => Err(error),
            Err(Failed::There(refusal)) => {
                ledger::failed(&self.ctx, &self.witness, &refusal.problem, refusal.contradicts).await?;
                Ok(false)
            }
        }
    }

    async fn send(&self) -> Result<(), Failed> {
        let mut signed = None;
        // It may know of another size than we remember, and says which: one more try then.
        for _ in 0..2 {
            let (request, size) = match ledger::submission(&self.ctx, &self.witness, signed).await? {
                Submission::Nothing => return Ok(()),
                Submission::Behind { signed, ours } => return Err(behind(signed, ours).into()),
                Submission::Send { request, size } => (request, size),
            };
            let answer = self.post(request.to_body()).await?;
            if answer.status() == StatusCode::CONFLICT && request.old_size != size {
                signed = Some(size_in(answer.body())?);
                continue;
            }
            let text = judge(&answer)?;
            let kept = ledger::cosigned(&self.ctx, &self.witness, &request, size, &text).await;
            return match kept {
                Err(platform::Error::Conflict(problem)) => Err(Refusal::plain(problem).into()),
                other => Ok(other?),
            };
        }
        Err(Refusal::plain("It says each time that it has signed another tree than before.").into())
    }

    async fn post(&self, body: String) -> Result<Response<Bytes>, Refusal> {
        let request = Request::post(format!("{}/add-checkpoint", self.witness.url))
            .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
            .body(Bytes::from(body))
            .map_err(|error| Refusal::plain(error.to_string()))?;
        let sent = self.outbound.send(request, PATIENCE).await;
        sent.map_err(|error| Refusal::plain(format!("It cannot be reached: {error}.")))
    }
}

/// Why it was not done.
enum Failed {
    /// By our database.
    Here(platform::Error),
    /// By the witness.
    There(Refusal),
}

impl From<platform::Error> for Failed {
    fn from(error: platform::Error) -> Self {
        Self::Here(error)
    }
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Self::There(refusal)
    }
}

fn behind(signed: u64, ours: u64) -> Refusal {
    Refusal::contradiction(format!(
        "It has signed a tree of {signed} events, and this database has one of {ours}: events are missing \
         here, as after a restore of an older copy, or somebody else signs with this key."
    ))
}

/// The size that a witness has signed, from the body of its 409.
fn size_in(body: &Bytes) -> Result<u64, Refusal> {
    let text = std::str::from_utf8(body).unwrap_or_default();
    let size = text.strip_suffix('\n').and_then(|text| text.parse().ok());
    size.ok_or_else(|| Refusal::plain("It answered 409 without the size that it has signed."))
}

/// The signature lines of an answer that has some.
fn judge(answer: &Response<Bytes>) -> Result<String, Refusal> {
    match answer.status() {
        StatusCode::OK => Ok(String::from_utf8_lossy(answer.body()).into_owned()),
        StatusCode::CONFLICT => Err(Refusal::contradiction(
            "It has signed another tree of the same size: the log was forked or rewritten.",
        )),
        StatusCode::UNPROCESSABLE_ENTITY => Err(Refusal::contradiction(
            "It says that this tree did not grow out of the one that it has signed: the log was forked or \
             rewritten.",
        )),
        StatusCode::NOT_FOUND => Err(Refusal::plain(
            "It does not know this log: give it the verifier key that is on this page.",
        )),
        StatusCode::FORBIDDEN => Err(Refusal::plain(
            "It knows another key for this log: give it the verifier key that is on this page.",
        )),
        status => Err(Refusal::plain(format!("It answered {status}."))),
    }
}
