use leptos::prelude::*;

use super::{
    account::Account, limited::Limited, navigation::Navigation, navigation::Place, switcher::Switcher,
};
use crate::{
    FormOutcome, PageContext,
    components::{Glyph, Icon, Load, Mark, Toast},
    islands::{Conductor, Palette},
    server::console::{self, Shown},
    time::Here,
};

/// The console around a page: loads who is looking, then shows the page. What is inside finds
/// `Viewer` and `Here` in context.
#[component]
pub fn Console(here: Place, children: ChildrenFn) -> impl IntoView {
    view! {
        <Load from=console::load() let:shown>
            <Frame shown here children />
        </Load>
    }
    .into_any()
}

#[component]
fn Frame(shown: Shown, here: Place, children: ChildrenFn) -> impl IntoView {
    let Shown { viewer, now } = shown;
    provide_context(Here::new(now, &viewer.organisation.time_zone));
    provide_context(viewer.clone());
    let places = Place::open_to(&viewer);
    let organisation = viewer.organisation.name.clone();
    // Pages of the account are the person's own, whatever the organisation asks for.
    let asked = viewer
        .limited
        .filter(|_| !PageContext::current().path.starts_with("/account"));
    let limited = asked.map(|asked| {
        let organisation = organisation.clone();
        view! { <Limited asked organisation /> }.into_any()
    });
    let saved = match PageContext::current().outcome {
        Some(FormOutcome::Saved(text)) => Some(text),
        _ => None,
    };
    view! {
        <div class="console">
            <header class="topbar">
                <button type="button" class="icon-button" popovertarget="drawer" aria-label="Open navigation">
                    <Icon of=Glyph::Menu size=20 />
                </button>
                <span class="truncate font-medium">{organisation}</span>
                <a href="/" aria-label="Overview">
                    <Mark />
                </a>
            </header>
            <div id="drawer" class="sidebar" popover="auto">
                <Switcher viewer=viewer.clone() />
                <button type="button" class="search" data-open="palette" aria-keyshortcuts="Control+K">
                    <Icon of=Glyph::Search />
                    "Go to"
                    <kbd>"Ctrl K"</kbd>
                </button>
                <Navigation viewer=viewer.clone() here />
                <div class="mt-auto">
                    <Account viewer />
                </div>
            </div>
            <main id="main" class="content" tabindex="-1">
                {limited.unwrap_or_else(|| children().into_any())}
            </main>
            {saved.map(|text| view! { <Toast text /> })}
            <Palette places />
            <Conductor />
        </div>
    }
    .into_any()
}
