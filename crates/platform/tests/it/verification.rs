//! A verification from start to token.

use platform::{
    Ctx, Error,
    verification::{
        self, Completed, Evidence, PersonView, StartRequest, Started, Submission, complete, validate,
    },
};
use testkit::{Installation, adult_passport, born_on, expired_passport, passport, wrong_digit_passport};
use types::{Environment, VerificationStatus as Status, console::AuditFilter};

async fn started(ctx: &Ctx) -> Started {
    verification::start(ctx, StartRequest::default()).await.unwrap()
}

async fn person(home: &Installation, started: &Started) -> Ctx {
    let secret = started.session_url.rsplit('/').next().unwrap();
    verification::open_link(&home.anonymous(), secret)
        .await
        .unwrap()
        .ctx
}

async fn decided(ctx: &Ctx, request: StartRequest, lines: Vec<String>) -> Completed {
    let id = verification::start(ctx, request).await.unwrap().id;
    complete(ctx, id, Some(Evidence::new(lines))).await.unwrap()
}

fn minimum_age(age: i64) -> StartRequest {
    StartRequest {
        minimum_age: Some(age),
        ..StartRequest::default()
    }
}

#[tokio::test]
async fn a_person_is_verified_on_the_page() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let start = started(&key).await;
    let person = person(&home, &start).await;
    assert!(matches!(
        verification::view(&person).await.unwrap(),
        PersonView::Consent { .. }
    ));
    let early = verification::submit(&person, &Evidence::new(adult_passport())).await;
    assert!(matches!(early, Err(Error::Conflict(_))), "consent comes first");
    verification::consent(&person).await.unwrap();
    let wait = complete(&key, start.id, None).await;
    assert!(
        matches!(wait, Err(Error::Conflict(_))),
        "the person is still at it"
    );
    let done = verification::submit(&person, &Evidence::new(adult_passport()))
        .await
        .unwrap();
    assert!(matches!(done, Submission::Over));
    let standing = verification::status(&key, start.id).await.unwrap();
    assert_eq!(
        (standing.status, standing.confidence),
        (Status::Approved, Some(0.3))
    );
    let one = complete(&key, start.id, None).await.unwrap().token.unwrap();
    home.clock.advance(60);
    let two = complete(&key, start.id, None).await.unwrap().token.unwrap();
    assert_eq!(one, two, "the same token, however often it is asked");
    let valid = validate(&key, &one).await.unwrap().unwrap();
    assert!(valid.over18 && valid.verification == start.id);
    home.clock.advance(86_400 - 61);
    assert!(validate(&key, &one).await.unwrap().is_some());
    home.clock.advance(1);
    assert!(validate(&key, &one).await.unwrap().is_none(), "expired");
}

#[tokio::test]
async fn a_business_can_decide_directly() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let none = StartRequest::default;
    assert_eq!(
        decided(&key, none(), adult_passport()).await.status,
        Status::Approved
    );
    assert_eq!(
        decided(&key, none(), expired_passport()).await.status,
        Status::Denied
    );
    // 2026-11-23 is today: 18 today, and 18 tomorrow.
    assert_eq!(
        decided(&key, minimum_age(18), born_on("081123")).await.status,
        Status::Approved
    );
    assert_eq!(
        decided(&key, minimum_age(18), born_on("081124")).await.status,
        Status::Denied
    );
    let child = decided(&key, none(), born_on("100101")).await;
    assert_eq!(child.status, Status::Approved, "no age was asked for");
    let valid = validate(&key, &child.token.unwrap()).await.unwrap().unwrap();
    assert!(!valid.over18, "and the token says what it is");
}

#[tokio::test]
async fn today_is_the_organisation_s() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let settings = platform::access::settings(&user).await.unwrap();
    let mut change = platform::access::SettingsChange {
        name: settings.name,
        time_zone: "Pacific/Kiritimati".into(),
        accept_self_asserted_live: false,
    };
    platform::access::update_settings(&user, change.clone())
        .await
        .unwrap();
    assert_eq!(
        decided(&key, minimum_age(18), born_on("081124")).await.status,
        Status::Approved
    );
    change.time_zone = "Pacific/Pago_Pago".into();
    platform::access::update_settings(&user, change).await.unwrap();
    assert_eq!(
        decided(&key, minimum_age(18), born_on("081124")).await.status,
        Status::Denied
    );
}

