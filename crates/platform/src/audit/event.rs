//! An audit event and its canonical bytes.

use std::fmt::Display;

use serde::Serialize;
use types::{AuditEventId, OrganisationId, UserId, console::AuditResult, source::random};

use super::Action;
use crate::{Actor, Ctx, Result, codec};

/// The version of the event's shape.
const SCHEMA: u32 = 1;

/// What is to be written to the audit log. Actor, time, request and tenant come from the
/// context that commits it.
#[derive(Clone, Debug)]
pub struct Event {
    pub(super) action: Action,
    pub(super) result: AuditResult,
    pub(super) target: Option<String>,
    pub(super) organisation: Option<OrganisationId>,
    pub(super) acting_user: Option<UserId>,
    pub(super) details: Vec<(&'static str, String)>,
}

impl Event {
    /// A success, with no target yet.
    pub const fn new(action: Action) -> Self {
        Self {
            action,
            result: AuditResult::Success,
            target: None,
            organisation: None,
            acting_user: None,
            details: Vec::new(),
        }
    }

    /// It was refused.
    #[must_use]
    pub const fn denied(mut self) -> Self {
        self.result = AuditResult::Denied;
        self
    }

    /// It was allowed and did not work.
    #[must_use]
    pub const fn failed(mut self) -> Self {
        self.result = AuditResult::Failed;
        self
    }

    /// What it was done to: an id.
    #[must_use]
    pub fn target(mut self, id: impl Display) -> Self {
        self.target = Some(id.to_string());
        self
    }

    /// In which tenant's log it stands, where that is not the actor's own.
    #[must_use]
    pub const fn in_organisation(mut self, id: OrganisationId) -> Self {
        self.organisation = Some(id);
        self
    }

    /// Who did it, where the context could not know yet: a sign-in, the set-up.
    #[must_use]
    pub const fn by_user(mut self, id: UserId) -> Self {
        self.acting_user = Some(id);
        self
    }

    /// A further fact: never personal data.
    #[must_use]
    pub fn detail(mut self, name: &'static str, value: impl Display) -> Self {
        self.details.push((name, value.to_string()));
        self
    }
}

/// Who did it, as the log says it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ActorRef {
    pub(super) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
}

impl ActorRef {
    fn of(event: &Event, actor: &Actor) -> Self {
        if let Some(user) = event.acting_user {
            return Self {
                kind: "user",
                id: Some(user.to_string()),
            };
        }
        let (kind, id) = match actor {
            Actor::System => ("system", None),
            Actor::Anonymous => ("anonymous", None),
            Actor::User { id, .. } => ("user", Some(id.to_string())),
            Actor::ApiKey { id, .. } => ("api_key", Some(id.to_string())),
            Actor::Person { .. } => ("person", None),
        };
        Self { kind, id }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Canonical<'a> {
    schema: u32,
    id: AuditEventId,
    time: i64,
    action: &'a str,
    result: AuditResult,
    actor: &'a ActorRef,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation: Option<OrganisationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    details: serde_json::Map<String, serde_json::Value>,
    commitments: serde_json::Map<String, serde_json::Value>,
}

/// A personal field: its value, and the salt of its commitment.
pub(super) struct Personal {
    pub(super) field: &'static str,
    pub(super) value: String,
    pub(super) salt: [u8; 32],
}

impl Personal {
    /// HMAC-SHA256 under the salt, the field's name included. Without the salt it tells
    /// nothing, even where there are few possible values.
    fn commitment(&self) -> String {
        let message = [self.field.as_bytes(), &[0], self.value.as_bytes()].concat();
        hex::encode(codec::hmac_sha256(&self.salt, &message))
    }
}

/// An event made whole, as it is written.
pub(super) struct Sealed {
    pub(super) id: AuditEventId,
    pub(super) organisation: Option<OrganisationId>,
    pub(super) actor: ActorRef,
    pub(super) request: Option<String>,
    pub(super) canonical: String,
    pub(super) leaf_hash: [u8; 32],
    pub(super) personal: Vec<Personal>,
}

/// The personal fields of the request. A verified person's are not taken at all.
fn personal_fields(ctx: &Ctx) -> Vec<Personal> {
    if matches!(ctx.actor(), Actor::Person { .. } | Actor::System) {
        return Vec::new();
    }
    let origin = ctx.origin();
    let address = origin.address.map(|address| ("address", address.to_string()));
    let user_agent = origin.user_agent.clone().map(|agent| ("userAgent", agent));
    address
        .into_iter()
        .chain(user_agent)
        .map(|(field, value)| Personal {
            field,
            value,
            salt: random(ctx.rng()),
        })
        .collect()
}

/// Fills the event from the context and hashes it.
pub(super) fn seal(ctx: &Ctx, event: &Event, now: types::Timestamp) -> Result<Sealed> {
    let id = AuditEventId::at(now, ctx.event_sequence(now), ctx.rng());
    let organisation = event.organisation.or_else(|| ctx.actor().organisation());
    let actor = ActorRef::of(event, ctx.actor());
    let request = ctx.origin().request_id.map(|id| id.to_string());
    let session = match ctx.actor() {
        Actor::User { session, .. } => Some(session.to_string()),
        _ => None,
    };
    let personal = personal_fields(ctx);
    let object = |pairs: Vec<(String, String)>| pairs.into_iter().map(|(k, v)| (k, v.into())).collect();
    let canonical = serde_json_canonicalizer::to_string(&Canonical {
        schema: SCHEMA,
        id,
        time: now.as_millis(),
        action: event.action.code(),
        result: event.result,
        actor: &actor,
        target: event.target.as_deref(),
        organisation,
        request: request.clone(),
        session,
        details: object(
            event
                .details
                .iter()
                .map(|(k, v)| ((*k).to_owned(), v.clone()))
                .collect(),
        ),
        commitments: object(
            personal
                .iter()
                .map(|p| (p.field.to_owned(), p.commitment()))
                .collect(),
        ),
    })?;
    // RFC 6962, section 2.1: a leaf is hashed behind a zero byte.
    let leaf_hash = codec::sha256(&[&[0], canonical.as_bytes()].concat());
    Ok(Sealed {
        id,
        organisation,
        actor,
        request,
        canonical,
        leaf_hash,
        personal,
    })
}

/// The subject whose key seals the personal fields of an event.
pub(super) fn subject(event: &Event, actor: &Actor) -> String {
    match (event.acting_user, actor) {
        (Some(user), _) => user.to_string(),
        (None, Actor::User { id, .. }) => id.to_string(),
        (None, Actor::ApiKey { organisation, .. }) => organisation.to_string(),
        _ => crate::keyring::INSTALLATION.to_owned(),
    }
}
