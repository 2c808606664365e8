use leptos::prelude::*;

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
            <Load from=set_up::open(token.clone()) let:_open>
                <Invitation token />
            </Load>
        </Plain>
    }
}

#[component]
fn Invitation(token: String) -> impl IntoView {
    view! {
               <section class="entry">
                   <h1>"Set up Loomwire"</h1>
                   <p class="text-muted">
                       "You become the first operator admin of this installation, and the owner of its first organisation. Your passkey is made on this device and asks for your finger, face or PIN."
                   </p>
                   <NeedsScript />
                   <SetUpForm token />
                   <p class="field-hint">
                       "This link works once, within an hour. If it runs out, restart Loomwire or run "
    <code>"loomwire setup-link"</code> "."
                   </p>
               </section>
       }
}
