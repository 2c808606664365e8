//! When something is due.

use types::Timestamp;

use super::{
    Policy,
    begin::{backup_is_due, drill_is_due},
    store::Row,
};

const HOUR: i64 = 3600;

fn row(state: &str) -> Row {
    Row {
        id: "bak_x".into(),
        kind: "backup".into(),
        state: state.into(),
        file: None,
        bytes: None,
        events: None,
        problem: None,
        started_at: 0,
        finished_at: None,
        removed_at: None,
    }
}

#[test]
fn the_schedule_counts_from_the_start_of_the_last_one() {
    let policy = Policy {
        every_hours: Some(24),
        drills: true,
        ..Policy::default()
    };
    let at = |hours: i64| Timestamp::from_millis(0).plus_seconds(hours * HOUR);
    for (state, backup, drill) in [("done", 24, 168), ("failed", 1, 24)] {
        let row = row(state);
        assert!(!backup_is_due(policy, Some(&row), at(backup - 1)), "{state}");
        assert!(backup_is_due(policy, Some(&row), at(backup)), "{state}");
        assert!(!drill_is_due(policy, Some(&row), at(drill - 1)), "{state}");
        assert!(drill_is_due(policy, Some(&row), at(drill)), "{state}");
    }
    assert!(backup_is_due(policy, None, at(0)) && drill_is_due(policy, None, at(0)));
    assert!(!backup_is_due(policy, Some(&row("running")), at(1000)));
    let off = Policy::default();
    assert!(!backup_is_due(off, None, at(0)) && !drill_is_due(off, None, at(0)));
}
