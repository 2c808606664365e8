use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use db::Kind;
use tempfile::TempDir;
use types::Timestamp;
use vault::FileKeys;

use super::*;
use crate::{config::Environment, source::OsEntropy, start};

const DAY: i64 = 86_400_000;

/// An installation that nobody has started; on a port that the system chooses.
fn installation(more: &[(&str, &str)]) -> (TempDir, Config) {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let pairs = [
        ("LOOMWIRE_DATA", data.to_str().unwrap()),
        ("LOOMWIRE_LISTEN", "127.0.0.1:0"),
    ];
    let pairs = pairs.iter().chain(more);
    let environment: Environment = pairs.map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    (folder, Config::load(None, &environment).unwrap())
}

async fn look(config: Result<Config, Problems>) -> Vec<Finding> {
    Box::pin(all(config)).await
}

async fn started(config: &Config) {
    start::open(config).await.unwrap().close().await;
}

fn found<'f>(findings: &'f [Finding], name: &str, level: Level) -> Vec<&'f Finding> {
    findings
        .iter()
        .filter(|f| f.name == name && f.level == level)
        .collect()
}

fn says(findings: &[Finding], level: Level, part: &str) -> bool {
    findings.iter().any(|f| f.level == level && f.says.contains(part))
}

/// Name and content of every file below.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn nothing_there_is_nothing_made() {
    let (folder, config) = installation(&[]);
    let findings = look(Ok(config)).await;
    assert!(files(folder.path()).is_empty() && !folder.path().join("data").exists());
    assert!(says(&findings, Level::Warn, "There is none at"), "{findings:#?}");
    assert!(findings.iter().all(|f| f.level != Level::Fail), "{findings:#?}");
}

#[tokio::test]
async fn a_sound_installation_is_found_sound_and_left_as_it_is() {
    let (folder, config) = installation(&[]);
    started(&config).await;
    let before = files(folder.path());
    let findings = look(Ok(config.clone())).await;
    assert!(findings.iter().all(|f| f.level != Level::Fail), "{findings:#?}");
    for (name, part) in [
        ("schema", "up to date"),
        ("database settings", "kept"),
        ("database", "master key opens"),
        ("address", "is free"),
    ] {
        let ok = found(&findings, name, Level::Ok);
        assert!(ok.iter().any(|f| f.says.contains(part)), "{name}: {findings:#?}");
    }
    assert_eq!(found(&findings, "backups", Level::Warn).len(), 1);
    // SQLite's own files beside it go with the last connection.
    assert_eq!(files(folder.path()), before);

    // And while it runs.
    let platform = start::open(&config).await.unwrap();
    let findings = look(Ok(config)).await;
    assert!(findings.iter().all(|f| f.level != Level::Fail), "{findings:#?}");
    platform.close().await;
}

#[tokio::test]
async fn a_key_that_is_gone_or_open_to_others_or_foreign_is_wrong() {
    let (folder, config) = installation(&[]);
    started(&config).await;
    let path = folder.path().join("data/master.key");
    let kept = fs::read(&path).unwrap();

    fs::remove_file(&path).unwrap();
    let findings = look(Ok(config.clone())).await;
    assert!(says(&findings, Level::Fail, "no master key"), "{findings:#?}");
    assert!(!path.exists());

    FileKeys::create(&path, &OsEntropy).unwrap();
    let findings = look(Ok(config.clone())).await;
    assert!(says(&findings, Level::Fail, "another key file"), "{findings:#?}");

    fs::write(&path, kept).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let findings = look(Ok(config)).await;
    assert!(says(&findings, Level::Fail, "0644"), "{findings:#?}");
}

#[tokio::test]
async fn another_public_url_is_told_before_the_start() {
    let (_folder, config) = installation(&[]);
    started(&config).await;
    let mut moved = config;
    moved.public_url = "https://other.example".parse().unwrap();
    let findings = look(Ok(moved)).await;
    assert!(says(&findings, Level::Fail, "other.example"), "{findings:#?}");
    assert!(
        says(&findings, Level::Warn, "no proxy is trusted"),
        "{findings:#?}"
    );
}

#[tokio::test]
async fn what_is_no_database_of_ours_is_told_and_not_touched() {
    let (folder, config) = installation(&[]);
    let file = folder.path().join("data/loomwire.db");
    fs::create_dir(folder.path().join("data")).unwrap();
    let mut rollback = b"SQLite format 3\0\x10\x00\x01\x01".to_vec();
    rollback.resize(4096, 0);
    for (content, part) in [
        (
            b"no database, but long enough to be one".to_vec(),
            "no SQLite database",
        ),
        (b"short".to_vec(), "cannot be read"),
        (rollback, "not in WAL mode"),
    ] {
        fs::write(&file, &content).unwrap();
        let findings = look(Ok(config.clone())).await;
        assert!(says(&findings, Level::Fail, part), "{part}: {findings:#?}");
        assert_eq!(fs::read(&file).unwrap(), content);
    }
}

#[tokio::test]
async fn a_schema_that_is_behind_is_told_and_not_brought_up() {
    let (_folder, config) = installation(&[]);
    let db = db::Db::connect(config.database_url.expose(), &db::Options::default())
        .await
        .unwrap();
    db.close().await;
    let findings = look(Ok(config.clone())).await;
    assert!(says(&findings, Level::Warn, "0001_"), "{findings:#?}");
    let db = db::Db::connect(config.database_url.expose(), &db::Options::default())
        .await
        .unwrap();
    assert!(!db.pending().await.unwrap().is_empty());
    db.close().await;
}

