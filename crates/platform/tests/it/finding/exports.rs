//! Exports: the same bytes each time, and a proof for each event.

use platform::{
    Ctx, Origin,
    access::{self, SettingsChange},
    audit::{self, Action, Event},
};
use testkit::Installation;
use types::console::AuditFilter;

use super::{every, ids, lived, place, sequence};

async fn bytes(ctx: &Ctx, id: types::ExportId, from: u64) -> Vec<u8> {
    let mut download = audit::open_export(ctx, false, id).await.unwrap();
    download.begin(from, download.length() - 1).await.unwrap();
    let mut all = Vec::new();
    while let Some(piece) = download.next().await.unwrap() {
        all.extend(piece);
    }
    all
}

async fn export_and_check(home: &Installation) {
    use ledger::{bundle::Bundle, leaf_hash, proof::TlogProof};
    let (ada, ben) = lived(home).await;
    sequence(home).await;
    let filter = AuditFilter {
        action: Some("session".into()),
        ..AuditFilter::default()
    };
    let found = every(&ada, &filter).await;
    let id = audit::ask_export(&ada, false, &filter, types::audit::ExportFormat::JsonLines)
        .await
        .unwrap();
    assert!(
        audit::open_export(&ada, false, id).await.is_err(),
        "it is not made yet"
    );
    // What comes later is not in it.
    ada.record(Event::new(Action::SignedIn)).await.unwrap();
    sequence(home).await;
    assert!(audit::make_due(&home.platform.system()).await.unwrap());
    assert!(!audit::make_due(&home.platform.system()).await.unwrap());
    let whole = bytes(&ada, id, 0).await;
    for from in [1, 100, whole.len() as u64 - 1] {
        let at = usize::try_from(from).unwrap();
        assert_eq!(bytes(&ada, id, from).await, whole[at..], "from {from}");
    }
    assert!(
        audit::open_export(&ben, false, id).await.is_err(),
        "it is another's"
    );
    let keys = platform::ledger::verifier_keys(&ada).await.unwrap();
    let key = keys.lines().next().unwrap().parse().unwrap();
    let lines: Vec<Bundle> = whole
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    let ids: Vec<_> = lines
        .iter()
        .map(|line| {
            let event: serde_json::Value = serde_json::from_str(&line.canonical).unwrap();
            let proof = TlogProof::parse(&line.proof).unwrap();
            proof
                .verify(&leaf_hash(line.canonical.as_bytes()), &key, &[], 0)
                .unwrap();
            event["id"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(ids, self::ids(&found));
    let told = audit::list(
        &ada,
        &AuditFilter {
            action: Some("audit.export".into()),
            ..AuditFilter::default()
        },
    )
    .await
    .unwrap();
    let codes: Vec<_> = told.rows.iter().rev().map(|row| row.action.as_str()).collect();
    assert_eq!(
        codes[..4],
        [
            "audit.export_asked",
            "audit.export_made",
            "audit.export_opened",
            "audit.export_given"
        ]
    );
    // What was exported changes: no part of it is taken for the whole.
    home.execute("DELETE FROM audit_personal WHERE event_id = $1", &[&ids[0]])
        .await;
    let mut download = audit::open_export(&ada, false, id).await.unwrap();
    download.begin(0, download.length() - 1).await.unwrap();
    let mut broke = false;
    loop {
        match download.next().await {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(_) => {
                broke = true;
                break;
            }
        }
    }
    assert!(broke);
}

#[tokio::test]
async fn an_export_is_the_same_bytes_from_any_byte_on_and_proves_each_event() {
    export_and_check(&Installation::in_memory().await).await;
}

#[tokio::test]
async fn an_export_is_the_same_on_postgresql() {
    let Some(cluster) = testkit::Cluster::start_or_skip() else {
        return;
    };
    export_and_check(&Installation::at(&cluster.database().await.unwrap()).await).await;
}

/// How many lines the file of an export of this filter has.
async fn exported(home: &Installation, ctx: &Ctx, filter: &AuditFilter) -> usize {
    let id = audit::ask_export(ctx, false, filter, types::audit::ExportFormat::JsonLines)
        .await
        .unwrap();
    assert!(audit::make_due(&home.platform.system()).await.unwrap());
    let file = bytes(ctx, id, 0).await;
    file.split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .count()
}

#[tokio::test]
async fn an_export_by_address_finds_it_and_keeps_it_nowhere() {
    let home = Installation::in_memory().await;
    let (ada, _) = lived(&home).await;
    let address = "203.0.113.9";
    let origin = Origin {
        address: address.parse().ok(),
        ..Origin::default()
    };
    let there = home.platform.ctx(ada.actor().clone(), origin);
    there.record(Event::new(Action::SignedIn)).await.unwrap();
    sequence(&home).await;
    let filter = AuditFilter {
        address: Some(address.into()),
        ..AuditFilter::default()
    };
    let found = every(&ada, &filter).await.len();
    assert_eq!(found, 1);
    assert_eq!(exported(&home, &ada, &filter).await, found);
    let mut read = home.db.read().await.unwrap();
    let kept: Vec<String> = db::on!(read, |c| sqlx::query_scalar("SELECT query FROM audit_exports")
        .fetch_all(c)
        .await)
    .unwrap();
    assert!(
        kept.len() == 1 && !kept[0].contains(address) && kept[0].contains("blind.address"),
        "{kept:?}"
    );
}

#[tokio::test]
async fn an_export_means_the_hours_that_its_filter_meant() {
    let home = Installation::in_memory().await;
    let (ada, _) = lived(&home).await;
    sequence(&home).await;
    // Noon in UTC, at which the clock of tests begins.
    let filter = AuditFilter {
        from: Some("2026-11-23T21:00".into()),
        to: Some("2026-11-23T23:00".into()),
        ..AuditFilter::default()
    };
    let change = SettingsChange {
        name: "Analytical Engines".into(),
        time_zone: "Asia/Tokyo".into(),
        accept_self_asserted_live: false,
    };
    access::update_settings(&ada, change).await.unwrap();
    sequence(&home).await;
    let found = every(&ada, &filter).await.len();
    assert!(found > 5, "{found}");
    assert_eq!(exported(&home, &ada, &filter).await, found);
}

#[tokio::test]
async fn an_export_waits_for_the_index_and_leaves_nothing_out() {
    let home = Installation::in_memory().await;
    let (ada, _) = lived(&home).await;
    sequence(&home).await;
    // More than are looked through one by one.
    let refused = || Event::new(Action::SignInFailed).denied().detail("reason", "late");
    let others = (1..600).map(|_| refused()).collect();
    let tx = ada.begin().await.unwrap();
    ada.commit_all(tx, refused(), others).await.unwrap();
    place(&home).await;
    let filter = AuditFilter {
        result: Some("denied".into()),
        ..AuditFilter::default()
    };
    let id = audit::ask_export(&ada, false, &filter, types::audit::ExportFormat::JsonLines)
        .await
        .unwrap();
    let system = home.platform.system();
    assert!(!audit::make_due(&system).await.unwrap());
    assert!(audit::open_export(&ada, false, id).await.is_err(), "not made yet");
    while audit::index(&system).await.unwrap() {}
    home.clock.advance(121);
    assert!(audit::make_due(&system).await.unwrap());
    let file = bytes(&ada, id, 0).await;
    assert_eq!(
        file.split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .count(),
        every(&ada, &filter).await.len()
    );
}
