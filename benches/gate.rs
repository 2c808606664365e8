//! A server for measuring what stands before every route of the API: the key, its limits, and that
//! it is counted. `cargo xtask bench gate` starts it and sends the requests.
//!
//! `gate FOLDER KEYS`: an installation in the folder, which must be empty, with so many keys, which
//! it writes to `keys.txt` there. It prints its port, and serves until its standard input ends:
//!
//! - `/bare`: a route of axum's, and nothing around it
//! - `/gated`: the same behind the gate
//! - `/framed`: the same behind the gate and in the frame of every route, as the API is
#![expect(
    clippy::print_stdout,
    reason = "what is to be asked is read from its standard output"
)]
#![expect(clippy::expect_used, reason = "what cannot be set up ends the measurement")]

use std::{collections::BTreeMap, io::Read as _, net::Ipv4Addr, num::NonZeroU32, path::Path, sync::Arc};

use axum::{Extension, Json, Router, routing::get};
use db::{Db, Options};
use futures::{StreamExt, stream};
use loomwire::{
    background::Background,
    config::Config,
    http::{Client, Frame, Health, frame, gated},
    serve::{Transport, serve},
    source::{OsEntropy, SystemClock},
    telemetry,
};
use platform::{
    Ctx, Platform, Settings, api_keys, audit,
    ledger::{Sequencer, Step},
    limits::Policy,
};
use serde_json::{Value, json};
use testkit::{people, settings};
use tokio::net::TcpListener;
use types::{Environment, keys::KeyTerms};
use vault::FileKeys;

/// Keys that are made at the same time: the writer of SQLite takes them in one batch.
const AT_ONCE: usize = 256;
/// From where keys may be used: the last of them is where the requests come from.
const NETWORKS: [&str; 5] = [
    "203.0.113.0/24",
    "198.51.100.16/28",
    "2001:db8:4::/48",
    "192.0.2.7",
    "127.0.0.0/8",
];

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1).filter(|word| word != "--bench");
    // cargo itself runs every bench without arguments: then there is nothing to measure.
    let Some(folder) = arguments.next() else { return };
    let count = arguments.next().and_then(|count| count.parse().ok());
    let config = Config::load(None, &BTreeMap::new()).expect("the defaults hold");
    telemetry::start(&config.log);
    let platform = open(Path::new(&folder)).await;
    let (session, _) = people::set_up(&platform).await;
    let user = people::confirmed(&people::signed_in(&platform, &session).await);
    let keys = keys(&user, count.expect("how many keys")).await;
    std::fs::write(Path::new(&folder).join("keys.txt"), keys.join("\n")).expect("a file of keys");
    settle(&platform.system()).await;
    // What was counted is written, as on a server.
    let background = Background::start(&platform.system(), &config.ledger).expect("it starts");

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("its address").port();
    let around = Frame::new(&config, Arc::new(SystemClock), Arc::new(OsEntropy));
    let route = |path: &str| Router::new().route(path, get(answer));
    let framed = frame(gated(&platform, &config, route("/framed")), &around);
    // The frame tells the gate from where a call comes.
    let here = Extension(Client {
        address: Some(Ipv4Addr::LOCALHOST.into()),
        https: false,
    });
    let router = route("/bare")
        .merge(gated(&platform, &config, route("/gated")).layer(here))
        .merge(framed);
    println!("{port}");
    let health = Health::new(|| async { true });
    serve(listener, Transport::Plain, router, config.limits, health, ended()).await;
    background.stop().await;
    platform.close().await;
}

async fn answer() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

async fn open(folder: &Path) -> Platform {
    let url = format!("sqlite://{}", folder.join("loomwire.db").display());
    let db = Db::connect(&url, &Options::default())
        .await
        .expect("the database opens");
    db.migrate().await.expect("the schema is brought up to date");
    let keys = FileKeys::create(folder.join("master.key"), &OsEntropy).expect("a master key");
    // In force, and more than this machine can make.
    let plenty = NonZeroU32::MIN.saturating_add(99_999_999);
    let limits = Policy {
        key: plenty,
        tenant: plenty,
        address: plenty,
    };
    let settings = Settings { limits, ..settings() };
    Platform::open(
        db,
        Arc::new(SystemClock),
        Arc::new(OsEntropy),
        Arc::new(keys),
        settings,
    )
    .await
    .expect("the installation opens")
}

async fn keys(user: &Ctx, count: usize) -> Vec<String> {
    let made = stream::iter(0..count).map(|number| async move {
        let terms = KeyTerms {
            allow_list: NETWORKS.map(str::to_owned).into(),
            ..KeyTerms::usual(format!("Bench {number}"))
        };
        let made = api_keys::create(user, Environment::Live, &terms).await;
        made.expect("a key").key
    });
    made.buffer_unordered(AT_ONCE).collect().await
}

/// Waits for what making the keys left behind: their events get places and are indexed.
async fn settle(ctx: &Ctx) {
    let mut sequencer = Sequencer::new(ctx);
    while sequencer.step(ctx).await.expect("it steps") != Step::Idle {}
    sequencer.end(ctx).await.expect("its claim ends");
    while audit::index(ctx).await.expect("events are indexed") {}
}

/// Once nobody holds our standard input any more.
async fn ended() {
    let waiting = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    drop(waiting.await);
}
