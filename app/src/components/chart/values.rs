//! One value over thirty days, by the hour: a line, the thresholds across it, a mark where it fired;
//! or the days as a table. Gaps are gaps: what could not be measured is not drawn.

use std::fmt::Write as _;

use leptos::prelude::*;

use super::{
    Switch,
    scale::{HEAD, HEIGHT, ceiling, slot},
};
use crate::number::grouped;

/// A day of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueDay {
    /// As `YYYY-MM-DD`.
    pub machine: String,
    pub long: String,
    pub short: String,
    /// The worst value.
    pub worst: Option<String>,
    pub warnings: usize,
    pub critical_times: usize,
}

/// Thousandths as whole units, rounded up.
fn units(thousandths: i64) -> u64 {
    u64::try_from(thousandths).unwrap_or_default().div_ceil(1_000)
}

/// Pixels from the top of the plot for thousandths of a unit.
fn y(thousandths: i64, top: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a pixel is coarser than 2^-52")]
    let share = thousandths as f64 / (top.max(1) as f64 * 1_000.0);
    f64::from(HEIGHT) * (1.0 - share.clamp(0.0, 1.0))
}

/// The line as a path, a step an hour; it is broken where there is no value.
fn path(values: &[Option<i64>], top: u64) -> String {
    let mut path = String::new();
    let mut open = false;
    for (index, value) in values.iter().enumerate() {
        let Some(value) = value else {
            open = false;
            continue;
        };
        let height = y(*value, top);
        let word = if open { 'L' } else { 'M' };
        // Writing to a text cannot fail.
        let _ = write!(path, "{word}{index} {height:.1}H{}", index + 1);
        open = true;
    }
    path
}

/// What the line says, for whoever does not see it.
fn summary(name: &str, days: &[ValueDay]) -> String {
    let fired: usize = days.iter().map(|day| day.warnings + day.critical_times).sum();
    let measured = days.iter().filter(|day| day.worst.is_some()).count();
    let times = match fired {
        0 => "It did not fire.".to_owned(),
        1 => "It fired once.".to_owned(),
        count => format!("It fired {count} times."),
    };
    format!("{name}, measured on {measured} of {} days. {times}", days.len())
}

