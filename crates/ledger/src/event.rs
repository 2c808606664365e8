//! What a canonical event says: as much as offline checks need to know of it.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::Hash;

/// The commitment to a personal value: HMAC-SHA256 under the salt, over the field's name, a zero
/// byte and the value. Without the salt it tells nothing, even where there are few possible
/// values; once value and salt are destroyed it is only a number, and proofs still hold.
pub fn commitment(salt: &[u8; 32], field: &str, value: &str) -> [u8; 32] {
    let message = [field.as_bytes(), &[0], value.as_bytes()].concat();
    Hmac::<Sha256>::new_from_slice(salt).map_or_else(
        // Unreachable: HMAC takes keys of any length. A constant would be a hole, so hash.
        |_| {
            Sha256::new()
                .chain_update(salt)
                .chain_update(&message)
                .finalize()
                .into()
        },
        |mac| mac.chain_update(&message).finalize().into_bytes().into(),
    )
}

/// What an `audit.retired` event says of the rows that it retires: SHA-256 over, in order of
/// index, each one's index (8 bytes, big-endian) and leaf hash.
#[derive(Clone, Debug, Default)]
pub struct RetirementDigest(Sha256);

impl RetirementDigest {
    /// Over no rows yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next retired row.
    pub fn add(&mut self, index: u64, leaf: &Hash) {
        self.0.update(index.to_be_bytes());
        self.0.update(leaf.0);
    }

    /// The digest.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// The columns by which events are searched and shown, as the canonical text has them. They are
/// there for speed; the text is what counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plain {
    /// The event's id.
    pub id: String,
    /// Empty: the installation's.
    pub organisation: String,
    /// Milliseconds since 1970.
    pub time: i64,
    /// The code.
    pub action: String,
    /// `success`, `denied` or `failed`.
    pub result: String,
    /// What kind of actor.
    pub actor_kind: String,
    /// Which one.
    pub actor_id: Option<String>,
    /// The first target.
    pub target: Option<String>,
    /// The request.
    pub request: Option<String>,
}

impl Plain {
    /// From a canonical event of either schema; `None` if it is none.
    pub fn of(canonical: &Value) -> Option<Self> {
        let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let actor = canonical.get("actor")?;
        let first = canonical.get("targets").and_then(|targets| targets.get(0));
        // Schema 1 had one target and the request side by side with the rest.
        let context = canonical.get("context").unwrap_or(canonical);
        let target = match first {
            Some(target) => text(target, "id"),
            None => text(canonical, "target"),
        };
        Some(Self {
            id: text(canonical, "id")?,
            organisation: text(canonical, "organisation").unwrap_or_default(),
            time: canonical.get("time")?.as_i64()?,
            action: text(canonical, "action")?,
            result: text(canonical, "result")?,
            actor_kind: text(actor, "kind")?,
            actor_id: text(actor, "id"),
            target,
            request: text(context, "request"),
        })
    }

    /// The first column that differs, by its name in the database.
    pub fn differs(&self, other: &Self) -> Option<&'static str> {
        let pairs = [
            ("id", self.id == other.id),
            ("organisation_id", self.organisation == other.organisation),
            ("occurred_at", self.time == other.time),
            ("action", self.action == other.action),
            ("result", self.result == other.result),
            ("actor_kind", self.actor_kind == other.actor_kind),
            ("actor_id", self.actor_id == other.actor_id),
            ("target_id", self.target == other.target),
            ("request_id", self.request == other.request),
        ];
        pairs.into_iter().find(|(_, same)| !same).map(|(name, _)| name)
    }
}
