//! The same SQL on PostgreSQL: the story once through every store.

use platform::{
    access, api_keys, audit, demo, identity, jobs, sessions,
    verification::{self, Evidence, StartRequest},
};
use testkit::{Cluster, Fault, Installation, adult_passport, wrong_digit_passport};
use types::{
    Environment, VerificationStatus as Status,
    console::{AuditFilter, VerificationFilter},
};

#[tokio::test]
async fn the_story_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let home = Installation::at(&cluster.database().await.unwrap()).await;
    let (user, mut passkey) = home.first_person().await;
    let anonymous = home.anonymous();

    let ceremony = identity::sign_in_begin(&anonymous).await.unwrap();
    let answer = passkey.sign_in(&ceremony.options, Fault::None);
    let session = identity::sign_in_finish(&anonymous, &ceremony.ceremony, answer)
        .await
        .unwrap();
    home.clock.advance(61);
    let second = home.signed_in(&session.secret).await;
    let other = access::create_organisation(&second, "Second", "Asia/Tokyo")
        .await
        .unwrap();
    access::switch_organisation(&second, other).await.unwrap();
    assert_eq!(access::viewer(&second).await.unwrap().organisations.len(), 2);
    identity::sign_out(&second).await.unwrap();
    assert_eq!(
        sessions::authenticate(&anonymous, &session.secret).await.unwrap(),
        None
    );

    let (text, key) = home.api_key(&user, Environment::Test).await;
    let request = StartRequest {
        ip: Some("192.0.2.4".into()),
        ..StartRequest::default()
    };
    let first = verification::start(&key, request.clone()).await.unwrap();
    let secret = first.session_url.rsplit('/').next().unwrap();
    let person = verification::open_link(&anonymous, secret).await.unwrap().ctx;
    verification::consent(&person).await.unwrap();
    verification::submit(&person, &Evidence::new(wrong_digit_passport()))
        .await
        .unwrap();
    verification::submit(&person, &Evidence::new(adult_passport()))
        .await
        .unwrap();
    let done = verification::complete(&key, first.id, None).await.unwrap();
    assert_eq!(done.status, Status::Approved);
    let token = done.token.unwrap();
    assert!(verification::validate(&key, &token).await.unwrap().is_some());

    let late = verification::start(&key, request).await.unwrap();
    home.clock.advance(86_400);
    let system = home.platform.system();
    let (one, two) = tokio::join!(jobs::run_due(&system), jobs::run_due(&system));
    assert_eq!(
        one.unwrap() + two.unwrap(),
        3,
        "the sweep and two ends, each once"
    );
    let standing = verification::status(&key, late.id).await.unwrap();
    assert_eq!(standing.status, Status::Rejected);
    assert!(jobs::next_due(&system).await.unwrap().is_some());
    assert_eq!(jobs::page(&user).await.unwrap().running, 0);

    let filter = VerificationFilter {
        status: Some(Status::Approved),
        ..Default::default()
    };
    assert_eq!(verification::list(&user, &filter).await.unwrap().rows.len(), 1);
    assert_eq!(
        verification::detail(&user, first.id)
            .await
            .unwrap()
            .timeline
            .len(),
        4
    );
    let days = verification::overview(&user).await.unwrap().days;
    assert_eq!(days.iter().map(|day| day.approved + day.rejected).sum::<u64>(), 2);
    let filter = AuditFilter {
        action: Some("verification".into()),
        ..Default::default()
    };
    assert_eq!(audit::list(&user, &filter).await.unwrap().rows.len(), 6);

    let row = api_keys::list(&user).await.unwrap().remove(0);
    api_keys::revoke(&user, row.id).await.unwrap();
    assert!(api_keys::authenticate(&anonymous, &text).await.is_err());
    let change = access::SettingsChange {
        name: "Renamed".into(),
        time_zone: "UTC".into(),
        accept_self_asserted_live: true,
    };
    access::update_settings(&user, change).await.unwrap();
    assert!(access::settings(&user).await.unwrap().accept_self_asserted_live);
}

#[tokio::test]
async fn figures_and_lists_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let home = Installation::at(&cluster.database().await.unwrap()).await;
    let (user, _) = home.first_person().await;
    crate::lists::every_filter_narrows(&home, &user).await;
    let home = Installation::at(&cluster.database().await.unwrap()).await;
    let (user, _) = home.first_person().await;
    crate::figures::folding_changes_nothing_that_one_sees(&home, &user).await;
}

#[tokio::test]
async fn the_demo_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let home = Installation::at(&cluster.database().await.unwrap()).await;
    let plan = demo::Plan {
        verifications: 600,
        ..demo::Plan::default()
    };
    let (report, owner) = home.demo(&plan).await;
    assert_eq!(report.verifications, 600);
    let filter = VerificationFilter::default();
    assert_eq!(verification::list(&owner, &filter).await.unwrap().rows.len(), 50);
    let on_sqlite = Installation::in_memory().await;
    let (same, other) = on_sqlite.demo(&plan).await;
    assert_eq!(report, same);
    assert_eq!(
        verification::overview(&owner).await.unwrap(),
        verification::overview(&other).await.unwrap(),
        "the same life on both"
    );
}
