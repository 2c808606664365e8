//! The busiest organisation's programs, which are told of outcomes: one takes them, one has not for
//! some hours.

use std::sync::{Arc, Mutex, PoisonError};

use types::{Clock as _, Timestamp, webhooks::WebhookDraft};

use super::{
    dice::Dice,
    means::Means,
    past::{Past, SetClock},
    people::Founded,
};
use crate::{
    Result,
    audit::Housekeeping,
    verification,
    webhooks::{self, Answer, Courier, Posting, Undelivered, invent},
};

const DAY: i64 = 86_400;
/// Seconds ago at which the endpoints were made, and since when they were told of what is still in
/// their log.
const MADE: i64 = 60 * DAY;
const TOLD: i64 = 2 * DAY;
/// Outcomes that they were told of at most.
const MOST: i64 = 150;
/// Seconds ago since which the second takes nothing.
const DOWN: i64 = 5 * 3_600;
/// Deliveries that are made at a time.
const TOGETHER: usize = 8;

const SHOP: &str = "https://shop.aldermoor.example/hooks/identity";
const LEDGER: &str = "https://ledger.aldermoor.example/in";

/// What the endpoints answered.
struct Answers {
    clock: Arc<SetClock>,
    /// When the second ceased to answer.
    down: Timestamp,
    dice: Mutex<Dice>,
}

#[async_trait::async_trait]
impl Courier for Answers {
    async fn post(&self, posting: &Posting) -> Result<Answer, Undelivered> {
        let mut dice = self.dice.lock().unwrap_or_else(PoisonError::into_inner);
        let ok = |status: u16, body: &str| {
            Ok(Answer {
                status,
                body: body.as_bytes().to_vec(),
                cut: false,
            })
        };
        let took = 30 + dice.below(90);
        if posting.url != LEDGER {
            self.clock.pass(took);
            return if dice.chance(0.03) {
                ok(503, "Deploying, back in a moment")
            } else {
                ok(200, "{\"received\":true}")
            };
        }
        if self.clock.now() < self.down {
            self.clock.pass(took);
            return ok(204, "");
        }
        self.clock.pass(15_000);
        Err(Undelivered(
            "No answer in time: it did not answer in 15 seconds.".to_owned(),
        ))
    }
}

fn draft(url: &str, environment: &str, description: &str) -> WebhookDraft {
    WebhookDraft {
        url: url.to_owned(),
        description: description.to_owned(),
        environment: environment.to_owned(),
        events: vec!["verification.completed".to_owned()],
    }
}

/// Writes it all; how many events of the log there are.
pub(super) async fn tell(means: &Means, founded: &Founded, dice: Dice) -> Result<u64> {
    let now = means.here.now();
    let made = now.plus_seconds(-MADE);
    let Some(past) = Past::of(means, founded, made) else {
        return Ok(0);
    };
    let drafts = [
        draft(SHOP, "live", "Shop: lets the customer go on"),
        draft(LEDGER, "live", "Ledger: keeps count for the auditors"),
        draft("https://staging.aldermoor.example/hooks", "test", "Staging"),
    ];
    let mut tx = means.begin().await?;
    for (weeks, draft) in (0..).zip(&drafts) {
        let made = made.plus_seconds(weeks * 7 * DAY);
        invent::endpoint(&past, &mut tx, draft, made).await?;
    }
    let seeded = Housekeeping::DemoSeeded;
    means.here.commit_housekeeping(tx, seeded).await?;
    means.then.post_with(Arc::new(Answers {
        clock: Arc::clone(&means.clock),
        down: now.plus_seconds(-DOWN),
        dice: Mutex::new(dice),
    }));
    let since = now.plus_seconds(-TOLD);
    let ended = verification::ended_since(&mut *means.here.read().await?, founded.id, since, MOST).await?;
    for ended in ended {
        deliver(means, ended.completed_at).await?;
        let mut tx = means.begin().await?;
        webhooks::completed(&means.then, &mut tx, &ended).await?;
        means.here.commit_housekeeping(tx, seeded).await?;
        deliver(means, ended.completed_at).await?;
    }
    deliver(means, now).await?;
    Ok(drafts.len() as u64)
}

/// Makes what is due at that moment.
async fn deliver(means: &Means, moment: Timestamp) -> Result<()> {
    means.set(moment);
    for delivery in webhooks::claim(&means.then, TOGETHER).await? {
        means.set(moment);
        webhooks::deliver(&means.then, delivery).await?;
    }
    means.set(moment);
    Ok(())
}
