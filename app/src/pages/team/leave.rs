use leptos::prelude::*;
use types::{StepUp, console::Viewer};

use crate::{
    components::{Confirm, Console, FormError, Glyph, Icon, PageHeader, Place},
    context::Typed,
};

#[component]
pub fn Leave() -> impl IntoView {
    view! {
        <Console here=Place::Elsewhere>
            <Content />
        </Console>
    }
}

#[component]
fn Content() -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let name = viewer.map(|viewer| viewer.organisation.name).unwrap_or_default();
    view! {
        <PageHeader
            title=format!("Leave {name}")
            sentence="Your account stays; only somebody of the organisation can let you in again."
        />
        <div class="narrow">
            <form method="post" action="/team/leave" class="stack">
                <FormError typed=Typed::current() />
                <div class="banner bad">
                    <Icon of=Glyph::Alert />
                    <p>
                        "You see nothing of this organisation any more, and your sessions in it end. API keys that you made work on, and your colleagues are asked to review them."
                    </p>
                </div>
                <Confirm action=StepUp::Team />
                <div class="form-actions">
                    <button type="submit" class="button danger">
                        "Leave organisation"
                    </button>
                    <a class="button" href="/">
                        "Stay"
                    </a>
                </div>
            </form>
        </div>
    }
}
