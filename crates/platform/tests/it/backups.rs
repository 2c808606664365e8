//! The book of backups.

use std::sync::Arc;

use db::Db;
use platform::{
    Ctx, Error, Platform,
    backups::{self, Claim, Made, Policy},
};
use testkit::{Cluster, Installation, SeededEntropy};
use types::{
    Permission, Timestamp,
    backup::{BackupKind, BackupState, RestoreNote},
};

const HOUR: i64 = 3600;
const POLICY: Policy = Policy {
    every_hours: Some(24),
    keep_days: 3,
    recipients: 2,
    drills: false,
};

/// Another server on the installation's database, with backups on.
async fn server(home: &Installation, policy: Policy) -> Ctx {
    server_with(home, policy, 3).await
}

/// With chance of its own, so that what it writes has other ids.
async fn server_with(home: &Installation, policy: Policy, seed: u64) -> Ctx {
    let mut settings = testkit::settings();
    settings.backups = policy;
    let entropy = Arc::new(SeededEntropy::new(seed));
    let platform = Platform::open(
        home.db.clone(),
        home.clock.clone(),
        entropy,
        home.keys.clone(),
        settings,
    );
    platform.await.unwrap().system()
}

fn name(begun: Timestamp) -> String {
    format!("loomwire-{}-sqlite.age", begun.as_millis())
}

fn some() -> Made {
    Made {
        bytes: 1000,
        sha256: "ab".repeat(32),
        events: 7,
        events_hash: "cd".repeat(32),
    }
}

async fn due(ctx: &Ctx) -> Option<Claim> {
    backups::due(ctx, name).await.unwrap()
}

async fn actions(db: &Db, like: &str) -> Vec<String> {
    let mut read = db.read().await.unwrap();
    let all = "SELECT action FROM audit_events WHERE substr(action, 1, length($1)) = $1 ORDER BY id";
    db::on!(read, |c| sqlx::query_scalar(all).bind(like).fetch_all(c).await).unwrap()
}

async fn of_two_servers_one_begins(home: Installation) {
    let one = server(&home, POLICY).await;
    let two = server(&home, POLICY).await;
    for day in 0..3 {
        let (a, b, c) = tokio::join!(due(&one), due(&two), due(&one));
        let mut won: Vec<Claim> = [a, b, c].into_iter().flatten().collect();
        assert_eq!(won.len(), 1, "day {day}");
        assert_eq!(due(&two).await, None, "one is under way");
        backups::made(&one, &won.remove(0), &some()).await.unwrap();
        assert_eq!(due(&two).await, None, "not before tomorrow");
        home.clock.advance(24 * HOUR);
    }
    let events = actions(&home.db, "backup.").await;
    assert_eq!(events, ["backup.made"; 3]);
}

/// As a restore leaves it: with the backup that it came from still under way.
async fn a_restore_is_told_once(home: Installation) {
    let before = server(&home, POLICY).await;
    let claim = due(&before).await.unwrap();
    let note = RestoreNote {
        file: claim.file.clone(),
        sha256: "ab".repeat(32),
        made_at: claim.started_at,
        restored_at: claim.started_at.plus_seconds(90),
    };
    let mut tx = home.db.begin().await.unwrap();
    let row = "INSERT INTO installation (name, value) VALUES ($1, $2)";
    let value = serde_json::to_string(&note).unwrap();
    db::execute!(tx, sqlx::query(row).bind(RestoreNote::NAME).bind(&value)).unwrap();
    tx.commit().await.unwrap();

    home.clock.advance(2 * HOUR);
    let start = |seed| server_with(&home, POLICY, seed);
    let (one, _two) = tokio::join!(start(4), start(5));
    start(6).await;
    let told = actions(&home.db, "database.").await;
    assert_eq!(told, ["database.restored"]);
    assert_eq!(actions(&home.db, "backup.").await, ["backup.failed"]);
    assert!(due(&one).await.is_some(), "nothing is under way any more");
}

#[tokio::test]
async fn a_restored_database_is_told_of_once() {
    Box::pin(a_restore_is_told_once(Installation::in_memory().await)).await;
}

#[tokio::test]
async fn of_two_servers_that_find_one_due_one_begins_it() {
    Box::pin(of_two_servers_one_begins(Installation::in_memory().await)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_servers_on_postgresql_too() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let home = Installation::at(&cluster.database().await.unwrap()).await;
    let db = home.db.clone();
    Box::pin(of_two_servers_one_begins(home)).await;
    db.close().await;
    let home = Installation::at(&cluster.database().await.unwrap()).await;
    let db = home.db.clone();
    Box::pin(a_restore_is_told_once(home)).await;
    db.close().await;
}

#[tokio::test]
async fn a_failure_is_shown_audited_and_tried_again_sooner() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let ctx = server(&home, POLICY).await;
    let claim = due(&ctx).await.unwrap();
    backups::failed(&ctx, &claim, "The disk is full.").await.unwrap();
    let page = backups::page(&user).await.unwrap();
    assert_eq!(page.last_backup, None);
    assert_eq!(page.rows[0].state, BackupState::Failed);
    assert_eq!(page.rows[0].problem.as_deref(), Some("The disk is full."));
    home.clock.advance(HOUR - 1);
    assert_eq!(due(&ctx).await, None);
    home.clock.advance(1);
    let again = due(&ctx).await.unwrap();
    assert_ne!(again.id, claim.id);
    backups::made(&ctx, &again, &some()).await.unwrap();
    assert_eq!(
        actions(&home.db, "backup.").await,
        ["backup.failed", "backup.made"]
    );
    assert_eq!(backups::last_success(&ctx).await.unwrap(), Some(again.started_at));
}

