//! Telling owners of keys that end soon.

use types::{Timestamp, UserId};

use super::store::{self, Ending};
use crate::{
    Ctx, Result,
    audit::Tx,
    calendar,
    mail::{self, Message},
};

/// So many days before a key's end its owner is told.
const DAYS: [i64; 4] = [30, 14, 7, 1];
const DAY: i64 = 86_400;
/// A key is still used if it was used in the last so many seconds.
const RECENT: i64 = DAY;
/// Mails of one kind in one transaction.
const BATCH: i64 = 100;

/// Tells owners of keys that expire within 30, 14, 7 and 1 days, once each; and of keys from which
/// another took over, that are still used on their last day. Whoever is not reached today is next
/// time.
pub(crate) async fn warn(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    let now = ctx.now();
    // The nearest first: whoever is told of one day is not told of seven.
    for days in DAYS.into_iter().rev() {
        let before = now.plus_seconds(days * DAY);
        for key in store::ending(tx, (now, before), days, BATCH).await? {
            store::told_days(tx, &key.id, days).await?;
            tell(ctx, tx, &key, expiring(&key, days)?).await?;
        }
    }
    let before = now.plus_seconds(DAY);
    let since = now.plus_seconds(-RECENT);
    for key in store::used_near_end(tx, (now, before), since, BATCH).await? {
        store::told_used(tx, &key.id, now).await?;
        tell(ctx, tx, &key, still_used(&key)?).await?;
    }
    Ok(())
}

async fn tell(ctx: &Ctx, tx: &mut Tx, key: &Ending, message: Message) -> Result<()> {
    let owner: UserId = key.owner_id.parse()?;
    let message = message.link("Open the key", format!("/keys/{}", key.id));
    mail::to_user(ctx, tx, owner, message).await
}

fn name(key: &Ending) -> String {
    format!(
        "The {} key “{}” (…{}) of {}",
        key.environment, key.name, key.last_four, key.organisation
    )
}

fn expiring(key: &Ending, days: i64) -> Result<Message> {
    let end = Timestamp::from_millis(key.until);
    let used = match key.last_used_at {
        Some(at) => format!(
            "It was last used on {}.",
            calendar::to_the_minute(Timestamp::from_millis(at))?
        ),
        None => "It was never used.".to_owned(),
    };
    let soon = if days == 1 {
        "within a day".to_owned()
    } else {
        format!("within {days} days")
    };
    Ok(Message::new(
        "api_key.expiring",
        format!("api-key-expiring/{}/{}/{days}", key.id, key.until),
        format!("An API key expires {soon}"),
    )
    .text(format!(
        "{} stops working on {}. {used}",
        name(key),
        calendar::to_the_minute(end)?
    ))
    .text(
        "Rotate it: the new key has the same scopes and limits, and both work side by side for as long as \
         you choose.",
    ))
}

fn still_used(key: &Ending) -> Result<Message> {
    let end = Timestamp::from_millis(key.until);
    Ok(Message::new(
        "api_key.still_used",
        format!("api-key-still-used/{}/{}", key.id, key.until),
        "An API key that was rotated is still used",
    )
    .text(format!(
        "{} was rotated and stops working on {}. It is still used: whatever uses it will be refused then.",
        name(key),
        calendar::to_the_minute(end)?
    ))
    .text(
        "Its page says from where it is used. Change those programs over, or let both keys work for longer.",
    ))
}
