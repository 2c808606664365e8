//! Events as OCSF 1.5.0 has them: the classes, their activities, and what is put where.
//!
//! The mapping is by action; `docs/AUDIT.md` has it as a table, which a test holds to this. Whatever
//! OCSF has no place for, and the event with its proof, stands in `unmapped.loomwire`.

use ledger::bundle::Bundle;
use serde_json::{Map, Value, json};

use crate::{
    Error, Result,
    audit::{Action, Sequenced, find::Facts},
};

/// The release of the schema.
pub const VERSION: &str = "1.5.0";

/// A class of events, as far as ours are of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// 3001.
    AccountChange,
    /// 3002.
    Authentication,
    /// 3003.
    AuthorizeSession,
    /// 3004.
    EntityManagement,
    /// 6003.
    ApiActivity,
}

impl Class {
    /// Its number.
    pub const fn uid(self) -> u32 {
        match self {
            Self::AccountChange => 3001,
            Self::Authentication => 3002,
            Self::AuthorizeSession => 3003,
            Self::EntityManagement => 3004,
            Self::ApiActivity => 6003,
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AccountChange => "Account Change",
            Self::Authentication => "Authentication",
            Self::AuthorizeSession => "Authorize Session",
            Self::EntityManagement => "Entity Management",
            Self::ApiActivity => "API Activity",
        }
    }

    const fn category(self) -> (u32, &'static str) {
        match self {
            Self::ApiActivity => (6, "Application Activity"),
            _ => (3, "Identity & Access Management"),
        }
    }

    /// What an activity of it is called.
    pub const fn activity(self, id: u32) -> &'static str {
        match (self, id) {
            (Self::AccountChange | Self::EntityManagement | Self::ApiActivity, 1) => "Create",
            (Self::AccountChange, 3) => "Password Change",
            (Self::AccountChange, 4) => "Password Reset",
            (Self::AccountChange, 6) | (Self::EntityManagement | Self::ApiActivity, 4) => "Delete",
            (Self::AccountChange, 7) => "Attach Policy",
            (Self::AccountChange, 9) => "Lock",
            (Self::AccountChange, 10) => "MFA Factor Enable",
            (Self::AccountChange, 11) => "MFA Factor Disable",
            (Self::Authentication, 1) => "Logon",
            (Self::Authentication, 2) => "Logoff",
            (Self::AuthorizeSession, 1) => "Assign Privileges",
            (Self::EntityManagement | Self::ApiActivity, 2) => "Read",
            (Self::EntityManagement | Self::ApiActivity, 3) => "Update",
            _ => "Other",
        }
    }
}

/// The class of an action, and the activity in it. An API key's own doings are API Activity,
/// whatever they are.
pub fn class_of(action: Action) -> (Class, u32) {
    use Class::{AccountChange, Authentication, AuthorizeSession, EntityManagement};
    const OTHER: u32 = 99;
    let code = action.code();
    let (noun, verb) = code.split_once('.').unwrap_or((code, ""));
    match (noun, verb) {
        ("session", "signed_in" | "signed_in_with_password" | "sign_in_failed") => (Authentication, 1),
        ("session", "signed_out" | "revoked" | "others_revoked")
        | ("member", "sessions_ended")
        | ("account", "disowned") => (Authentication, 2),
        ("session", _) => (Authentication, OTHER),
        ("user", "password_changed") => (AccountChange, 3),
        ("recovery", "completed") => (AccountChange, 4),
        ("user", "password_disabled") => (AccountChange, 9),
        ("user", "passkey_removed" | "password_totp_removed") => (AccountChange, 11),
        ("user", "passkey_renamed") => (AccountChange, OTHER),
        ("user", _) => (AccountChange, 10),
        ("account", "signed_up") | ("invitation", "accepted") | ("setup", "completed") => (AccountChange, 1),
        ("account", "looked_up") => (EntityManagement, 2),
        ("member", "removed" | "left") => (AccountChange, 6),
        ("member" | "staff", "role_changed") => (AccountChange, 7),
        ("account" | "recovery", _) => (AccountChange, OTHER),
        ("elevation", "approved" | "delayed") => (AuthorizeSession, 1),
        ("elevation", _) => (AuthorizeSession, OTHER),
        _ => (EntityManagement, deed(verb)),
    }
}

