//! What a staff member sees who looks into an organisation: on every page that it is so, and the
//! way out.

use leptos::prelude::*;
use types::support::Looking;

use crate::{
    components::{Glyph, Icon, Moment, Title},
    error::set_status,
};

#[component]
fn Leave() -> impl IntoView {
    view! {
        <form method="post" action="/support/leave">
            <button type="submit" class="button">
                <Icon of=Glyph::LogOut />
                "Leave the organisation"
            </button>
        </form>
    }
}

/// Above every page of the organisation that is looked into.
#[component]
pub(super) fn LookBanner(
    looking: Looking,
    /// Who looks.
    looker: String,
) -> impl IntoView {
    let title = format!("{looker}, you are looking into {}", looking.organisation);
    view! {
        <section class="banner warn look-banner" aria-label="Looking in">
            <Icon of=Glyph::Eye />
            <div>
                <p class="font-medium">{title}</p>
                <div class="banner-body">
                    <p>
                        "As its support, with its consent, until " <Moment at=looking.until exact=true />
                        ". You can read; changes, exports and secrets are blocked. Each page that you open is in its audit log, with your name."
                    </p>
                </div>
            </div>
            <Leave />
        </section>
    }
    .into_any()
}

/// In place of every page, once the look gives nothing any more: nothing that was meant for one
/// organisation is to be done in another, so the session waits here.
#[component]
pub(super) fn LookOver(looking: Looking) -> impl IntoView {
    set_status(403);
    let text = format!(
        "You looked into {}, and cannot any more: the consent was withdrawn, its time was over, or your \
         staff role was taken. Leave the organisation to go on with your own work.",
        looking.organisation
    );
    view! {
        <Title text="This look is over" />
        <section class="error-panel" role="alert">
            <span class="empty-icon">
                <Icon of=Glyph::Eye size=20 />
            </span>
            <h1>"This look is over"</h1>
            <p class="text-muted max-w-prose">{text}</p>
            <div class="mt-3">
                <Leave />
            </div>
        </section>
    }
    .into_any()
}
