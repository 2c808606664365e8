//! News above a page's content.

use leptos::prelude::*;

use super::{Glyph, Icon, Tone};

/// A lasting state that the viewer should know of.
#[component]
pub fn Banner(tone: Tone, glyph: Glyph, #[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <div class=format!("banner {}", tone.class())>
            <Icon of=glyph />
            <div>
                <p class="font-medium">{title}</p>
                <div class="banner-body">{children()}</div>
            </div>
        </div>
    }
}

/// What was just done. It stays until the next page, so nobody has to hurry.
#[component]
pub fn Toast(#[prop(into)] text: String) -> impl IntoView {
    view! {
        <div class="toast" role="status">
            <Icon of=Glyph::CircleCheck />
            <p>{text}</p>
        </div>
    }
}
