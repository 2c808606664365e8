//! A call in four languages, made of what the document says of it. Nothing but the address and the key
//! is left to the reader: both come from the environment, so that the texts are the same on the page, in
//! the document and in the test that runs them.

mod curl;
mod node;
mod python;
mod rust;

use serde_json::{Value, json};

use super::json::{entries, list, object, resolved, set, text};

/// The variable with the address of the installation.
const URL: &str = "LOOMWIRE_URL";
/// The variable with the key.
const KEY: &str = "LOOMWIRE_KEY";
/// The header of the key.
const KEY_HEADER: &str = "x-tenant-api-key";

/// What is asked for.
struct Call {
    /// In capitals.
    method: String,
    /// With its query.
    path: String,
    /// But for the key.
    headers: Vec<(String, String)>,
    keyed: bool,
    body: Option<Value>,
}

/// Adds the samples, as `x-codeSamples`, to every call that a reader can make.
pub(super) fn add(document: &mut Value) {
    let whole = document.clone();
    for (path, item) in entries(object(document, "paths")) {
        for (method, operation) in entries(item) {
            if let Some(call) = Call::read(&whole, path, method, operation) {
                set(operation, "x-codeSamples", call.samples());
            }
        }
    }
}

impl Call {
    /// None if it needs what no example can have, such as somebody else's signature.
    fn read(document: &Value, path: &str, method: &str, operation: &Value) -> Option<Self> {
        let mut headers = Vec::new();
        let mut query = Vec::new();
        let mut path = path.to_owned();
        for parameter in list(operation, "parameters") {
            let required = parameter.get("required").and_then(Value::as_bool) == Some(true);
            let own = parameter.get("example");
            if !required && own.is_none() {
                continue;
            }
            let name = text(parameter, "name");
            let value = own.or_else(|| example(document, parameter.get("schema")?))?;
            let value = value.as_str()?;
            match text(parameter, "in") {
                "path" => path = path.replace(&format!("{{{name}}}"), value),
                "query" => query.push(format!("{name}={}", encoded(value))),
                _ => headers.push((name.to_owned(), value.to_owned())),
            }
        }
        if !query.is_empty() {
            path = format!("{path}?{}", query.join("&"));
        }
        let body = match operation.pointer("/requestBody/content/application~1json") {
            Some(content) => Some(content.get("example")?.clone()),
            None => None,
        };
        Some(Self {
            method: method.to_ascii_uppercase(),
            path,
            headers,
            keyed: !list(operation, "security").is_empty(),
            body,
        })
    }

    fn samples(&self) -> Value {
        json!([
            { "lang": "Shell", "label": "curl", "source": curl::write(self) },
            { "lang": "JavaScript", "label": "Node", "source": node::write(self) },
            { "lang": "Python", "label": "Python", "source": python::write(self) },
            { "lang": "Rust", "label": "Rust", "source": rust::write(self) },
        ])
    }

    /// Every header that has a value of its own, the type of the body included.
    fn headers(&self) -> Vec<(&str, &str)> {
        let own = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let kind = self
            .body
            .is_some()
            .then_some(("content-type", "application/json"));
        own.chain(kind).collect()
    }
}

fn example<'a>(document: &'a Value, schema: &'a Value) -> Option<&'a Value> {
    list(resolved(document, schema), "examples").first()
}

/// A value as a part of a query.
fn encoded(value: &str) -> String {
    percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC)
        .to_string()
        .replace("%2D", "-")
        .replace("%5F", "_")
}

/// JSON over several lines, its lines but the first moved in.
fn indented(body: &Value, by: usize) -> String {
    format!("{body:#}").replace('\n', &format!("\n{:by$}", ""))
}
