//! The commands and the worker, on a whole installation.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use backup::Stop;
use platform::{Ctx, Platform, backups};
use tempfile::TempDir;
use testkit::MockClock;
use types::backup::BackupState;

use super::{Request, check, make, restore, worker::round};
use crate::{
    config::{Config, Environment, MasterKey},
    source::OsEntropy,
    start,
};

struct Home {
    folder: TempDir,
    config: Config,
    key: PathBuf,
}

impl Home {
    fn new(more: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        let key = folder.path().join("backup.key");
        let recipient = backup::keygen(&key).unwrap().to_string();
        let config = config(
            folder.path(),
            &[&[("LOOMWIRE_BACKUP__RECIPIENTS", recipient.as_str())], more].concat(),
        );
        Self { folder, config, key }
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.config.backup.folder).into_iter().flatten();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }

    fn request(&self, drill: bool) -> Request {
        Request {
            file: self.files().pop().unwrap(),
            identity: self.key.clone(),
            into: None,
            drill,
        }
    }

    /// A server whose clock the test sets.
    async fn server(&self, clock: &Arc<MockClock>) -> (Platform, Ctx) {
        let (db, keys, _) = start::open_database(&self.config).await.unwrap();
        let settings = start::settings(&self.config);
        let platform = Platform::open(db, clock.clone(), Arc::new(OsEntropy), keys, settings)
            .await
            .unwrap();
        let ctx = platform.system();
        (platform, ctx)
    }
}

