//! Streams: at least once, in order, nothing passed over.

mod ocsf;

use std::sync::{Arc, Mutex};

use platform::{
    Ctx, Error,
    streams::{self, Carrier, Parcel, StreamError, Target},
};
use testkit::{Cluster, Installation, who};
use types::{
    Environment, Permission, Role, StreamId,
    retention::{LogScope, RetentionKind},
    streams::{StreamDraft, StreamState},
};

use crate::retention::{codes, run, sequence};

const ORGANISATION: LogScope = LogScope::Organisation;

/// Takes what it is given, or refuses it.
#[derive(Default)]
pub(crate) struct Siem {
    taken: Mutex<Vec<(Target, Parcel)>>,
    refusal: Mutex<Option<StreamError>>,
}

impl Siem {
    fn refuse(&self, refusal: Option<StreamError>) {
        *self.refusal.lock().unwrap() = refusal;
    }

    /// What arrived.
    pub(crate) fn lines(&self) -> Vec<platform::streams::Line> {
        let taken = self.taken.lock().unwrap();
        taken
            .iter()
            .flat_map(|(_, parcel)| parcel.lines.clone())
            .collect()
    }

    /// The places that arrived, in the order in which they did.
    fn places(&self) -> Vec<i64> {
        let taken = self.taken.lock().unwrap();
        let lines = taken.iter().flat_map(|(_, parcel)| &parcel.lines);
        lines.filter_map(|line| line.leaf).collect()
    }
}

#[async_trait::async_trait]
impl Carrier for Siem {
    async fn carry(&self, target: &Target, parcel: &Parcel) -> Result<(), StreamError> {
        if let Some(refusal) = self.refusal.lock().unwrap().clone() {
            return Err(refusal);
        }
        self.taken.lock().unwrap().push((target.clone(), parcel.clone()));
        Ok(())
    }
}

#[expect(clippy::unnecessary_wraps, reason = "what the double is told to answer next")]
fn down() -> Option<StreamError> {
    Some(StreamError::Unreachable("nobody takes connections there".into()))
}

fn draft() -> StreamDraft {
    StreamDraft {
        name: "SIEM".into(),
        kind: "webhook".into(),
        format: "json".into(),
        url: "https://siem.example.com/in?token=abc".into(),
        from_start: true,
        ..StreamDraft::default()
    }
}

fn siem(home: &Installation) -> Arc<Siem> {
    let siem = Arc::new(Siem::default());
    home.platform.stream_with(siem.clone());
    siem
}

/// Sends what there is, as the worker does; how many batches there were.
pub(crate) async fn send(ctx: &Ctx) -> usize {
    let mut batches = 0;
    loop {
        let claimed = streams::claim(ctx).await.unwrap();
        if claimed.is_empty() {
            return batches;
        }
        for delivery in claimed {
            batches += 1;
            streams::deliver(ctx, delivery).await.unwrap();
        }
    }
}

async fn events(home: &Installation, user: &Ctx, number: usize) {
    for index in 0..number {
        home.clock.advance(1);
        let name = format!("Clé {index}");
        platform::api_keys::create(user, Environment::Test, &types::keys::KeyTerms::usual(&name))
            .await
            .unwrap();
    }
    sequence(home).await;
}

async fn places(home: &Installation, organisation: &str) -> Vec<i64> {
    let mut read = home.db.read().await.unwrap();
    let all = "SELECT leaf_index FROM audit_events
        WHERE organisation_id = $1 AND leaf_index IS NOT NULL ORDER BY leaf_index";
    db::on!(read, |c| sqlx::query_scalar(all)
        .bind(organisation)
        .fetch_all(c)
        .await)
    .unwrap()
}

async fn row(user: &Ctx, id: StreamId) -> types::streams::StreamRow {
    let page = streams::stream(user, ORGANISATION, id).await.unwrap();
    page.rows.into_iter().next().unwrap()
}

