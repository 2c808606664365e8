//! What holds for every call, so that no handler has to say it: how a key is sent, which errors there
//! are, which headers every answer has, and how a call looks in four languages.

use serde_json::{Value, json};
use utoipa::PartialSchema;

use super::{
    errors,
    json::{entries, list, object, set, take, text},
    samples, shapes, webhooks,
};

/// The header of a key, and the name of its scheme.
const KEY: &str = "x-tenant-api-key";

const WHAT: &str = "Verify people, and keep nothing but the outcome.\n\n\
    JSON in and out, in UTF-8; moments are RFC 3339, UTC. Unknown body fields are refused. Fields may be \
    added to answers: pass over those that you do not know. A method that an address does not take is \
    405 `METHOD_NOT_ALLOWED`, with `Allow`.";

const TAGS: [(&str, &str); 8] = [
    (
        "Verifications",
        "Start one, send the person to its page, and learn the outcome.",
    ),
    (
        "Tokens",
        "What an approved verification gives, to be shown elsewhere.",
    ),
    ("Usage", "What your organisation used, and what is billed."),
    (
        "API keys",
        "Keys that look after keys: what a person does in the console, by program.",
    ),
    (
        "Rate limits",
        "Limits of your own, by name: what a key that has one may call.",
    ),
    (
        "Found keys",
        "For whoever finds keys of this installation elsewhere.",
    ),
    ("Server", "How the server is, and what it can do."),
    (
        "Webhooks",
        "What a program of yours is told. They are made in the console.",
    ),
];

/// In which order calls are best told; the rest follows.
const ORDER: [&str; 9] = [
    "startVerification",
    "getVerificationStatus",
    "completeVerification",
    "validateToken",
    "listApiKeys",
    "createApiKey",
    "getApiKey",
    "changeApiKey",
    "rotateApiKey",
];

/// Adds it.
pub(super) fn complete(document: &mut Value) {
    let tags: Vec<_> = TAGS
        .iter()
        .map(|(name, description)| json!({ "name": name, "description": description }))
        .collect();
    set(document, "tags", Value::Array(tags));
    set(
        document,
        "info",
        json!({
            "title": "Loomwire API", "version": "1", "description": WHAT,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        }),
    );
    components(object(document, "components"));
    let mut responses = errors::Responses::default();
    each_operation(document, |operation| finish(operation, &mut responses));
    set(
        object(document, "components"),
        "responses",
        responses.into_components(),
    );
    if let Some(links) = document.pointer_mut("/paths/~1verify~1start/post/responses/201/links") {
        let body = json!({ "verificationId": "$response.body#/verificationId" });
        let link = json!({
            "operationId": "completeVerification", "requestBody": body,
            "description": "Decide it, or collect its token.",
        });
        set(links, "complete", link);
    }
    set(document, "webhooks", webhooks::all());
    tidy(document);
    samples::add(document);
}

/// Descriptions are wrapped where the code is; and what is null if it is left out is no default: to be
/// left out can mean to stay as it is.
fn tidy(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, value| !(name == "default" && value.is_null()));
            for (name, value) in fields {
                match value {
                    Value::String(text) if name == "description" => *text = unwrapped(text),
                    other => tidy(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

/// One line a paragraph, and one a point of a list.
fn unwrapped(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    lines.fold(String::new(), |all, line| {
        let begins = line.is_empty() || line.starts_with("- ") || all.is_empty() || all.ends_with('\n');
        match (begins, all.is_empty()) {
            (_, true) => line.to_owned(),
            (true, _) => format!("{all}\n{line}"),
            (false, _) => format!("{all} {line}"),
        }
    })
}

fn each_operation(document: &mut Value, mut change: impl FnMut(&mut Value)) {
    for (_, path) in entries(object(document, "paths")) {
        for (_, operation) in entries(path) {
            change(operation);
        }
    }
}

fn components(components: &mut Value) {
    let schemas = object(components, "schemas");
    for (name, schema) in [
        ("CompletedData", types::webhooks::CompletedData::schema()),
        ("Error", shapes::Error::schema()),
        ("Problem", shapes::Problem::schema()),
        ("RequestId", types::RequestId::schema()),
        ("RotationDueData", types::webhooks::RotationDueData::schema()),
        ("TestData", types::webhooks::TestData::schema()),
        ("WebhookMessageId", types::WebhookMessageId::schema()),
    ] {
        set(schemas, name, serde_json::to_value(schema).unwrap_or_default());
    }
    set(
        components,
        "securitySchemes",
        json!({ KEY: {
            "type": "apiKey", "in": "header", "name": KEY,
            "description": "A key from the console, with the scope that the call asks for. Live keys \
                            begin with `lw_live_`, test keys with `lw_test_`.",
        } }),
    );
    set(components, "headers", headers());
}

fn headers() -> Value {
    let whole = json!({ "type": "integer", "minimum": 0 });
    json!({
        "RequestId": {
            "description": "The request's id.", "required": true,
            "schema": { "$ref": "#/components/schemas/RequestId" },
        },
        "RateLimitLimit": {
            "description": "Calls that there are when none was used, of the tightest limit.", "schema": whole,
        },
        "RateLimitRemaining": { "description": "Calls that are left.", "schema": whole },
        "RateLimitReset": {
            "description": "When all of them are there again, in Unix seconds.", "schema": whole,
        },
        "RetryAfter": {
            "description": "Seconds until the next call is taken.", "required": true,
            "schema": { "type": "integer", "minimum": 1 },
        },
    })
}

fn finish(operation: &mut Value, responses: &mut errors::Responses) {
    let scope = list(operation, "security")
        .iter()
        .find_map(|one| one.get(KEY)?.as_array()?.first().cloned());
    let keyed = scope.is_some();
    if let Some(scope) = scope {
        set(operation, "x-required-scope", scope);
    }
    let told = text(operation, "operationId");
    if let Some(place) = ORDER.iter().position(|id| *id == told) {
        set(operation, "x-order", json!(place));
    }
    let codes = take(operation, "x-error-codes");
    let answers = object(operation, "responses");
    for (_, answer) in entries(answers) {
        let named = object(answer, "headers");
        for (name, component) in own_headers(keyed) {
            set(
                named,
                name,
                json!({ "$ref": format!("#/components/headers/{component}") }),
            );
        }
    }
    for (status, reference) in responses.of(keyed, &codes) {
        set(answers, &status, reference);
    }
    optional_body(operation);
}

/// Headers of every answer; those of limits, if the call takes a key.
pub(super) fn own_headers(keyed: bool) -> impl Iterator<Item = (&'static str, &'static str)> {
    let limits = [
        ("X-RateLimit-Limit", "RateLimitLimit"),
        ("X-RateLimit-Remaining", "RateLimitRemaining"),
        ("X-RateLimit-Reset", "RateLimitReset"),
    ];
    std::iter::once(("X-Request-Id", "RequestId")).chain(limits.into_iter().filter(move |_| keyed))
}

/// A body of which every field may be left out may be left out itself.
fn optional_body(operation: &mut Value) {
    const ALL_OPTIONAL: [&str; 3] = ["startVerification", "changeApiKey", "rotateApiKey"];
    if ALL_OPTIONAL.contains(&text(operation, "operationId")) {
        set(object(operation, "requestBody"), "required", Value::Bool(false));
    }
}
