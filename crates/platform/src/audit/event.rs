//! An audit event and its canonical bytes.

use std::fmt::Display;

use serde::Serialize;
use types::{AuditEventId, OrganisationId, Timestamp, UserId, console::AuditResult, source::random};

use super::Action;
use crate::{Actor, Ctx, Error, Result, codec};

/// The version of the event's shape. 1 had `target`, `request`, `session` and `details` side by
/// side; docs/AUDIT.md has both.
const SCHEMA: u32 = 2;
/// The version of every code so far. A code whose metadata changes its meaning gets a higher one.
const CODE_VERSION: u32 = 1;
/// Facts of one event at most, and characters of each.
const FACTS: usize = 50;
const FACT_CHARACTERS: usize = 500;
/// The name of the fact that says why: it stands in a place of its own.
const REASON: &str = "reason";

/// In whose log an event stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// The actor's own.
    Actor,
    /// This tenant's.
    Organisation(OrganisationId),
    /// The installation's.
    Installation,
}

/// What is to be written to the audit log. Actor, time, request and tenant come from the
/// context that commits it.
#[derive(Clone, Debug)]
pub struct Event {
    pub(super) action: Action,
    pub(super) result: AuditResult,
    /// The first of `targets` is what the log is searched by.
    pub(super) targets: Vec<String>,
    pub(super) place: Place,
    pub(super) acting_user: Option<UserId>,
    pub(super) as_staff: bool,
    pub(super) on_behalf_of: Option<String>,
    pub(super) details: Vec<(&'static str, String)>,
    pub(super) id: Option<AuditEventId>,
}

impl Event {
    /// A success, with no target yet.
    pub const fn new(action: Action) -> Self {
        Self {
            action,
            result: AuditResult::Success,
            targets: Vec::new(),
            place: Place::Actor,
            acting_user: None,
            as_staff: false,
            on_behalf_of: None,
            details: Vec::new(),
            id: None,
        }
    }

    /// Under this id, where other rows name the event.
    #[must_use]
    pub(crate) const fn with_id(mut self, id: AuditEventId) -> Self {
        self.id = Some(id);
        self
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

    /// What it was done to: an id. The first named is the one that the log is searched by.
    #[must_use]
    pub fn target(mut self, id: impl Display) -> Self {
        self.targets.push(id.to_string());
        self
    }

    /// The operator's staff did it, as such and not as a member of an organisation.
    #[must_use]
    pub const fn as_staff(mut self) -> Self {
        self.as_staff = true;
        self
    }

    /// For whom it was done: an id.
    #[must_use]
    pub fn on_behalf_of(mut self, id: impl Display) -> Self {
        self.on_behalf_of = Some(id.to_string());
        self
    }

    /// In which tenant's log it stands, where that is not the actor's own.
    #[must_use]
    pub const fn in_organisation(mut self, id: OrganisationId) -> Self {
        self.place = Place::Organisation(id);
        self
    }

    /// It stands in the installation's own log: what staff look at is no tenant's to read, and
    /// least of all that of the tenant that their session happens to be in.
    #[must_use]
    pub const fn in_installation(mut self) -> Self {
        self.place = Place::Installation;
        self
    }

    /// In whose log it stands; in the installation's, if `None`.
    pub(super) fn organisation_of(&self, actor: &Actor) -> Option<OrganisationId> {
        match self.place {
            Place::Actor => actor.organisation(),
            Place::Organisation(id) => Some(id),
            Place::Installation => None,
        }
    }

    /// Who did it, where the context could not know yet: a sign-in, the set-up.
    #[must_use]
    pub const fn by_user(mut self, id: UserId) -> Self {
        self.acting_user = Some(id);
        self
    }

    /// A further fact: never personal data. `reason` says why; beyond 500 characters a value is
    /// cut short.
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
        // Whoever looks into an organisation is staff in all they do there.
        let there = event.organisation_of(actor) == actor.organisation();
        let is_staff = event.as_staff || (there && actor.look().is_some());
        let person = if is_staff { "staff" } else { "user" };
        if let Some(user) = event.acting_user {
            return Self {
                kind: person,
                id: Some(user.to_string()),
            };
        }
        let (kind, id) = match actor {
            Actor::System => ("system", None),
            Actor::Anonymous => ("anonymous", None),
            Actor::User { id, .. } => (person, Some(id.to_string())),
            Actor::ApiKey { id, .. } => ("api_key", Some(id.to_string())),
            Actor::Person { .. } => ("person", None),
        };
        Self { kind, id }
    }
}

/// A thing that an event names.
#[derive(Serialize)]
struct Named<'a> {
    kind: &'static str,
    id: &'a str,
}

