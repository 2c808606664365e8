//! Exports: the same bytes each time, and a proof for each event.

use platform::{
    Ctx,
    audit::{self, Action, Event},
};
use testkit::Installation;
use types::console::AuditFilter;

use super::{every, ids, lived, sequence};

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
