//! An organisation's consent that support looks into it: asked for, given, refused, withdrawn,
//! and over.

use types::{
    ConsentId, OrganisationId, Permission, StepUp, Timestamp,
    support::{CONSENT_HOURS, ConsentState},
};

use super::{
    asked::tell_deciders,
    checked, me,
    seal::{Place, seal},
    store::consents::{self, ConsentRecord, NewConsent},
    store::looks,
};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event, Tx},
    jobs::{self, Job},
    mail::{self, Message},
    recall::Topic,
};

/// A request that nobody answers is over after this long, in seconds.
const PATIENCE: i64 = 7 * 86_400;

impl ConsentRecord {
    /// Where it stands at this moment: time ends it before the job notes that.
    pub(super) fn state_at(&self, now: Timestamp) -> Result<ConsentState> {
        let state: ConsentState = self.state.parse()?;
        let over = match state {
            ConsentState::Granted => self.ends_at.is_none_or(|end| end <= now.as_millis()),
            ConsentState::Asked => self.created_at.saturating_add(PATIENCE * 1000) <= now.as_millis(),
            _ => false,
        };
        Ok(if over { ConsentState::Ended } else { state })
    }
}

/// Where a reason to ask is sealed.
pub(super) const fn place<'a>(organisation: &'a str, id: &'a str) -> Place<'a> {
    Place {
        owner: organisation,
        table: "support_consents",
        row: id,
        column: "reason",
    }
}

/// Makes room for a consent or a request: what time has ended is noted as ended.
async fn end_if_over(ctx: &Ctx, tx: &mut Tx, organisation: &str) -> Result<Vec<ConsentRecord>> {
    let mut open = Vec::new();
    for record in consents::open(tx, organisation).await? {
        if record.state_at(ctx.now())? == ConsentState::Ended {
            consents::end(tx, organisation, &record.id, "ended", None, ctx.now()).await?;
            looks::end_of_consent(tx, &record.id, "time", ctx.now()).await?;
        } else {
            open.push(record);
        }
    }
    Ok(open)
}

/// Asks an organisation to let support look into it. Whoever may decide there is told by mail.
///
/// # Errors
/// `Forbidden` without [`Permission::SupportLook`]; `Invalid` for the reason; `NotFound`;
/// `Conflict` if a request or a consent is open.
pub async fn ask(ctx: &Ctx, organisation: OrganisationId, reason: &str) -> Result<ConsentId> {
    ctx.require(Permission::SupportLook).await?;
    let by = me(ctx)?;
    let reason = checked("reason", reason, 10, 500)?;
    let tenant = organisation.to_string();
    let mut tx = ctx.begin().await?;
    if crate::access::organisation(&mut tx, &tenant).await?.is_none() {
        return Err(Error::NotFound("The organisation"));
    }
    if let Some(open) = end_if_over(ctx, &mut tx, &tenant).await?.first() {
        return Err(if open.state == ConsentState::Granted.as_str() {
            Error::Conflict("This organisation lets support look into it already. Go on and look.")
        } else {
            Error::Conflict("This organisation was asked already, and has not answered yet.")
        });
    }
    let id = ConsentId::new(ctx.clock(), ctx.rng());
    let row = id.to_string();
    let sealed = seal(ctx, &mut tx, place(&tenant, &row), reason).await?;
    let new = NewConsent {
        id: &row,
        state: ConsentState::Asked.as_str(),
        asked_by: Some(by.to_string()),
        reason: Some(sealed),
        decided_by: None,
        ends_at: None,
    };
    if !consents::insert(&mut tx, &tenant, &new, ctx.now()).await? {
        return Err(Error::Conflict(
            "Somebody has just asked this organisation. Look again.",
        ));
    }
    tell_deciders(ctx, &mut tx, organisation, by, id).await?;
    jobs::enqueue(
        ctx,
        &mut tx,
        &Job::EndConsent(id),
        ctx.now().plus_seconds(PATIENCE),
    )
    .await?;
    let event = Event::new(Action::SupportConsentAsked)
        .target(id)
        .as_staff()
        .on_behalf_of(organisation)
        .in_organisation(organisation);
    ctx.commit(tx, event).await?;
    Ok(id)
}

