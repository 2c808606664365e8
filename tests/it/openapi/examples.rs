//! The document's examples, run: each language against a server of its own.
//!
//! The texts are run as they stand. What they name (a verification, a key, a token) exists on that
//! server under names of its own; what stands before it exchanges them.

use std::{
    fmt::Write as _,
    process::{Command, Output},
    sync::Arc,
};

use axum::{
    ServiceExt,
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware,
};
use loomwire::http::openapi::document;
use platform::verification::{self, Evidence, StartRequest};
use serde_json::Value;
use testkit::adult_passport;
use tower::Layer as _;
use types::{
    Environment,
    keys::{KeyTerms, Scope},
    limits::{Costs, LimitTerms},
};

use super::{SOMEWHERE, held, operations, rust, schema};
use crate::app::App;

/// Which example a process of its own runs.
const EXAMPLE: &str = "LOOMWIRE_EXAMPLE";

/// What an example names, and what that is here.
type Names = Arc<Vec<(String, String)>>;

struct Example {
    id: String,
    source: String,
    /// The schema of a good answer.
    answer: Value,
}

/// Every example in a language, in the order in which each can follow the one before.
fn examples(document: &Value, label: &str) -> Vec<Example> {
    let mut found = Vec::new();
    for (_, _, operation) in operations(document) {
        let samples = operation["x-codeSamples"].as_array().into_iter().flatten();
        for sample in samples.filter(|sample| sample["label"] == label) {
            let responses = operation["responses"].as_object().unwrap();
            let good = responses.keys().find(|status| status.starts_with('2')).unwrap();
            found.push(Example {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                source: sample["source"].as_str().unwrap().to_owned(),
                answer: schema::answer(document, operation, good).unwrap().clone(),
            });
        }
    }
    // A key that is revoked is not rotated any more.
    found.sort_by_key(|example| example.id == "revokeApiKey");
    assert!(found.len() >= 15, "{label}: {}", found.len());
    found
}

async fn exchange(State(names): State<Names>, request: Request) -> Request {
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let mut body = String::from_utf8(body.to_vec()).unwrap();
    let mut uri = parts.uri.to_string();
    for (example, real) in names.iter() {
        body = body.replace(example, real);
        uri = uri.replace(example, real);
    }
    parts.uri = uri.parse().unwrap();
    parts.headers.remove("content-length");
    Request::from_parts(parts, Body::from(body))
}

/// A server with what the examples need; its address, and a key.
async fn server() -> (String, String) {
    let app = App::new().await;
    let (user, _) = app.first_person().await;
    let all = KeyTerms {
        scopes: Scope::ALL.to_vec(),
        ..KeyTerms::usual("All")
    };
    let key = platform::api_keys::create(&user, Environment::Test, &all).await;
    let other = platform::api_keys::create(&user, Environment::Test, &KeyTerms::usual("Other")).await;
    let (_, program) = app.home.api_key(&user, Environment::Test).await;
    let open = verification::start(&program, StartRequest::default())
        .await
        .unwrap();
    let done = verification::start(&program, StartRequest::default())
        .await
        .unwrap();
    let evidence = Evidence::new(adult_passport());
    let done = verification::complete(&program, done.id, Some(evidence))
        .await
        .unwrap();
    let nightly = LimitTerms {
        name: "nightly-batch".into(),
        units: 1_000,
        seconds: 3_600,
        per_key: false,
        costs: Costs::default(),
    };
    platform::limits::named::set(&user, &nightly).await.unwrap();
    let names = Arc::new(vec![
        ("ver_01kbqv5xk4e0t8m3z9w2r7c6yh".to_owned(), open.id.to_string()),
        (
            "key_01kbqv5xk4e0t8m3z9w2r7c6yh".to_owned(),
            other.unwrap().row.id.to_string(),
        ),
        ("eyJhbGciOiJFZERTQSJ9.e30.c2ln".to_owned(), done.token.unwrap()),
    ]);
    let before = middleware::map_request_with_state(names, exchange);
    let service = before.layer(app.router());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(
        async move { axum::serve(listener, ServiceExt::<Request>::into_make_service(service)).await },
    );
    (url, key.unwrap().key)
}

