use leptos::prelude::*;

use super::bars::{Bars, capital};
use crate::number::grouped;

/// The figures of the chart, newest first.
#[component]
pub(super) fn StretchTable(bars: Bars) -> impl IntoView {
    let title = bars.words.title();
    let caption = format!("{title}, newest first");
    let kinds = bars.series.len();
    let rows: Vec<_> = bars
        .stretches
        .into_iter()
        .rev()
        .map(|stretch| {
            let cells: Vec<_> = (0..kinds)
                .map(|kind| view! { <td class="figures">{grouped(stretch.count(kind))}</td> })
                .collect();
            view! {
                <tr>
                    <th scope="row">
                        <time datetime=stretch.begins.clone()>{stretch.long.clone()}</time>
                    </th>
                    {cells}
                    <td class="figures">{grouped(stretch.total())}</td>
                </tr>
            }
        })
        .collect();
    let heads: Vec<_> = bars
        .series
        .iter()
        .map(|(name, _)| *name)
        .chain(["All"])
        .map(|name| {
            view! {
                <th scope="col" class="figures">
                    {name}
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
                        <th scope="col">{capital(bars.words.stretch)}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