/// Lets support look into the organisation for so many hours from now, asked or not. Given again,
/// it lasts from now.
///
/// # Errors
/// `Forbidden` without [`Permission::SupportConsent`]; `StepUp`; `Invalid` for the hours.
pub async fn give(ctx: &Ctx, hours: i64) -> Result<()> {
    ctx.require(Permission::SupportConsent).await?;
    ctx.require_fresh(StepUp::Support).await?;
    let by = me(ctx)?;
    if !CONSENT_HOURS.contains(&hours) {
        return Err(Error::invalid("hours", "Choose one of the times."));
    }
    let organisation = ctx.tenant()?;
    let tenant = organisation.to_string();
    let ends_at = ctx.now().plus_seconds(hours * 3600);
    let mut tx = ctx.begin().await?;
    let open = end_if_over(ctx, &mut tx, &tenant).await?;
    // The one that holds is given again; else the request is answered.
    let granted = |record: &&ConsentRecord| record.state == ConsentState::Granted.as_str();
    let known = open.iter().find(granted).or_else(|| open.first());
    let id = match known {
        Some(record) => record.id.parse()?,
        None => ConsentId::new(ctx.clock(), ctx.rng()),
    };
    let row = id.to_string();
    if known.is_some() {
        consents::grant(&mut tx, &tenant, &row, &by.to_string(), ends_at, ctx.now()).await?;
    } else {
        let new = NewConsent {
            id: &row,
            state: ConsentState::Granted.as_str(),
            asked_by: None,
            reason: None,
            decided_by: Some(by.to_string()),
            ends_at: Some(ends_at),
        };
        if !consents::insert(&mut tx, &tenant, &new, ctx.now()).await? {
            return Err(Error::Conflict(
                "Somebody has just decided on it. Look at the page again.",
            ));
        }
    }
    tx.changes(Topic::Sessions);
    jobs::enqueue(ctx, &mut tx, &Job::EndConsent(id), ends_at).await?;
    if let Some(asker) = known.and_then(|record| record.asked_by.as_deref()) {
        let subject = "An organisation lets support look into it";
        answer(ctx, &mut tx, asker, (id, organisation), subject).await?;
    }
    let event = Event::new(Action::SupportConsentGiven)
        .target(id)
        .detail("hours", hours);
    ctx.commit(tx, event).await
}

/// Tells whoever asked what came of it.
async fn answer(
    ctx: &Ctx,
    tx: &mut Tx,
    asker: &str,
    (id, organisation): (ConsentId, OrganisationId),
    subject: &str,
) -> Result<()> {
    let cause = format!("support.answered:{id}:{}", ctx.now().as_millis());
    let message = Message::new("support.answered", cause, subject)
        .text(format!(
            "{subject}: {organisation}. Its page at the support desk says until when."
        ))
        .link("Go to the organisation", format!("/staff/support/{organisation}"));
    mail::to_user(ctx, tx, asker.parse()?, message).await
}

/// Refuses a request. No confirmation is asked for: it gives nothing.
///
/// # Errors
/// `Forbidden` without [`Permission::SupportConsent`]; `NotFound` if none is open.
pub async fn refuse(ctx: &Ctx) -> Result<()> {
    ctx.require(Permission::SupportConsent).await?;
    let by = me(ctx)?;
    let organisation = ctx.tenant()?;
    let tenant = organisation.to_string();
    let mut tx = ctx.begin().await?;
    let open = end_if_over(ctx, &mut tx, &tenant).await?;
    let asked = open
        .iter()
        .find(|record| record.state == ConsentState::Asked.as_str());
    let asked = asked.ok_or(Error::NotFound("The open request"))?;
    consents::end(
        &mut tx,
        &tenant,
        &asked.id,
        "refused",
        Some(&by.to_string()),
        ctx.now(),
    )
    .await?;
    let id: ConsentId = asked.id.parse()?;
    if let Some(asker) = &asked.asked_by {
        let subject = "An organisation refused to let support look into it";
        answer(ctx, &mut tx, asker, (id, organisation), subject).await?;
    }
    ctx.commit(tx, Event::new(Action::SupportConsentRefused).target(id))
        .await
}

/// Takes a consent back: every look ends with the next request that is made in it. No
/// confirmation is asked for: it only takes.
///
/// # Errors
/// `Forbidden` without [`Permission::SupportConsent`]; `NotFound` if none holds.
pub async fn withdraw(ctx: &Ctx) -> Result<()> {
    ctx.require(Permission::SupportConsent).await?;
    let by = me(ctx)?;
    let tenant = ctx.tenant()?.to_string();
    let mut tx = ctx.begin().await?;
    let open = end_if_over(ctx, &mut tx, &tenant).await?;
    let granted = open
        .iter()
        .find(|record| record.state == ConsentState::Granted.as_str());
    let granted = granted.ok_or(Error::NotFound("The open consent"))?;
    consents::end(
        &mut tx,
        &tenant,
        &granted.id,
        "withdrawn",
        Some(&by.to_string()),
        ctx.now(),
    )
    .await?;
    let ended = looks::end_of_consent(&mut tx, &granted.id, "withdrawn", ctx.now()).await?;
    tx.changes(Topic::Sessions);
    let event = Event::new(Action::SupportConsentWithdrawn)
        .target(&granted.id)
        .detail("looks", ended);
    ctx.commit(tx, event).await
}

/// Notes the end of a consent, or of a request that nobody answered, whose time is over. It gave
/// nothing any more before.
pub(crate) async fn end_due(ctx: &Ctx, tx: &mut Tx, id: ConsentId) -> Result<Option<Event>> {
    let Some(record) = consents::get(tx, &id.to_string()).await? else {
        return Ok(None);
    };
    let was: ConsentState = record.state.parse()?;
    if was == ConsentState::Ended || record.state_at(ctx.now())? != ConsentState::Ended {
        return Ok(None);
    }
    consents::end(tx, &record.organisation_id, &record.id, "ended", None, ctx.now()).await?;
    looks::end_of_consent(tx, &record.id, "time", ctx.now()).await?;
    tx.changes(Topic::Sessions);
    let why = if was == ConsentState::Asked {
        "nobody answered the request"
    } else {
        "its time was over"
    };
    let event = Event::new(Action::SupportConsentEnded)
        .target(id)
        .in_organisation(record.organisation_id.parse()?)
        .detail("why", why);
    Ok(Some(event))
}
