//! Background work.

use platform::jobs;
use testkit::Installation;
use types::Environment;

#[tokio::test]
async fn a_job_runs_once_and_leaves_no_row() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let request = platform::verification::StartRequest {
        ip: Some("192.0.2.99".into()),
        ..Default::default()
    };
    let id = platform::verification::start(&key, request).await.unwrap().id;
    let system = home.platform.system();
    assert_eq!(
        jobs::run_due(&system).await.unwrap(),
        1,
        "the sweep queues itself"
    );
    assert_eq!(jobs::run_due(&system).await.unwrap(), 0);
    home.clock.advance(86_400);
    let (one, two) = tokio::join!(jobs::run_due(&system), jobs::run_due(&system));
    assert_eq!(
        one.unwrap() + two.unwrap(),
        5,
        "the sweep, the end, the figures, the reminders and the retention"
    );
    home.clock.advance(5);
    jobs::run_due(&system).await.unwrap();
    home.clock.advance(5);
    jobs::run_due(&system).await.unwrap();
    let page = jobs::page(&user).await.unwrap();
    assert_eq!((page.queued, page.running, page.failed.len()), (4, 0, 0));
    let detail = platform::verification::detail(&user, id).await.unwrap();
    assert_eq!(detail.reason.as_deref(), Some("The session link's time ran out."));
    assert_eq!(detail.timeline.last().unwrap().actor, "Loomwire");
}

#[tokio::test]
async fn a_job_that_cannot_be_done_is_given_up_shown_and_tried_again() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let mut tx = home.db.begin().await.unwrap();
    let id = "job_00000000000000000000000009";
    let insert = "INSERT INTO jobs (id, kind, payload, state, run_at, attempts, created_at, updated_at)
        VALUES ($1, 'from.the.future', '', 'queued', 0, 0, 0, 0)";
    db::execute!(tx, sqlx::query(insert).bind(id)).unwrap();
    tx.commit().await.unwrap();
    let system = home.platform.system();
    for attempt in 1..=8 {
        assert!(
            jobs::page(&user).await.unwrap().failed.is_empty(),
            "before try {attempt}"
        );
        jobs::run_due(&system).await.unwrap();
        home.clock.advance(3600);
    }
    let page = jobs::page(&user).await.unwrap();
    let [failed] = page.failed.as_slice() else {
        panic!("{page:?}")
    };
    assert_eq!((failed.kind.as_str(), failed.attempts), ("from.the.future", 8));
    assert!(failed.last_error.contains("does not know the job"));
    jobs::retry(&user, failed.id).await.unwrap();
    assert!(jobs::page(&user).await.unwrap().failed.is_empty());
    assert!(matches!(
        jobs::retry(&user, failed.id).await,
        Err(platform::Error::NotFound(_))
    ));
}

#[tokio::test]
async fn who_the_device_was_is_forgotten_after_thirty_days() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let request = platform::verification::StartRequest {
        user_agent: Some("Agent/1.0".into()),
        ip: Some("203.0.113.9".into()),
        ..Default::default()
    };
    platform::verification::start(&key, request).await.unwrap();
    let kept = async || {
        let sql = "SELECT COUNT(user_agent_digest) + COUNT(address_digest) FROM verifications";
        crate::usage::number(&home, sql).await
    };
    assert_eq!(kept().await, 2);
    home.clock.advance(30 * 86_400 - 1);
    crate::usage::run_jobs(&home).await;
    assert_eq!(kept().await, 2);
    home.clock.advance(1);
    crate::usage::run_jobs(&home).await;
    assert_eq!(kept().await, 0);
}
