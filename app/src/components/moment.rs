use leptos::prelude::*;
use types::Timestamp;

use crate::time::{Here, machine, relative};

/// After this many milliseconds the date says more than the distance.
const MONTH: i64 = 30 * 86_400_000;

/// A moment: relative, with the exact time and zone on hover and for machines. The island
/// `Conductor` keeps it true while the page is open.
#[component]
pub fn Moment(
    at: Timestamp,
    /// The exact time instead of the distance.
    #[prop(optional)]
    exact: bool,
) -> impl IntoView {
    let here = Here::current();
    let title = here.exact(at);
    let near = !exact && here.now.millis_since(at).abs() < MONTH;
    let text = if exact {
        title.clone()
    } else if near {
        relative(at, here.now)
    } else {
        here.to_the_minute(at)
    };
    // Where it is the text already, a title would only say it again.
    let title = (!exact).then_some(title);
    view! {
        <time datetime=machine(at) title=title data-relative=near.then(|| at.as_millis().to_string())>
            {text}
        </time>
    }
    .into_any()
}

/// A moment, or what to say where there was none.
#[component]
pub fn MomentOr(at: Option<Timestamp>, none: &'static str) -> impl IntoView {
    match at {
        Some(at) => view! { <Moment at /> }.into_any(),
        None => view! { <span class="text-muted">{none}</span> }.into_any(),
    }
}
