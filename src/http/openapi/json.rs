//! Reading and changing JSON without a panic: what is not there is nothing, or is made.

use serde_json::{Map, Value};

/// The object at a key, made if there is none. What is no object itself is left as it is.
pub(super) fn object<'a>(value: &'a mut Value, key: &str) -> &'a mut Value {
    match value {
        Value::Object(entries) => entries.entry(key).or_insert_with(|| Value::Object(Map::new())),
        other => other,
    }
}

/// The entries of an object.
pub(super) fn entries(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}

pub(super) fn set(value: &mut Value, key: &str, to: Value) {
    if let Value::Object(entries) = value {
        entries.insert(key.to_owned(), to);
    }
}

/// Takes out what is at a key.
pub(super) fn take(value: &mut Value, key: &str) -> Value {
    let entries = value.as_object_mut();
    entries
        .and_then(|entries| entries.remove(key))
        .unwrap_or_default()
}

/// What is meant, where a value may be a reference to it (`#` and a JSON pointer, RFC 6901).
pub(super) fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value.get("$ref").and_then(Value::as_str);
    let target = target.and_then(|target| target.strip_prefix('#'));
    target
        .and_then(|pointer| document.pointer(pointer))
        .unwrap_or(value)
}

pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The elements of the list at a key.
pub(super) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
