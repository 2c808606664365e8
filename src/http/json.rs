//! A JSON body, and what is said if it cannot be read. The message names fields and never
//! repeats a value: it may be a person's.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use http::header;
use serde::de::DeserializeOwned;

use super::{ApiError, Code};

/// A body in JSON. An empty one is `{}`. Types that refuse unknown fields say so themselves
/// (`#[serde(deny_unknown_fields)]`).
#[derive(Clone, Copy, Debug)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(&request) {
            let message = "Send the body as JSON, with Content-Type: application/json.";
            return Err(ApiError::new(Code::UnsupportedMediaType, message));
        }
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|_| ApiError::new(Code::InvalidRequest, "The body broke off."))?;
        parse(if body.is_empty() { b"{}" } else { &body }).map(Self)
    }
}

/// Whether the type is JSON, or none is named.
fn is_json(request: &Request) -> bool {
    let Some(kind) = request.headers().get(header::CONTENT_TYPE) else {
        return true;
    };
    let kind = kind
        .to_str()
        .unwrap_or("-")
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    kind.eq_ignore_ascii_case("application/json")
        || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    // A list would be taken for a struct's fields in order; the contract has objects only.
    if body.trim_ascii_start().first() == Some(&b'[') {
        let message = "Expected an object.".to_owned();
        return Err(ApiError::invalid(vec![("body".to_owned(), message)]));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        explain(&path, error.inner())
    })?;
    match reader.end() {
        Ok(()) => Ok(value),
        Err(error) => Err(explain(".", &error)),
    }
}

fn explain(path: &str, error: &serde_json::Error) -> ApiError {
    if !error.is_data() {
        let message = format!(
            "The body is not JSON: look at line {}, column {}.",
            error.line(),
            error.column()
        );
        return ApiError::new(Code::InvalidRequest, message);
    }
    let text = error.to_string();
    let named = |start: &str| text.strip_prefix(start)?.split_once('`').map(|(name, _)| name);
    let (field, message) = if let Some(name) = named("unknown field `") {
        (
            below(path, name),
            "There is no such field. Leave it out, or check its name.".to_owned(),
        )
    } else if let Some(name) = named("missing field `") {
        (below(path, name), "This field is required.".to_owned())
    } else if let Some(name) = named("duplicate field `") {
        (below(path, name), "This field stands here twice.".to_owned())
    } else {
        (clean(path), wanted(&text))
    };
    ApiError::invalid(vec![(field, message)])
}

/// What a type wants is in our own code; what stands before is what was sent.
fn wanted(text: &str) -> String {
    let expected = text.rsplit_once(", expected ").map(|(_, rest)| rest);
    let expected = expected.map(|rest| rest.split(" at line ").next().unwrap_or(rest));
    match expected {
        Some(expected) => format!("Expected {expected}."),
        None => "This value is not accepted here.".to_owned(),
    }
}

fn below(path: &str, name: &str) -> String {
    // The path of an unknown field ends with its name already.
    let parent = path
        .strip_suffix(name)
        .map_or(path, |rest| rest.trim_end_matches('.'));
    if parent.is_empty() || parent == "." {
        clean(name)
    } else {
        clean(&format!("{parent}.{name}"))
    }
}

/// A field's name as far as it can be one; what a client made up is not thrown back whole.
fn clean(name: &str) -> String {
    let fits = |character: &char| character.is_ascii_alphanumeric() || "._[]-".contains(*character);
    let name: String = name.chars().filter(fits).take(64).collect();
    if name.is_empty() || name == "." {
        "body".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    struct Outer {
        minimum_age: Option<u8>,
        evidence: Option<Inner>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        mrz: Vec<String>,
    }

    fn refused(body: &str) -> ApiError {
        parse::<Outer>(body.as_bytes()).unwrap_err()
    }

    fn field(body: &str) -> (String, String) {
        let error = refused(body);
        assert_eq!(error.code, Code::InvalidRequest);
        error.fields.into_iter().next().unwrap()
    }

    #[test]
    fn a_sound_body_is_read() {
        let body = r#"{"minimumAge":18,"evidence":{"mrz":["P<"]}}"#;
        let inner = Inner {
            mrz: vec!["P<".to_owned()],
        };
        assert_eq!(
            parse::<Outer>(body.as_bytes()),
            Ok(Outer {
                minimum_age: Some(18),
                evidence: Some(inner)
            })
        );
        assert!(parse::<Outer>(b"{}").is_ok());
    }

    #[test]
    fn the_field_is_named_with_its_path() {
        assert_eq!(field(r#"{"colour":1}"#).0, "colour");
        assert_eq!(field(r#"{"evidence":{"lines":[]}}"#).0, "evidence.lines");
        assert_eq!(field(r#"{"evidence":{}}"#).0, "evidence.mrz");
        assert_eq!(field(r#"{"evidence":{"mrz":["a",1]}}"#).0, "evidence.mrz[1]");
        assert_eq!(field(r#"{"minimumAge":1,"minimumAge":2}"#).0, "minimumAge");
        assert_eq!(field("[]").0, "body");
        assert_eq!(field("null").0, "body");
    }

    #[test]
    fn no_value_is_repeated() {
        for body in [
            r#"{"minimumAge":"ERIKSSON"}"#,
            r#"{"minimumAge":740812}"#,
            r#"{"minimumAge":-740812}"#,
            r#"{"evidence":"ERIKSSON, expected ERIKSSON"}"#,
            r#"{"evidence":{"mrz":"ERIKSSON"}}"#,
            r#"{"evidence":{"mrz":[{"ERIKSSON":1}]}}"#,
            r#"{"minimumAge":740812.5}"#,
            "ERIKSSON",
            "{\"minimumAge\":18}ERIKSSON",
        ] {
            let text = format!("{:?}", refused(body));
            assert!(
                !text.contains("ERIKSSON") && !text.contains("740812"),
                "{body}: {text}"
            );
        }
    }

    #[test]
    fn what_is_wanted_is_said() {
        assert_eq!(field(r#"{"minimumAge":"x"}"#).1, "Expected u8.");
        assert_eq!(field(r#"{"evidence":{"mrz":1}}"#).1, "Expected a sequence.");
        assert!(refused(r#"{"minimumAge":"#).message.contains("line 1, column 14"));
    }
}
