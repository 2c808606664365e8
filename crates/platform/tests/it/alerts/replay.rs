//! A preview says what an evaluation of the same past has said.

use platform::alerts;
use testkit::Installation;
use types::{
    Environment,
    alerts::{AlertCause, AlertDraft},
};

use super::{calls, events, homes, rule, step};

/// Numbers that look like chance and are the same each time.
fn noise(seed: u64) -> impl FnMut(u32) -> u32 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        u32::try_from((state >> 33) % u64::from(below)).unwrap()
    }
}

async fn a_preview_is_what_was_evaluated(home: Installation, draft: AlertDraft, seed: u64) {
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let id = rule(&user, &draft).await;
    let mut chance = noise(seed);
    // An hour each of calm, trouble and silence, again and again.
    for hour in 0..14 {
        for _ in 0..12 {
            let (count, errors) = match hour % 3 {
                0 => (20 + chance(20), chance(3)),
                1 => (20 + chance(40), chance(20)),
                _ => (chance(4), 0),
            };
            calls(&home, &key, count, errors.min(count)).await;
            step(&home).await;
        }
    }
    let told = events_of(&user, id).await;
    let preview = alerts::preview(&user, &draft).await.unwrap();
    let foreseen: Vec<_> = preview
        .firings
        .iter()
        .map(|firing| (firing.at, firing.to, Some(firing.value)))
        .collect();
    assert_eq!(foreseen, told);
    assert!(told.len() > 3, "something happened: {told:?}");
    assert_eq!(preview.warnings + preview.critical_times, told.len() as u64);
    home.db.close().await;
}

type Fired = (
    types::Timestamp,
    types::alerts::AlertState,
    Option<types::alerts::Amount>,
);

async fn events_of(user: &platform::Ctx, id: types::AlertRuleId) -> Vec<Fired> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = alerts::one(user, id, after.as_deref()).await.unwrap().events;
        all.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    all.reverse();
    all.into_iter()
        .filter(|event| event.cause == AlertCause::Fired)
        .map(|event| (event.at, event.to, event.value))
        .collect()
}

fn errors() -> AlertDraft {
    AlertDraft {
        kind: "error_rate".into(),
        window: "15".into(),
        warning: "10".into(),
        critical: "25".into(),
        clear_after: "2".into(),
        ..AlertDraft::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_errors() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        Box::pin(a_preview_is_what_was_evaluated(home, errors(), 7)).await;
    }
}

#[tokio::test]
async fn of_calls() {
    let home = Installation::in_memory().await;
    let draft = AlertDraft {
        kind: "requests".into(),
        window: "60".into(),
        warning: "300".into(),
        critical: "500".into(),
        clear_after: "1".into(),
        hysteresis: "0".into(),
        ..AlertDraft::default()
    };
    Box::pin(a_preview_is_what_was_evaluated(home, draft, 11)).await;
}

#[tokio::test]
async fn nothing_is_saved() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let preview = alerts::preview(&user, &errors()).await.unwrap();
    assert_eq!((preview.warnings, preview.critical_times), (0, 0));
    assert!(preview.problem.unwrap().contains("fewer than 20 calls"));
    assert!(preview.points.len() >= 720, "30 days by the hour");
    assert!(alerts::page(&user).await.unwrap().rows.is_empty());
    assert!(events_of_none(&user).await);
}

async fn events_of_none(user: &platform::Ctx) -> bool {
    let rows = alerts::page(user).await.unwrap().rows;
    for row in rows {
        if !events(user, row.id).await.is_empty() {
            return false;
        }
    }
    true
}
