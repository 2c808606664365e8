//! An event with its proof, over HTTP.

use ledger::{checkpoint::NoteKey, leaf_hash, proof::TlogProof};
use platform::{audit, ledger::Sequencer};
use types::console::AuditFilter;

use crate::app::App;

/// Gives every event its place, and the newest one's id.
async fn placed(app: &App, user: &platform::Ctx) -> String {
    let system = app.home.platform.system();
    Sequencer::new(&system).step(&system).await.unwrap();
    let log = audit::list(user, &AuditFilter::default()).await.unwrap();
    log.rows[0].id.to_string()
}

#[tokio::test]
async fn a_reader_gets_the_event_and_all_that_it_takes_to_check_it() {
    let app = App::new().await;
    let (user, session) = app.first_person().await;
    let id = placed(&app, &user).await;
    let path = format!("/audit/{id}/proof?from=1");
    let reply = app.get(&path).session(&session).send().await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.header("cache-control"), "no-store");
    let answer = reply.json();
    let text = |place: &str| answer.pointer(place).unwrap().as_str().unwrap().to_owned();
    let key: NoteKey = text("/logs/0").parse().unwrap();
    let proof = TlogProof::parse(&text("/bundle/proof")).unwrap();
    let leaf = leaf_hash(text("/bundle/canonical").as_bytes());
    proof.verify(&leaf, &key, &[], 0).unwrap();
    assert!(!answer["consistency"].as_array().unwrap().is_empty());
    // As the page's own checker does.
    let logs = text("/logs/0");
    let checked = verifier::inclusion(&answer["bundle"].to_string(), &logs, "", 0);
    assert!(checked.contains(r#""ok":true"#), "{checked}");
    let file = app
        .get(&format!("/audit/{id}/proof?download=yes"))
        .session(&session)
        .send()
        .await;
    assert_eq!(
        file.header("content-disposition"),
        format!("attachment; filename=\"{id}.proof.json\"")
    );
    assert_eq!(file.json(), answer["bundle"]);
}

#[tokio::test]
async fn there_is_no_proof_of_what_is_not_there_or_not_yours() {
    let app = App::new().await;
    let (user, session) = app.first_person().await;
    let system = app.home.platform.system();
    // Without a place there is nothing to prove yet.
    let log = audit::list(&user, &AuditFilter::default()).await.unwrap();
    let early = format!("/audit/{}/proof", log.rows[0].id);
    let reply = app
        .get(&early)
        .session(&session)
        .header("accept", "application/json")
        .send()
        .await;
    assert_eq!(reply.status, 409, "{reply:?}");
    assert!(reply.text().contains("waits for its place"), "{reply:?}");
    // An event of the installation is no organisation's.
    system
        .record(audit::Event::new(audit::Action::MasterKeyRotated))
        .await
        .unwrap();
    Sequencer::new(&system).step(&system).await.unwrap();
    for id in ["evt_nonsense", "x"] {
        let reply = app
            .get(&format!("/audit/{id}/proof"))
            .session(&session)
            .send()
            .await;
        assert_eq!(reply.status, 404, "{reply:?}");
    }
    let reply = app.get(&early).send().await;
    assert_ne!(reply.status, 200, "nobody");
}