/// The activity of Entity Management, by what was done.
fn deed(verb: &str) -> u32 {
    let last = verb.rsplit('_').next().unwrap_or(verb);
    match last {
        "created" | "made" | "started" | "sent" | "saved" | "asked" | "reported" | "completed" | "added"
        | "put" => 1,
        "read" | "exported" | "ended" | "opened" | "given" | "searched" | "looked" => 2,
        "removed" | "revoked" | "deleted" | "retired" | "expired" => 4,
        "denied" | "refused" => 99,
        _ => 3,
    }
}

/// What stands beside an event's text.
struct Beside<'a> {
    leaf_index: u64,
    address: Option<&'a str>,
    agent: Option<&'a str>,
}

/// The event of the schema, with its proof.
pub(super) fn event(facts: &Facts, bundle: &Bundle) -> Result<Value> {
    let opened = |field: &str| bundle.opened.get(field).map(|opened| opened.value.as_str());
    let beside = Beside {
        leaf_index: bundle.leaf_index,
        address: opened("address"),
        agent: opened("userAgent"),
    };
    Ok(mapped(facts, &beside, serde_json::to_value(bundle)?))
}

/// The same without a proof: a stream sends events as they get their places. Of personal fields
/// it has the values and not their salts.
pub(crate) fn sequenced(event: &Sequenced) -> Result<Value> {
    let value = |name: &str| {
        let found = event.personal.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    };
    let beside = Beside {
        leaf_index: u64::try_from(event.leaf).map_err(Error::internal)?,
        address: value("address"),
        agent: value("userAgent"),
    };
    let carried = json!({ "canonical": event.canonical, "leafIndex": event.leaf });
    Ok(mapped(&Facts::read(&event.canonical)?, &beside, carried))
}

fn mapped(facts: &Facts, beside: &Beside<'_>, carried: Value) -> Value {
    let (class, activity) = facts
        .action
        .parse::<Action>()
        .map_or((Class::EntityManagement, 99), class_of);
    let (class, activity) = if facts.kind == "api_key" {
        let (_, verb) = facts.action.split_once('.').unwrap_or_default();
        (Class::ApiActivity, deed(verb))
    } else {
        (class, activity)
    };
    let (category_uid, category_name) = class.category();
    let (status_id, status, severity_id, severity) = match facts.result.as_str() {
        "success" => (1, "Success", 1, "Informational"),
        "denied" => (2, "Failure", 3, "Medium"),
        _ => (2, "Failure", 2, "Low"),
    };
    let mut event = json!({
        "activity_id": activity,
        "activity_name": class.activity(activity),
        "category_uid": category_uid,
        "category_name": category_name,
        "class_uid": class.uid(),
        "class_name": class.name(),
        "type_uid": class.uid() * 100 + activity,
        "type_name": format!("{}: {}", class.name(), class.activity(activity)),
        "time": facts.time,
        "severity_id": severity_id,
        "severity": severity,
        "status_id": status_id,
        "status": status,
        "message": facts.action,
        "metadata": metadata(facts, beside.leaf_index),
        "actor": actor(facts),
        "unmapped": { "loomwire": unmapped(facts, carried) },
    });
    if let Some(event) = event.as_object_mut() {
        if let Some(reason) = &facts.reason {
            event.insert("status_detail".into(), json!(reason));
        }
        of_class(class, facts, beside, event);
    }
    event
}

fn metadata(facts: &Facts, leaf_index: u64) -> Value {
    let mut metadata = json!({
        "version": VERSION,
        "product": { "name": "Loomwire", "vendor_name": "Loomwire" },
        "uid": facts.id,
        "log_name": "audit",
        "log_version": facts.schema.to_string(),
        "event_code": facts.action,
        "sequence": leaf_index,
    });
    if let Some(metadata) = metadata.as_object_mut() {
        if !facts.organisation.is_empty() {
            metadata.insert("tenant_uid".into(), json!(facts.organisation));
        }
        if let Some(request) = &facts.request {
            metadata.insert("correlation_uid".into(), json!(request));
        }
    }
    metadata
}

