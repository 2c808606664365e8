//! Periods that a link asks for: whole days, by UTC.

use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use leptos::prelude::*;
use types::Timestamp;

use super::{asked::Asked, report::PATH};
use crate::{components::link, time::Here};

/// Name, first and last day.
type Named = (&'static str, Date, Date);

/// Counted from the day of this moment.
fn periods(now: Timestamp) -> Option<[Named; 4]> {
    let instant = jiff::Timestamp::from_millisecond(now.as_millis()).ok()?;
    let today = TimeZone::UTC.to_datetime(instant).date();
    let month = today.first_of_month();
    let before = month.yesterday().ok()?;
    Some([
        ("Last 7 days", today.checked_sub(6.days()).ok()?, today),
        ("Last 30 days", today.checked_sub(29.days()).ok()?, today),
        ("This month", month, today),
        ("Last month", before.first_of_month(), before),
    ])
}

#[component]
pub(super) fn Periods(
    asked: Asked,
    /// The period that is shown.
    from: String,
    to: String,
) -> impl IntoView {
    let told = periods(Here::current().now).into_iter().flatten();
    let told: Vec<_> = told
        .map(|(name, first, last)| (name, first.to_string(), last.to_string()))
        .collect();
    // Two may be the same days, as on the 30th: one of them is marked.
    let shown = told
        .iter()
        .position(|(_, first, last)| *first == from && *last == to);
    let links: Vec<_> = (0..)
        .zip(told)
        .map(|(place, (name, first, last))| {
            let current = (shown == Some(place)).then_some("true");
            let query = asked.with(&[("from", first), ("to", last)]);
            view! {
                <a href=link(PATH, &query) aria-current=current>
                    {name}
                </a>
            }
        })
        .collect();
    view! {
        <div class="switch periods" role="group" aria-label="Period">
            {links}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{Timestamp, periods};

    #[test]
    fn periods_are_whole_days_to_today_or_to_the_end_of_a_month() {
        // 2026-03-01T00:00:00Z.
        let now = Timestamp::from_millis(1_772_323_200_000);
        let told = periods(now)
            .unwrap()
            .map(|(_, first, last)| format!("{first} {last}"));
        assert_eq!(
            told,
            [
                "2026-02-23 2026-03-01",
                "2026-01-31 2026-03-01",
                "2026-03-01 2026-03-01",
                "2026-02-01 2026-02-28",
            ]
        );
    }
}