fn config(folder: &Path, more: &[(&str, &str)]) -> Config {
    let data = folder.join("data").to_str().unwrap().to_owned();
    let mut environment = Environment::from([("LOOMWIRE_DATA".to_owned(), data)]);
    environment.extend(
        more.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    Config::load(None, &environment).unwrap()
}

#[tokio::test]
async fn what_was_backed_up_is_restored_and_serves_again() {
    let home = Home::new(&[]);
    let none = make(home.config.clone()).await.unwrap_err().to_string();
    assert!(none.contains("nothing to back up"), "{none}");
    let platform = start::open(&home.config).await.unwrap();
    let tokens = platform::verification::jwks(&platform.system()).await.unwrap();
    // While the server runs.
    make(home.config.clone()).await.unwrap();
    assert_eq!(home.files().len(), 1);
    restore(home.config.clone(), home.request(true)).await.unwrap();
    let page = backups::page(&platform.system()).await.unwrap();
    assert!(
        page.last_backup.is_some() && page.last_drill.is_some(),
        "{page:?}"
    );
    check(home.config.clone()).await.unwrap();
    let taken = restore(home.config.clone(), home.request(false))
        .await
        .unwrap_err();
    assert!(taken.to_string().contains("has data already"), "{taken}");
    platform.close().await;

    let elsewhere = config(&home.folder.path().join("new"), &[]);
    restore(elsewhere.clone(), home.request(false)).await.unwrap();
    let keyless = start::open(&elsewhere).await.err().unwrap().to_string();
    assert!(keyless.contains("master key"), "{keyless}");
    let (MasterKey::File(from), MasterKey::File(to)) = (&home.config.master_key, &elsewhere.master_key)
    else {
        panic!("files by default")
    };
    fs::copy(from, to).unwrap();
    let again = start::open(&elsewhere).await.unwrap();
    assert_eq!(
        platform::verification::jwks(&again.system()).await.unwrap(),
        tokens
    );
    let page = backups::page(&again.system()).await.unwrap();
    assert!(
        page.rows.iter().all(|row| row.state != BackupState::Running),
        "what was under way is given up: {page:?}"
    );
    again.close().await;
    // Once, however often it is opened.
    start::open(&elsewhere).await.unwrap().close().await;
    let told = restores(&elsewhere).await;
    let file = home.files().pop().unwrap();
    assert_eq!(told.len(), 1);
    assert!(
        told[0].contains(file.file_name().unwrap().to_str().unwrap()),
        "{told:?}"
    );
    assert!(restores(&home.config).await.is_empty(), "not where it came from");
}

/// What the log tells of restores, in canonical form.
async fn restores(config: &Config) -> Vec<String> {
    let (url, options) = (config.database_url.expose(), db::Options::default());
    let db = db::Db::connect(url, &options).await.unwrap();
    let mut read = db.read().await.unwrap();
    let told = "SELECT canonical FROM audit_events WHERE action = 'database.restored'
        AND actor_kind = 'system' AND organisation_id = ''";
    let told = db::on!(read, |c| sqlx::query_scalar(told).fetch_all(c).await).unwrap();
    drop(read);
    db.close().await;
    told
}

#[tokio::test]
async fn without_recipients_both_say_how_to_get_one() {
    let folder = TempDir::new().unwrap();
    let config = config(folder.path(), &[]);
    start::open(&config).await.unwrap().close().await;
    for result in [make(config.clone()).await, check(config.clone()).await] {
        let error = result.unwrap_err().to_string();
        assert!(error.contains("loomwire backup keygen FILE"), "{error}");
    }
    assert!(!config.backup.folder.exists() || fs::read_dir(&config.backup.folder).unwrap().count() == 0);
}

#[tokio::test]
async fn a_backup_by_hand_that_fails_is_written_down_too() {
    let home = Home::new(&[]);
    let platform = start::open(&home.config).await.unwrap();
    fs::write(&home.config.backup.folder, "no folder").unwrap();
    let said = make(home.config.clone()).await.unwrap_err().to_string();
    let row = backups::page(&platform.system()).await.unwrap().rows.remove(0);
    assert_eq!(row.state, BackupState::Failed);
    assert_eq!(row.problem.as_deref(), Some(said.as_str()));
    platform.close().await;
}

#[tokio::test]
async fn the_schedule_makes_drills_removes_and_recovers() {
    let key = TempDir::new().unwrap();
    let drill_key = key.path().join("drill.key");
    let recipient = backup::keygen(&drill_key).unwrap().to_string();
    let home = Home::new(&[
        ("LOOMWIRE_BACKUP__RECIPIENTS", &recipient),
        (
            "LOOMWIRE_BACKUP__DRILL_IDENTITY_FILE",
            drill_key.to_str().unwrap(),
        ),
        ("LOOMWIRE_BACKUP__KEEP_DAYS", "2"),
    ]);
    let clock = Arc::new(MockClock::new());
    let (platform, ctx) = home.server(&clock).await;
    let halt = Stop::default();
    for day in 1..=5 {
        // One backup, and on the first day a drill.
        round(&ctx, &home.config, &halt).await.unwrap();
        round(&ctx, &home.config, &halt).await.unwrap();
        assert_eq!(home.files().len(), day.min(3), "day {day}");
        clock.advance(24 * 3600);
    }
    let page = backups::page(&ctx).await.unwrap();
    assert_eq!(page.rows.len(), 6);
    assert!(page.last_drill.is_some());

    // Something is wrong for a while: it is written down, and made good.
    let mut broken = home.config.clone();
    broken.backup.folder = PathBuf::from("/proc/no/such");
    round(&ctx, &broken, &halt).await.unwrap();
    let row = backups::page(&ctx).await.unwrap().rows.remove(0);
    assert_eq!(row.state, BackupState::Failed);
    assert!(row.problem.unwrap().contains("/proc/no/such"));
    clock.advance(3600);
    round(&ctx, &home.config, &halt).await.unwrap();
    assert_eq!(
        backups::page(&ctx).await.unwrap().rows.remove(0).state,
        BackupState::Done
    );

    // A server that died in the middle: the next start finds its part and says so.
    clock.advance(24 * 3600);
    let claim = backups::due(&ctx, super::name(&home.config))
        .await
        .unwrap()
        .unwrap();
    fs::write(
        home.config.backup.folder.join(format!(".{}.part", claim.file)),
        "half",
    )
    .unwrap();
    super::sweep(&ctx, &home.config).await;
    assert_eq!(
        backups::page(&ctx).await.unwrap().rows.remove(0).state,
        BackupState::Failed
    );
    assert!(home.files().iter().all(|file| file.extension().unwrap() == "age"));
    platform.close().await;
}
