//! The errors that a call can be answered with, by status. What a handler names is added to what the
//! gate and the frame answer before it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    super::Code,
    complete::own_headers,
    json::{object, set},
};

/// What the frame around every route answers by itself.
const ANY: [Code; 5] = [
    Code::InvalidRequest,
    Code::Timeout,
    Code::TooLarge,
    Code::Internal,
    Code::Unavailable,
];

/// What a call with a key can be answered before its route is asked.
const KEYED: [Code; 4] = [
    Code::AuthInvalidKey,
    Code::ScopeMissing,
    Code::IpNotAllowed,
    Code::RateLimited,
];

/// The responses that were asked for so far, each once.
#[derive(Default)]
pub(super) struct Responses(BTreeMap<String, Value>);

impl Responses {
    /// Status and reference of each error of a call; `named` are the codes that its handler adds.
    pub(super) fn of(&mut self, keyed: bool, named: &Value) -> Vec<(String, Value)> {
        let named = named.as_array().map_or(&[][..], Vec::as_slice);
        let is_named = |code: &Code| named.iter().any(|name| name.as_str() == Some(code.as_str()));
        let mut by_status = BTreeMap::<u16, Vec<Code>>::new();
        for code in Code::ALL {
            if ANY.contains(&code) || (keyed && KEYED.contains(&code)) || is_named(&code) {
                by_status.entry(code.status().as_u16()).or_default().push(code);
            }
        }
        let mut answers = Vec::new();
        for (status, codes) in by_status {
            let name = name(&codes);
            let reference = json!({ "$ref": format!("#/components/responses/{name}") });
            self.0.entry(name).or_insert_with(|| response(&codes));
            answers.push((status.to_string(), reference));
        }
        answers
    }

    pub(super) fn into_components(self) -> Value {
        Value::Object(self.0.into_iter().collect::<Map<_, _>>())
    }
}

fn name(codes: &[Code]) -> String {
    let words = codes.iter().map(|code| pascal(code.as_str()));
    words.collect::<Vec<_>>().join("Or")
}

fn pascal(code: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        format!("{first}{}", rest.to_ascii_lowercase())
    };
    code.split('_').map(word).collect()
}

fn response(codes: &[Code]) -> Value {
    let words: Vec<_> = codes.iter().map(|code| code.as_str()).collect();
    let told: Vec<_> = codes
        .iter()
        .map(|code| format!("`{}`: {}", code.as_str(), meaning(*code)))
        .collect();
    let mut response = json!({
        "description": told.join(" "),
        "content": { "application/json": { "schema": { "allOf": [
            { "$ref": "#/components/schemas/Error" },
            { "type": "object", "properties": {
                "error": { "type": "object", "properties": { "code": { "enum": words } } },
            } },
        ] } } },
    });
    let headers = object(&mut response, "headers");
    for (name, component) in own_headers(true) {
        set(
            headers,
            name,
            json!({ "$ref": format!("#/components/headers/{component}") }),
        );
    }
    if codes.contains(&Code::RateLimited) {
        let reference = json!({ "$ref": "#/components/headers/RetryAfter" });
        set(headers, "Retry-After", reference);
    }
    response
}

/// What happened, as a sentence.
const fn meaning(code: Code) -> &'static str {
    match code {
        Code::InvalidRequest => "The request cannot be understood; `fields` says where.",
        Code::AuthInvalidKey => "There is no key, or it does not hold.",
        Code::SubscriptionInactive => "The organisation has no active subscription.",
        Code::QuotaExceeded => "The quota of billable units for the month is used up.",
        Code::ScopeMissing => "The key lacks the scope.",
        Code::IpNotAllowed => "The key may not be used from this address.",
        Code::StepUpRequired => "The action needs a fresh confirmation.",
        Code::CrossSite => "The request comes from another site.",
        Code::NotFound => "There is no such thing, or it is another organisation's or environment's.",
        Code::MethodNotAllowed => "The address does not take this method.",
        Code::Timeout => "It took too long and was given up.",
        Code::Conflict => "It cannot be done in the present state.",
        Code::TooLarge => "The body is longer than what is taken.",
        Code::UnsupportedMediaType => "The body is not JSON.",
        Code::WrongRegion => "The server is in another region than was asked for.",
        Code::RateLimited => "Too many calls. `Retry-After` says when the next is taken.",
        Code::Internal => "A fault of ours, and nothing was changed.",
        Code::Unavailable => "It cannot be done at the moment. Try again in a minute.",
    }
}
