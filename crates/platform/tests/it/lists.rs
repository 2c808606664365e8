//! Lists and files of verifications, and what the database does for them.

use platform::{
    Actor, Ctx, Error, audit,
    verification::{self, ExportRow, StartRequest, export, list},
};
use testkit::Installation;
use types::{
    Environment, Role, VerificationStatus as Status,
    console::{AuditFilter, VerificationFilter},
};

async fn start(key: &Ctx, reference: &str) {
    let request = StartRequest {
        reference: (!reference.is_empty()).then(|| reference.to_owned()),
        ..StartRequest::default()
    };
    verification::start(key, request).await.unwrap();
}

fn fields(error: Option<Error>) -> Vec<String> {
    let Some(Error::Invalid { fields }) = error else {
        panic!("{error:?}")
    };
    fields.into_iter().map(|(name, _)| name).collect()
}

async fn exported(ctx: &Ctx, filter: &VerificationFilter) -> Vec<ExportRow> {
    let mut export = export(ctx, filter).await.unwrap();
    let mut rows = Vec::new();
    while let Some(some) = export.next().await.unwrap() {
        assert!(some.len() <= 1000);
        rows.extend(some);
    }
    rows
}

/// Each filter narrows, together too; days are the organisation's own.
pub(crate) async fn every_filter_narrows(home: &Installation, user: &Ctx) {
    let (_, one) = home.api_key(user, Environment::Test).await;
    let (_, two) = home.api_key(user, Environment::Live).await;
    start(&one, "order 1").await;
    start(&one, "order 2").await;
    start(&two, "order 1").await;
    // It is noon in UTC; in London, half a day on, the next day has begun.
    home.clock.advance(12 * 3600 + 60);
    start(&two, "").await;
    let Actor::ApiKey { id: key, .. } = two.actor() else {
        panic!("a key")
    };
    let found = async |filter: VerificationFilter| {
        let listed = list(user, &filter).await.unwrap().rows;
        let file: Vec<_> = exported(user, &filter).await;
        assert!(file.iter().map(|row| &row.row).eq(&listed), "the same in a file");
        listed.len()
    };
    let none = VerificationFilter::default;
    let reference = || Some("order 1".to_owned());
    assert_eq!(found(none()).await, 4);
    assert_eq!(
        found(VerificationFilter {
            status: Some(Status::Started),
            ..none()
        })
        .await,
        4
    );
    assert_eq!(
        found(VerificationFilter {
            status: Some(Status::Denied),
            ..none()
        })
        .await,
        0
    );
    let live = Some(Environment::Live);
    assert_eq!(
        found(VerificationFilter {
            environment: live,
            ..none()
        })
        .await,
        2
    );
    assert_eq!(
        found(VerificationFilter {
            key: Some(*key),
            ..none()
        })
        .await,
        2
    );
    assert_eq!(
        found(VerificationFilter {
            reference: reference(),
            ..none()
        })
        .await,
        2
    );
    let both = VerificationFilter {
        reference: reference(),
        environment: live,
        key: Some(*key),
        ..none()
    };
    assert_eq!(found(both).await, 1);
    let empty = VerificationFilter {
        reference: Some(" ".into()),
        from: Some(String::new()),
        ..none()
    };
    assert_eq!(found(empty).await, 4, "an empty field asks for nothing");
    every_day_is_the_organisation_s(user).await;
}

