//! What can be done about an alert that fires: small forms, on the list and on its page.

use leptos::prelude::*;
use types::AlertRuleId;

use crate::components::{Glyph, Icon};

/// For how long: seconds, and in words.
const SILENCES: [(i64, &str); 4] = [
    (3_600, "1 hour"),
    (28_800, "8 hours"),
    (86_400, "1 day"),
    (604_800, "7 days"),
];

/// Back to the list, if the form is on it.
#[component]
fn Back(back: bool) -> impl IntoView {
    back.then(|| view! { <input type="hidden" name="back" value="list" /> })
}

/// Says that one has taken note.
#[component]
pub(super) fn Acknowledge(id: AlertRuleId, name: String, #[prop(optional)] back: bool) -> impl IntoView {
    let label = format!("Acknowledge {name}");
    view! {
        <form method="post" action=format!("/alerts/{id}")>
            <Back back />
            <button type="submit" class="button small" name="intent" value="acknowledge" aria-label=label>
                <Icon of=Glyph::Check size=14 />
                "Acknowledge"
            </button>
        </form>
    }
}

/// Tells nobody for a while.
#[component]
pub(super) fn Silence(id: AlertRuleId, name: String, #[prop(optional)] back: bool) -> impl IntoView {
    let options: Vec<_> = SILENCES
        .into_iter()
        .map(|(seconds, word)| view! { <option value=seconds.to_string()>{word}</option> })
        .collect();
    let (label, button) = (format!("Silence {name} for"), format!("Silence {name}"));
    view! {
        <form method="post" action=format!("/alerts/{id}") class="alert-silence">
            <Back back />
            <select name="silence" aria-label=label>
                {options}
            </select>
            <button type="submit" class="button small" name="intent" value="silence" aria-label=button>
                <Icon of=Glyph::BellOff size=14 />
                "Silence"
            </button>
        </form>
    }
    .into_any()
}
