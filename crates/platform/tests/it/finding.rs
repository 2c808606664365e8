//! Finding events: what the indexes give is what a filter means, on both databases.

mod exports;
mod pages;

use platform::{
    Actor, Ctx,
    audit::{self, Action, Event},
    ledger::{Sequencer, Step},
};
use testkit::Installation;
use types::{
    Environment, Role,
    console::{AuditFilter, AuditRow},
};

/// A life with refusals, keys, verifications and two people.
async fn lived(home: &Installation) -> (Ctx, Ctx) {
    let (ada, _) = home.first_person().await;
    let (key, _) = home.api_key(&ada, Environment::Test).await;
    let (ben, _) = home.colleague(&ada, Role::Auditor, "ben@example.com", 8).await;
    for _ in 0..3 {
        home.clock.advance(60);
        let refused = ben.require(types::Permission::KeysManage).await;
        assert!(refused.is_err());
        let event = Event::new(Action::SignInFailed)
            .denied()
            .detail("reason", "the signature did not hold");
        ada.record(event).await.unwrap();
        ada.record(Event::new(Action::SignedIn).target("usr_x").target("psk_second"))
            .await
            .unwrap();
    }
    drop(key);
    (ada, ben)
}

async fn every(ctx: &Ctx, filter: &AuditFilter) -> Vec<AuditRow> {
    let mut filter = filter.clone();
    let mut all = Vec::new();
    loop {
        let page = audit::list(ctx, &filter).await.unwrap();
        all.extend(page.rows);
        match page.next {
            Some(next) => filter.after = Some(next),
            None => return all,
        }
    }
}

#[expect(clippy::too_many_lines, reason = "a list: one filter of each kind")]
fn filters(all: &[AuditRow], ada: &str, ben: &str) -> Vec<AuditFilter> {
    let some = |text: &str| Some(text.to_owned());
    let newest = &all[0];
    let d = AuditFilter::default;
    let request = all.iter().find_map(|row| row.request_id.clone());
    vec![
        d(),
        AuditFilter {
            action: some("session"),
            ..d()
        },
        AuditFilter {
            action: some("session.signed_in"),
            ..d()
        },
        AuditFilter {
            action: some("nothing.like_it"),
            ..d()
        },
        AuditFilter {
            actor: some(ben),
            ..d()
        },
        AuditFilter {
            actor: some("ben@example.com"),
            ..d()
        },
        AuditFilter {
            actor: some("nobody@example.com"),
            ..d()
        },
        AuditFilter {
            actor: some(ben),
            action: some("permission.denied"),
            ..d()
        },
        AuditFilter {
            actor: some(ada),
            action: some("permission"),
            ..d()
        },
        AuditFilter {
            actor: some(ben),
            result: some("denied"),
            ..d()
        },
        AuditFilter {
            action: some("session"),
            result: some("denied"),
            ..d()
        },
        AuditFilter {
            actor: some(ada),
            action: some("session"),
            result: some("denied"),
            ..d()
        },
        AuditFilter {
            result: some("denied"),
            ..d()
        },
        AuditFilter {
            result: some("success"),
            kind: some("user"),
            ..d()
        },
        AuditFilter {
            result: some("failed"),
            ..d()
        },
        AuditFilter {
            kind: some("anonymous"),
            ..d()
        },
        AuditFilter {
            actor: some("system"),
            ..d()
        },
        AuditFilter {
            target: some("psk_second"),
            ..d()
        },
        AuditFilter {
            target: some("usr_x"),
            ..d()
        },
        AuditFilter {
            reason: some("Signature"),
            ..d()
        },
        AuditFilter {
            authentication: some("passkey"),
            ..d()
        },
        AuditFilter {
            authentication: some("api_key"),
            ..d()
        },
        AuditFilter {
            q: some("signature hold"),
            ..d()
        },
        AuditFilter {
            q: some("permission keys"),
            ..d()
        },
        AuditFilter {
            q: some("passkey"),
            result: some("success"),
            ..d()
        },
        AuditFilter {
            q: some("zebra"),
            ..d()
        },
        AuditFilter { q: some(ben), ..d() },
        AuditFilter {
            q: Some(newest.id.to_string()),
            ..d()
        },
        AuditFilter { request, ..d() },
        AuditFilter {
            region: some("eu"),
            ..d()
        },
    ]
}

fn ids(rows: &[AuditRow]) -> Vec<String> {
    rows.iter().map(|row| row.id.to_string()).collect()
}

async fn hold(home: &Installation) {
    let (ada, ben) = lived(home).await;
    let id = |ctx: &Ctx| match ctx.actor() {
        Actor::User { id, .. } => id.to_string(),
        _ => String::new(),
    };
    let (ada_id, ben_id) = (id(&ada), id(&ben));
    let all = every(&ada, &AuditFilter::default()).await;
    assert!(all.len() > 12);
    let filters = filters(&all, &ada_id, &ben_id);
    // Without terms every event is looked at itself: that is what the filter means.
    let mut meant = Vec::new();
    for filter in &filters {
        meant.push(ids(&every(&ada, filter).await));
    }
    let some = meant.iter().filter(|ids| !ids.is_empty()).count();
    assert!(some >= 20, "{some} filters find something");
    sequence(home).await;
    for (filter, meant) in filters.iter().zip(&meant) {
        assert_eq!(ids(&every(&ada, filter).await), *meant, "{filter:?}");
    }
    // What comes after the index is found too, before what the index gives.
    let late = Event::new(Action::SignInFailed)
        .denied()
        .detail("reason", "the signature did not hold");
    ada.record(late).await.unwrap();
    let filter = AuditFilter {
        reason: Some("signature".into()),
        ..AuditFilter::default()
    };
    let found = every(&ada, &filter).await;
    assert_eq!(found.len(), 4);
    assert!(found.is_sorted_by(|newer, older| newer.id > older.id));
}

