//! The page that is made of the document.

use loomwire::http::openapi::document;

use super::operations;
use crate::app::{App, ORIGIN};

#[tokio::test]
async fn the_reference_is_everybody_s_and_has_every_call() {
    let app = App::new().await;
    let (_, session) = app.first_person().await;
    let stranger = app.get("/reference").send().await;
    assert_eq!(stranger.status, 200);
    let member = app.get("/reference").session(&session).send().await;
    let document = document(ORIGIN);
    for page in [stranger.text(), member.text()] {
        for (method, path, operation) in operations(&document) {
            let anchor = format!("id=\"{}\"", operation["operationId"].as_str().unwrap());
            assert!(page.contains(&anchor), "{method} {path}");
        }
        for event in document["webhooks"].as_object().unwrap().keys() {
            assert!(page.contains(&format!("<code>{event}</code>")), "{event}");
        }
        // Nothing is loaded from elsewhere: every address in it is a path, or a text to read.
        for start in ["src=\"http", "href=\"http", "url(http"] {
            assert!(!page.contains(start), "{start}");
        }
    }
    let policy = stranger.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self' 'nonce-"),
        "{policy}"
    );
}

#[tokio::test]
async fn the_examples_on_the_page_are_the_document_s() {
    let app = App::new().await;
    let page = app.get("/reference").send().await.text();
    let document = document(ORIGIN);
    let mut seen = 0;
    for (method, path, operation) in operations(&document) {
        for sample in operation["x-codeSamples"].as_array().into_iter().flatten() {
            let source = sample["source"].as_str().unwrap();
            let written = source
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;");
            assert!(page.contains(&written), "{method} {path}: {}", sample["label"]);
            seen += 1;
        }
    }
    assert!(seen >= 60, "{seen}");
}

#[tokio::test]
async fn a_search_leaves_what_has_its_words() {
    let app = App::new().await;
    let page = app.get("/reference?q=overlap+KEYS%3Awrite").send().await.text();
    assert!(page.contains("id=\"rotateApiKey\"") && !page.contains("id=\"getUsage\""));
    assert!(page.contains("1 call has all of these words."));
    let none = app.get("/reference?q=%3Cscript%3E").send().await.text();
    assert!(none.contains("No call has all of these words."));
    assert!(!none.contains("value=\"<script>\""));
}