impl<'a> Named<'a> {
    fn of(id: &'a str) -> Self {
        Self {
            kind: types::id::kind(id),
            id,
        }
    }
}

/// The request behind an event.
#[derive(Serialize)]
struct Context {
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    /// How the session began, or `api_key`.
    #[serde(skip_serializing_if = "Option::is_none")]
    authentication: Option<&'static str>,
}

impl Context {
    fn of(ctx: &Ctx) -> Self {
        let (session, authentication) = match ctx.actor() {
            Actor::User {
                session, standing, ..
            } => (Some(session.to_string()), Some(standing.method.as_str())),
            Actor::ApiKey { .. } => (None, Some("api_key")),
            Actor::System | Actor::Anonymous | Actor::Person { .. } => (None, None),
        };
        Self {
            request: ctx.origin().request_id.map(|id| id.to_string()),
            session,
            authentication,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Canonical<'a> {
    schema: u32,
    id: AuditEventId,
    time: i64,
    action: &'a str,
    version: u32,
    result: AuditResult,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    actor: &'a ActorRef,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_behalf_of: Option<Named<'a>>,
    targets: Vec<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation: Option<OrganisationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    context: &'a Context,
    metadata: serde_json::Map<String, serde_json::Value>,
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
    pub(super) at: Timestamp,
    pub(super) action: Action,
    pub(super) result: AuditResult,
    /// The first is what the log is searched by.
    pub(super) targets: Vec<String>,
    pub(super) organisation: Option<OrganisationId>,
    pub(super) actor: ActorRef,
    pub(super) request: Option<String>,
    pub(super) canonical: String,
    pub(super) leaf_hash: [u8; 32],
    pub(super) personal: Vec<Personal>,
    /// Whose key seals the personal fields.
    pub(super) subject: String,
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

/// At most this many characters of a fact.
fn cut(value: &str) -> String {
    value.chars().take(FACT_CHARACTERS).collect()
}

/// Fills the event from the context and hashes it.
pub(super) fn seal(ctx: &Ctx, event: &Event, now: Timestamp) -> Result<Sealed> {
    if event.details.len() > FACTS {
        return Err(Error::internal("an audit event has more than 50 facts"));
    }
    let fresh = || AuditEventId::at(now, ctx.event_sequence(now), ctx.rng());
    let id = event.id.unwrap_or_else(fresh);
    let organisation = event.organisation_of(ctx.actor());
    let looked_into = ctx.actor().look().and(ctx.actor().organisation());
    let looked_into = looked_into.filter(|into| organisation == Some(*into));
    let on_behalf_of = event.on_behalf_of.clone();
    let on_behalf_of = on_behalf_of.or_else(|| looked_into.map(|into| into.to_string()));
    let actor = ActorRef::of(event, ctx.actor());
    let context = Context::of(ctx);
    let personal = personal_fields(ctx);
    let reason = event.details.iter().find(|(name, _)| *name == REASON);
    let reason = reason.map(|(_, value)| cut(value));
    let facts = event.details.iter().filter(|(name, _)| *name != REASON);
    let canonical = serde_json_canonicalizer::to_string(&Canonical {
        schema: SCHEMA,
        id,
        time: now.as_millis(),
        action: event.action.code(),
        version: CODE_VERSION,
        result: event.result,
        reason: reason.as_deref(),
        actor: &actor,
        on_behalf_of: on_behalf_of.as_deref().map(Named::of),
        targets: event.targets.iter().map(|id| Named::of(id)).collect(),
        organisation,
        region: ctx.settings().region.as_deref(),
        context: &context,
        metadata: facts
            .map(|(name, value)| ((*name).to_owned(), cut(value).into()))
            .collect(),
        commitments: personal
            .iter()
            .map(|p| (p.field.to_owned(), p.commitment().into()))
            .collect(),
    })?;
    // RFC 6962, section 2.1: a leaf is hashed behind a zero byte.
    let leaf_hash = codec::sha256(&[&[0], canonical.as_bytes()].concat());
    Ok(Sealed {
        id,
        at: now,
        action: event.action,
        result: event.result,
        targets: event.targets.clone(),
        organisation,
        actor,
        request: context.request,
        canonical,
        leaf_hash,
        personal,
        subject: subject(event, ctx.actor()),
    })
}

/// The subject whose key seals the personal fields of an event.
fn subject(event: &Event, actor: &Actor) -> String {
    match (event.acting_user, actor) {
        (Some(user), _) => user.to_string(),
        (None, Actor::User { id, .. }) => id.to_string(),
        (None, Actor::ApiKey { organisation, .. }) => organisation.to_string(),
        _ => crate::keyring::INSTALLATION.to_owned(),
    }
}