#[tokio::test]
async fn a_wrong_digit_leaves_five_tries() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let id = started(&key).await.id;
    for attempt in 1..=5 {
        let wrong = Evidence::new(wrong_digit_passport());
        let answer = complete(&key, id, Some(wrong)).await.unwrap();
        let expected = if attempt < 5 {
            Status::Resubmission
        } else {
            Status::Rejected
        };
        assert_eq!(answer.status, expected);
        assert!(answer.token.is_none());
        assert!(
            answer.problems.iter().any(|p| (p.line, p.position) == (2, 20)),
            "{:?}",
            answer.problems
        );
    }
    let late = complete(&key, id, Some(Evidence::new(adult_passport()))).await;
    assert!(matches!(late, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn lines_that_are_no_lines_cost_no_try() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let id = started(&key).await.id;
    let lower: Vec<String> = adult_passport().iter().map(|line| line.to_lowercase()).collect();
    for lines in [
        vec![],
        vec!["P<UTO".into()],
        lower,
        vec!["П".repeat(44), "1".repeat(44)],
    ] {
        let refused = complete(&key, id, Some(Evidence::new(lines))).await;
        let Err(Error::Invalid { fields }) = refused else {
            panic!("taken")
        };
        assert!(
            fields.iter().all(|(field, _)| field.starts_with("evidence.mrz")),
            "{fields:?}"
        );
    }
    let done = complete(&key, id, Some(Evidence::new(adult_passport())))
        .await
        .unwrap();
    assert_eq!(done.status, Status::Approved);
}

#[tokio::test]
async fn live_keys_refuse_typed_lines_until_the_policy_opts_in() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Live).await;
    let start = started(&key).await;
    let refused = complete(&key, start.id, Some(Evidence::new(adult_passport()))).await;
    assert!(matches!(refused, Err(Error::Invalid { .. })));
    let person = person(&home, &start).await;
    assert!(matches!(
        verification::view(&person).await.unwrap(),
        PersonView::NotAccepted { .. }
    ));
    let change = platform::access::SettingsChange {
        name: "Engines".into(),
        time_zone: "UTC".into(),
        accept_self_asserted_live: true,
    };
    platform::access::update_settings(&user, change).await.unwrap();
    let specimen = complete(&key, start.id, Some(Evidence::new(adult_passport()))).await;
    let Err(Error::Invalid { fields }) = specimen else {
        panic!("a specimen was taken")
    };
    assert!(fields[0].1.contains("specimen"));
    let issued = testkit::issued_passport("740812", "350415");
    let done = complete(&key, start.id, Some(Evidence::new(issued)))
        .await
        .unwrap();
    assert_eq!(done.status, Status::Approved);
}

#[tokio::test]
async fn two_at_once_are_one() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let id = started(&key).await.id;
    let submit = || complete(&key, id, Some(Evidence::new(adult_passport())));
    let (one, two) = tokio::join!(submit(), submit());
    let done = usize::from(one.is_ok()) + usize::from(two.is_ok());
    assert_eq!(done, 1);
    let refused = one.err().or(two.err());
    assert!(matches!(refused, Some(Error::Conflict(_))));
}

