use leptos::prelude::*;

use crate::{
    PageContext,
    components::{Banner, Glyph, Load, Tone},
    context::FormOutcome,
    pages::{asked, security::EndOthers},
    server::session,
};

/// After a change of how one signs in, where it was made: whoever is signed in elsewhere stays
/// so, and can be ended from here with one button (OWASP ASVS 5.0.0, 7.4.3).
#[component]
pub(super) fn OthersGoOn() -> impl IntoView {
    changed().then(|| {
        view! {
            <Load from=session::page() let:page>
                <Offer others=page.sessions.iter().filter(|session| !session.here).count() />
            </Load>
        }
    })
}

/// Whether a form, or an island, has just changed something.
fn changed() -> bool {
    let outcome = PageContext::current().outcome;
    matches!(
        outcome,
        Some(FormOutcome::Saved(_) | FormOutcome::RecoveryCodes(_))
    ) || asked("changed").is_some()
}

#[component]
fn Offer(others: usize) -> impl IntoView {
    (others > 0).then(|| {
        view! {
            <Banner tone=Tone::Warn glyph=Glyph::Monitor title="You are signed in elsewhere too">
                <div class="stack">
                    <p>
                        "What you change here ends no session. If one of them may not be yours, end them; whoever is there signs in anew. "
                        <a class="prose-link" href="/account/sessions">
                            "See which there are"
                        </a> "."
                    </p>
                    <EndOthers others />
                </div>
            </Banner>
        }
    })
}