#[tokio::test]
async fn a_schema_that_is_ahead_is_looked_at_if_it_only_expands() {
    let (_folder, config) = installation(&[]);
    started(&config).await;
    apply_unknown(&config, 9000, "9000_expand_words").await;
    let findings = look(Ok(config.clone())).await;
    assert!(says(&findings, Level::Warn, "9000_expand_words"), "{findings:#?}");
    assert!(
        says(&findings, Level::Ok, "opens what is stored"),
        "{findings:#?}"
    );
    // And it starts.
    started(&config).await;

    apply_unknown(&config, 9001, "9001_contract_words").await;
    let findings = look(Ok(config.clone())).await;
    assert!(
        says(&findings, Level::Fail, "9001_contract_words"),
        "{findings:#?}"
    );
    assert!(start::open(&config).await.is_err());
}

/// As a newer version would have left it.
async fn apply_unknown(config: &Config, version: i64, name: &str) {
    let row = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES ($1, $2, TRUE, x'00', 0)";
    let url = config.database_url.expose();
    let db = db::Db::connect(url, &db::Options::default()).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    db::execute!(tx, sqlx::query(row).bind(version).bind(name)).unwrap();
    tx.commit().await.unwrap();
    db.close().await;
}

#[tokio::test]
async fn an_address_that_another_program_has_is_told() {
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap();
    let (_folder, mut config) = installation(&[]);
    config.listen = address;
    // It takes the connection and ends it.
    let taken = std::thread::spawn(move || drop(other.accept()));
    let findings = listen::check(config).await;
    taken.join().unwrap();
    assert!(says(&findings, Level::Fail, "is taken"), "{findings:#?}");
}

#[tokio::test]
async fn a_configuration_that_cannot_be_used_is_all_that_is_told() {
    let environment = Environment::from([("LOOMWIRE_LISTEN".to_owned(), "x".to_owned())]);
    let findings = look(Config::load(None, &environment)).await;
    assert_eq!(found(&findings, "configuration", Level::Fail).len(), 1);
    let json: serde_json::Value = serde_json::from_str(&as_json(&findings)).unwrap();
    assert_eq!(json["ok"], false);
    assert_eq!(json["checks"][0]["level"], "fail");
    assert!(!json["checks"][0]["advice"].as_str().unwrap().is_empty());
    assert!(as_text(&findings).starts_with("FAIL  configuration: listen"));
}

#[tokio::test(start_paused = true)]
async fn a_check_that_hangs_is_a_finding() {
    let findings = limited("disk", PATIENCE, std::future::pending()).await;
    assert!(says(&findings, Level::Fail, "within 10 s"));
}

#[test]
fn room_is_judged_by_share_by_size_and_by_the_database() {
    const GB: u64 = 1_000_000_000;
    for (free, all, used, level) in [
        (50 * GB, 100 * GB, GB, Level::Ok),
        (19 * GB, 100 * GB, GB, Level::Warn),
        (GB / 2, GB, 0, Level::Warn),
        (30 * GB, 100 * GB, 40 * GB, Level::Warn),
        (GB / 20, 100 * GB, GB, Level::Fail),
    ] {
        assert_eq!(
            disk::judge("data", free, all, used).level,
            level,
            "{free} of {all}, {used}"
        );
    }
}

#[test]
fn settings_that_could_lose_an_answer_are_wrong() {
    let now = Timestamp::from_millis(20_000 * DAY);
    let good = |name: &'static str| (name, "on".to_owned());
    let sound = vec![
        good("fsync"),
        good("synchronous_commit"),
        good("full_page_writes"),
        ("in_recovery", "off".to_owned()),
        ("unix_millis", now.as_millis().to_string()),
    ];
    let findings = database::judge(Kind::Postgres, &sound, now);
    assert!(findings.iter().all(|f| f.level == Level::Ok), "{findings:#?}");
    for index in 0..3 {
        let mut off = sound.clone();
        off[index].1 = "off".to_owned();
        assert!(says(
            &database::judge(Kind::Postgres, &off, now),
            Level::Fail,
            off[index].0
        ));
    }
    let later = now.plus_seconds(6);
    let findings = database::judge(Kind::Postgres, &sound, later);
    assert!(says(&findings, Level::Warn, "6 s away"), "{findings:#?}");
    let damaged = vec![("quick_check", "row 1 missing".to_owned())];
    assert!(says(
        &database::judge(Kind::Sqlite, &damaged, now),
        Level::Fail,
        "quick_check"
    ));
}

#[test]
fn the_ledger_is_judged_by_the_worst_of_it() {
    use platform::ledger::Standing;

    let judged = |standing: Standing| {
        let finding = ledger::judge(&standing);
        (finding.level, finding.says)
    };
    let good = Standing {
        size: 12,
        waiting: 3,
        waiting_millis: 900,
        ..Standing::default()
    };
    assert_eq!(judged(good).0, Level::Ok);
    let failing = Standing { failing: 1, ..good };
    assert_eq!(judged(failing).0, Level::Warn);
    let late = Standing {
        waiting_millis: 61_000,
        ..failing
    };
    assert!(judged(late).1.contains("3 audit events wait"));
    let stopped = Standing {
        stopped: true,
        ..late
    };
    assert_eq!(judged(stopped).0, Level::Fail);
}
