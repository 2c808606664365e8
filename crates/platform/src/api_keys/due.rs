//! Rotations that were planned, on their day.
//!
//! The key that takes over is made when somebody can be told it, and not before: a copy that waits
//! to be fetched would be the one place with a key in it (decision 0148). So the day is told, to
//! the owner and to the organisation's own programs, of which one may do the rotation.

use types::{
    OrganisationId, Timestamp, UserId,
    webhooks::{RotationDueData, WebhookEvent},
};

use super::store;
use crate::{
    Ctx, Result,
    audit::{Action, Event, Tx},
    calendar,
    mail::{self, Message},
    webhooks::{self, Happening},
};

/// The owner is told again after so many seconds: a week.
const AGAIN: i64 = 7 * 86_400;
/// Keys in one transaction.
const BATCH: i64 = 100;

/// Tells of keys whose rotation is due: programs and the log once, the owner each week until
/// another key has taken over. Whoever is not reached today is next time.
pub(crate) async fn announce(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    let now = ctx.now();
    for key in store::due(tx, now, now.plus_seconds(-AGAIN), BATCH).await? {
        store::told_rotation(tx, &key.id, now).await?;
        if key.told_rotation_at.is_none() {
            publish(ctx, tx, &key).await?;
        }
        let owner: UserId = key.owner_id.parse()?;
        mail::to_user(ctx, tx, owner, message(&key, now)?).await?;
    }
    Ok(())
}

async fn publish(ctx: &Ctx, tx: &mut Tx, key: &store::Due) -> Result<()> {
    let organisation: OrganisationId = key.organisation_id.parse()?;
    let (id, environment) = (key.id.parse()?, key.environment.parse()?);
    let due_at = calendar::rfc3339_millis(Timestamp::from_millis(key.rotates_at))?;
    let happening = Happening {
        event: WebhookEvent::ApiKeyRotationDue,
        organisation,
        environment,
        subject: &key.id,
        at: &due_at,
    };
    let data = RotationDueData {
        key_id: id,
        environment,
        last_four: key.last_four.clone(),
        due_at: due_at.clone(),
    };
    webhooks::tell(ctx, tx, &happening, data).await?;
    let event = Event::new(Action::ApiKeyRotationDue)
        .in_organisation(organisation)
        .target(id)
        .detail("name", &key.name)
        .detail("environment", environment)
        .detail("lastFour", &key.last_four);
    ctx.append(tx, &event).await
}

fn message(key: &store::Due, now: Timestamp) -> Result<Message> {
    let due = Timestamp::from_millis(key.rotates_at);
    let cause = format!(
        "api-key-rotation-due/{}/{}/{}",
        key.id,
        key.rotates_at,
        now.as_millis()
    );
    Ok(Message::new("api_key.rotation_due", cause, "An API key is due for rotation")
        .text(format!(
            "The {} key “{}” (…{}) of {} was planned to be rotated on {}.",
            key.environment,
            key.name,
            key.last_four,
            key.organisation,
            calendar::to_the_minute(due)?
        ))
        .text(
            "Until then nothing changes: it works on. Rotate it when you can put the new key in its place; \
             both work side by side for as long as you choose.",
        )
        .link("Rotate the key", format!("/keys/{}/rotate", key.id)))
}