#[component]
pub fn ValueChart(
    name: &'static str,
    /// In what it is measured.
    unit: &'static str,
    /// Thousandths of the unit, an hour each, oldest first.
    values: Vec<Option<i64>>,
    /// Thousandths, words, and `warning` or `critical`.
    thresholds: Vec<(i64, String, &'static str)>,
    /// The hours in which it fired, and whether critically.
    marks: Vec<(usize, bool)>,
    days: Vec<ValueDay>,
    /// The table instead of the line.
    as_table: bool,
    /// Where the line is, and where the table is; none, if there is no switch.
    paths: Option<(String, String)>,
) -> impl IntoView {
    let says = summary(name, &days);
    let words: Vec<_> = thresholds
        .iter()
        .map(|(_, words, class)| {
            view! {
                <li class=format!("threshold-key {class}")>
                    <svg class="chart-key" width="16" height="12" aria-hidden="true" focusable="false">
                        <line x1="0" x2="16" y1="6" y2="6" />
                    </svg>
                    {words.clone()}
                </li>
            }
        })
        .collect();
    let switch = paths.map(|paths| {
        let label = format!("Show {name} by day as");
        view! { <Switch as_table paths label /> }
    });
    view! {
        <figure class="chart value-chart" id="by-day">
            <figcaption class="sr-only">{says}</figcaption>
            <div class="chart-head">
                <ul class="chart-legend">
                    <li>{format!("{name}, {unit}")}</li>
                    {words}
                </ul>
                {switch}
            </div>
            {if as_table {
                view! { <Table name days /> }.into_any()
            } else {
                view! { <Line values thresholds marks days /> }.into_any()
            }}
        </figure>
    }
    .into_any()
}

#[component]
fn Line(
    values: Vec<Option<i64>>,
    thresholds: Vec<(i64, String, &'static str)>,
    marks: Vec<(usize, bool)>,
    days: Vec<ValueDay>,
) -> impl IntoView {
    let highest = values.iter().flatten().copied();
    let highest = highest.chain(thresholds.iter().map(|(at, ..)| *at)).max();
    let top = ceiling(units(highest.unwrap_or_default()));
    let axis = [top, top / 2, 0].map(|value| view! { <span>{grouped(value)}</span> });
    let head = f64::from(HEAD);
    let grid = [0, top / 2, top].map(|value| {
        let at = head
            + y(
                i64::try_from(value.saturating_mul(1_000)).unwrap_or(i64::MAX),
                top,
            );
        let class = if value == 0 { "base" } else { "" };
        view! { <line x1="0" x2="100%" y1=at y2=at class=class /> }
    });
    let lines: Vec<_> = thresholds
        .into_iter()
        .map(|(value, _, class)| {
            let at = head + y(value, top);
            view! { <line x1="0" x2="100%" y1=at y2=at class=format!("threshold {class}") /> }
        })
        .collect();
    let count = values.len();
    let marks: Vec<_> = marks
        .into_iter()
        .filter(|(hour, _)| *hour < count)
        .map(|(hour, critical)| {
            let (x, width) = slot(hour, count);
            let value = values.get(hour).copied().flatten().unwrap_or_default();
            view! { <Fired x=x + width / 2.0 at=head + y(value, top) critical /> }
        })
        .collect();
    let shape = format!("0 0 {} {HEIGHT}", count.max(1));
    let drawn = path(&values, top);
    view! {
        <div class="chart-plot">
            <div class="chart-axis" aria-hidden="true">
                {axis.to_vec()}
            </div>
            <div class="chart-area">
                <svg width="100%" height=HEIGHT + HEAD + 24 aria-hidden="true" focusable="false">
                    <g class="chart-grid">{grid.to_vec()}</g>
                    <svg y=HEAD width="100%" height=HEIGHT viewBox=shape preserveAspectRatio="none">
                        <path class="value" d=drawn />
                    </svg>
                    {lines}
                    {marks}
                    <Labels days=days.clone() />
                </svg>
                <Days days />
            </div>
        </div>
    }
    .into_any()
}

/// A warning is a circle, what is critical a diamond: not told by colour alone.
#[component]
fn Fired(x: f64, at: f64, critical: bool) -> impl IntoView {
    let x = format!("{x:.3}%");
    if critical {
        view! {
            <svg x=x y=format!("{at:.1}") overflow="visible">
                <path class="fired critical" d="M0 -6L6 0L0 6L-6 0Z" />
            </svg>
        }
        .into_any()
    } else {
        view! { <circle class="fired warning" cx=x cy=format!("{at:.1}") r="4.5" /> }.into_any()
    }
}

#[component]
fn Labels(days: Vec<ValueDay>) -> impl IntoView {
    let count = days.len();
    let labels: Vec<_> = days
        .iter()
        .enumerate()
        .filter(|(index, _)| (count - 1 - index).is_multiple_of(7))
        .map(|(index, day)| {
            let (x, width) = slot(index, count);
            let last = index + 1 == count;
            let x = if last { 100.0 } else { x + width / 2.0 };
            let anchor = if last { "end" } else { "middle" };
            view! {
                <text x=format!("{x:.2}%") y=HEIGHT + HEAD + 18 text-anchor=anchor>
                    {day.short.clone()}
                </text>
            }
        })
        .collect();
    view! { <g class="chart-labels">{labels}</g> }
}

fn fired(day: &ValueDay) -> String {
    let times = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        count => Some(format!("{count} × {word}")),
    };
    let parts = [
        times(day.warnings, "warning"),
        times(day.critical_times, "critical"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// One element a day, of which one is in the order of the keyboard.
#[component]
fn Days(days: Vec<ValueDay>) -> impl IntoView {
    let count = days.len();
    let marks: Vec<_> = days
        .into_iter()
        .enumerate()
        .map(|(index, day)| {
            let worst = day.worst.clone().unwrap_or_else(|| "not measured".to_owned());
            let told = fired(&day);
            let label = if told.is_empty() {
                format!("{}: worst {worst}", day.long)
            } else {
                format!("{}: worst {worst}. Fired: {told}", day.long)
            };
            let class = if index * 2 < count {
                "chart-day"
            } else {
                "chart-day late"
            };
            let tabindex = if index + 1 == count { "0" } else { "-1" };
            view! {
                <div class=class role="img" tabindex=tabindex aria-label=label>
                    <div class="chart-tip" aria-hidden="true">
                        <span class="chart-tip-day">{day.long.clone()}</span>
                        <span>"Worst " <b>{worst}</b></span>
                        {(!told.is_empty()).then(|| view! { <span>"Fired " <b>{told}</b></span> })}
                    </div>
                </div>
            }
        })
        .collect();
    view! {
        <div class="chart-days" role="group" aria-label="Days; the arrow keys move between them" data-roving>
            {marks}
        </div>
    }
    .into_any()
}

#[component]
fn Table(name: &'static str, days: Vec<ValueDay>) -> impl IntoView {
    let title = format!("{name} by day");
    let caption = format!("{title}, newest first");
    let rows: Vec<_> = days
        .into_iter()
        .rev()
        .map(|day| {
            view! {
                <tr>
                    <th scope="row">
                        <time datetime=day.machine.clone()>{day.long.clone()}</time>
                    </th>
                    <td class="figures">{day.worst.clone().unwrap_or_else(|| "–".to_owned())}</td>
                    <td class="figures">{day.warnings.to_string()}</td>
                    <td class="figures">{day.critical_times.to_string()}</td>
                </tr>
            }
        })
        .collect();
    let heads: Vec<_> = ["Worst value", "Warnings", "Critical"]
        .into_iter()
        .map(|head| {
            view! {
                <th scope="col" class="figures">
                    {head}
                </th>
            }
        })
        .collect();
    view! {
        <div class="chart-scroll" tabindex="0" role="region" aria-label=title>
            <table class="figures-table">
                <caption class="sr-only">{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Day"</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{path, units, y};

    #[test]
    fn a_line_is_broken_where_nothing_was_measured() {
        let drawn = path(&[Some(0), Some(2_000), None, Some(4_000)], 4);
        assert_eq!(drawn, "M0 152.0H1L1 76.0H2M3 0.0H4");
        assert_eq!(path(&[], 4), "");
    }

    #[test]
    fn heights_stay_on_the_plot() {
        assert!((y(-5, 4) - 152.0).abs() < 1e-9);
        assert!(y(9_000, 4).abs() < 1e-9);
        assert_eq!((units(1), units(0), units(-1)), (1, 0, 0));
    }
}
