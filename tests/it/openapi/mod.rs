//! The API's description: that it is whole, true and current.

mod examples;
mod fuzz;
#[rustfmt::skip]
mod rust;
mod page;
mod schema;
mod told;

use std::{collections::BTreeSet, fs, path::Path};

use loomwire::http::{Surface, openapi::document};
use serde_json::Value;

use crate::{app::App, matrix};

/// Where the document in `docs` says that the installation is.
const SOMEWHERE: &str = "https://loomwire.example";

/// What programs may ask for and the document leaves out, each with its reason.
const LEFT_OUT: [(&str, &str); 4] = [
    ("/ledger/checkpoint", LEDGER),
    ("/ledger/checkpoint/witnessed", LEDGER),
    ("/ledger/key", LEDGER),
    ("/ledger/tile/{*place}", LEDGER),
];
const LEDGER: &str = "is C2SP's tlog-tiles, which says itself how it is read: docs/LEDGER.md. Its paths \
                      have slashes in what varies, which OpenAPI cannot say";

/// Method and path of every call, with what the document says of it.
pub(crate) fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.push((method.to_uppercase(), path.clone(), operation));
        }
    }
    found
}

/// Writes or compares a file that is made from the code.
fn held(path: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("LOOMWIRE_UPDATE").is_some() {
        fs::write(&path, text).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == text,
        "{} is not current: run the test with LOOMWIRE_UPDATE=1",
        path.display()
    );
}

#[test]
fn the_document_in_docs_is_current() {
    held("docs/openapi.json", &format!("{:#}\n", document(SOMEWHERE)));
}

#[test]
fn every_route_for_programs_is_described_and_every_description_is_a_route() {
    let document = document(SOMEWHERE);
    let described: BTreeSet<_> = operations(&document)
        .into_iter()
        .map(|(method, path, _)| (method, path))
        .collect();
    // That its lines are the router's routes is held by the matrix.
    let served: BTreeSet<_> = matrix::routes()
        .filter(|route| Surface::of(route.template) == Surface::Api)
        .filter(|route| LEFT_OUT.iter().all(|(path, _)| *path != route.template))
        .map(|route| (route.method.to_owned(), route.template.to_owned()))
        .collect();
    assert_eq!(described, served);
    for (path, _) in LEFT_OUT {
        assert!(
            matrix::routes().any(|route| route.template == path),
            "{path} is no route any more"
        );
    }
}

#[test]
fn every_call_says_what_it_is_and_has_a_name_of_its_own() {
    let document = document(SOMEWHERE);
    assert_eq!(document["openapi"], "3.1.0");
    let tags: Vec<_> = document["tags"].as_array().unwrap().iter().collect();
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        for key in ["operationId", "summary", "description"] {
            let told = operation[key].as_str().unwrap_or_default();
            assert!(!told.is_empty(), "{method} {path} has no {key}");
        }
        let name = operation["operationId"].as_str().unwrap().to_owned();
        assert!(names.insert(name), "{method} {path} has another's name");
        let tag = &operation["tags"][0];
        assert!(
            tags.iter().any(|known| known["name"] == *tag),
            "{method} {path}: {tag}"
        );
        for (status, answer) in operation["responses"].as_object().unwrap() {
            let answer = schema::resolved(&document, answer);
            assert!(
                answer["headers"]["X-Request-Id"].is_object(),
                "{method} {path}: {status}"
            );
        }
        let text = operation.to_string();
        assert!(!text.contains("x-error-codes"), "{method} {path}");
    }
    assert!(names.len() >= 16, "{names:?}");
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(document: &Value, value: &Value, seen: &mut usize) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    if key == "$ref" {
                        let target = value.as_str().unwrap();
                        let pointer = target.strip_prefix('#').unwrap();
                        assert!(document.pointer(pointer).is_some(), "{target} leads nowhere");
                        *seen += 1;
                    }
                    walk(document, value, seen);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| walk(document, item, seen)),
            _ => {}
        }
    }
    let document = document(SOMEWHERE);
    let mut seen = 0;
    walk(&document, &document, &mut seen);
    assert!(seen > 100, "{seen}");
    // And nothing stands there that nobody leads to.
    let text = document.to_string();
    for (kind, parts) in document["components"].as_object().unwrap() {
        for name in parts.as_object().unwrap().keys() {
            let target = format!("\"#/components/{kind}/{name}\"");
            assert!(
                kind == "securitySchemes" || text.contains(&target),
                "nothing leads to {target}"
            );
        }
    }
}

#[tokio::test]
async fn the_document_is_everybody_s_and_is_not_sent_twice() {
    let app = App::new().await;
    let first = app.get("/openapi.json").send().await;
    assert_eq!(first.status, 200);
    assert_eq!(first.header("content-type"), "application/json");
    assert_eq!(first.header("cache-control"), "public, max-age=300");
    assert_eq!(first.json()["servers"][0]["url"], crate::app::ORIGIN);
    let etag = first.header("etag").to_owned();
    assert!(etag.starts_with('"') && etag.len() > 10, "{etag}");

    let head = app.call("HEAD", "/openapi.json").send().await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    assert_eq!(head.header("etag"), etag);
    for known in [etag.clone(), format!("\"other\", W/{etag}"), "*".to_owned()] {
        let again = app
            .get("/openapi.json")
            .header("if-none-match", &known)
            .send()
            .await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{known}");
        assert_eq!(again.header("etag"), etag);
    }
    let changed = app
        .get("/openapi.json")
        .header("if-none-match", "\"other\"")
        .send()
        .await;
    assert_eq!(changed.status, 200);
    let posted = app.post("/openapi.json").send().await;
    assert_eq!(
        (posted.status.as_u16(), posted.code().as_str()),
        (405, "METHOD_NOT_ALLOWED")
    );
}
