use leptos::prelude::*;
use types::console::Viewer;

use super::{Glyph, Icon};

/// Whether the viewer looks into the organisation as its support.
pub fn is_looking() -> bool {
    let viewer: Option<Viewer> = use_context();
    viewer.is_some_and(|viewer| viewer.looking.is_some())
}

/// What a look does not allow, in the place where members find it; nothing outside a look.
#[component]
pub fn Blocked(
    /// What the button would say.
    words: &'static str,
) -> impl IntoView {
    is_looking().then(|| {
        view! {
            <button type="button" class="button" disabled title="Blocked while support looks in">
                <Icon of=Glyph::Ban />
                {words}
                <span class="sr-only">", blocked while support looks in"</span>
            </button>
        }
    })
}