#[tokio::test]
async fn what_the_indexes_give_is_what_the_filter_means() {
    hold(&Installation::in_memory().await).await;
}

#[tokio::test]
async fn what_the_indexes_give_is_what_the_filter_means_on_postgresql() {
    let Some(cluster) = testkit::Cluster::start_or_skip() else {
        return;
    };
    hold(&Installation::at(&cluster.database().await.unwrap()).await).await;
}

#[tokio::test]
async fn another_organisation_is_not_found_through_shared_terms() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    ada.record(Event::new(Action::SignedIn).target("usr_1").target("psk_shared"))
        .await
        .unwrap();
    let other = platform::access::create_organisation(&ada, "Other", "UTC")
        .await
        .unwrap();
    let event = Event::new(Action::SignedIn)
        .in_organisation(other)
        .target("usr_1")
        .target("psk_shared");
    ada.record(event).await.unwrap();
    sequence(&home).await;
    for filter in [
        AuditFilter {
            target: Some("psk_shared".into()),
            ..AuditFilter::default()
        },
        AuditFilter {
            q: Some("psk_00000000000000000000000shared".into()),
            ..AuditFilter::default()
        },
    ] {
        let rows = every(&ada, &filter).await;
        assert!(
            rows.iter()
                .all(|row| row.organisation.is_some_and(|id| id != other)),
            "{filter:?}"
        );
        assert!(rows.len() <= 1);
    }
}

#[tokio::test]
async fn a_saved_search_is_its_owners_and_holds_no_personal_data() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    let (ben, _) = home.colleague(&ada, Role::Auditor, "ben@example.com", 8).await;
    let filter = AuditFilter {
        q: Some("passkey & co".into()),
        result: Some("denied".into()),
        ..AuditFilter::default()
    };
    audit::save_search(&ada, false, " Refusals ", &filter)
        .await
        .unwrap();
    let saved = audit::searches(&ada, false).await.unwrap();
    assert_eq!(
        (saved[0].name.as_str(), saved[0].query.as_str()),
        ("Refusals", "q=passkey+%26+co&result=denied")
    );
    assert!(audit::searches(&ben, false).await.unwrap().is_empty());
    assert!(audit::searches(&ada, true).await.unwrap().is_empty());
    assert!(audit::remove_search(&ben, false, saved[0].id).await.is_err());
    for personal in ["address", "agent", "actor"] {
        let mut filter = AuditFilter::default();
        *filter.part(personal).unwrap() = Some("ben@example.com".into());
        assert!(
            audit::save_search(&ada, false, "Ben", &filter).await.is_err(),
            "{personal}"
        );
    }
    audit::remove_search(&ada, false, saved[0].id).await.unwrap();
    assert!(audit::searches(&ada, false).await.unwrap().is_empty());
}

#[tokio::test]
async fn that_staff_read_a_log_stands_in_that_log() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    let tenant = ada.tenant().unwrap();
    let mut filter = AuditFilter {
        organisation: Some(tenant.to_string()),
        address: Some("203.0.113.9".into()),
        ..AuditFilter::default()
    };
    audit::list_all(&ada, &filter).await.unwrap();
    let newest = audit::list(&ada, &AuditFilter::default())
        .await
        .unwrap()
        .rows
        .remove(0);
    assert_eq!(
        (newest.action.as_str(), newest.kind.as_str()),
        ("audit.read", "staff")
    );
    assert!(
        newest.sentence.contains("address given") && !newest.sentence.contains("203.0.113.9"),
        "{}",
        newest.sentence
    );
    // Of everybody and of the installation it stands in the installation's.
    filter = AuditFilter::default();
    audit::list_all(&ada, &filter).await.unwrap();
    let unchanged = audit::list(&ada, &AuditFilter::default())
        .await
        .unwrap()
        .rows
        .remove(0);
    assert_eq!(unchanged.id, newest.id);
    filter.organisation = Some("installation".into());
    let own = audit::list_all(&ada, &filter).await.unwrap();
    assert_eq!(own.rows[0].action, "audit.read");
    filter = AuditFilter {
        q: Some("signature".into()),
        ..AuditFilter::default()
    };
    assert!(
        audit::list_all(&ada, &filter).await.is_err(),
        "words need an organisation"
    );
    let page = audit::page_of_any(&ada, newest.id).await.unwrap();
    assert_eq!(page.organisation.as_deref(), Some("Analytical Engines"));
}

/// Gives every event its place in the ledger, and its terms.
async fn sequence(home: &Installation) {
    place(home).await;
    while audit::index(&home.platform.system()).await.unwrap() {}
}

/// Gives every event its place in the ledger alone: the index is behind.
async fn place(home: &Installation) {
    let system = home.platform.system();
    let mut sequencer = Sequencer::new(&system);
    while matches!(sequencer.step(&system).await.unwrap(), Step::Grown { .. }) {}
    sequencer.end(&system).await.unwrap();
}
