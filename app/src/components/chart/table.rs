use leptos::prelude::*;
use types::console::DayCount;

use super::{SERIES, total};
use crate::{number::grouped, time::long_day};

/// The figures of the chart, newest first.
#[component]
pub(super) fn DayTable(days: Vec<DayCount>) -> impl IntoView {
    let rows: Vec<_> = days
        .into_iter()
        .rev()
        .map(|day| {
            let cells: Vec<_> = SERIES
                .iter()
                .map(|(_, _, of)| view! { <td class="figures">{grouped(of(&day))}</td> })
                .collect();
            view! {
                <tr>
                    <th scope="row">
                        <time datetime=day.day.clone()>{long_day(&day.day)}</time>
                    </th>
                    {cells}
                    <td class="figures">{grouped(total(&day))}</td>
                </tr>
            }
        })
        .collect();
    let heads: Vec<_> = SERIES
        .iter()
        .map(|(name, _, _)| *name)
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
    }
    .into_any()
}
