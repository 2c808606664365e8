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
    assert_eq!(one.unwrap() + two.unwrap(), 2, "the sweep and the end");
    let page = jobs::page(&user).await.unwrap();
    assert_eq!((page.queued, page.running, page.failed.len()), (2, 0, 0));
    let detail = platform::verification::detail(&user, id).await.unwrap();
    assert_eq!(detail.reason.as_deref(), Some("The session link's time ran out."));
    assert_eq!(detail.timeline.last().unwrap().actor, "Loomwire");
}
