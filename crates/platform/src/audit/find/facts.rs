//! What an event says, read from its canonical bytes: schema 1 and 2 alike.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::terms::words;
use crate::Result;

/// The event as it was written. Schema 1 had `target`, `request`, `session` and `details`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Written {
    schema: u32,
    id: String,
    time: i64,
    version: Option<u32>,
    action: String,
    result: String,
    reason: Option<String>,
    actor: Named,
    on_behalf_of: Option<Named>,
    targets: Vec<Named>,
    target: Option<String>,
    organisation: Option<String>,
    region: Option<String>,
    context: Context,
    request: Option<String>,
    session: Option<String>,
    metadata: BTreeMap<String, Value>,
    details: BTreeMap<String, Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    kind: String,
    id: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Context {
    request: Option<String>,
    session: Option<String>,
    authentication: Option<String>,
}

/// What an event says.
#[derive(Debug)]
pub(in crate::audit) struct Facts {
    pub(in crate::audit) schema: u32,
    pub(in crate::audit) id: String,
    /// Milliseconds since 1970.
    pub(in crate::audit) time: i64,
    pub(in crate::audit) version: u32,
    pub(in crate::audit) action: String,
    pub(in crate::audit) result: String,
    pub(in crate::audit) reason: Option<String>,
    pub(in crate::audit) kind: String,
    pub(in crate::audit) actor: Option<String>,
    pub(in crate::audit) on_behalf_of: Option<String>,
    pub(in crate::audit) targets: Vec<String>,
    /// Empty: the installation.
    pub(in crate::audit) organisation: String,
    pub(in crate::audit) region: Option<String>,
    pub(in crate::audit) request: Option<String>,
    pub(in crate::audit) session: Option<String>,
    pub(in crate::audit) authentication: Option<String>,
    /// Without the reason.
    pub(in crate::audit) metadata: Vec<(String, String)>,
}

impl Facts {
    /// # Errors
    /// If the text is no event.
    pub(in crate::audit) fn read(canonical: &str) -> Result<Self> {
        let mut event: Written = serde_json::from_str(canonical)?;
        let mut metadata = event.metadata;
        metadata.append(&mut event.details);
        let mut metadata: Vec<_> = metadata
            .into_iter()
            .map(|(name, value)| (name, value.as_str().unwrap_or_default().to_owned()))
            .collect();
        let reason = event.reason.or_else(|| {
            let place = metadata.iter().position(|(name, _)| name == "reason")?;
            Some(metadata.remove(place).1)
        });
        let mut targets: Vec<String> = event.targets.into_iter().filter_map(|named| named.id).collect();
        targets.extend(event.target);
        Ok(Self {
            schema: event.schema,
            id: event.id,
            time: event.time,
            version: event.version.unwrap_or(1),
            action: event.action,
            result: event.result,
            reason,
            kind: event.actor.kind,
            actor: event.actor.id,
            on_behalf_of: event.on_behalf_of.and_then(|named| named.id),
            targets,
            organisation: event.organisation.unwrap_or_default(),
            region: event.region,
            request: event.context.request.or(event.request),
            session: event.context.session.or(event.session),
            authentication: event.context.authentication,
            metadata,
        })
    }

    /// The words of its reason.
    pub(super) fn reason_words(&self) -> BTreeSet<String> {
        words(self.reason.as_deref().unwrap_or_default()).collect()
    }

    /// The words of its metadata and its reason.
    pub(super) fn words(&self) -> BTreeSet<String> {
        let mut all = self.reason_words();
        all.extend(self.metadata.iter().flat_map(|(_, value)| words(value)));
        all
    }

    /// Who did it: the id, or the kind of whoever has none.
    pub(super) fn doer(&self) -> &str {
        self.actor.as_deref().unwrap_or(&self.kind)
    }

    /// Whether this id stands in it as actor, target, request, session, or as whom it was done
    /// for.
    pub(super) fn names(&self, id: &str) -> bool {
        let single = [
            Some(&self.id),
            self.actor.as_ref(),
            self.on_behalf_of.as_ref(),
            self.request.as_ref(),
            self.session.as_ref(),
        ];
        single
            .into_iter()
            .flatten()
            .chain(&self.targets)
            .any(|known| known == id)
    }
}
