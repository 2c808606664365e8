//! Charts as SVG from the server. Across, everything is in percent of the width, so that bars
//! stretch and letters do not.

use leptos::prelude::*;
use types::console::DayCount;

use crate::time::short_day;

const HEIGHT: u32 = 180;
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

/// The top of the scale: the next of 1, 2, 5 times a power of ten, at least 4.
fn ceiling(highest: u64) -> u64 {
    let mut power = 1;
    loop {
        for step in [1, 2, 5] {
            let top = step * power;
            if top >= highest.max(4) {
                return top;
            }
        }
        power *= 10;
    }
}

/// A count as pixels above the baseline.
fn pixels(count: u64, top: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a pixel is coarser than 2^-52")]
    let share = count as f64 / top.max(1) as f64;
    share * f64::from(HEIGHT)
}

/// Where the nth of `count` slots begins, and its width, in percent.
fn slot(index: usize, count: usize) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "a month has few days")]
    let (index, count) = (index as f64, count.max(1) as f64);
    (100.0 * index / count, 100.0 / count)
}

/// Verifications by day: stacked bars on a zero baseline, and the same as a table.
#[component]
pub fn DayChart(days: Vec<DayCount>) -> impl IntoView {
    let top = ceiling(days.iter().map(total).max().unwrap_or_default());
    let count = days.len();
    let bars: Vec<_> = days
        .iter()
        .enumerate()
        .map(|(index, day)| view! { <DayBar day=day.clone() index count top /> })
        .collect();
    let labels: Vec<_> = days
        .iter()
        .enumerate()
        .filter(|(index, _)| (count - 1 - index).is_multiple_of(7))
        .map(|(index, day)| {
            let (x, width) = slot(index, count);
            let anchor = if index + 1 == count { "end" } else { "middle" };
            let x = if index + 1 == count {
                100.0
            } else {
                x + width / 2.0
            };
            view! {
                <text x=format!("{x:.2}%") y=HEIGHT + 24 text-anchor=anchor>
                    {short_day(&day.day)}
                </text>
            }
        })
        .collect();
    let grid: Vec<_> = [0, top / 2, top]
        .into_iter()
        .map(|value| {
            let y = f64::from(HEIGHT) - pixels(value, top) + 8.0;
            view! {
                <line x1="0" x2="100%" y1=y y2=y class=if value == 0 { "base" } else { "" } />
                {(value > 0)
                    .then(|| {
                        view! {
                            <text x="0" y=y - 4.0>
                                {value.to_string()}
                            </text>
                        }
                    })}
            }
        })
        .collect();
    let legend: Vec<_> = SERIES
        .iter()
        .map(|(name, class, of)| {
            let sum: u64 = days.iter().map(of).sum();
            view! {
                <li class=*class>
                    <span class="chart-key" aria-hidden="true"></span>
                    {*name}
                    <strong>{sum.to_string()}</strong>
                </li>
            }
        })
        .collect();
    view! {
        <figure class="chart">
            <ul class="chart-legend">{legend}</ul>
            <svg
                role="img"
                width="100%"
                height=HEIGHT + 32
                aria-label="Verifications by day over the last 30 days. The figures are in the table below."
            >
                <g class="chart-grid">{grid}</g>
                {bars}
                <g class="chart-labels">{labels}</g>
            </svg>
            <DayTable days />
        </figure>
    }
    .into_any()
}

#[component]
fn DayBar(day: DayCount, index: usize, count: usize, top: u64) -> impl IntoView {
    let (x, width) = slot(index, count);
    let mut y = f64::from(HEIGHT) + 8.0;
    let parts: Vec<_> = SERIES
        .iter()
        .filter(|(_, _, of)| of(&day) > 0)
        .map(|(_, class, of)| {
            // A pixel of the surface keeps neighbours apart where hues alone would not.
            let height = pixels(of(&day), top).max(2.0);
            y -= height;
            view! {
                <rect
                    class=*class
                    x=format!("{:.3}%", x + width * 0.14)
                    width=format!("{:.3}%", width * 0.72)
                    y=format!("{y:.1}")
                    height=format!("{:.1}", height - 1.0)
                    rx="1.5"
                />
            }
        })
        .collect();
    let words: Vec<String> = SERIES
        .iter()
        .filter(|(_, _, of)| of(&day) > 0)
        .map(|(name, _, of)| format!("{name} {}", of(&day)))
        .collect();
    let title = if words.is_empty() {
        format!("{}: none", short_day(&day.day))
    } else {
        format!("{}: {}", short_day(&day.day), words.join(", "))
    };
    view! {
        <g class="chart-day">
            <title>{title}</title>
            <rect
                class="chart-hover"
                x=format!("{x:.3}%")
                width=format!("{width:.3}%")
                y="8"
                height=HEIGHT
            />
            {parts}
        </g>
    }
}

#[component]
fn DayTable(days: Vec<DayCount>) -> impl IntoView {
    let rows: Vec<_> = days
        .into_iter()
        .rev()
        .map(|day| {
            let cells: Vec<_> = SERIES
                .iter()
                .map(|(_, _, of)| view! { <td class="figures">{of(&day).to_string()}</td> })
                .collect();
            view! {
                <tr>
                    <th scope="row">
                        <time datetime=day.day.clone()>{short_day(&day.day)}</time>
                    </th>
                    {cells}
                </tr>
            }
        })
        .collect();
    let heads: Vec<_> = SERIES
        .iter()
        .map(|(name, _, _)| {
            view! {
                <th scope="col" class="figures">
                    {*name}
                </th>
            }
        })
        .collect();
    view! {
        <details class="chart-table">
            <summary>"Show as a table"</summary>
            <div class="chart-scroll" tabindex="0" role="region" aria-label="Verifications by day">
                <table class="figures-table">
                    <caption class="sr-only">"Verifications by day, newest first"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Day"</th>
                            {heads}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

/// A figure over time, without scale: the shape only.
#[component]
pub fn Sparkline(values: Vec<u64>) -> impl IntoView {
    let top = values.iter().copied().max().unwrap_or_default().max(1);
    let count = values.len();
    let points: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(index, value)| {
            let (x, width) = slot(index, count);
            let y = 31.0 - pixels(*value, top) / f64::from(HEIGHT) * 30.0;
            format!("{:.2},{y:.2}", x + width / 2.0)
        })
        .collect();
    let line = points.join(" ");
    view! {
        <svg
            class="sparkline"
            viewBox="0 0 100 32"
            preserveAspectRatio="none"
            aria-hidden="true"
            focusable="false"
        >
            <polygon points=format!("0,32 {line} 100,32") />
            <polyline points=line.clone() />
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::{ceiling, pixels, slot};

    #[test]
    fn scales_end_on_round_figures() {
        let tops = [0, 4, 5, 6, 11, 21, 51, 101, 999].map(ceiling);
        assert_eq!(tops, [5, 5, 5, 10, 20, 50, 100, 200, 1000]);
    }

    #[test]
    fn bars_stand_on_zero_and_fill_the_width() {
        assert!(pixels(0, 10).abs() < f64::EPSILON);
        assert!((pixels(10, 10) - 180.0).abs() < f64::EPSILON);
        let (x, width) = slot(29, 30);
        assert!((x + width - 100.0).abs() < 1e-9);
    }
}
