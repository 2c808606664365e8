//! From the document. What is not there is empty.

use std::sync::Arc;

use serde_json::Value;

use super::{ApiAnswer, ApiCall, Group, Part, Parts, Reference, Shape};

impl Reference {
    /// From a document of OpenAPI 3.1.
    pub fn read(document: &Value) -> Self {
        let reader = Reader(document);
        Self(Arc::new(Parts {
            about: text(document, "/info/description"),
            groups: reader.groups(),
            shapes: reader.shapes(),
        }))
    }
}

struct Reader<'a>(&'a Value);

impl<'a> Reader<'a> {
    fn groups(&self) -> Vec<Group> {
        let calls = self.calls();
        let tags = elements(self.0, "/tags").iter();
        tags.map(|tag| {
            let name = text(tag, "/name");
            let own = calls.iter().filter(|(of, _)| *of == name);
            Group {
                calls: own.map(|(_, call)| call.clone()).collect(),
                description: text(tag, "/description"),
                name,
            }
        })
        .collect()
    }

    /// Every call, with the name of its group.
    fn calls(&self) -> Vec<(String, ApiCall)> {
        let paths = entries(self.0, "/paths").map(|(path, item)| (path, item, true));
        let webhooks = entries(self.0, "/webhooks").map(|(event, item)| (event, item, false));
        let mut calls = Vec::new();
        for (path, item, asked) in paths.chain(webhooks) {
            for (method, operation) in entries(item, "") {
                let method = if asked { method } else { "" };
                let call = self.call(path, method, operation);
                let place = operation.get("x-order").and_then(Value::as_u64);
                calls.push((place.unwrap_or(u64::MAX), text(operation, "/tags/0"), call));
            }
        }
        calls.sort_by_key(|(place, ..)| *place);
        calls.into_iter().map(|(_, tag, call)| (tag, call)).collect()
    }

    fn call(&self, path: &str, method: &str, operation: &Value) -> ApiCall {
        let scope = text(operation, "/x-required-scope");
        let samples = elements(operation, "/x-codeSamples").iter();
        let answers = entries(operation, "/responses");
        ApiCall {
            id: text(operation, "/operationId"),
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            summary: text(operation, "/summary"),
            description: text(operation, "/description"),
            scope: (!scope.is_empty()).then_some(scope),
            parameters: elements(operation, "/parameters")
                .iter()
                .map(|parameter| self.parameter(parameter))
                .collect(),
            body: self.fields(content(operation.pointer("/requestBody"))),
            answers: answers
                .map(|(status, answer)| self.answer(status, answer))
                .collect(),
            samples: samples
                .map(|sample| (text(sample, "/label"), text(sample, "/source")))
                .collect(),
        }
    }

    fn answer(&self, status: &str, answer: &'a Value) -> ApiAnswer {
        let answer = self.resolved(answer);
        let is_error = status.starts_with(['4', '5']);
        ApiAnswer {
            status: status.to_owned(),
            description: text(answer, "/description"),
            fields: if is_error {
                Vec::new()
            } else {
                self.fields(content(Some(answer)))
            },
        }
    }

    fn parameter(&self, parameter: &Value) -> Part {
        let nothing = Value::Null;
        let schema = parameter.get("schema").unwrap_or(&nothing);
        Part {
            name: text(parameter, "/name"),
            place: text(parameter, "/in"),
            required: flag(parameter, "/required"),
            description: text(parameter, "/description"),
            ..self.part(schema)
        }
    }

    /// The fields of an object; of a list of objects, those of one of them.
    fn fields(&self, schema: Option<&Value>) -> Vec<Part> {
        let Some(schema) = schema.map(|schema| self.resolved(schema)) else {
            return Vec::new();
        };
        if let Some(items) = schema.get("items") {
            return self.fields(Some(items));
        }
        let required: Vec<_> = elements(schema, "/required")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let mut fields: Vec<_> = entries(schema, "/properties")
            .map(|(name, field)| Part {
                name: name.to_owned(),
                required: required.contains(&name),
                ..self.part(field)
            })
            .collect();
        // What has to be there first; the rest as the document has it.
        fields.sort_by_key(|field| !field.required);
        fields
    }

    /// What a schema says, without a name.
    fn part(&self, schema: &Value) -> Part {
        let (kind, shape) = self.kind(schema);
        let meant = self.resolved(schema);
        // Of what may be null, the description stands with what it is otherwise.
        let own = [schema, schema.pointer("/oneOf/0").unwrap_or(schema)]
            .map(|schema| text(schema, "/description"))
            .into_iter()
            .find(|told| !told.is_empty())
            .unwrap_or_default();
        Part {
            kind,
            description: if own.is_empty() && shape.is_none() {
                text(meant, "/description")
            } else {
                own
            },
            shape,
            limits: if is_id(schema) { Vec::new() } else { limits(meant) },
            ..Part::default()
        }
    }

