//! Writing sealed events, and their personal fields apart.

use vault::Aad;
use zeroize::Zeroizing;

use super::{
    Tx,
    event::{Personal, Sealed},
    store,
};
use crate::{
    Ctx, Result, codec,
    keyring::{INSTALLATION, Purpose},
};

/// Writes events into a transaction that is yet to be committed. They may be of several actors.
pub(super) async fn append(ctx: &Ctx, tx: &mut Tx, events: &[Sealed]) -> Result<()> {
    for some in events.chunks(store::ROWS) {
        store::insert_events(tx, some).await?;
        let mut rows = Vec::new();
        for event in some {
            personal_rows(ctx, tx, event, &mut rows).await?;
        }
        store::insert_personal(tx, &rows).await?;
    }
    Ok(())
}

/// An event's personal fields, each sealed and with its blind index.
async fn personal_rows(
    ctx: &Ctx,
    tx: &mut Tx,
    event: &Sealed,
    rows: &mut Vec<store::PersonalRow>,
) -> Result<()> {
    if event.personal.is_empty() {
        return Ok(());
    }
    let tenant = event
        .organisation
        .map_or_else(|| INSTALLATION.to_owned(), |id| id.to_string());
    let key = ctx.data_key(tx, Purpose::Personal, &event.subject).await?;
    let index = ctx.data_key(tx, Purpose::BlindIndex, &tenant).await?;
    let event_id = event.id.to_string();
    for Personal { field, value, salt } in &event.personal {
        let place = personal_row(&event_id, field);
        let aad = personal_aad(&tenant, &place, key.version);
        let plain = Zeroizing::new([salt.as_slice(), value.as_bytes()].concat());
        rows.push(store::PersonalRow {
            event_id: event_id.clone(),
            field,
            organisation_id: tenant.clone(),
            data_key_id: key.id.clone(),
            sealed: key.key.seal(ctx.rng(), &aad, &plain)?,
            blind_index: blind_index(index.key.bytes(), field, value),
        });
    }
    Ok(())
}

/// The primary key of a personal field's row, as one text.
pub(super) fn personal_row(event_id: &str, field: &str) -> String {
    format!("{event_id}/{field}")
}

/// Where a personal field is sealed.
pub(super) fn personal_aad<'a>(tenant: &'a str, row: &'a str, key_version: u32) -> Aad<'a> {
    Aad {
        tenant,
        table: "audit_personal",
        row,
        column: "sealed",
        key_version,
    }
}

/// The value under the organisation's own index key: finds equal values, tells no value.
pub(super) fn blind_index(key: &[u8], field: &str, value: &str) -> [u8; 32] {
    codec::hmac_sha256(
        key,
        &[field.as_bytes(), &[0], value.to_lowercase().as_bytes()].concat(),
    )
}
