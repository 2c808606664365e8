//! API keys that somebody found where they should not be: in a public repository, in a log, in a
//! chat.
//!
//! **Invariant**: a report of a key that there is and of one that there is not are taken alike, do
//! the same work and get the same answer: whoever sends one learns nothing. What follows from it
//! follows later, in a job. What is kept of a reported key meanwhile are its digests.

mod answer;
mod github;
mod store;

use types::LeakReportId;

use crate::{
    Ctx, Result, api_keys,
    audit::Housekeeping,
    guard::{self, Attempt, GuardKind},
    jobs::{self, Job},
};

pub(crate) use answer::answer;
pub(crate) use github::Remembered;
pub use github::{KeySource, PublicKey, github};

/// Keys of one report that are looked at; those beyond are not.
const MOST: usize = 1_000;
/// Characters of a place that are kept.
const PLACE: usize = 500;

/// A key that was found, and where.
#[derive(Clone, Debug)]
struct Found {
    token: String,
    place: String,
}

/// Who reports.
#[derive(Clone, Copy, Debug)]
enum Source {
    GitHub,
    Form,
}

impl Source {
    const fn as_str(self) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::Form => "form",
        }
    }
}

/// Takes what anybody pasted: every key in the text. Nobody is told whether there was one.
///
/// # Errors
/// `Throttled` after many of one network.
pub async fn paste(ctx: &Ctx, text: &str, place: &str) -> Result<()> {
    let attempt = Attempt {
        what: GuardKind::Leak,
        account: None,
    };
    guard::check(ctx, &attempt).await?;
    let found: Vec<Found> = api_keys::keys_in(text)
        .map(|token| Found {
            token: token.to_owned(),
            place: place.to_owned(),
        })
        .collect();
    take(ctx, &found, Source::Form).await
}

/// Notes the keys whose form and checksum hold; anybody can tell that of a key, so that it tells
/// nobody anything.
async fn take(ctx: &Ctx, found: &[Found], source: Source) -> Result<()> {
    let mut tx = ctx.begin().await?;
    for one in found.iter().take(MOST) {
        let Some(digests) = api_keys::digests(ctx, &mut tx, &one.token).await? else {
            continue;
        };
        let id = LeakReportId::new(ctx.clock(), ctx.rng());
        let place: String = one
            .place
            .chars()
            .filter(|c| !c.is_control())
            .take(PLACE)
            .collect();
        let row = store::LeakRow {
            id: id.to_string(),
            digests,
            source: source.as_str().to_owned(),
            place,
        };
        store::insert(&mut tx, &row, ctx.now()).await?;
        jobs::enqueue(ctx, &mut tx, &Job::AnswerLeak(id), ctx.now()).await?;
    }
    ctx.commit_housekeeping(tx, Housekeeping::LeakNoted).await
}