    /// What it is in words, and the shape that tells more.
    fn kind(&self, schema: &Value) -> (String, Option<String>) {
        if let Some(name) = name(schema) {
            let meant = self.resolved(schema);
            if let Some(id) = id(&name, meant) {
                return (id, None);
            }
            let is_shape = is_shape(meant);
            let kind = if is_shape {
                name.clone()
            } else {
                self.kind(meant).0
            };
            return (kind, is_shape.then_some(name));
        }
        if let Some(word) = schema.get("const").and_then(Value::as_str) {
            return (format!("`{word}`"), None);
        }
        for several in ["/oneOf", "/anyOf", "/allOf"] {
            if schema.pointer(several).is_some() {
                return self.one_of(elements(schema, several));
            }
        }
        if let Some(items) = schema.get("items") {
            let (kind, shape) = self.kind(items);
            return (format!("list of {kind}{}", or_null(schema)), shape);
        }
        let format = text(schema, "/format");
        let words = words(schema);
        let kind = match format.as_str() {
            _ if !words.is_empty() => words.join(" or "),
            "date-time" => "moment, RFC 3339".to_owned(),
            "date" => "day, YYYY-MM-DD".to_owned(),
            "uri" | "web-address" => "address".to_owned(),
            "cidr" => "network".to_owned(),
            "ipv4" => "IPv4 address".to_owned(),
            "ipv6" => "IPv6 address".to_owned(),
            _ => types(schema)
                .into_iter()
                .find(|kind| *kind != "null")
                .map_or_else(
                    || "anything".to_owned(),
                    |kind| match kind {
                        "boolean" => "true or false".to_owned(),
                        "integer" => "whole number".to_owned(),
                        "string" => "text".to_owned(),
                        other => other.to_owned(),
                    },
                ),
        };
        (format!("{kind}{}", or_null(schema)), None)
    }

    fn one_of(&self, choices: &[Value]) -> (String, Option<String>) {
        let mut kinds = Vec::new();
        let mut shape = None;
        for choice in choices {
            let (kind, own) = if types(choice) == ["null"] {
                ("null".to_owned(), None)
            } else {
                self.kind(choice)
            };
            shape = shape.or(own);
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds.sort_by_key(|kind| kind == "null");
        (kinds.join(" or "), shape)
    }

    fn shapes(&self) -> Vec<Shape> {
        entries(self.0, "/components/schemas")
            .filter(|(name, schema)| is_shape(schema) && !is_of_one_call(name))
            .map(|(name, schema)| Shape {
                name: name.to_owned(),
                description: text(schema, "/description"),
                fields: self.fields(Some(schema)),
            })
            .collect()
    }

    fn resolved<'v>(&self, value: &'v Value) -> &'v Value
    where
        'a: 'v,
    {
        let target = value.get("$ref").and_then(Value::as_str);
        target
            .and_then(|target| self.0.pointer(target.strip_prefix('#')?))
            .unwrap_or(value)
    }
}

/// Bodies and answers, whose fields stand with their call.
fn is_of_one_call(name: &str) -> bool {
    (name.ends_with("Body") || name.ends_with("Answer") || name == "UsageReport")
        && !matches!(name, "EvidenceBody" | "KeyAnswer" | "ProblemAnswer")
}

/// Whether it tells more than a kind in words can.
fn is_shape(schema: &Value) -> bool {
    schema.get("properties").is_some() || schema.get("enum").is_some()
}

fn name(schema: &Value) -> Option<String> {
    let target = schema.get("$ref")?.as_str()?;
    target.rsplit_once('/').map(|(_, name)| name.to_owned())
}

/// An id, by its beginning: its pattern tells a reader nothing more.
fn id(name: &str, meant: &Value) -> Option<String> {
    let example = text(meant, "/examples/0");
    let (prefix, _) = example.split_once('_').filter(|_| name.ends_with("Id"))?;
    Some(format!("id, `{prefix}_..`"))
}

fn is_id(schema: &Value) -> bool {
    let choices = [schema, schema.pointer("/oneOf/0").unwrap_or(schema)];
    let mut names = choices.into_iter().filter_map(name);
    names.any(|name| name.ends_with("Id"))
}

fn content(holder: Option<&Value>) -> Option<&Value> {
    holder?.pointer("/content/application~1json/schema")
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn or_null(schema: &Value) -> &'static str {
    if types(schema).contains(&"null") {
        " or null"
    } else {
        ""
    }
}

fn words(schema: &Value) -> Vec<String> {
    let words = elements(schema, "/enum").iter().filter_map(Value::as_str);
    words.map(|word| format!("`{word}`")).collect()
}

fn limits(schema: &Value) -> Vec<String> {
    let number = |name: &str| schema.get(name).map(ToString::to_string);
    let range = |least: &str, most: &str, of: &str| match (number(least), number(most)) {
        (Some(least), Some(most)) if least == most => Some(format!("{least}{of}")),
        (Some(least), Some(most)) => Some(format!("{least} to {most}{of}")),
        (Some(least), None) if least != "0" => Some(format!("at least {least}{of}")),
        (None, Some(most)) => Some(format!("at most {most}{of}")),
        _ => None,
    };
    let mut limits: Vec<String> = [
        range("minimum", "maximum", ""),
        range("minLength", "maxLength", " characters"),
        range("minItems", "maxItems", " of them"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        limits.push(format!("`{pattern}`"));
    }
    limits
}

fn text(value: &Value, pointer: &str) -> String {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_default().to_owned()
}

fn flag(value: &Value, pointer: &str) -> bool {
    value.pointer(pointer).and_then(Value::as_bool) == Some(true)
}

fn elements<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    let list = value.pointer(pointer).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

fn entries<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let object = value.pointer(pointer).and_then(Value::as_object);
    object
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}
