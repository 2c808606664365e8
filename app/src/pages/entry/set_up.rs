use leptos::prelude::*;
use types::console::SetupInvitation;

use super::NeedsScript;
use crate::{
    components::{Load, Plain, Title},
    islands::SetUpForm,
    pages::named,
    server::set_up,
};

#[component]
pub fn SetUp() -> impl IntoView {
    let token: String = named("token").unwrap_or_default();
    view! {
        <Title text="Set up" />
        <Plain>
            <Load from=set_up::open(token.clone()) let:invitation>
                {match invitation {
                    Some(person) => view! { <Enrolment token person /> }.into_any(),
                    None => view! { <Invitation token /> }.into_any(),
                }}
            </Load>
        </Plain>
    }
}

/// For the first person, whom nobody knows yet.
#[component]
fn Invitation(token: String) -> impl IntoView {
    view! {
        <section class="entry">
            <h1>"Set up Loomwire"</h1>
            <p class="text-muted">
                "You become the first operator admin of this installation, and the owner of its first organisation. Your passkey is made on this device and asks for your finger, face or PIN."
            </p>
            <NeedsScript />
            <SetUpForm token known=false name_only=false />
            <p class="field-hint">
                "This link works once, within an hour. If it runs out, restart Loomwire or run "
                <code>"loomwire setup-link"</code> "."
            </p>
        </section>
    }
}

/// For somebody who has an account already, and no passkey.
#[component]
fn Enrolment(token: String, person: SetupInvitation) -> impl IntoView {
    let SetupInvitation {
        name,
        email,
        organisation,
    } = person;
    view! {
        <section class="entry">
            <h1>"Welcome, " {name}</h1>
            <p class="text-muted">
                "This link is for " <strong>{email}</strong> " at " <strong>{organisation}</strong>
                ". Your passkey is made on this device and asks for your finger, face or PIN."
            </p>
            <NeedsScript />
            <SetUpForm token known=true name_only=false />
            <p class="field-hint">"This link works once, within a day. Not you? Close this page."</p>
        </section>
    }
}
