//! Signals and reports, for staff.

use db::Conn;
use types::{
    Permission, ReportId, Timestamp,
    console::Page,
    security::{SignalRow, SignalState},
};

use super::{
    record::aad,
    store::{self, StoredSignal},
};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event},
    keyring::INSTALLATION,
    search::AFTER_ALL,
};

/// Rows a page.
const PAGE: usize = 50;

/// The signals in this state, newest first. That they were read is audited: they tell of people.
///
/// # Errors
/// `Forbidden` without [`Permission::SignalsRead`]; `Invalid` for a place that cannot be read.
pub async fn page(ctx: &Ctx, state: SignalState, after: Option<&str>) -> Result<Page<SignalRow>> {
    ctx.require(Permission::SignalsRead).await?;
    let before = match after.filter(|after| !after.is_empty()) {
        Some(after) => after
            .parse::<ReportId>()
            .map_err(|_| Error::invalid("after", "This is no place in the list. Start at the newest."))?
            .to_string(),
        None => AFTER_ALL.to_owned(),
    };
    let mut read = ctx.read().await?;
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let mut found = store::signals(&mut read, state.as_str(), &before, limit).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|row| row.id.clone());
    let mut rows = Vec::with_capacity(found.len());
    for row in found {
        rows.push(open(ctx, &mut read, row).await?);
    }
    drop(read);
    let event = Event::new(Action::SignalsRead)
        .as_staff()
        .in_installation()
        .detail("state", state)
        .detail("signals", rows.len());
    ctx.record(event).await?;
    Ok(Page { rows, next })
}

async fn open(ctx: &Ctx, conn: &mut Conn, row: StoredSignal) -> Result<SignalRow> {
    let subject = row.user_id.as_deref().unwrap_or(INSTALLATION);
    let text = match ctx.data_key_by_id(conn, &row.data_key_id).await? {
        Some(key) => {
            let plain = key.key.open(&aad(subject, &row.id, key.version), &row.sealed)?;
            Some(String::from_utf8_lossy(&plain).into_owned())
        }
        None => None,
    };
    let handled = row.handled_by_name.zip(row.handled_at);
    Ok(SignalRow {
        id: row.id.parse()?,
        kind: row.kind.parse()?,
        user_id: row.user_id.as_deref().map(str::parse).transpose()?,
        email: row.email,
        text,
        state: row.state.parse()?,
        created_at: Timestamp::from_millis(row.created_at),
        handled: handled.map(|(name, at)| (name, Timestamp::from_millis(at))),
    })
}

/// Notes that somebody has dealt with a signal.
///
/// # Errors
/// `Forbidden` without [`Permission::SignalsRead`]; `NotFound` if there is no such open one.
pub async fn handle(ctx: &Ctx, id: ReportId) -> Result<()> {
    ctx.require(Permission::SignalsRead).await?;
    let crate::Actor::User { id: user, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let mut tx = ctx.begin().await?;
    if !store::handle(&mut tx, &id.to_string(), &user.to_string(), ctx.now()).await? {
        return Err(Error::NotFound("The open signal"));
    }
    let event = Event::new(Action::SignalHandled)
        .as_staff()
        .in_installation()
        .target(id);
    ctx.commit(tx, event).await
}
