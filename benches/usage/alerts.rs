//! What looking through a month costs before a rule is saved, and what it costs to evaluate one.

use std::time::Instant;

use platform::{Ctx, alerts};
use testkit::Installation;
use types::alerts::AlertDraft;

use super::timed;

const PREVIEWS: usize = 20;
/// Rules of each kind, and hours that pass: at each of them all are due.
const RULES: usize = 20;
const HOURS: usize = 10;

/// Kinds that look through what was counted, with their windows in minutes.
const KINDS: [(&str, &str); 6] = [
    ("key_unused", ""),
    ("requests", "15"),
    ("error_rate", "15"),
    ("no_traffic", ""),
    ("latency", "60"),
    ("anomaly", ""),
];

fn draft(kind: &str, window: &str, name: String) -> AlertDraft {
    AlertDraft {
        kind: kind.to_owned(),
        name,
        window: window.to_owned(),
        warning: "90".to_owned(),
        clear_after: "2".to_owned(),
        ..AlertDraft::default()
    }
}

/// Previews of each kind, then an evaluation of rules of that kind alone.
pub(super) async fn measure(name: &str, size: u64, home: &Installation, user: &Ctx) {
    for (kind, window) in KINDS {
        let previewed = draft(kind, window, kind.to_owned());
        let asked = timed(PREVIEWS, || async {
            alerts::preview(user, &previewed).await.expect("a preview");
        });
        let (median, slow) = asked.await;
        println!(
            "alert {name} {size} preview,{kind} {} {}",
            median.as_micros(),
            slow.as_micros()
        );
        let mut rules = Vec::with_capacity(RULES);
        for number in 0..RULES {
            let draft = draft(kind, window, format!("{kind} {number}"));
            rules.push(alerts::create(user, &draft).await.expect("a rule"));
        }
        evaluated(name, size, home, kind).await;
        for rule in rules {
            alerts::delete(user, rule).await.expect("it is gone");
        }
    }
}

/// Evaluates the rules of one kind at the full hours, until none is due.
async fn evaluated(name: &str, size: u64, home: &Installation, kind: &str) {
    let system = home.platform.system();
    let mut times = Vec::with_capacity(HOURS);
    for _ in 0..HOURS {
        home.clock.advance(3_600);
        let begun = Instant::now();
        let mut done = 0;
        loop {
            let some = alerts::evaluate(&system).await.expect("they are evaluated");
            if some == 0 {
                break;
            }
            done += some;
        }
        assert!(done >= RULES, "each is due once an hour");
        times.push(begun.elapsed() / u32::try_from(done).unwrap_or(1));
    }
    times.sort_unstable();
    let at = |place: usize| times.get(place).copied().unwrap_or_default().as_micros();
    println!(
        "alert {name} {size} evaluated,{kind} {} {}",
        at(HOURS / 2),
        at(HOURS - 1)
    );
}
