//! Data keys: one for each purpose and subject, random, wrapped by the master key.
//!
//! It is not the cryptography (that is the `vault` crate) and not the master key. A data key
//! once unwrapped is kept in memory, so that the hot path does not unwrap again; when one is
//! destroyed, every server forgets all of them.
//!
//! **Invariant**: whatever is sealed names its tenant, table, row and column.

mod destroy;
mod rotate;
mod start;
mod store;

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use db::Conn;
use vault::{Aad, DataKey, KeyProvider};

use crate::{Ctx, Result, audit::Tx, recall::Topic};

pub(crate) use destroy::Replaced;
pub use rotate::{Rotation, rotate};
pub(crate) use start::{fits, start};

/// What a data key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    /// Digests of API keys (subject: the installation).
    Pepper,
    /// Keyed hashes of what businesses tell of a person's device (the installation).
    Abuse,
    /// Seals the token signing keys (the installation).
    Signing,
    /// Seals a subject's personal fields in audit events (a user, an organisation, or the
    /// installation where neither is known).
    Personal,
    /// Finds personal fields again within one organisation.
    BlindIndex,
    /// Seals the secrets of streams (an organisation, or the installation). Made with the first
    /// stream.
    Streams,
    /// Seals the secrets of webhooks (an organisation). Made with the first endpoint.
    Webhooks,
    /// Seals where channels of alerts lead (an organisation). Made with the first channel.
    Alerts,
    /// Seals the keys that sign the ledger's checkpoints (the installation).
    Ledger,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Pepper => "pepper",
            Self::Abuse => "abuse",
            Self::Signing => "signing",
            Self::Personal => "personal",
            Self::BlindIndex => "blind_index",
            Self::Streams => "streams",
            Self::Webhooks => "webhooks",
            Self::Alerts => "alerts",
            Self::Ledger => "ledger",
        }
    }
}

/// The subject of keys that belong to no tenant and no person.
pub(crate) const INSTALLATION: &str = "installation";

/// A data key and which one it is.
#[derive(Clone)]
pub(crate) struct NamedKey {
    /// The row in `data_keys`.
    pub(crate) id: String,
    /// Counts up from 1 within its purpose and subject.
    pub(crate) version: u32,
    /// The key.
    pub(crate) key: Arc<DataKey>,
}

/// Unwrapped data keys, and what unwraps them.
pub(crate) struct Keyring {
    provider: Arc<dyn KeyProvider>,
    by_id: RwLock<HashMap<String, NamedKey>>,
    current: RwLock<HashMap<(Purpose, String), NamedKey>>,
    /// The generation of [`Topic::DataKeys`] that they are of.
    generation: AtomicU64,
}

impl Keyring {
    pub(crate) fn new(provider: Arc<dyn KeyProvider>) -> Self {
        Self {
            provider,
            by_id: RwLock::default(),
            current: RwLock::default(),
            generation: AtomicU64::new(0),
        }
    }

    /// Another one with the same master key, which remembers nothing yet.
    pub(crate) fn another(&self) -> Self {
        Self::new(Arc::clone(&self.provider))
    }

    /// Forgets every key once one was destroyed, here or on another server. What was read
    /// before the change and is remembered after it is forgotten the next time.
    fn heed(&self, generation: u64) {
        if self.generation.swap(generation, Ordering::SeqCst) != generation {
            let mut by_id = self.by_id.write().unwrap_or_else(PoisonError::into_inner);
            by_id.clear();
            let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
            current.clear();
        }
    }

    fn unwrap(&self, row: &store::DataKeyRow) -> Result<NamedKey> {
        let aad = wrap_aad(&row.subject, &row.id);
        let master = u32::try_from(row.master_version).unwrap_or_default();
        let key = self.provider.unwrap(&aad, master, &row.wrapped)?;
        let version = u32::try_from(row.version).unwrap_or_default();
        Ok(NamedKey {
            id: row.id.clone(),
            version,
            key: Arc::new(key),
        })
    }

    fn remember(&self, purpose: Purpose, subject: &str, named: &NamedKey) {
        let mut by_id = self.by_id.write().unwrap_or_else(PoisonError::into_inner);
        by_id.insert(named.id.clone(), named.clone());
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        current.insert((purpose, subject.to_owned()), named.clone());
    }

