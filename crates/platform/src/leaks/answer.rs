//! What follows from a report.

use types::{LeakReportId, Permission, UserId, console::ApiKeyRow, keys::LeakAnswer};

use super::store;
use crate::{
    Ctx, Result, access, api_keys,
    audit::{Action, Event, Tx},
    mail::{self, Message},
};

/// Bytes of one digest.
const DIGEST: usize = 32;

/// Looks whose the key is, and does what its organisation has decided; the event, if it is
/// anybody's.
pub(crate) async fn answer(ctx: &Ctx, tx: &mut Tx, id: LeakReportId) -> Result<Option<Event>> {
    let Some(report) = store::take(tx, &id.to_string()).await? else {
        return Ok(None);
    };
    for digest in report.digests.chunks_exact(DIGEST) {
        let Some((tenant, row)) = api_keys::whose(tx, digest).await? else {
            continue;
        };
        return deal_with(ctx, tx, &tenant, &row, &report).await.map(Some);
    }
    Ok(None)
}

async fn deal_with(
    ctx: &Ctx,
    tx: &mut Tx,
    tenant: &str,
    row: &ApiKeyRow,
    report: &store::LeakRow,
) -> Result<Event> {
    let works = row.works(ctx.now());
    let revoked = works && api_keys::leak_answer(tx, tenant, row.environment).await? == LeakAnswer::Revoke;
    let done = match (works, revoked) {
        (false, _) => "did not work any more",
        (true, true) => "was revoked at once",
        (true, false) => "works on",
    };
    if revoked {
        api_keys::revoke_leaked(ctx, tx, tenant, row).await?;
    }
    if works {
        tell(ctx, tx, tenant, row, report, revoked).await?;
    }
    Ok(api_keys::event(Action::ApiKeyLeaked, row)
        .in_organisation(tenant.parse()?)
        .detail("source", &report.source)
        .detail("place", &report.place)
        .detail("done", done))
}

/// Its owner, and everybody who may revoke it.
async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    tenant: &str,
    row: &ApiKeyRow,
    report: &store::LeakRow,
    revoked: bool,
) -> Result<()> {
    let mut people = access::who_may(tx, tenant, Permission::KeysManage).await?;
    if !people.contains(&row.owner_id) {
        people.push(row.owner_id);
    }
    for person in people {
        mail::to_user(ctx, tx, person, message(row, report, person, revoked)).await?;
    }
    Ok(())
}

fn message(row: &ApiKeyRow, report: &store::LeakRow, person: UserId, revoked: bool) -> Message {
    let place = match report.place.as_str() {
        "" => String::new(),
        place => format!(" The report says where: {place}"),
    };
    let next = if revoked {
        "It was revoked at once, as your organisation's policy says: give the program another key."
    } else {
        "It still works. Rotate it now, then end the old one; whoever found it can use it until then."
    };
    Message::new(
        "api_key.leaked",
        format!("api-key-leaked/{}/{person}", report.id),
        "An API key was found where it should not be",
    )
    .text(format!(
        "The {} key “{}” (…{}) was reported to us.{place}",
        row.environment, row.name, row.last_four
    ))
    .text(next)
    .link("Open the key", format!("/keys/{}", row.id))
}
