use leptos::prelude::*;

use super::{CopyButton, Glyph, Icon};

/// A secret that is shown this once.
#[component]
pub fn SecretReveal(
    /// What it is, such as "API key".
    #[prop(into)]
    what: String,
    #[prop(into)] secret: String,
    /// Where "I have stored it" leads.
    done: &'static str,
    /// What is kept of it here.
    #[prop(
        default = "Only a keyed hash of it is kept. Put it where your programs read their secrets, then go on."
    )]
    kept: &'static str,
) -> impl IntoView {
    view! {
        <div class="reveal">
            <p class="flex items-center gap-2 font-medium">
                <Icon of=Glyph::Lock />
                {format!("This is the only time that Loomwire shows this {what}.")}
            </p>
            <p class="text-muted">{kept}</p>
            <div class="reveal-secret">
                <code id="secret">{secret.clone()}</code>
                <CopyButton text=secret what=what wide=true />
            </div>
            <a class="button primary self-start" href=done>
                "I have stored it"
            </a>
        </div>
    }
}