/// Runs a program for every example of a language, and holds what it prints to `says`.
async fn run(label: &'static str, program: fn(&Example) -> Command, says: fn(&Value, &Example, &str)) {
    let (url, key) = server().await;
    tokio::task::spawn_blocking(move || {
        let document = document(SOMEWHERE);
        for example in examples(&document, label) {
            let mut command = program(&example);
            command.env("LOOMWIRE_URL", &url).env("LOOMWIRE_KEY", &key);
            let Output {
                status,
                stdout,
                stderr,
            } = command.output().unwrap();
            let said = String::from_utf8(stdout).unwrap();
            let id = &example.id;
            let complained = String::from_utf8_lossy(&stderr);
            assert!(
                status.success(),
                "{label} {id}: {said}{complained}\n{}",
                example.source
            );
            says(&document, &example, &said);
        }
    })
    .await
    .unwrap();
}

fn is_there(program: &str) -> bool {
    let there = Command::new(program).arg("--version").output().is_ok();
    if !there {
        eprintln!("SKIPPED the examples for {program}: there is none on this machine");
    }
    there
}

/// The answer as JSON is what the document says; of a valid token it says so.
fn answers(document: &Value, example: &Example, said: &str) {
    let from = said.find('{').unwrap_or_default();
    let mut values = serde_json::Deserializer::from_str(&said[from..]).into_iter::<Value>();
    let value = values.next().unwrap().unwrap();
    let wrong = schema::problems(document, &example.answer, &value);
    assert!(wrong.is_empty(), "{}: {wrong:?} in {said}", example.id);
    if example.id == "validateToken" {
        assert_eq!(value["valid"], true, "{said}");
    }
}

fn prints(_: &Value, example: &Example, said: &str) {
    assert!(
        said.starts_with('{') && said.trim_end().ends_with('}'),
        "{}: {said}",
        example.id
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_for_curl_do_what_they_say() {
    if is_there("curl") {
        let shell = |example: &Example| {
            let mut shell = Command::new("sh");
            shell.args(["-c", &example.source]);
            shell
        };
        run("curl", shell, answers).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_for_node_do_what_they_say() {
    if is_there("node") {
        let node = |example: &Example| {
            let mut node = Command::new("node");
            node.args(["--input-type=module", "--eval", &example.source]);
            node
        };
        run("Node", node, prints).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_for_python_do_what_they_say() {
    if is_there("python3") {
        let python = |example: &Example| {
            let mut python = Command::new("python3");
            python.args(["-c", &example.source]);
            python
        };
        run("Python", python, prints).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_for_rust_do_what_they_say() {
    let this = |example: &Example| {
        let mut this = Command::new(std::env::current_exe().unwrap());
        this.args([
            "--exact",
            "openapi::examples::one_for_rust",
            "--ignored",
            "--nocapture",
        ]);
        this.env(EXAMPLE, &example.id);
        this
    };
    run("Rust", this, answers).await;
}

#[test]
#[ignore = "those_for_rust_do_what_they_say runs it, in processes of its own"]
fn one_for_rust() {
    let id = std::env::var(EXAMPLE).unwrap();
    rust::run(&id).unwrap();
}

#[test]
fn the_compiled_examples_are_the_document_s() {
    let mut text = String::from(
        "//! The examples in Rust, word for word: what is compiled and run is what is shown. Made from the\n\
         //! document: `LOOMWIRE_UPDATE=1 cargo nextest run the_compiled_examples`.\n\n\
         type Done = Result<(), Box<dyn std::error::Error>>;\n\n\
         /// Runs one.\npub(super) fn run(id: &str) -> Done {\n    match id {\n",
    );
    let mut modules = String::new();
    for example in examples(&document(SOMEWHERE), "Rust") {
        let module = snake(&example.id);
        let _ = writeln!(text, "        {:?} => {module}::main(),", example.id);
        let source = example.source.replace("\nfn main()", "\npub(super) fn main()");
        let _ = write!(modules, "\nmod {module} {{\n{source}\n}}\n");
    }
    text.push_str("        other => Err(format!(\"there is no example {other}\").into()),\n    }\n}\n");
    text.push_str(&modules);
    held("tests/it/openapi/rust.rs", &text);
}

fn snake(id: &str) -> String {
    let mut snake = String::new();
    for letter in id.chars() {
        if letter.is_uppercase() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
