//! What is looked for in the audit log, and what is found.

use serde::{Deserialize, Serialize};

use crate::{ExportId, OrganisationId, SavedSearchId, Timestamp, console::AuditRow, verification::words};

/// What to look for in the audit log; every part is optional. Empty text counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditFilter {
    /// Words, or ids, all of which are in the event: in its sentence, its facts or its reason.
    pub q: Option<String>,
    /// The code, or its beginning up to a dot: `api_key` finds `api_key.created`.
    pub action: Option<String>,
    /// The id of the actor (`usr_..`, `key_..`), or an e-mail address, or a kind without ids.
    pub actor: Option<String>,
    /// The kind of actor: `user`, `staff`, `api_key`, `person`, `system`, `anonymous`.
    pub kind: Option<String>,
    /// The id of whoever it was done for.
    pub behalf: Option<String>,
    /// The id of a target.
    pub target: Option<String>,
    /// How it ended: `success`, `denied`, `failed`.
    pub result: Option<String>,
    /// Words of the reason.
    pub reason: Option<String>,
    /// The id of the request behind it.
    pub request: Option<String>,
    /// The id of the session behind it.
    pub session: Option<String>,
    /// How the session began, or `api_key`.
    pub authentication: Option<String>,
    /// The region of the installation.
    pub region: Option<String>,
    /// The address that the request came from, whole.
    pub address: Option<String>,
    /// The user agent of the request, whole.
    pub agent: Option<String>,
    /// From this moment on: `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM`, seconds if need be.
    pub from: Option<String>,
    /// Up to this day, minute or second, which is included.
    pub to: Option<String>,
    /// The IANA time zone of both; the organisation's own if none is given.
    pub zone: Option<String>,
    /// For staff: the id of an organisation, or `installation`; everything if none is given.
    pub organisation: Option<String>,
    /// Older than this: a `next` from the page before.
    pub after: Option<String>,
}

impl AuditFilter {
    /// Name and value of every part that is set, but where the page goes on.
    pub fn set(&self) -> Vec<(&'static str, &str)> {
        let parts = [
            ("q", &self.q),
            ("action", &self.action),
            ("actor", &self.actor),
            ("kind", &self.kind),
            ("behalf", &self.behalf),
            ("target", &self.target),
            ("result", &self.result),
            ("reason", &self.reason),
            ("request", &self.request),
            ("session", &self.session),
            ("authentication", &self.authentication),
            ("region", &self.region),
            ("address", &self.address),
            ("agent", &self.agent),
            ("from", &self.from),
            ("to", &self.to),
            ("zone", &self.zone),
            ("organisation", &self.organisation),
        ];
        parts
            .into_iter()
            .filter_map(|(name, value)| {
                let value = value.as_deref()?.trim();
                (!value.is_empty()).then_some((name, value))
            })
            .collect()
    }

    /// A part by its name, which is as in [`AuditFilter::set`]; `after` too.
    pub fn part(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "q" => &mut self.q,
            "action" => &mut self.action,
            "actor" => &mut self.actor,
            "kind" => &mut self.kind,
            "behalf" => &mut self.behalf,
            "target" => &mut self.target,
            "result" => &mut self.result,
            "reason" => &mut self.reason,
            "request" => &mut self.request,
            "session" => &mut self.session,
            "authentication" => &mut self.authentication,
            "region" => &mut self.region,
            "address" => &mut self.address,
            "agent" => &mut self.agent,
            "from" => &mut self.from,
            "to" => &mut self.to,
            "zone" => &mut self.zone,
            "organisation" => &mut self.organisation,
            "after" => &mut self.after,
            _ => return None,
        })
    }

    /// Every name of a part.
    pub const PARTS: [&'static str; 19] = [
        "q",
        "action",
        "actor",
        "kind",
        "behalf",
        "target",
        "result",
        "reason",
        "request",
        "session",
        "authentication",
        "region",
        "address",
        "agent",
        "from",
        "to",
        "zone",
        "organisation",
        "after",
    ];

    /// Made of parts, asked for by name.
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        let mut filter = Self::default();
        for name in Self::PARTS {
            if let Some(part) = filter.part(name) {
                *part = value(name).filter(|text| !text.trim().is_empty());
            }
        }
        filter
    }
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The rows, newest first.
    pub rows: Vec<AuditRow>,
    /// Pass it as `after` to go on; `None` at the end.
    pub next: Option<String>,
    /// The search stopped here, since it had looked at enough; older events are yet to be
    /// looked at.
    pub searched_to: Option<Timestamp>,
    /// Events of the last moments may be missing: they have no place in the index yet.
    pub behind: bool,
}

/// One event, whole, and what is around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventPage {
    /// What the list shows.
    pub row: AuditRow,
    /// The name of the organisation in whose log it stands, as it is called today.
    pub organisation: Option<String>,
    /// The version of the event's shape.
    pub schema: u32,
    /// The version of its code.
    pub version: u32,
    /// For whom it was done.
    pub on_behalf_of: Option<String>,
    /// All that it was done to: kind and id.
    pub targets: Vec<(String, String)>,
    /// The session behind it.
    pub session: Option<String>,
    /// How the session began, or `api_key`.
    pub authentication: Option<String>,
    /// The installation's region.
    pub region: Option<String>,
    /// The bytes that are hashed.
    pub canonical: String,
    /// The hash of the leaf, in hexadecimal.
    pub leaf_hash: String,
    /// Its place in the ledger, once it has one.
    pub leaf_index: Option<u64>,
    /// Everything in the same request, oldest first, at most 50; empty if it is alone there.
    pub request: Vec<AuditRow>,
    /// What came before it on the same target, and after: newest first.
    pub of_target: Option<Neighbours>,
    /// The same of the actor.
    pub of_actor: Option<Neighbours>,
}

/// What stands before and after an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neighbours {
    /// Newer ones, the newest first.
    pub after: Vec<AuditRow>,
    /// Older ones, the newest first.
    pub before: Vec<AuditRow>,
}

/// A search that somebody saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearch {
    /// Its id.
    pub id: SavedSearchId,
    /// What its owner calls it.
    pub name: String,
    /// The query of the page's address.
    pub query: String,
}

/// What the page of the log has beside the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogDesk {
    /// The viewer's saved searches, by name.
    pub searches: Vec<SavedSearch>,
    /// Every code, and what it says of whoever did it.
    pub codes: Vec<(String, String)>,
    /// For staff: the organisations whose log there is, by name.
    pub logs: Vec<LogChoice>,
}

words! {
    /// How an export is written.
    ExportFormat {
        /// Comma-separated values (RFC 4180).
        Csv = "csv",
        /// A JSON object a line.
        JsonLines = "jsonl",
        /// The same as OCSF events.
        Ocsf = "ocsf",
    }
}

/// An export of audit events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportRow {
    /// Its id.
    pub id: ExportId,
    /// How it is written.
    pub format: ExportFormat,
    /// The query of the search.
    pub query: String,
    /// Up to which place in the ledger.
    pub tree_size: u64,
    /// Whether each row brings its proof.
    pub proofs: bool,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Until when it can be downloaded.
    pub expires_at: Timestamp,
    /// How it stands.
    pub state: ExportState,
}

/// How an export stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportState {
    /// Its rows are being gone through.
    Making,
    /// It can be downloaded.
    Ready {
        /// Events in it.
        events: u64,
        /// Its length.
        bytes: u64,
        /// SHA-256 of its bytes, in hexadecimal.
        digest: String,
    },
    /// It could not be made, and why.
    Failed(String),
}

/// An organisation that staff may choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogChoice {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
}
