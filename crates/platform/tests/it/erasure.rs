//! A person's fields are erased from every event, and every hash still holds.

use platform::{Ctx, Error, audit, retention};
use testkit::{Cluster, Installation, who};
use types::{Environment, Permission, Role, retention::HoldDraft, retention::LogScope};

use crate::retention::{codes, count, sequence};

const REASON: &str = "Request 17, article 17 of the GDPR";

async fn fields_of(home: &Installation, user: &str) -> i64 {
    let sql = "SELECT COUNT(*) FROM audit_personal p JOIN audit_events e ON e.id = p.event_id
        WHERE e.actor_id = $1";
    count(home, sql, user).await
}

/// Canonical bytes and hash of every event, by id.
async fn events(home: &Installation) -> Vec<(String, String, Vec<u8>)> {
    let mut read = home.db.read().await.unwrap();
    let all = "SELECT id, canonical, leaf_hash FROM audit_events WHERE id < $1 ORDER BY id";
    db::on!(read, |c| sqlx::query_as(all).bind("f").fetch_all(c).await).unwrap()
}

fn shown(rows: &[types::console::AuditRow], name: &str) -> Vec<String> {
    let of = |row: &types::console::AuditRow| {
        let found = row.details.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone())
    };
    rows.iter().filter_map(of).collect()
}

async fn made_keys(home: &Installation, user: &Ctx, name: &str) {
    home.clock.advance(1);
    platform::api_keys::create(user, Environment::Test, &types::keys::KeyTerms::usual(name))
        .await
        .unwrap();
}

async fn nothing_is_left_and_every_hash_holds(home: Installation, other: Option<Installation>) {
    let (staff, _) = home.first_person().await;
    let (me, organisation) = who(&staff);
    let member = home.joined(organisation, "Mia Member", Role::Admin, None).await;
    let id = member.id.to_string();
    made_keys(&home, &member.ctx, "Hers").await;
    made_keys(&home, &staff, "Mine").await;
    sequence(&home).await;
    if let Some(other) = &other {
        // It remembers her key from now on.
        let there = other.signed_in(&member.secret).await;
        assert_eq!(shown(&codes(&there, "api_key.created").await, "address").len(), 2);
    }
    let before = events(&home).await;
    assert!(fields_of(&home, &id).await >= 2);
    let erased = audit::erase_person(&staff, member.id, REASON).await.unwrap();
    assert!(erased >= 2);
    assert_eq!(fields_of(&home, &id).await, 0);
    for (event, canonical, hash) in &before {
        let now = events(&home).await;
        let same = now.iter().find(|row| row.0 == *event).unwrap();
        assert_eq!((&same.1, &same.2), (canonical, hash));
        assert_eq!(
            ledger::leaf_hash(canonical.as_bytes()).0.as_slice(),
            hash.as_slice()
        );
    }
    let rows = codes(&staff, "api_key.created").await;
    assert_eq!(shown(&rows, "address"), ["192.0.2.7", "erased"]);
    assert_eq!(shown(&rows, "userAgent"), ["Test browser", "erased"]);
    if let Some(other) = &other {
        home.clock.advance(1);
        let there = other.signed_in(&member.secret).await;
        assert_eq!(
            shown(&codes(&there, "api_key.created").await, "address"),
            ["192.0.2.7", "erased"]
        );
    }
    // She goes on working, under a key of her own again.
    let again = home.signed_in(&member.secret).await;
    made_keys(&home, &again, "Later").await;
    assert_eq!(fields_of(&home, &id).await, 2);
    assert_eq!(codes(&staff, "user.personal_fields_erased").await.len(), 1);
    let own = audit::erase_person(&staff, me, REASON).await;
    assert!(matches!(own, Err(Error::Conflict(_))));
    let mails = home.mails().await;
    assert!(mails.iter().any(|mail| mail.subject.contains("was erased")));
}

#[tokio::test]
async fn erasure_on_sqlite() {
    let home = Installation::in_memory().await;
    Box::pin(nothing_is_left_and_every_hash_holds(home, None)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn erasure_reaches_the_memory_of_another_server() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let url = cluster.database().await.unwrap();
    let home = Installation::at(&url).await;
    let other = home.another_server(&url).await;
    let follower = platform::recall::Follower::open(&other.platform.system())
        .await
        .unwrap();
    let follower = tokio::spawn(follower.run());
    let (one, two) = (home.db.clone(), other.db.clone());
    Box::pin(nothing_is_left_and_every_hash_holds(home, Some(other))).await;
    follower.abort();
    two.close().await;
    one.close().await;
}

#[tokio::test]
async fn a_hold_keeps_them_and_only_staff_erase() {
    let home = Installation::in_memory().await;
    let (staff, _) = home.first_person().await;
    let (_, organisation) = who(&staff);
    let member = home.joined(organisation, "Mia Member", Role::Owner, None).await;
    made_keys(&home, &member.ctx, "Hers").await;
    let draft = HoldDraft {
        person: member.id.to_string(),
        reason: "A court has asked for it".into(),
        ..HoldDraft::default()
    };
    let hold = retention::place(&staff, LogScope::Organisation, &draft)
        .await
        .unwrap();
    let refused = audit::erase_person(&staff, member.id, REASON).await;
    assert!(matches!(refused, Err(Error::Conflict(_))));
    assert!(audit::erasable(&staff, member.id).await.unwrap().places[0].is_held);
    retention::release(&staff, LogScope::Organisation, hold, "The case is closed")
        .await
        .unwrap();
    let refused = audit::erase_person(&member.ctx, member.id, REASON).await;
    assert!(matches!(
        refused,
        Err(Error::Forbidden(Permission::AuditManageAll))
    ));
    audit::erase_person(&staff, member.id, REASON).await.unwrap();
}
