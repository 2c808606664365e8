use leptos::prelude::*;
use types::console::Viewer;

use crate::{
    PageContext, Theme,
    components::{AccountPage, Glyph, Icon, report_link::report_path},
};

/// Who is signed in, the colours, and the way out.
#[component]
pub(super) fn Account(viewer: Viewer) -> impl IntoView {
    let staff = viewer.staff_role.is_some();
    view! {
        <button type="button" class="switcher" popovertarget="account">
            <span class="avatar" aria-hidden="true">
                <Icon of=Glyph::User />
            </span>
            <span class="switcher-words">
                <span class="truncate font-medium">{viewer.name.clone()}</span>
                <span class="truncate text-xs text-muted">{viewer.email.clone()}</span>
            </span>
            <span class="sr-only">"Account menu"</span>
        </button>
        <div id="account" class="menu menu-bottom" popover="auto" role="dialog" aria-label="Account">
            <div class="menu-person">
                <p class="font-medium truncate">{viewer.name}</p>
                <p class="text-xs text-muted truncate">{viewer.email}</p>
                {staff
                    .then(|| {
                        view! { <p class="text-xs text-muted">"Staff of this installation"</p> }
                    })}
            </div>
            <AccountLinks />
            <ThemeChoice />
            <button type="button" class="menu-item scripted" data-open="shortcuts" popovertarget="account">
                <Icon of=Glyph::Keyboard />
                "Keyboard shortcuts"
            </button>
            <form method="post" action="/sign-out" class="menu-apart">
                <button type="submit" class="menu-item">
                    <Icon of=Glyph::LogOut />
                    "Sign out"
                </button>
            </form>
        </div>
    }
}

#[component]
fn ThemeChoice() -> impl IntoView {
    let chosen = PageContext::current().theme;
    let buttons: Vec<_> = [
        (Theme::System, Glyph::Monitor, "System"),
        (Theme::Light, Glyph::Sun, "Light"),
        (Theme::Dark, Glyph::Moon, "Dark"),
    ]
    .into_iter()
    .map(|(theme, glyph, word)| {
        view! {
            <button
                type="submit"
                name="theme"
                value=theme.as_str()
                aria-pressed=if theme == chosen { "true" } else { "false" }
            >
                <Icon of=glyph size=14 />
                {word}
            </button>
        }
    })
    .collect();
    view! {
        <form method="post" action="/theme">
            <fieldset class="themes">
                <legend class="sr-only">"Colours"</legend>
                {buttons}
            </fieldset>
        </form>
    }
}

#[component]
fn AccountLinks() -> impl IntoView {
    let links: Vec<_> = AccountPage::ALL
        .into_iter()
        .map(|page| {
            let (name, path) = page.parts();
            view! {
                <a class="menu-item" href=path>
                    {name}
                </a>
            }
        })
        .collect();
    let report = report_path(&PageContext::current().path);
    view! {
        <nav aria-label="Account pages">
            {links}
            <a class="menu-item" href=report>
                "Report suspicious activity"
            </a>
        </nav>
    }
}
