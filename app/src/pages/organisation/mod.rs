//! The organisation itself.

mod new;
mod security;
mod settings;

pub use new::NewOrganisation;
pub use security::Security;
pub use settings::Settings;

use leptos::prelude::*;

use crate::{components::Field, context::Typed, time::zone_names};

/// Where the organisation's day begins and ends.
#[component]
fn TimeZoneField(typed: Typed, #[prop(into)] value: String) -> impl IntoView {
    let zones: Vec<_> = zone_names()
        .into_iter()
        .map(|name| view! { <option value=name></option> })
        .collect();
    view! {
        <Field
            name="time_zone"
            label="Time zone"
            hint="Decides whose calendar day “today” is when an age or an expiry is checked. Type a city to find it, such as Europe/London."
            typed
            value
            list="time-zones"
        />
        <datalist id="time-zones">{zones}</datalist>
    }
}
