use leptos::prelude::*;
use types::{Permission, console::Viewer};

use crate::components::{Glyph, Icon};

/// A letter in a square, in place of a logo.
#[component]
fn Initial(name: String) -> impl IntoView {
    let letter = name.chars().next().map(|c| c.to_uppercase().to_string());
    view! {
        <span class="initial" aria-hidden="true">
            {letter}
        </span>
    }
}

/// The organisation that one looks into: there is no way to another before it is left.
#[component]
fn LookedInto(name: String) -> impl IntoView {
    view! {
        <section class="switcher" aria-label="Organisation">
            <Initial name=name.clone() />
            <span class="switcher-words">
                <span class="truncate font-medium">{name}</span>
                <span class="text-xs text-muted">"Looking in, read only"</span>
            </span>
        </section>
    }
    .into_any()
}

/// The organisation that one works in, and the way to another.
#[component]
pub(super) fn Switcher(viewer: Viewer) -> impl IntoView {
    if let Some(looking) = viewer.looking {
        return view! { <LookedInto name=looking.organisation /> }.into_any();
    }
    let current = viewer.organisation.clone();
    let may_create = viewer.may(Permission::OrganisationsCreate);
    let custom = current.custom_role.clone();
    let role = custom.unwrap_or_else(|| current.role.title().to_owned());
    let choices: Vec<_> = viewer
        .organisations
        .into_iter()
        .map(|choice| {
            let here = choice.id == current.id;
            view! {
                <li>
                    <button
                        type="submit"
                        name="organisation"
                        value=choice.id.to_string()
                        class="menu-item"
                        aria-current=here.then_some("true")
                    >
                        <Initial name=choice.name.clone() />
                        <span class="truncate">{choice.name}</span>
                        {here.then(|| view! { <Icon of=Glyph::Check /> })}
                    </button>
                </li>
            }
        })
        .collect();
    view! {
        <button type="button" class="switcher" popovertarget="organisations">
            <Initial name=current.name.clone() />
            <span class="switcher-words">
                <span class="truncate font-medium">{current.name}</span>
                <span class="text-xs text-muted">{role}</span>
            </span>
            <Icon of=Glyph::ChevronsUpDown size=14 />
            <span class="sr-only">"Switch organisation"</span>
        </button>
        <div id="organisations" class="menu menu-top" popover="auto" role="dialog" aria-label="Organisations">
            <h2 class="menu-title">"Organisations"</h2>
            <form method="post" action="/organisations/switch">
                <ul>{choices}</ul>
            </form>
            <a class="menu-item menu-apart" href="/team/leave">
                <Icon of=Glyph::LogOut />
                "Leave this organisation"
            </a>
            {may_create
                .then(|| {
                    view! {
                        <a class="menu-item" href="/organisations/new">
                            <Icon of=Glyph::Plus />
                            "New organisation"
                        </a>
                    }
                })}
        </div>
    }
    .into_any()
}