fn actor(facts: &Facts) -> Value {
    let mut actor = match (facts.kind.as_str(), &facts.actor) {
        ("user" | "staff", Some(id)) => json!({ "user": user(Some(id), facts.kind == "staff") }),
        ("api_key", Some(id)) => json!({ "app_name": "API key", "app_uid": id }),
        ("system", _) => json!({ "app_name": "Loomwire" }),
        (kind, _) => json!({ "user": { "name": kind, "type_id": 0 } }),
    };
    if let (Some(session), Some(actor)) = (&facts.session, actor.as_object_mut()) {
        actor.insert("session".into(), json!({ "uid": session }));
    }
    actor
}

/// `type_id`: 1 a user, 2 an admin, 0 unknown.
fn user(id: Option<&str>, is_staff: bool) -> Value {
    match id {
        Some(id) => json!({ "uid": id, "type_id": if is_staff { 2 } else { 1 } }),
        None => json!({ "name": "unknown", "type_id": 0 }),
    }
}

/// What only this class has.
fn of_class(class: Class, facts: &Facts, beside: &Beside<'_>, event: &mut Map<String, Value>) {
    let agent = beside.agent;
    let endpoint = beside.address.map_or_else(
        || json!({ "uid": facts.request.as_deref().unwrap_or("unknown") }),
        |ip| json!({ "ip": ip }),
    );
    let is_user = |id: &&String| types::id::kind(id) == "user";
    let subject = facts
        .targets
        .iter()
        .find(is_user)
        .or(facts.actor.as_ref().filter(is_user));
    let resources: Vec<Value> = facts
        .targets
        .iter()
        .map(|id| json!({ "uid": id, "type": types::id::kind(id) }))
        .collect();
    match class {
        Class::EntityManagement => {
            let entity = resources.into_iter().next();
            let own = || json!({ "uid": facts.organisation, "name": "audit log", "type": "organisation" });
            event.insert("entity".into(), entity.unwrap_or_else(own));
            return;
        }
        Class::ApiActivity => {
            event.insert("api".into(), json!({ "operation": facts.action }));
            event.insert("resources".into(), json!(resources));
        }
        Class::AccountChange | Class::Authentication | Class::AuthorizeSession => {
            event.insert("user".into(), user(subject.map(String::as_str), false));
        }
    }
    if class == Class::AuthorizeSession {
        let role = facts.metadata.iter().find(|(name, _)| name == "role");
        let role = role.map_or("unknown", |(_, role)| role);
        event.insert("privileges".into(), json!([role]));
        return;
    }
    if class == Class::Authentication {
        event.insert("service".into(), json!({ "name": "Loomwire" }));
        event.insert("is_remote".into(), json!(true));
        if let Some(session) = &facts.session {
            event.insert("session".into(), json!({ "uid": session }));
        }
    }
    event.insert("src_endpoint".into(), endpoint);
    if agent.is_some() || facts.request.is_some() {
        let mut request = Map::new();
        request.extend(agent.map(|agent| ("user_agent".to_owned(), json!(agent))));
        request.extend(facts.request.as_ref().map(|id| ("uid".to_owned(), json!(id))));
        event.insert("http_request".into(), Value::Object(request));
    }
}

/// The event, with its proof if there is one, and what OCSF has no place for.
fn unmapped(facts: &Facts, mut unmapped: Value) -> Value {
    if let Some(unmapped) = unmapped.as_object_mut() {
        let metadata: Map<String, Value> = facts
            .metadata
            .iter()
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect();
        unmapped.insert("metadata".into(), Value::Object(metadata));
        unmapped.insert("targets".into(), json!(facts.targets));
        unmapped.extend(
            facts
                .on_behalf_of
                .as_ref()
                .map(|id| ("onBehalfOf".to_owned(), json!(id))),
        );
        unmapped.extend(
            facts
                .region
                .as_ref()
                .map(|region| ("region".to_owned(), json!(region))),
        );
    }
    unmapped
}