    pub(crate) fn recall(&self, purpose: Purpose, subject: &str) -> Option<NamedKey> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.get(&(purpose, subject.to_owned())).cloned()
    }
}

/// A wrapped data key is bound to its row and its subject.
fn wrap_aad<'a>(subject: &'a str, id: &'a str) -> Aad<'a> {
    Aad {
        tenant: subject,
        table: "data_keys",
        row: id,
        column: "wrapped",
        key_version: 0,
    }
}

impl Ctx {
    /// The current data key of this purpose and subject.
    ///
    /// # Errors
    /// `Internal` if there is none: each is made with its subject.
    pub(crate) async fn data_key(
        &self,
        conn: &mut Conn,
        purpose: Purpose,
        subject: &str,
    ) -> Result<NamedKey> {
        self.keyring().heed(self.generations().now(Topic::DataKeys));
        if let Some(named) = self.keyring().recall(purpose, subject) {
            return Ok(named);
        }
        let row = store::current(conn, purpose.as_str(), subject)
            .await?
            .ok_or_else(|| crate::Error::internal(format!("no {} key", purpose.as_str())))?;
        let named = self.keyring().unwrap(&row)?;
        self.keyring().remember(purpose, subject, &named);
        Ok(named)
    }

    /// The data key with this id, which may be an old one; `None` once it was destroyed.
    pub(crate) async fn data_key_by_id(&self, conn: &mut Conn, id: &str) -> Result<Option<NamedKey>> {
        self.keyring().heed(self.generations().now(Topic::DataKeys));
        let known = {
            let by_id = self
                .keyring()
                .by_id
                .read()
                .unwrap_or_else(PoisonError::into_inner);
            by_id.get(id).cloned()
        };
        if known.is_some() {
            return Ok(known);
        }
        let Some(row) = store::by_id(conn, id).await? else {
            return Ok(None);
        };
        let named = self.keyring().unwrap(&row)?;
        let mut by_id = self
            .keyring()
            .by_id
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        by_id.insert(id.to_owned(), named.clone());
        Ok(Some(named))
    }

    /// All versions of a key, newest first, as digests made under an older one stay valid.
    pub(crate) async fn data_keys(
        &self,
        conn: &mut Conn,
        purpose: Purpose,
        subject: &str,
    ) -> Result<Vec<NamedKey>> {
        let rows = store::all(conn, purpose.as_str(), subject).await?;
        rows.iter().map(|row| self.keyring().unwrap(row)).collect()
    }

    /// Makes a data key of this purpose for a subject, in the transaction that makes the
    /// subject. It is not remembered here: the transaction may yet fail.
    pub(crate) async fn make_data_key(
        &self,
        tx: &mut Tx,
        purpose: Purpose,
        subject: &str,
    ) -> Result<NamedKey> {
        self.make_version(tx, purpose, subject, 1).await
    }

    /// Makes the next version of a key; what was made under the older ones stays with them. It is
    /// not remembered here: the transaction may yet fail.
    pub(crate) async fn make_next_data_key(
        &self,
        tx: &mut Tx,
        purpose: Purpose,
        subject: &str,
    ) -> Result<NamedKey> {
        let row = store::current(tx, purpose.as_str(), subject).await?;
        let newest = row.and_then(|row| u32::try_from(row.version).ok());
        let version = newest.unwrap_or_default().saturating_add(1);
        tx.changes(Topic::DataKeys);
        self.make_version(tx, purpose, subject, version).await
    }

    async fn make_version(
        &self,
        tx: &mut Tx,
        purpose: Purpose,
        subject: &str,
        version: u32,
    ) -> Result<NamedKey> {
        let key = DataKey::generate(self.rng());
        let id = crate::codec::secret(self.rng());
        let provider = &self.keyring().provider;
        let wrapped = provider.wrap(self.rng(), &wrap_aad(subject, &id), &key)?;
        let row = store::DataKeyRow {
            id: id.clone(),
            subject: subject.to_owned(),
            version: i64::from(version),
            master_version: i64::from(provider.current_version()),
            wrapped,
        };
        store::insert(tx, purpose.as_str(), &row, self.now()).await?;
        Ok(NamedKey {
            id,
            version,
            key: Arc::new(key),
        })
    }
}
