//! A server for measuring: the product's routes, and bare ones beside them in the same process.
//! `cargo xtask bench` starts it and sends the requests.
//!
//! `serve FOLDER [LINK]`: the installation in the folder, made if nothing is there; the link is a
//! demo's, for signing in. It prints one line of JSON, what to ask for and as whom, and serves
//! until its standard input ends.
#![expect(
    clippy::print_stdout,
    reason = "what is to be asked is read from its standard output"
)]
#![expect(clippy::expect_used, reason = "what cannot be set up ends the measurement")]

use std::{collections::BTreeMap, io::Read as _, path::Path, sync::Arc};

use axum::{Router, routing::get};
use db::{Db, Options};
use loomwire::{
    config::{Config, Limits},
    http::{Frame, Health, frame, routes},
    serve::{Transport, serve},
    source::{OsEntropy, SystemClock},
    telemetry,
};
use platform::{
    Ctx, Platform, api_keys,
    identity::SetupForm,
    verification::{self, Evidence, StartRequest},
};
use serde_json::json;
use testkit::{adult_passport, people, settings};
use tokio::net::TcpListener;
use types::Environment;
use vault::FileKeys;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1).filter(|word| word != "--bench");
    // cargo itself runs every bench without arguments: then there is nothing to measure.
    let Some(folder) = arguments.next() else { return };
    let link = arguments.next();
    let config = Config::load(None, &BTreeMap::new()).expect("the defaults hold");
    telemetry::start(&config.log);
    let platform = open(Path::new(&folder)).await;
    let session = sign_in(&platform, link.as_deref()).await;
    let user = people::confirmed(&people::signed_in(&platform, &session).await);
    let (key, decided, open) = verifications(&platform, &user).await;

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("its address").port();
    let health = Health::new(|| async { true });
    let around = Frame::new(&config, Arc::new(SystemClock), Arc::new(OsEntropy));
    let bare = Router::new().route("/bare", get(|| async { axum::Json(json!({ "status": "ok" })) }));
    let router = frame(routes(&platform, &config, health.clone()), &around).merge(bare);
    let limits = Limits { ..config.limits };
    println!(
        "{}",
        json!({ "port": port, "session": session, "key": key, "decided": decided, "open": open })
    );
    serve(listener, Transport::Plain, router, limits, health, ended()).await;
    platform.close().await;
}

async fn open(folder: &Path) -> Platform {
    let url = format!("sqlite://{}", folder.join("loomwire.db").display());
    let db = Db::connect(&url, &Options::default())
        .await
        .expect("the database opens");
    db.migrate().await.expect("the schema is brought up to date");
    let path = folder.join("master.key");
    let keys = if path.exists() {
        FileKeys::open(&path)
    } else {
        FileKeys::create(&path, &OsEntropy)
    };
    let keys = Arc::new(keys.expect("the master key fits"));
    Platform::open(db, Arc::new(SystemClock), Arc::new(OsEntropy), keys, settings())
        .await
        .expect("the installation opens")
}

async fn sign_in(platform: &Platform, link: Option<&str>) -> String {
    match link {
        Some(link) => people::enrol(platform, link, SetupForm::default()).await.0,
        None => people::set_up(platform).await.0,
    }
}

/// A key, and two verifications that it started: one decided, one still open.
async fn verifications(platform: &Platform, user: &Ctx) -> (String, String, String) {
    let key = api_keys::create(user, Environment::Test, &types::keys::KeyTerms::usual("Bench"))
        .await
        .expect("a key")
        .key;
    let anonymous = people::anonymous(platform);
    let actor = api_keys::authenticate(&anonymous, &key).await.expect("it holds");
    let ctx = anonymous.acting_as(actor);
    let mut started = Vec::new();
    for _ in 0..2 {
        let one = verification::start(&ctx, StartRequest::default()).await;
        started.push(one.expect("it is started").id);
    }
    let [decided, open] = started.try_into().expect("two");
    let evidence = Evidence::new(adult_passport());
    verification::complete(&ctx, decided, Some(evidence))
        .await
        .expect("it is decided");
    (key, decided.to_string(), open.to_string())
}

/// Once nobody holds our standard input any more.
async fn ended() {
    let waiting = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    drop(waiting.await);
}
