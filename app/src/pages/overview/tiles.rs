use leptos::prelude::*;
use types::console::{DayCount, Durations, Overview};

use crate::{
    components::{Change, StatTile},
    number::{grouped, per_mille, percent},
    time::took,
};

fn sum(days: &[DayCount], of: fn(&DayCount) -> u64) -> u64 {
    days.iter().map(of).sum()
}

fn started(day: &DayCount) -> u64 {
    day.approved + day.denied + day.rejected + day.open
}

/// The share of approvals among decisions, in tenths of a percent.
fn success(approved: u64, denied: u64) -> Option<u64> {
    per_mille(approved, approved + denied)
}

/// The four figures that answer how it goes.
#[component]
pub(super) fn Tiles(figures: Overview) -> impl IntoView {
    let Overview {
        days,
        before,
        time_to_outcome,
        time_before,
        active_keys,
        attention,
        ..
    } = figures;
    let all = sum(&days, started);
    let trend = if all == 0 {
        Vec::new()
    } else {
        days.iter().map(started).collect()
    };
    let keys_note = match (active_keys, attention.len()) {
        (0, _) => "Make one to begin".to_owned(),
        (_, 0) => "All in order".to_owned(),
        (_, 1) => "1 needs attention".to_owned(),
        (_, many) => format!("{many} need attention"),
    };
    view! {
        <dl class="tiles" aria-label="Last 30 days">
            <StatTile
                name="Verifications"
                value=grouped(all)
                note=format!("{} still open", grouped(sum(&days, |day| day.open)))
                change=Change::between(all, started(&before))
                trend
            />
            <SuccessTile days before />
            <TimeTile now=time_to_outcome before=time_before />
            <StatTile name="Working API keys" value=grouped(active_keys) note=keys_note />
        </dl>
    }
}

#[component]
fn SuccessTile(days: Vec<DayCount>, before: DayCount) -> impl IntoView {
    let approved = sum(&days, |day| day.approved);
    let denied = sum(&days, |day| day.denied);
    let rate = success(approved, denied);
    let rate_before = success(before.approved, before.denied);
    let note = match rate {
        Some(_) => format!(
            "{} of {} decided were approved",
            grouped(approved),
            grouped(approved + denied)
        ),
        None => "None decided yet".to_owned(),
    };
    view! {
        <StatTile
            name="Success rate"
            value=rate.map_or_else(|| "–".to_owned(), percent)
            note
            change=rate.zip(rate_before).map(|(now, before)| Change::points(now, before))
        />
    }
}

#[component]
fn TimeTile(now: Option<Durations>, before: Option<Durations>) -> impl IntoView {
    let change = now
        .zip(before)
        .and_then(|(now, before)| Change::between(now.median, before.median));
    let (value, note) = match now {
        Some(now) => (took(now.median), format!("Median; 95% within {}", took(now.p95))),
        None => ("–".to_owned(), "None decided yet".to_owned()),
    };
    view! { <StatTile name="Time to outcome" value note change /> }
}

#[cfg(test)]
mod tests {
    use super::success;

    #[test]
    fn the_success_rate_counts_decisions_only() {
        assert_eq!(success(0, 0), None);
        assert_eq!(success(2, 1), Some(667));
        assert_eq!(success(5, 0), Some(1000));
    }
}