#[tokio::test]
async fn a_run_that_was_cut_short_is_found() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let ctx = server(&home, POLICY).await;
    let claim = due(&ctx).await.unwrap();
    backups::give_up(&ctx, &["another.age".into()]).await.unwrap();
    assert_eq!(
        backups::page(&user).await.unwrap().rows[0].state,
        BackupState::Running
    );
    // By the part of a file that it left.
    backups::give_up(&ctx, std::slice::from_ref(&claim.file))
        .await
        .unwrap();
    assert_eq!(
        backups::page(&user).await.unwrap().rows[0].state,
        BackupState::Failed
    );
    home.clock.advance(HOUR);
    // And by its age, where the file is on another machine.
    due(&ctx).await.unwrap();
    home.clock.advance(12 * HOUR + 1);
    assert!(
        due(&ctx).await.is_some(),
        "the dead one does not stand in the way"
    );
    assert_eq!(actions(&home.db, "backup.").await, ["backup.failed"; 2]);
}

#[tokio::test]
async fn by_hand_is_at_once_but_not_twice_at_once() {
    let home = Installation::in_memory().await;
    let ctx = server(
        &home,
        Policy {
            every_hours: None,
            ..POLICY
        },
    )
    .await;
    assert_eq!(due(&ctx).await, None, "nothing is scheduled");
    let claim = backups::begin(&ctx, name).await.unwrap();
    let second = backups::begin(&ctx, name).await;
    assert!(matches!(second, Err(Error::Conflict(_))), "{second:?}");
    backups::made(&ctx, &claim, &some()).await.unwrap();
    let next = backups::begin(&ctx, name).await.unwrap();
    assert!(next.started_at > claim.started_at, "also within a millisecond");
}

#[tokio::test]
async fn drills_are_weekly_and_of_the_newest_good_backup() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let ctx = server(
        &home,
        Policy {
            drills: true,
            ..POLICY
        },
    )
    .await;
    let backup = due(&ctx).await.unwrap();
    assert_eq!(backup.kind, BackupKind::Backup);
    assert_eq!(due(&ctx).await, None, "there is nothing to restore yet");
    backups::made(&ctx, &backup, &some()).await.unwrap();
    let drill = due(&ctx).await.unwrap();
    assert_eq!((drill.kind, &drill.file), (BackupKind::Drill, &backup.file));
    backups::restored(&ctx, &drill, &some()).await.unwrap();
    let page = backups::page(&user).await.unwrap();
    assert_eq!(page.last_drill.unwrap().file.as_ref(), Some(&backup.file));
    assert_eq!(
        (page.every_hours, page.keep_days, page.recipients),
        (None, 0, 0),
        "this server's own"
    );
    assert_eq!(due(&ctx).await, None);
    home.clock.advance(7 * 24 * HOUR);
    backups::made(&ctx, &due(&ctx).await.unwrap(), &some())
        .await
        .unwrap();
    let drill = due(&ctx).await.unwrap();
    assert_eq!(drill.kind, BackupKind::Drill);
    backups::failed(&ctx, &drill, "It is damaged.").await.unwrap();
    assert_eq!(
        actions(&home.db, "backup.").await,
        ["backup.made", "backup.restored", "backup.made", "backup.failed"]
    );
}

#[tokio::test]
async fn old_files_go_but_never_the_newest_good_one() {
    let home = Installation::in_memory().await;
    let ctx = server(&home, POLICY).await;
    let mut files = Vec::new();
    for _ in 0..3 {
        let claim = due(&ctx).await.unwrap();
        backups::made(&ctx, &claim, &some()).await.unwrap();
        files.push(claim.file);
        home.clock.advance(24 * HOUR);
    }
    assert!(backups::expired(&ctx).await.unwrap().is_empty());
    home.clock.advance(1);
    let expired = backups::expired(&ctx).await.unwrap();
    assert_eq!(
        expired.iter().map(|one| &one.file).collect::<Vec<_>>(),
        [&files[0]]
    );
    for _ in 0..2 {
        // The second server finds it done.
        backups::removed(&ctx, &expired[0]).await.unwrap();
    }
    let failing = due(&ctx).await.unwrap();
    backups::failed(&ctx, &failing, "x").await.unwrap();
    home.clock.advance(1000 * 24 * HOUR);
    let expired = backups::expired(&ctx).await.unwrap();
    assert_eq!(
        expired.iter().map(|one| &one.file).collect::<Vec<_>>(),
        [&files[1]]
    );
    assert_eq!(
        actions(&home.db, "backup.").await,
        [
            "backup.made",
            "backup.made",
            "backup.made",
            "backup.removed",
            "backup.failed"
        ]
    );
}

#[tokio::test]
async fn staff_see_the_page_and_others_do_not() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    backups::page(&user).await.unwrap();
    let refused = backups::page(&home.anonymous()).await;
    assert!(matches!(refused, Err(Error::Unauthenticated(_))), "{refused:?}");
    let mut actor = user.actor().clone();
    if let platform::Actor::User { staff_role, .. } = &mut actor {
        *staff_role = None;
    }
    let refused = backups::page(&user.acting_as(actor)).await;
    assert!(
        matches!(refused, Err(Error::Forbidden(Permission::BackupsRead))),
        "{refused:?}"
    );
}