async fn every_day_is_the_organisation_s(user: &Ctx) {
    let found = async |filter: VerificationFilter| list(user, &filter).await.unwrap().rows.len();
    let none = VerificationFilter::default;
    let day = |day: &str| Some(day.to_owned());
    assert_eq!(
        found(VerificationFilter {
            to: day("2026-11-23"),
            ..none()
        })
        .await,
        3
    );
    assert_eq!(
        found(VerificationFilter {
            from: day("2026-11-24"),
            ..none()
        })
        .await,
        1
    );
    let on = VerificationFilter {
        from: day("2026-11-23"),
        to: day("2026-11-23"),
        ..none()
    };
    assert_eq!(found(on).await, 3);
    let wrong = VerificationFilter {
        from: day("2026-11-24"),
        to: day("2026-11-23"),
        ..none()
    };
    assert_eq!(fields(list(user, &wrong).await.err()), ["from"]);
    let wrong = VerificationFilter {
        from: day("soon"),
        to: day("2026-02-30"),
        after: day("x"),
        ..none()
    };
    assert_eq!(fields(list(user, &wrong).await.err()), ["from", "to", "after"]);
    assert_eq!(fields(export(user, &wrong).await.err()), ["from", "to", "after"]);
}

#[tokio::test]
async fn filters() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    every_filter_narrows(&home, &user).await;
}

#[tokio::test]
async fn pages_follow_each_other_within_a_filter() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    for index in 0..70 {
        home.clock.advance(1);
        start(&key, if index % 7 == 0 { "seven" } else { "" }).await;
    }
    let filter = VerificationFilter {
        status: Some(Status::Started),
        ..VerificationFilter::default()
    };
    let first = list(&user, &filter).await.unwrap();
    let rest = VerificationFilter {
        after: first.next.clone(),
        ..filter
    };
    let rest = list(&user, &rest).await.unwrap();
    assert_eq!((first.rows.len(), rest.rows.len(), rest.next), (50, 20, None));
    assert!(first.rows.last().unwrap().id > rest.rows[0].id);
    let days = VerificationFilter {
        after: first.next,
        to: Some("2026-11-23".into()),
        reference: Some("seven".into()),
        ..VerificationFilter::default()
    };
    assert_eq!(list(&user, &days).await.unwrap().rows.len(), 3);
}

#[tokio::test]
async fn a_file_is_written_in_steps_and_told_in_the_log() {
    let home = Installation::in_memory().await;
    let plan = platform::demo::Plan {
        verifications: 4000,
        audit: platform::demo::Audit::None,
        ..Default::default()
    };
    let (report, owner) = home.demo(&plan).await;
    let filter = VerificationFilter {
        environment: Some(Environment::Live),
        ..VerificationFilter::default()
    };
    let mut whole = export(&owner, &filter).await.unwrap();
    let log = async || audit::list(&owner, &AuditFilter::default()).await.unwrap().rows;
    let begun = log().await;
    assert_eq!(begun[0].action, "verification.exported");
    assert_eq!(begun[0].details[0], ("filter".into(), "environment live".into()));
    let mut steps = Vec::new();
    let mut last = None;
    while let Some(rows) = whole.next().await.unwrap() {
        steps.push(rows.len());
        for row in rows {
            assert!(
                last.is_none_or(|last| row.row.id < last),
                "newest first, none twice"
            );
            last = Some(row.row.id);
        }
    }
    let total: usize = steps.iter().sum();
    assert!(steps.len() == 3 && steps[0] == 1000, "{steps:?}");
    assert!(total < usize::try_from(report.organisations[0].1).unwrap());
    assert_eq!(log().await[0].details[0], ("rows".into(), total.to_string()));
    assert_eq!(whole.next().await.unwrap(), None);
}

#[tokio::test]
async fn a_file_is_for_those_who_see_verifications_of_that_organisation() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    start(&key, "mine").await;
    let mut actor = user.actor().clone();
    if let Actor::User { role, .. } = &mut actor {
        *role = Role::Billing;
    }
    let all = VerificationFilter::default();
    let refused = export(&user.acting_as(actor), &all).await.err();
    assert!(matches!(refused, Some(Error::Forbidden(_))));
    let other = platform::access::create_organisation(&user, "Other", "UTC")
        .await
        .unwrap();
    let mut actor = user.actor().clone();
    if let Actor::User { organisation, .. } = &mut actor {
        *organisation = other;
    }
    assert!(exported(&user.acting_as(actor), &all).await.is_empty());
    assert_eq!(exported(&user, &all).await.len(), 1);
}
