//! The bars, and over them one element a stretch that tells its figures: under the pointer, and with
//! the focus. One of them is in the order of the keyboard; `islands::Conductor` moves the focus
//! on with the arrow keys. Where no script runs, the table has the same figures.

use leptos::prelude::*;

use super::{
    bars::{Bars, Series, Stretch, Words, capital},
    scale::{HEAD, HEIGHT, ceiling, height_of, pixels, slot},
};
use crate::number::grouped;

#[component]
pub(super) fn Plot(bars: Bars) -> impl IntoView {
    let Bars {
        series,
        stretches,
        words,
    } = bars;
    let top = ceiling(stretches.iter().map(Stretch::total).max().unwrap_or_default());
    let count = stretches.len();
    let columns: Vec<_> = stretches
        .iter()
        .enumerate()
        .map(|(index, stretch)| view! { <Bar stretch=stretch.clone() series index count top /> })
        .collect();
    let marks: Vec<_> = stretches
        .iter()
        .cloned()
        .enumerate()
        .map(|(index, stretch)| view! { <Mark stretch series words index count /> })
        .collect();
    let axis = [top, top / 2, 0].map(|value| view! { <span>{grouped(value)}</span> });
    let label = format!("{}s; the arrow keys move between them", capital(words.stretch));
    view! {
        <div class="chart-plot">
            <div class="chart-axis" aria-hidden="true">
                {axis.to_vec()}
            </div>
            <div class="chart-area">
                <svg width="100%" height=HEIGHT + HEAD + 24 aria-hidden="true" focusable="false">
                    <Grid top />
                    {columns}
                    <Peak stretches=stretches.clone() top />
                    <Labels stretches />
                </svg>
                <div class="chart-days" role="group" aria-label=label data-roving>
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
fn Bar(stretch: Stretch, series: &'static [Series], index: usize, count: usize, top: u64) -> impl IntoView {
    let (x, width) = slot(index, count);
    let mut below = 0;
    series
        .iter()
        .enumerate()
        .map(|(kind, (_, class))| (stretch.count(kind), *class))
        .filter(|(value, _)| *value > 0)
        .map(|(value, class)| {
            // A pixel of the surface keeps neighbours apart; what is there is always seen.
            let height = (pixels(value, top) - 1.0).max(1.0);
            below += value;
            view! {
                <rect
                    class=class
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
fn Peak(stretches: Vec<Stretch>, top: u64) -> impl IntoView {
    let count = stretches.len();
    // The later one of two alike.
    let highest = stretches
        .iter()
        .enumerate()
        .max_by_key(|(_, stretch)| stretch.total());
    highest.map(|(index, stretch)| {
        let (x, width) = slot(index, count);
        let total = stretch.total();
        view! {
            <text
                class="chart-peak"
                x=format!("{:.2}%", x + width / 2.0)
                y=format!("{:.1}", height_of(total, top) - 4.0)
                text-anchor="middle"
            >
                {grouped(total)}
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

/// Stretches from one label to the next: each of a few, else a week, and never more than fit.
fn apart(count: usize) -> usize {
    match count {
        ..=8 => 1,
        9..=35 => 7,
        _ => count.div_ceil(5),
    }
}

/// The last stretch, and some before.
#[component]
fn Labels(stretches: Vec<Stretch>) -> impl IntoView {
    let count = stretches.len();
    let apart = apart(count);
    let labels: Vec<_> = stretches
        .iter()
        .enumerate()
        .filter(|(index, _)| (count - 1 - index).is_multiple_of(apart))
        .map(|(index, stretch)| {
            let (x, width) = slot(index, count);
            let anchor = anchor(index, count);
            let x = match anchor {
                "start" => x,
                "end" => x + width,
                _ => x + width / 2.0,
            };
            view! {
                <text x=format!("{x:.2}%") y=HEIGHT + HEAD + 18 text-anchor=anchor>
                    {stretch.short.clone()}
                </text>
            }
        })
        .collect();
    view! { <g class="chart-labels">{labels}</g> }
}

/// One stretch: a column of the plot, and what it says.
#[component]
fn Mark(
    stretch: Stretch,
    series: &'static [Series],
    words: Words,
    index: usize,
    count: usize,
) -> impl IntoView {
    let all = grouped(stretch.total());
    let told: Vec<String> = series
        .iter()
        .enumerate()
        .filter(|(kind, _)| stretch.count(*kind) > 0)
        .map(|(kind, (name, _))| format!("{name} {}", grouped(stretch.count(kind))))
        .collect();
    let label = if told.is_empty() {
        format!("{}: no {}", stretch.long, words.one)
    } else {
        format!("{}: {all} in all. {}", stretch.long, told.join(", "))
    };
    let lines: Vec<_> = series
        .iter()
        .enumerate()
        .map(|(kind, (name, class))| {
            view! {
                <span class=*class>
                    <i></i>
                    {*name}
                    <b>{grouped(stretch.count(kind))}</b>
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
                <span class="chart-tip-day">{stretch.long} <b>{all}</b></span>
                {lines}
            </div>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn labels_never_stand_too_close() {
        for count in 1..=366_usize {
            assert!(count.div_ceil(apart(count)) <= 8, "{count}");
        }
        assert_eq!((apart(7), apart(30), apart(72)), (1, 7, 15));
    }
}
