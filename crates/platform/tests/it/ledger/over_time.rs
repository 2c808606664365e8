//! What is erased and what is retired stays proven.

use ledger::{leaf_hash, proof::TlogProof, verify::Fault};
use platform::{audit, audit::walk::Trust, retention};
use sqlx::AssertSqlSafe;
use testkit::{Cluster, Installation, who};
use types::{
    Environment, Role,
    retention::{LogScope, RetentionKind},
};

use super::{
    all, key,
    walks::{urls, walked},
};
use crate::retention::run;

const DAY: i64 = 86_400;

async fn texts(home: &Installation, sql: String) -> Vec<String> {
    let mut read = home.db.read().await.unwrap();
    db::on!(read, |c| sqlx::query_scalar::<_, String>(AssertSqlSafe(sql))
        .fetch_all(c)
        .await)
    .unwrap()
}

/// Every row of every table, as SQLite writes it: blobs in hexadecimal.
async fn content(home: &Installation) -> String {
    let tables =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name";
    let mut all = Vec::new();
    for table in texts(home, tables.to_owned()).await {
        let columns = texts(home, format!("SELECT name FROM pragma_table_info('{table}')")).await;
        let row: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
        let rows = format!("SELECT {} AS line FROM {table}", row.join(" || ',' || "));
        all.extend(texts(home, rows).await);
    }
    all.join("\n")
}

/// Of the personal fields of what this person did: what is sealed, or its blind index, or the
/// key that sealed it.
async fn sealed(home: &Installation, what: &str, user: &str) -> Vec<String> {
    texts(
        home,
        format!(
            "SELECT quote({what}) FROM audit_personal p JOIN audit_events e ON e.id = p.event_id
             JOIN data_keys k ON k.id = p.data_key_id WHERE e.actor_id = '{user}'"
        ),
    )
    .await
}

#[tokio::test]
async fn an_erased_person_leaves_proofs_and_neither_value_nor_salt_nor_blind_index() {
    let home = Installation::in_memory().await;
    let (staff, _) = home.first_person().await;
    let (_, organisation) = who(&staff);
    let member = home.joined(organisation, "Mia Member", Role::Admin, None).await;
    for name in ["One", "Two"] {
        home.clock.advance(1);
        platform::api_keys::create(
            &member.ctx,
            Environment::Test,
            &types::keys::KeyTerms::usual(name),
        )
        .await
        .unwrap();
    }
    all(&home.platform.system()).await;
    let her = member.id.to_string();
    let before = walked(&home, true, Trust::default()).await.unwrap();
    let values = sealed(&home, "p.sealed", &her).await;
    assert!(values.len() >= 4, "{values:?}");
    let fields = texts(&home, "SELECT event_id FROM audit_personal".into())
        .await
        .len();
    assert_eq!(before.opened, Some(fields as u64), "each opens its commitment");
    let keys = sealed(&home, "k.wrapped", &her).await;
    let blind = sealed(&home, "p.blind_index", &her).await;
    let dump = content(&home).await;
    for gone in values.iter().chain(&keys).chain(&blind) {
        assert!(
            gone.len() > 20 && dump.contains(gone),
            "it is looked for as it stands: {gone}"
        );
    }
    let hers = texts(
        &home,
        format!("SELECT id FROM audit_events WHERE actor_id = '{her}'"),
    )
    .await;

    audit::erase_person(&staff, member.id, "Request 17, article 17 of the GDPR")
        .await
        .unwrap();
    let dump = content(&home).await;
    for gone in values.iter().chain(&keys) {
        assert!(
            !dump.contains(gone),
            "value and salt are one sealed text, and its key: {gone}"
        );
    }
    // Others have the same address, so the same blind index: none of theirs is lost, all of hers.
    assert!(sealed(&home, "p.blind_index", &her).await.is_empty());
    let left = texts(&home, "SELECT event_id FROM audit_personal".into()).await;
    assert!(hers.iter().all(|event| !left.contains(event)));

    // Every proof still verifies, and the whole log is what it was.
    let note = key(&home).await;
    for event in hers {
        let proven = audit::proven_of_any(&staff, event.parse().unwrap(), None)
            .await
            .unwrap();
        assert!(proven.bundle.opened.is_empty());
        let proof = TlogProof::parse(&proven.bundle.proof).unwrap();
        proof
            .verify(&leaf_hash(proven.bundle.canonical.as_bytes()), &note, &[], 0)
            .unwrap();
    }
    let after = walked(&home, true, Trust::default()).await.unwrap();
    assert_eq!(after.verdict.root, before.verdict.root);
    assert!(after.opened < before.opened, "{after:?}");
}

#[tokio::test]
async fn a_log_with_retired_events_is_whole_until_a_retired_hash_is_changed() {
    let cluster = Cluster::start_or_skip();
    for url in urls(cluster.as_ref()).await {
        let home = Installation::at(&url).await;
        let (user, _) = home.first_person().await;
        let system = home.platform.system();
        for name in ["One", "Two", "Three"] {
            home.clock.advance(1);
            platform::api_keys::create(&user, Environment::Test, &types::keys::KeyTerms::usual(name))
                .await
                .unwrap();
        }
        all(&system).await;
        let before = walked(&home, true, Trust::default()).await.unwrap();
        assert_eq!(before.verdict.retired, 0);
        let days = [(RetentionKind::AuditEvents, 180)];
        retention::save(&user, LogScope::Organisation, &days)
            .await
            .unwrap();
        home.clock.advance(200 * DAY);
        run(&home).await;
        all(&system).await;
        let after = walked(&home, true, Trust::default()).await.unwrap();
        assert!(after.verdict.retired > 3, "{after:?}");
        assert!(
            after.verdict.rows > before.verdict.rows,
            "the retirement is an event"
        );
        home.execute(
            "UPDATE audit_retired SET leaf_hash = (SELECT leaf_hash FROM audit_events WHERE leaf_index = \
             (SELECT MAX(leaf_index) FROM audit_events))
             WHERE leaf_index = (SELECT MIN(leaf_index) FROM audit_retired)",
            &[],
        )
        .await;
        let first = texts(
            &home,
            "SELECT CAST(MIN(leaf_index) AS TEXT) FROM audit_retired".into(),
        )
        .await;
        let fault = walked(&home, true, Trust::default()).await.unwrap_err();
        assert_eq!(
            fault.row().map(|row| row.to_string()).as_ref(),
            first.first(),
            "{fault}"
        );
        assert!(!matches!(fault, Fault::Changed { .. }), "{fault:?}");
    }
}
