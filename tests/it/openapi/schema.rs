//! Holding values to the schemas of the document.

use serde_json::{Value, json};

/// What a value means that may be a reference.
pub(super) fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().and_then(|target| target.strip_prefix('#'));
    target.map_or(value, |pointer| document.pointer(pointer).unwrap())
}

/// What is wrong with a value by a schema of the document.
pub(super) fn problems(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [schema],
        "components": document["components"],
    });
    let options = jsonschema::options().should_validate_formats(true);
    let validator = options.build(&whole).unwrap();
    let errors = validator.iter_errors(value);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// The schema of an answer of a call, if it has a body.
pub(super) fn answer<'a>(document: &'a Value, operation: &'a Value, status: &str) -> Option<&'a Value> {
    let answer = &operation["responses"][status];
    assert!(
        answer.is_object(),
        "{} is never {status}",
        operation["operationId"]
    );
    resolved(document, answer).pointer("/content/application~1json/schema")
}

/// The schema of a call's body, if it has one.
pub(super) fn body(operation: &Value) -> Option<&Value> {
    operation.pointer("/requestBody/content/application~1json/schema")
}