async fn every_event_arrives_in_order_across_failures(home: Installation) {
    let siem = siem(&home);
    let (user, _) = home.first_person().await;
    let organisation = who(&user).1.to_string();
    let system = home.platform.system();
    events(&home, &user, 30).await;
    let made = streams::create(&user, ORGANISATION, &draft()).await.unwrap();
    assert!(made.secret.unwrap().starts_with("whsec_"));
    let id = made.id;
    assert!(send(&system).await > 0);
    assert_eq!(siem.places(), places(&home, &organisation).await);
    assert_eq!(send(&system).await, 0, "nothing twice");
    // The other side is away for a while.
    siem.refuse(down());
    events(&home, &user, 3).await;
    assert_eq!(send(&system).await, 1);
    assert_eq!(send(&system).await, 0, "not at once again");
    let seen = row(&user, id).await;
    assert_eq!((seen.state, seen.lag), (StreamState::Failing, 4));
    assert!(seen.problem.unwrap().contains("nobody takes connections"));
    for _ in 0..5 {
        home.clock.advance(900);
        send(&system).await;
    }
    let failing = codes(&user, "stream.failing").await;
    assert_eq!(failing.len(), 1, "told once");
    let mails = home.mails().await;
    let heard = mails
        .iter()
        .filter(|mail| mail.subject.contains("does not get through"));
    assert_eq!(heard.count(), 1);
    siem.refuse(None);
    home.clock.advance(900);
    sequence(&home).await;
    send(&system).await;
    sequence(&home).await;
    home.clock.advance(1);
    send(&system).await;
    assert_eq!(siem.places(), places(&home, &organisation).await);
    assert_eq!(codes(&user, "stream.recovered").await.len(), 1);
    assert_eq!(row(&user, id).await.state, StreamState::Active);
}

#[tokio::test]
async fn streams_on_sqlite() {
    let home = Installation::in_memory().await;
    Box::pin(every_event_arrives_in_order_across_failures(home)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_on_postgresql_and_by_one_server_at_a_time() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let home = Installation::at(&cluster.database().await.unwrap()).await;
    let db = home.db.clone();
    Box::pin(every_event_arrives_in_order_across_failures(home)).await;
    db.close().await;
    let url = cluster.database().await.unwrap();
    let home = Installation::at(&url).await;
    let other = home.another_server(&url).await;
    let siem = siem(&home);
    other.platform.stream_with(siem.clone());
    let (user, _) = home.first_person().await;
    events(&home, &user, 5).await;
    streams::create(&user, ORGANISATION, &draft()).await.unwrap();
    let (one, two) = (home.platform.system(), other.platform.system());
    let (a, b) = tokio::join!(streams::claim(&one), streams::claim(&two));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert_eq!(a.len() + b.len(), 1, "one of them has it");
    // It dies with the batch in hand: after a while the other one sends.
    drop((a, b));
    assert!(streams::claim(&two).await.unwrap().is_empty());
    home.clock.advance(61);
    assert!(send(&two).await > 0);
    assert_eq!(siem.places(), places(&home, &who(&user).1.to_string()).await);
    other.db.close().await;
    home.db.close().await;
}

#[tokio::test]
async fn what_was_sent_and_not_noted_is_sent_again() {
    let home = Installation::in_memory().await;
    let siem = siem(&home);
    let (user, _) = home.first_person().await;
    let system = home.platform.system();
    events(&home, &user, 2).await;
    let id = streams::create(&user, ORGANISATION, &draft()).await.unwrap().id;
    let mut claimed = streams::claim(&system).await.unwrap();
    // Between reading and noting, somebody sets it back.
    let delivery = claimed.remove(0);
    streams::replay(&user, ORGANISATION, id, 1).await.unwrap();
    streams::deliver(&system, delivery).await.unwrap();
    assert_eq!(
        row(&user, id).await.next_leaf,
        1,
        "the note of the old claim counts no more"
    );
    send(&system).await;
    let arrived = siem.places();
    let all = places(&home, &who(&user).1.to_string()).await;
    assert!(
        all.iter().all(|place| arrived.contains(place)),
        "{arrived:?} of {all:?}"
    );
    assert!(arrived.len() > all.len(), "some twice");
    assert!(matches!(
        streams::replay(&user, ORGANISATION, id, 10_000).await,
        Err(Error::Invalid { .. })
    ));
}

#[tokio::test]
async fn personal_fields_go_along_only_if_that_was_chosen_and_lines_are_ascii() {
    let home = Installation::in_memory().await;
    let siem = siem(&home);
    let (user, _) = home.first_person().await;
    let system = home.platform.system();
    events(&home, &user, 1).await;
    streams::create(&user, ORGANISATION, &draft()).await.unwrap();
    send(&system).await;
    let mut with = draft();
    with.with_personal = true;
    let text = |parcel: &Parcel| parcel.json_lines();
    let without = text(&siem.taken.lock().unwrap()[0].1);
    siem.taken.lock().unwrap().clear();
    streams::create(&user, ORGANISATION, &with).await.unwrap();
    send(&system).await;
    let opened = text(&siem.taken.lock().unwrap()[0].1);
    assert!(!without.contains("192.0.2.7") && opened.contains("192.0.2.7"));
    assert!(opened.is_ascii() && opened.contains("Cl\\u00e9 0"), "{opened}");
    for line in opened.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let canonical = serde_json_canonicalizer::to_string(&line["event"]).unwrap();
        let found = crate::retention::count(
            &home,
            "SELECT leaf_index FROM audit_events WHERE canonical = $1",
            &canonical,
        );
        assert_eq!(
            found.await,
            line["leafIndex"].as_i64().unwrap(),
            "the bytes that were hashed"
        );
    }
}

