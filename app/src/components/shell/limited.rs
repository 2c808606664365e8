use leptos::prelude::*;
use types::MfaRequirement;

use crate::{
    components::{Glyph, Icon, Title},
    error::set_status,
};

/// In place of every page of an organisation that asks for a stronger sign-in than this one.
#[component]
pub(super) fn Limited(asked: MfaRequirement, organisation: String) -> impl IntoView {
    set_status(403);
    let text = format!(
        "{organisation} asks for a sign-in with {}, and this session began with less. Add one under \
         Sign-in methods, sign out, and sign in with it. Until then you can open your account, and other \
         organisations of yours.",
        asked.phrase()
    );
    view! {
        <Title text="A stronger sign-in is needed" />
        <section class="error-panel" role="alert">
            <span class="empty-icon">
                <Icon of=Glyph::Fingerprint size=20 />
            </span>
            <h1>"A stronger sign-in is needed"</h1>
            <p class="text-muted max-w-prose">{text}</p>
            <p class="flex flex-wrap gap-2 justify-center mt-3">
                <a class="button primary" href="/account/sign-in-methods">
                    "Go to sign-in methods"
                </a>
            </p>
        </section>
    }
    .into_any()
}
