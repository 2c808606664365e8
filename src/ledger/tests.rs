//! An installation and real witnesses beside it.

use std::{path::Path, time::Duration};

use axum::Router;
use bytes::Bytes;
use db::{Db, Options};
use http::Request;
use ledger::{checkpoint::NoteKey, witness::count};
use platform::{
    audit::{Action, Event},
    ledger::{Policy, Sequencer, Witness},
};
use tempfile::TempDir;
use testkit::{Installation, MockClock, SeededEntropy, settings};
use tokio::{net::TcpListener, task::JoinHandle};

use super::feed::Feeder;
use crate::{
    outbound::Outbound,
    witness::tests::{Log, cosigner, witness},
};

/// Serves a witness until the handle is dropped or aborted.
fn serve(listener: TcpListener, router: Router) -> JoinHandle<()> {
    let limits = crate::witness::LIMITS;
    let health = crate::http::Health::new(|| async { true });
    let plain = crate::serve::Transport::Plain;
    tokio::spawn(async move {
        crate::serve::serve(listener, plain, router, limits, health, std::future::pending()).await;
    })
}

/// An installation with one witness at this address, and what sends to it.
async fn installation(url: &str) -> (Installation, Feeder) {
    let db = Db::connect("sqlite::memory:", &Options::default()).await.unwrap();
    db.migrate().await.unwrap();
    let witness = Witness {
        url: url.to_owned(),
        key: cosigner().vkey(),
    };
    let mut settings = settings();
    settings.ledger = Policy {
        witnesses: vec![witness.clone()],
        ..Policy::default()
    };
    let keys = vault::MasterKeys::generate(&SeededEntropy::new(1));
    let home = Installation::seeded(db, MockClock::new().into(), keys.into(), settings, 2).await;
    let outbound = Outbound::new(None).unwrap();
    let feeder = Feeder::new(&home.platform.system(), &witness, &outbound);
    (home, feeder)
}

async fn grow(home: &Installation, events: usize) {
    let ctx = home.platform.system();
    for _ in 0..events {
        ctx.record(Event::new(Action::MasterKeyRotated)).await.unwrap();
    }
    Sequencer::new(&ctx).step(&ctx).await.unwrap();
}

async fn log_key(home: &Installation) -> NoteKey {
    let keys = platform::ledger::verifier_keys(&home.anonymous()).await.unwrap();
    keys.trim_end().parse().unwrap()
}

/// How many witnesses have signed the newest checkpoint, and what is said of ours.
async fn standing(home: &Installation) -> (usize, Option<String>) {
    let note = platform::ledger::checkpoint(&home.anonymous()).await.unwrap();
    let page = platform::ledger::page(&home.platform.system()).await.unwrap();
    (
        count(&note, &[cosigner().vkey()]).unwrap(),
        page.witnesses[0].problem.clone(),
    )
}

/// An installation, and its witness that knows it.
async fn witnessed(folder: &Path) -> (Installation, Feeder, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (home, feeder) = installation(&format!("http://{address}")).await;
    let router = witness(folder, vec![log_key(&home).await]);
    (home, feeder, serve(listener, router))
}

#[tokio::test]
async fn a_witness_signs_each_checkpoint_that_it_is_sent() {
    let folder = TempDir::new().unwrap();
    let (home, feeder, _server) = witnessed(folder.path()).await;
    for events in [1, 7, 300] {
        grow(&home, events).await;
        assert!(feeder.turn().await.unwrap());
        assert_eq!(standing(&home).await, (1, None));
    }
    assert!(feeder.turn().await.unwrap(), "nothing is to be sent");
}

#[tokio::test]
async fn a_witness_that_knows_another_size_says_so_and_is_answered() {
    let folder = TempDir::new().unwrap();
    let (home, feeder, _server) = witnessed(folder.path()).await;
    grow(&home, 5).await;
    assert!(feeder.turn().await.unwrap());
    grow(&home, 5).await;
    // As if its last answers had not arrived, or those of another server.
    for remembered in ["0", "2"] {
        let sql = if remembered == "0" {
            "UPDATE ledger_witnesses SET tree_size = 0"
        } else {
            "UPDATE ledger_witnesses SET tree_size = 2"
        };
        home.execute(sql, &[]).await;
        assert!(feeder.turn().await.unwrap());
        assert_eq!(standing(&home).await, (1, None));
    }
}

#[tokio::test]
async fn a_witness_that_has_signed_more_than_there_is_raises_the_alarm() {
    let folder = TempDir::new().unwrap();
    let (home, feeder, _server) = witnessed(folder.path()).await;
    grow(&home, 5).await;
    assert!(feeder.turn().await.unwrap());
    // An older copy of the database comes back: the newest events are gone.
    grow(&home, 5).await;
    assert!(feeder.turn().await.unwrap());
    for sql in [
        "DELETE FROM ledger_cosignatures WHERE tree_size = (SELECT MAX(tree_size) FROM ledger_checkpoints)",
        "DELETE FROM ledger_checkpoints WHERE tree_size = (SELECT MAX(tree_size) FROM ledger_checkpoints)",
        "UPDATE ledger_witnesses SET tree_size = 0",
    ] {
        home.execute(sql, &[]).await;
    }
    assert!(!feeder.turn().await.unwrap());
    let (_, problem) = standing(&home).await;
    assert!(problem.unwrap().contains("events are missing"));
    let told = platform::ledger::standing(&home.platform.system()).await.unwrap();
    assert_eq!(told.failing, 1);
}

#[tokio::test]
async fn a_witness_that_does_not_know_the_log_says_what_to_do() {
    let folder = TempDir::new().unwrap();
    let stranger = Log::new("another.example", "", 1);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let _server = serve(listener, witness(folder.path(), vec![stranger.key()]));
    let (home, feeder) = installation(&format!("http://{address}")).await;
    grow(&home, 1).await;
    assert!(!feeder.turn().await.unwrap());
    assert!(
        standing(&home)
            .await
            .1
            .unwrap()
            .contains("does not know this log")
    );
}

#[tokio::test]
async fn a_witness_that_is_not_there_is_noted() {
    let (home, feeder) = installation("http://127.0.0.1:9").await;
    grow(&home, 1).await;
    assert!(!feeder.turn().await.unwrap());
    assert!(standing(&home).await.1.unwrap().contains("cannot be reached"));
    grow(&home, 1).await;
    assert_eq!(standing(&home).await.0, 0, "the log goes on without it");
}

#[tokio::test(start_paused = true)]
async fn a_witness_that_hangs_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let request = Request::post(format!("http://{address}/add-checkpoint")).body(Bytes::new());
    let sent = Outbound::new(None)
        .unwrap()
        .send(request.unwrap(), Duration::from_secs(10))
        .await;
    assert_eq!(sent.unwrap_err().to_string(), "no answer in time");
}
