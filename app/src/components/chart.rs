//! Charts as SVG from the server: a zero baseline, patterns beside colours, and the same figures
//! as a table behind a switch that is a link, so that it works without script and the address
//! holds it. Across, everything is in percent of the width: bars stretch and letters do not.

mod plot;
mod scale;
mod sparkline;
mod table;

pub use sparkline::Sparkline;

use leptos::prelude::*;
use types::console::DayCount;

use crate::{
    number::{grouped, per_mille, percent},
    time::long_day,
};
use plot::Plot;
use table::DayTable;

/// What a kind of outcome is called, its class, and its count on a day. From the baseline up.
type Series = (&'static str, &'static str, fn(&DayCount) -> u64);
const SERIES: [Series; 4] = [
    ("Approved", "approved", |day| day.approved),
    ("Denied", "denied", |day| day.denied),
    ("Rejected", "rejected", |day| day.rejected),
    ("Open", "open", |day| day.open),
];

fn total(day: &DayCount) -> u64 {
    SERIES.iter().map(|(_, _, count)| count(day)).sum()
}

/// Verifications by day: stacked bars, or the same as a table.
#[component]
pub fn DayChart(
    days: Vec<DayCount>,
    /// The table instead of the bars.
    as_table: bool,
    /// The page that the chart is on; `?view=table` asks for the table.
    path: &'static str,
) -> impl IntoView {
    let summary = summary(&days);
    view! {
        <figure class="chart" id="by-day">
            <figcaption class="sr-only">{summary}</figcaption>
            <svg
                class="chart-patterns"
                width="0"
                height="0"
                aria-hidden="true"
                focusable="false"
                inner_html=PATTERNS
            />
            <div class="chart-head">
                <Legend days=days.clone() />
                <Switch as_table path />
            </div>
            {if as_table {
                view! { <DayTable days /> }.into_any()
            } else {
                view! { <Plot days /> }.into_any()
            }}
        </figure>
    }
    .into_any()
}

/// Stripes and dots, so that the kinds differ without their colours. `inner_html`, since they
/// need ids and nothing in them varies.
const PATTERNS: &str = r#"<defs><pattern id="chart-stripes" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="ground" width="6" height="6"/><rect class="mark" width="3" height="6"/></pattern><pattern id="chart-dots" width="4" height="4" patternUnits="userSpaceOnUse"><rect class="ground" width="4" height="4"/><rect class="mark" width="2" height="2"/></pattern></defs>"#;

/// What one sees at a glance, in words.
fn summary(days: &[DayCount]) -> String {
    let all: u64 = days.iter().map(total).sum();
    let highest = days.iter().max_by_key(|day| total(day));
    match highest {
        Some(day) if all > 0 => format!(
            "{} verifications in {} days, most of them on {}: {}.",
            grouped(all),
            days.len(),
            long_day(&day.day),
            grouped(total(day))
        ),
        _ => format!("No verification in {} days.", days.len()),
    }
}

/// The kinds in the order of the bars, with sum and share.
#[component]
fn Legend(days: Vec<DayCount>) -> impl IntoView {
    let all: u64 = days.iter().map(total).sum();
    let keys: Vec<_> = SERIES
        .iter()
        .map(|(name, class, of)| {
            let sum: u64 = days.iter().map(of).sum();
            let share = per_mille(sum, all).map(percent).unwrap_or_default();
            view! {
                <li class=*class>
                    <svg class="chart-key" width="12" height="12" aria-hidden="true" focusable="false">
                        <rect width="12" height="12" rx="3" />
                    </svg>
                    {*name}
                    <strong>{grouped(sum)}</strong>
                    <span>{share}</span>
                </li>
            }
        })
        .collect();
    view! { <ul class="chart-legend">{keys}</ul> }
}

#[component]
fn Switch(as_table: bool, path: &'static str) -> impl IntoView {
    let current = |chosen: bool| chosen.then_some("true");
    view! {
        <div class="switch" role="group" aria-label="Show verifications by day as">
            <a href=format!("{path}#by-day") aria-current=current(!as_table)>
                "Chart"
            </a>
            <a href=format!("{path}?view=table#by-day") aria-current=current(as_table)>
                "Table"
            </a>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::{DayCount, summary};

    fn day(day: &str, approved: u64) -> DayCount {
        DayCount {
            day: day.to_owned(),
            approved,
            denied: 1,
            rejected: 0,
            open: 0,
        }
    }

    #[test]
    fn the_summary_names_the_busiest_day() {
        let days = [
            day("2026-11-22", 4),
            day("2026-11-23", 1_200),
            day("2026-11-24", 3),
        ];
        let text = "1,210 verifications in 3 days, most of them on Mon 23 Nov: 1,201.";
        assert_eq!(summary(&days), text);
        assert_eq!(summary(&[]), "No verification in 0 days.");
    }
}
