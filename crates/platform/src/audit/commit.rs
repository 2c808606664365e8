//! The only ways in which a write ends.

use vault::Aad;
use zeroize::Zeroizing;

use super::{
    Event, Housekeeping, Tx,
    event::{Personal, seal, subject},
    store,
};
use crate::{
    Ctx, Result, codec,
    keyring::{INSTALLATION, Purpose},
};

impl Ctx {
    /// Writes the event and commits both, or neither.
    ///
    /// # Errors
    /// If the event or the change cannot be written; then neither is.
    pub async fn commit(&self, mut tx: Tx, event: Event) -> Result<()> {
        self.append(&mut tx, &event).await?;
        self.finish(tx, [&event]).await
    }

    /// Commits several events with one change: the first tells of the change as the acting
    /// tenant sees it, the others of what it also meant.
    ///
    /// # Errors
    /// As [`Ctx::commit`].
    pub async fn commit_all(&self, mut tx: Tx, first: Event, others: Vec<Event>) -> Result<()> {
        for event in std::iter::once(&first).chain(&others) {
            self.append(&mut tx, event).await?;
        }
        self.finish(tx, std::iter::once(&first).chain(&others)).await
    }

    /// Commits a write that needs no event of its own.
    ///
    /// # Errors
    /// If the write cannot be committed.
    pub async fn commit_housekeeping(&self, tx: Tx, reason: Housekeeping) -> Result<()> {
        tracing::trace!(?reason, "housekeeping");
        Ok(tx.finish(self.generations()).await?)
    }

    /// Writes an event that goes with no change, such as a refusal.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn record(&self, event: Event) -> Result<()> {
        let tx = self.begin_aside().await?;
        self.commit(tx, event).await
    }

    /// Commits, and forgets what the events say has changed: what they were done to, and the
    /// figures of their organisations. An error too ends the memory, see [`Tx`].
    async fn finish(&self, tx: Tx, events: impl IntoIterator<Item = &Event>) -> Result<()> {
        let done = tx.finish(self.generations()).await;
        for event in events {
            for target in &event.targets {
                self.generations().advance_target(target);
            }
            let organisation = event.organisation_of(self.actor());
            if let Some(organisation) = organisation {
                self.recalled_figures().forget(organisation);
            }
        }
        if done.is_ok() {
            self.written().notify_one();
        }
        Ok(done?)
    }

    /// Writes an event into a transaction that is yet to be committed.
    pub(crate) async fn append(&self, tx: &mut Tx, event: &Event) -> Result<()> {
        let now = self.now();
        let sealed = seal(self, event, now)?;
        store::insert_event(tx, event, &sealed, now).await?;
        if sealed.personal.is_empty() {
            return Ok(());
        }
        let tenant = sealed
            .organisation
            .map_or_else(|| INSTALLATION.to_owned(), |id| id.to_string());
        let key = self
            .data_key(tx, Purpose::Personal, &subject(event, self.actor()))
            .await?;
        let index = self.data_key(tx, Purpose::BlindIndex, &tenant).await?;
        let event_id = sealed.id.to_string();
        for Personal { field, value, salt } in &sealed.personal {
            let place = personal_row(&event_id, field);
            let aad = personal_aad(&tenant, &place, key.version);
            let plain = Zeroizing::new([salt.as_slice(), value.as_bytes()].concat());
            let row = store::PersonalRow {
                event_id: event_id.clone(),
                field: (*field).to_owned(),
                data_key_id: key.id.clone(),
                sealed: key.key.seal(self.rng(), &aad, &plain)?,
            };
            let blind = blind_index(index.key.bytes(), field, value);
            store::insert_personal(tx, &tenant, &row, &blind).await?;
        }
        Ok(())
    }
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
