//! Pages of the installation that are for its staff.

mod access;
mod elevate;
mod elevation;
mod organisations;
mod person;
mod quota;
mod sessions;

pub use access::Access;
pub use elevate::Elevate;
pub use elevation::Elevation;
pub use organisations::Organisations;
pub use person::{GiveStaffRole, StaffPerson};
pub use quota::Quota;
pub use sessions::EverybodysSessions;

use leptos::prelude::*;
use types::StaffRole;

use crate::context::Typed;

/// What a staff role gives, in a line.
const fn meaning(role: StaffRole) -> &'static str {
    match role {
        StaffRole::OperatorAdmin => "Runs the installation, and gives staff roles.",
        StaffRole::Security => "Watches signals, ends sessions, and approves elevations and recoveries.",
        StaffRole::Support => "Helps customers, and starts recoveries.",
        StaffRole::Billing => "Deals with plans and invoices, and sets quotas.",
    }
}

/// One of these roles, or none where that can be.
#[component]
fn RoleChoices(roles: Vec<StaffRole>, chosen: String, none: bool, typed: Typed) -> impl IntoView {
    let error = typed.error("role");
    let chosen = typed.value("role", &chosen);
    let no_role = none.then_some((
        "none".to_owned(),
        "No staff role",
        "Takes the role, and every elevation.",
    ));
    let choices = roles
        .into_iter()
        .map(|role| (role.to_string(), role.title(), meaning(role)))
        .chain(no_role)
        .map(|(value, word, meaning)| {
            let checked = value == chosen;
            view! {
                <label class="choice">
                    <input type="radio" name="role" value=value checked=checked required />
                    <span>
                        <span class="choice-word">{word}</span>
                        <span class="choice-meaning">{meaning}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field">
            <legend>"Staff role"</legend>
            <div class="choices">{choices}</div>
            {error.map(|text| view! { <p class="field-error">{text}</p> })}
        </fieldset>
    }
    .into_any()
}
