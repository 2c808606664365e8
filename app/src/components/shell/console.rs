use leptos::prelude::*;
use types::Timestamp;

use super::{
    account::Account,
    limited::Limited,
    looking::{LookBanner, LookOver},
    navigation::Navigation,
    navigation::Place,
    session_end::SessionEnd,
    switcher::Switcher,
};
use crate::{
    FormOutcome, PageContext,
    components::{Banner, Glyph, Icon, Load, Mark, Moment, ReportLink, Toast, Tone},
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

/// Whether a page is the person's own or everybody's, whatever the organisation asks for: the
/// account, saying what looks suspicious, and the API's reference.
fn is_own(path: &str) -> bool {
    path.starts_with("/account") || path == "/report" || path == "/reference"
}

#[component]
fn Frame(shown: Shown, here: Place, children: ChildrenFn) -> impl IntoView {
    let Shown { viewer, now, firing } = shown;
    provide_context(Here::new(now, &viewer.organisation.time_zone));
    provide_context(viewer.clone());
    let ends = Here::current().exact(viewer.session_ends_at);
    let left = viewer.session_ends_at.millis_since(now);
    let places = Place::open_to(&viewer);
    let organisation = viewer.organisation.name.clone();
    let recovery = viewer.recovery;
    let asked = viewer.limited.filter(|_| !is_own(&PageContext::current().path));
    let limited = asked.map(|asked| {
        let organisation = organisation.clone();
        view! { <Limited asked organisation /> }.into_any()
    });
    let over = viewer.looking.clone().filter(|looking| looking.over);
    let over = over.map(|looking| view! { <LookOver looking /> }.into_any());
    let looking = viewer.looking.clone().filter(|looking| !looking.over);
    let looker = viewer.name.clone();
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
                <Navigation viewer=viewer.clone() here firing />
                <div class="mt-auto">
                    <Account viewer />
                </div>
            </div>
            <main id="main" class="content" tabindex="-1">
                {looking.map(|looking| view! { <LookBanner looking looker /> })}
                {recovery.map(|since| view! { <Recovering since /> })}
                {over.or(limited).unwrap_or_else(|| children().into_any())}
                <footer class="content-foot">
                    <ReportLink />
                    <p class="unscripted">
                        "Without another page or form, this session ends at " {ends}
                        ". A form that is sent later has to be filled in again."
                    </p>
                </footer>
            </main>
            {saved.map(|text| view! { <Toast text /> })}
            {firing.map(|_| view! { <script type="module" src="/alerts.js"></script> })}
            <Palette places />
            <SessionEnd left />
            <Conductor />
        </div>
    }
    .into_any()
}

/// On every page while somebody recovers the viewer's account: a session can cancel it.
#[component]
fn Recovering(since: Timestamp) -> impl IntoView {
    view! {
        <Banner tone=Tone::Warn glyph=Glyph::Alert title="Somebody is recovering your account">
            "It was begun " <Moment at=since /> ". If it is not you, "
            <a href="/account/recovery">"look at it and cancel it"</a> "."
        </Banner>
    }
    .into_any()
}
