//! schemathesis asks a server what its description allows, and what it does not, and looks for an
//! answer that the description does not tell: `cargo xtask test` installs it.

use std::{num::NonZeroU32, path::PathBuf, process::Command, sync::Arc};

use db::{Db, Options};
use platform::{Settings, limits::Policy};
use testkit::{Installation, MockClock, Reporter, SeededEntropy, settings};
use types::{
    Environment,
    keys::{KeyTerms, Scope},
};
use vault::MasterKeys;

use crate::app::App;

/// The folder in which it is installed.
const FOLDER: &str = "XTASK_SCHEMATHESIS";

const PROGRAM: &str = "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())";

/// Where it may ask as often as it likes.
async fn unlimited() -> App {
    let db = Db::connect("sqlite::memory:", &Options::default()).await.unwrap();
    db.migrate().await.unwrap();
    let many = NonZeroU32::new(1_000_000).unwrap();
    let limits = Policy {
        key: many,
        tenant: many,
        address: many,
    };
    let settings = Settings {
        limits,
        // The one that the document's example names.
        region: Some("eu-west".into()),
        ..settings()
    };
    let keys = Arc::new(MasterKeys::generate(&SeededEntropy::new(1)));
    App::on(Installation::seeded(db, Arc::new(MockClock::new()), keys, settings, 2).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn schemathesis_finds_nothing() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        eprintln!("SKIPPED against schemathesis: cargo xtask test installs it and says where");
        return;
    };
    let app = unlimited().await;
    app.home.platform.leak_keys_from(Arc::new(Reporter::new()));
    let (user, _) = app.first_person().await;
    let all = KeyTerms {
        scopes: Scope::ALL.to_vec(),
        ..KeyTerms::usual("All")
    };
    let key = platform::api_keys::create(&user, Environment::Test, &all)
        .await
        .unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = app.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schemathesis");
    let mut program = Command::new("python3");
    program
        .current_dir(here)
        .args(["-c", PROGRAM, "run", "--url", &url])
        .args(["--header", &format!("x-tenant-api-key:{}", key.key)])
        .arg(format!("{url}/openapi.json"))
        .env("PYTHONPATH", format!("{}:{here}", folder.display()))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("LOOMWIRE_OWN_KEY", key.row.id.to_string());
    let output = tokio::task::spawn_blocking(move || program.output().unwrap())
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complained}");
    // A run that asked nothing finds nothing either.
    let asked = said.lines().find_map(|line| line.split_once(" generated"));
    let asked: usize = asked.unwrap().0.trim().parse().unwrap();
    assert!(asked > 1000, "{said}");
}
