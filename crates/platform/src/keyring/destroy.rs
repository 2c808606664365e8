//! Destroying a key: whatever it sealed can never be read again.

use super::{NamedKey, Purpose, store};
use crate::{Ctx, Result, audit::Tx, recall::Topic};

/// A key that was destroyed, and the one in its place.
pub(crate) struct Replaced {
    /// All versions of the one that is gone with the commit, to seal anew what must stay.
    pub(crate) destroyed: Vec<NamedKey>,
    /// Seals from now on. Its version goes on, so that no place is ever sealed twice under
    /// the same name.
    pub(crate) fresh: NamedKey,
}

impl Ctx {
    /// Destroys a subject's key and makes another. Every server forgets its keys with the
    /// commit, or hears of it.
    ///
    /// # Errors
    /// If the database fails.
    pub(crate) async fn replace_data_key(
        &self,
        tx: &mut Tx,
        purpose: Purpose,
        subject: &str,
    ) -> Result<Replaced> {
        let destroyed = self.data_keys(tx, purpose, subject).await?;
        let last = destroyed.iter().map(|key| key.version).max().unwrap_or_default();
        store::destroy(tx, purpose.as_str(), subject).await?;
        let fresh = self
            .make_version(tx, purpose, subject, last.saturating_add(1))
            .await?;
        tx.changes(Topic::DataKeys);
        Ok(Replaced { destroyed, fresh })
    }

    /// The current key of this purpose and subject, made if there is none yet.
    ///
    /// # Errors
    /// If the database fails.
    pub(crate) async fn data_key_or_new(
        &self,
        tx: &mut Tx,
        purpose: Purpose,
        subject: &str,
    ) -> Result<NamedKey> {
        if store::current(tx, purpose.as_str(), subject).await?.is_some() {
            return self.data_key(tx, purpose, subject).await;
        }
        self.make_data_key(tx, purpose, subject).await
    }
}