#[tokio::test]
async fn other_tenants_other_environments_and_made_up_links_find_nothing() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let (_, live) = home.api_key(&user, Environment::Live).await;
    let id = started(&key).await.id;
    assert!(matches!(
        verification::status(&live, id).await,
        Err(Error::NotFound(_))
    ));
    let token = complete(&key, id, Some(Evidence::new(adult_passport())))
        .await
        .unwrap()
        .token;
    let other = platform::access::create_organisation(&user, "Other", "UTC")
        .await
        .unwrap();
    let mut actor = key.actor().clone();
    if let platform::Actor::ApiKey { organisation, .. } = &mut actor {
        *organisation = other;
    }
    let stranger = key.acting_as(actor);
    assert!(matches!(
        verification::status(&stranger, id).await,
        Err(Error::NotFound(_))
    ));
    assert!(validate(&stranger, &token.unwrap()).await.unwrap().is_none());
    let made_up = verification::open_link(&home.anonymous(), "made-up").await;
    assert!(matches!(made_up, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_person_can_decline_and_time_runs_out() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let start = started(&key).await;
    let declined = person(&home, &start).await;
    verification::decline(&declined).await.unwrap();
    assert!(matches!(
        verification::consent(&declined).await,
        Err(Error::Conflict(_))
    ));
    let start = started(&key).await;
    let late = person(&home, &start).await;
    home.clock.advance(86_400);
    assert!(matches!(
        verification::consent(&late).await,
        Err(Error::Conflict(_))
    ));
    platform::jobs::run_due(&home.platform.system()).await.unwrap();
    let standing = verification::status(&key, start.id).await.unwrap();
    assert_eq!(standing.status, Status::Rejected);
}

#[tokio::test]
async fn a_request_that_cannot_be_taken_names_each_field() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let bad = StartRequest {
        idempotency_key: None,
        user_agent: Some("x".repeat(1025)),
        ip: Some("999.1.1.1".into()),
        checks: Some(vec!["blood".into()]),
        minimum_age: Some(0),
        reference: Some("x".repeat(201)),
        return_url: Some("javascript:alert(1)".into()),
        region: None,
    };
    let Err(Error::Invalid { fields }) = verification::start(&key, bad).await else {
        panic!()
    };
    let names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "minimumAge",
            "checks",
            "ip",
            "userAgent",
            "reference",
            "returnUrl"
        ]
    );
    let elsewhere = StartRequest {
        region: Some("eu".into()),
        ..StartRequest::default()
    };
    assert!(matches!(
        verification::start(&key, elsewhere).await,
        Err(Error::WrongRegion(_))
    ));
    for url in [
        "http://example.com",
        "https://u:p@example.com",
        "https:example",
        "ftp://a.b",
        "//a.b",
    ] {
        let bad = StartRequest {
            return_url: Some(url.into()),
            ..StartRequest::default()
        };
        assert_eq!(
            verification::start(&key, bad).await.is_ok(),
            url == "https:example",
            "{url}"
        );
    }
}

#[tokio::test]
async fn the_overview_counts_by_the_organisation_s_days() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    decided(&key, StartRequest::default(), adult_passport()).await;
    decided(&key, StartRequest::default(), passport("740812", "200415")).await;
    home.clock.advance(86_400);
    started(&key).await;
    let view = verification::overview(&user).await.unwrap();
    assert_eq!(view.days.len(), 30);
    assert_eq!(view.before.day, "2026-09-26");
    let [.., yesterday, today] = view.days.as_slice() else {
        panic!("30 days")
    };
    assert_eq!(
        (yesterday.day.as_str(), today.day.as_str()),
        ("2026-11-23", "2026-11-24")
    );
    assert_eq!((yesterday.approved, yesterday.denied, today.open), (1, 1, 1));
    assert!(view.checklist.verification_decided && view.checklist.key_made);
    assert_eq!((view.active_keys, view.recent.len()), (1, 3));
}

#[tokio::test]
async fn the_detail_tells_what_happened_in_order() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let start = started(&key).await;
    let person = person(&home, &start).await;
    verification::consent(&person).await.unwrap();
    home.clock.advance(1);
    verification::submit(&person, &Evidence::new(expired_passport()))
        .await
        .unwrap();
    let detail = verification::detail(&user, start.id).await.unwrap();
    let told: Vec<_> = detail.timeline.iter().map(|row| row.sentence.as_str()).collect();
    assert_eq!(
        told,
        [
            "The API key Test started a test verification.",
            "The person agreed to be verified.",
            "The person gave evidence; the verification was denied.",
        ]
    );
    assert_eq!(detail.reason.as_deref(), Some("The document has expired."));
    let log = platform::audit::list(&user, &AuditFilter::default())
        .await
        .unwrap();
    let of_person: Vec<_> = log.rows.iter().filter(|row| row.actor == "The person").collect();
    assert_eq!(of_person.len(), 2);
    assert!(
        of_person
            .iter()
            .all(|row| row.details.iter().all(|(name, _)| name != "address"))
    );
}
