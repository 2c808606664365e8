use leptos::prelude::*;

use super::{Glyph, Icon};

/// Nothing here yet: what this is, why it is empty, and the next step.
#[component]
pub fn EmptyState(
    glyph: Glyph,
    #[prop(into)] title: String,
    /// The next step.
    #[prop(optional)]
    children: Option<Children>,
    /// What this is and why it is empty.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-icon">
                <Icon of=glyph size=20 />
            </span>
            <h2 class="text-base font-semibold">{title}</h2>
            <p class="text-muted max-w-prose">{text}</p>
            {children.map(|children| view! { <div class="mt-3 w-full">{children()}</div> })}
        </div>
    }
    .into_any()
}