#[tokio::test]
async fn a_stream_is_paused_resumed_tested_and_deleted() {
    let home = Installation::in_memory().await;
    let siem = siem(&home);
    let (user, _) = home.first_person().await;
    let system = home.platform.system();
    let id = streams::create(&user, ORGANISATION, &draft()).await.unwrap().id;
    streams::pause(&user, ORGANISATION, id).await.unwrap();
    events(&home, &user, 2).await;
    assert_eq!(send(&system).await, 0);
    assert_eq!(row(&user, id).await.state, StreamState::Paused);
    assert_eq!(streams::test(&user, ORGANISATION, id).await.unwrap(), None);
    assert!(
        siem.taken.lock().unwrap()[0]
            .1
            .json_lines()
            .contains("\"test\":true")
    );
    siem.refuse(down());
    assert_eq!(streams::test(&user, ORGANISATION, id).await.unwrap(), down());
    siem.refuse(None);
    streams::resume(&user, ORGANISATION, id).await.unwrap();
    send(&system).await;
    assert_eq!(siem.places(), places(&home, &who(&user).1.to_string()).await);
    let before = siem.taken.lock().unwrap()[1].0.secrets.clone();
    let made = streams::new_secret(&user, ORGANISATION, id).await.unwrap();
    assert_ne!(made.secret.as_ref(), Some(&before.signing));
    streams::delete(&user, ORGANISATION, id).await.unwrap();
    assert!(streams::page(&user, ORGANISATION).await.unwrap().rows.is_empty());
    assert_eq!(codes(&user, "stream.").await.len(), 7);
}

#[tokio::test]
async fn what_a_stream_has_yet_to_take_is_not_retired() {
    let home = Installation::in_memory().await;
    let siem = siem(&home);
    siem.refuse(down());
    let (user, _) = home.first_person().await;
    let organisation = who(&user).1.to_string();
    events(&home, &user, 5).await;
    let first = places(&home, &organisation).await[0];
    let id = streams::create(&user, ORGANISATION, &draft()).await.unwrap().id;
    home.clock.advance(300 * 86_400);
    let days = [(RetentionKind::AuditEvents, 180)];
    platform::retention::save(&user, ORGANISATION, &days)
        .await
        .unwrap();
    home.clock.advance(8 * 86_400);
    run(&home).await;
    let page = platform::retention::page(&user, ORGANISATION).await.unwrap();
    assert_eq!(page.waiting_for, ["SIEM"]);
    assert!(places(&home, &organisation).await.contains(&first));
    streams::pause(&user, ORGANISATION, id).await.unwrap();
    home.clock.advance(2 * 86_400);
    run(&home).await;
    assert!(!places(&home, &organisation).await.contains(&first));
}

#[tokio::test]
async fn addresses_that_cannot_be_are_refused_and_tenants_are_apart() {
    let home = Installation::in_memory().await;
    siem(&home);
    let (user, _) = home.first_person().await;
    for bad in [
        "http://siem.example.com/",
        "ftp://siem.example.com/",
        "https://user:x@siem.example.com/",
        "https://siem.example.com/#x",
        "siem.example.com",
        "http://10.0.0.1/",
    ] {
        let mut draft = draft();
        draft.url = bad.into();
        let refused = streams::create(&user, ORGANISATION, &draft).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{bad}");
    }
    let id = streams::create(&user, ORGANISATION, &draft()).await.unwrap().id;
    assert_eq!(row(&user, id).await.target, "https://siem.example.com/in?…");
    let other = platform::access::create_organisation(&user, "Other", "UTC")
        .await
        .unwrap();
    let owner = home.joined(other, "Olga Owner", Role::Owner, None).await;
    let refused = streams::pause(&owner.ctx, ORGANISATION, id).await;
    assert!(matches!(refused, Err(Error::NotFound(_))));
    let refused = streams::page(&owner.ctx, LogScope::Installation).await;
    assert!(matches!(
        refused,
        Err(Error::Forbidden(Permission::AuditManageAll))
    ));
    let auditor = home.joined(other, "Aud Itor", Role::Auditor, None).await;
    let refused = streams::create(&auditor.ctx, ORGANISATION, &draft()).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::AuditManage))));
}
