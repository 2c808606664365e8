//! Charts as SVG from the server: a zero baseline, patterns beside colours, and the same figures
//! as a table behind a switch that is a link, so that it works without script and the address
//! holds it. Across, everything is in percent of the width: bars stretch and letters do not.

mod bars;
mod calls;
mod days;
mod plot;
mod scale;
mod sparkline;
mod table;
mod values;

pub use calls::CallChart;
pub use days::DayChart;
pub use sparkline::Sparkline;
pub use values::{ValueChart, ValueDay};

use bars::Bars;
use leptos::prelude::*;

use crate::number::{grouped, per_mille, percent};
use plot::Plot;
use table::StretchTable;

/// Stacked bars over time, or the same as a table.
#[component]
fn Chart(
    bars: Bars,
    /// The table instead of the bars.
    as_table: bool,
    /// Where the bars are, and where the table is.
    paths: (String, String),
) -> impl IntoView {
    let summary = bars.summary();
    let label = format!("Show {} by {} as", bars.words.many, bars.words.stretch);
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
                <Legend bars=bars.clone() />
                <Switch as_table paths label />
            </div>
            {if as_table {
                view! { <StretchTable bars /> }.into_any()
            } else {
                view! { <Plot bars /> }.into_any()
            }}
        </figure>
    }
    .into_any()
}

/// Stripes and dots, so that the kinds differ without their colours. `inner_html`, since they
/// need ids and nothing in them varies.
const PATTERNS: &str = r#"<defs><pattern id="chart-stripes" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="ground" width="6" height="6"/><rect class="mark" width="3" height="6"/></pattern><pattern id="chart-dots" width="4" height="4" patternUnits="userSpaceOnUse"><rect class="ground" width="4" height="4"/><rect class="mark" width="2" height="2"/></pattern></defs>"#;

/// The kinds in the order of the bars, with sum and share.
#[component]
fn Legend(bars: Bars) -> impl IntoView {
    let all = bars.all();
    let keys: Vec<_> = bars
        .series
        .iter()
        .enumerate()
        .map(|(kind, (name, class))| {
            let sum: u64 = bars.stretches.iter().map(|stretch| stretch.count(kind)).sum();
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
fn Switch(as_table: bool, paths: (String, String), label: String) -> impl IntoView {
    let current = |chosen: bool| chosen.then_some("true");
    let (bars, table) = paths;
    view! {
        <div class="switch" role="group" aria-label=label>
            <a href=format!("{bars}#by-day") aria-current=current(!as_table)>
                "Chart"
            </a>
            <a href=format!("{table}#by-day") aria-current=current(as_table)>
                "Table"
            </a>
        </div>
    }
}
