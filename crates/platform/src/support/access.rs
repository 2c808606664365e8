//! What an organisation sees of support: what is open, and who looked.

use db::Conn;
use types::{
    Permission, Timestamp,
    support::{ConsentRow, ConsentState, LookRow, SupportAccess},
};

use super::{
    consent, look, seal,
    store::{
        consents::{self, ConsentRecord},
        looks::{self, ListRecord},
    },
};
use crate::{Ctx, Result};

/// Consents and requests on the page.
const CONSENTS: i64 = 21;
/// Looks on the page.
const LOOKS: i64 = 50;

/// What is open, what was before, and every look.
///
/// # Errors
/// `Forbidden` without [`Permission::SupportConsent`].
pub async fn access(ctx: &Ctx) -> Result<SupportAccess> {
    ctx.require(Permission::SupportConsent).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut read = ctx.read().await?;
    let mut rows = Vec::new();
    for record in consents::list(&mut read, &tenant, CONSENTS).await? {
        rows.push(consent_row(ctx, &mut read, record).await?);
    }
    let mut list = Vec::new();
    for record in looks::list(&mut read, &tenant, LOOKS).await? {
        list.push(look_row(ctx, &mut read, &tenant, record).await?);
    }
    let is_open = |row: &ConsentRow| matches!(row.state, ConsentState::Asked | ConsentState::Granted);
    let open = rows.iter().position(is_open).map(|place| rows.remove(place));
    Ok(SupportAccess {
        open,
        past: rows,
        looks: list,
    })
}

/// A consent as it stands at this moment.
pub(super) async fn consent_row(ctx: &Ctx, read: &mut Conn, record: ConsentRecord) -> Result<ConsentRow> {
    let reason = match (&record.data_key_id, &record.reason) {
        (Some(key), Some(sealed)) => {
            let place = consent::place(&record.organisation_id, &record.id);
            seal::open(ctx, read, place, (key, sealed)).await?
        }
        _ => None,
    };
    Ok(ConsentRow {
        state: record.state_at(ctx.now())?,
        id: record.id.parse()?,
        asked_by: record.asker,
        reason,
        created_at: Timestamp::from_millis(record.created_at),
        decided_by: record.decider,
        ends_at: record.ends_at.map(Timestamp::from_millis),
    })
}

async fn look_row(ctx: &Ctx, read: &mut Conn, tenant: &str, record: ListRecord) -> Result<LookRow> {
    let place = look::place(tenant, &record.id);
    let reason = seal::open(ctx, read, place, (&record.data_key_id, &record.reason)).await?;
    let now = ctx.now().as_millis();
    let until = record.until.unwrap_or_default();
    // Time and the session end it before anybody notes that.
    let (ended_at, ended) = match (record.ended_at, record.ended.as_deref()) {
        (Some(at), Some("withdrawn")) => (Some(at), "You took the consent back"),
        (Some(at), Some("time")) => (Some(at.min(until)), "The consent's time was over"),
        (Some(at), Some("role")) => (Some(at), "The staff member lost the role"),
        (Some(at), _) => (Some(at), "The staff member left"),
        (None, _) if until <= now => (Some(until), "The consent's time was over"),
        (None, _) if !record.in_session => (None, "The staff member's session ended"),
        (None, _) => (None, ""),
    };
    Ok(LookRow {
        id: record.id.parse()?,
        by: record.staff,
        reason,
        started_at: Timestamp::from_millis(record.started_at),
        ended_at: ended_at.map(Timestamp::from_millis),
        ended: ended.to_owned(),
        pages: u64::try_from(record.pages).unwrap_or_default(),
    })
}
