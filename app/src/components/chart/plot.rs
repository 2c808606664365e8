//! The bars, and over them one element a day that tells its figures: under the pointer, and with
//! the focus. One of them is in the order of the keyboard; `islands::Conductor` moves the focus
//! on with the arrow keys. Where no script runs, the table has the same figures.

use leptos::prelude::*;
use types::console::DayCount;

use super::{
    SERIES,
    scale::{HEAD, HEIGHT, ceiling, height_of, pixels, slot},
    total,
};
use crate::{
    number::grouped,
    time::{long_day, short_day},
};

#[component]
pub(super) fn Plot(days: Vec<DayCount>) -> impl IntoView {
    let top = ceiling(days.iter().map(total).max().unwrap_or_default());
    let count = days.len();
    let bars: Vec<_> = days
        .iter()
        .enumerate()
        .map(|(index, day)| view! { <Bar day=day.clone() index count top /> })
        .collect();
    let marks: Vec<_> = days
        .iter()
        .cloned()
        .enumerate()
        .map(|(index, day)| view! { <DayMark day index count /> })
        .collect();
    let axis = [top, top / 2, 0].map(|value| view! { <span>{grouped(value)}</span> });
    view! {
        <div class="chart-plot">
            <div class="chart-axis" aria-hidden="true">
                {axis.to_vec()}
            </div>
            <div class="chart-area">
                <svg width="100%" height=HEIGHT + HEAD + 24 aria-hidden="true" focusable="false">
                    <Grid top />
                    {bars}
                    <Peak days=days.clone() top />
                    <DayLabels days />
                </svg>
                <div
                    class="chart-days"
                    role="group"
                    aria-label="Days; the arrow keys move between them"
                    data-roving
                >
                    {marks}
                </div>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Grid(top: u64) -> impl IntoView {
    let lines = [0, top / 2, top].map(|value| {
        let y = height_of(value, top);
        let class = if value == 0 { "base" } else { "" };
        view! { <line x1="0" x2="100%" y1=y y2=y class=class /> }
    });
    view! { <g class="chart-grid">{lines.to_vec()}</g> }
}

#[component]
fn Bar(day: DayCount, index: usize, count: usize, top: u64) -> impl IntoView {
    let (x, width) = slot(index, count);
    let mut below = 0;
    SERIES
        .iter()
        .filter(|(_, _, of)| of(&day) > 0)
        .map(|(_, class, of)| {
            let value = of(&day);
            // A pixel of the surface keeps neighbours apart; what is there is always seen.
            let height = (pixels(value, top) - 1.0).max(1.0);
            below += value;
            view! {
                <rect
                    class=*class
                    x=format!("{:.3}%", x + width * 0.14)
                    width=format!("{:.3}%", width * 0.72)
                    y=format!("{:.1}", height_of(below, top))
                    height=format!("{height:.1}")
                    rx="1.5"
                />
            }
        })
        .collect::<Vec<_>>()
}

/// The highest bar says its figure.
#[component]
fn Peak(days: Vec<DayCount>, top: u64) -> impl IntoView {
    let count = days.len();
    // The later one of two alike.
    let highest = days.iter().enumerate().max_by_key(|(_, day)| total(day));
    highest.map(|(index, day)| {
        let (x, width) = slot(index, count);
        view! {
            <text
                class="chart-peak"
                x=format!("{:.2}%", x + width / 2.0)
                y=format!("{:.1}", height_of(total(day), top) - 4.0)
                text-anchor="middle"
            >
                {grouped(total(day))}
            </text>
        }
    })
}

/// At an edge a label leans inwards.
fn anchor(index: usize, count: usize) -> &'static str {
    if index == 0 {
        "start"
    } else if index + 1 >= count {
        "end"
    } else {
        "middle"
    }
}

/// The last day, and each a week before.
#[component]
fn DayLabels(days: Vec<DayCount>) -> impl IntoView {
    let count = days.len();
    let labels: Vec<_> = days
        .iter()
        .enumerate()
        .filter(|(index, _)| (count - 1 - index).is_multiple_of(7))
        .map(|(index, day)| {
            let (x, width) = slot(index, count);
            let anchor = anchor(index, count);
            let x = match anchor {
                "start" => x,
                "end" => x + width,
                _ => x + width / 2.0,
            };
            view! {
                <text x=format!("{x:.2}%") y=HEIGHT + HEAD + 18 text-anchor=anchor>
                    {short_day(&day.day)}
                </text>
            }
        })
        .collect();
    view! { <g class="chart-labels">{labels}</g> }
}

/// One day: a column of the plot, and what it says.
#[component]
fn DayMark(day: DayCount, index: usize, count: usize) -> impl IntoView {
    let name = long_day(&day.day);
    let all = grouped(total(&day));
    let words: Vec<String> = SERIES
        .iter()
        .filter(|(_, _, of)| of(&day) > 0)
        .map(|(name, _, of)| format!("{name} {}", grouped(of(&day))))
        .collect();
    let label = if words.is_empty() {
        format!("{name}: no verification")
    } else {
        format!("{name}: {all} in all. {}", words.join(", "))
    };
    let lines: Vec<_> = SERIES
        .iter()
        .map(|(name, class, of)| {
            view! {
                <span class=*class>
                    <i></i>
                    {*name}
                    <b>{grouped(of(&day))}</b>
                </span>
            }
        })
        .collect();
    let class = if index * 2 < count {
        "chart-day"
    } else {
        "chart-day late"
    };
    let tabindex = if index + 1 == count { "0" } else { "-1" };
    view! {
        <div class=class role="img" tabindex=tabindex aria-label=label>
            <div class="chart-tip" aria-hidden="true">
                <span class="chart-tip-day">{name} <b>{all}</b></span>
                {lines}
            </div>
        </div>
    }
    .into_any()
}
