use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::shortcuts::{Keys, Shortcuts};
use crate::components::{Glyph, Icon};

/// Name, path, letter after `g`.
pub(super) type Destination = (String, String, char);

/// The command palette (Ctrl K), the list of shortcuts (`?`), and the shortcuts themselves.
#[island]
pub fn Palette(places: Vec<Destination>) -> impl IntoView {
    let palette = NodeRef::<html::Dialog>::new();
    let shortcuts = NodeRef::<html::Dialog>::new();
    let places = StoredValue::new(places);
    let keys = Keys::new(places);

    Effect::new(move |_| {
        keys.recall();
        window_event_listener(ev::keydown, move |event| {
            if (event.ctrl_key() || event.meta_key()) && event.key() == "k" {
                event.prevent_default();
                toggle(palette);
            } else if keys.press(&event) {
                toggle(shortcuts);
            }
        });
        window_event_listener(ev::click, move |event| match asked_for(&event).as_deref() {
            Some("palette") => toggle(palette),
            Some("shortcuts") => toggle(shortcuts),
            _ => {}
        });
    });
    view! {
        <dialog class="palette" aria-label="Go to" node_ref=palette closedby="any">
            <Finder places dialog=palette />
        </dialog>
        <dialog class="shortcuts" aria-labelledby="shortcuts-title" node_ref=shortcuts closedby="any">
            <Shortcuts places keys />
        </dialog>
    }
}

/// What the button that was clicked opens, if it opens something of ours.
fn asked_for(event: &ev::MouseEvent) -> Option<String> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest("[data-open]").ok()??.get_attribute("data-open")
}

/// The palette's input and the pages that match it.
#[component]
fn Finder(places: StoredValue<Vec<Destination>>, dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let found = Memo::new(move |_| {
        let wanted = query.get().to_lowercase();
        places.with_value(|places| {
            places
                .iter()
                .filter(|(name, ..)| name.to_lowercase().contains(wanted.trim()))
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let steer = move |event: KeyboardEvent| {
        let last = found.with_untracked(Vec::len).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|index| *index = (*index + 1).min(last)),
            "ArrowUp" => chosen.update(|index| *index = index.saturating_sub(1)),
            "Enter" => {
                let path = found.with_untracked(|found| {
                    found.get(chosen.get_untracked()).map(|(_, path, _)| path.clone())
                });
                if let Some(path) = path {
                    leave_forward(&path);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <div class="palette-input">
            <Icon of=Glyph::Search />
            <input
                type="text"
                role="combobox"
                aria-label="Page"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant=move || format!("palette-{}", chosen.get())
                placeholder="Go to a page"
                autocomplete="off"
                autofocus
                prop:value=query
                on:input:target=move |event| {
                    query.set(event.target().value());
                    chosen.set(0);
                }
                on:keydown=steer
            />
            <button
                type="button"
                class="icon-button"
                aria-label="Close"
                on:click=move |_| toggle(dialog)
            >
                <Icon of=Glyph::X />
            </button>
        </div>
        <ul id="palette-list" role="listbox" aria-label="Pages">
            {move || {
                found
                    .get()
                    .into_iter()
                    .enumerate()
                    .map(|(index, (name, path, letter))| {
                        view! {
                            <li
                                role="option"
                                id=format!("palette-{index}")
                                aria-selected=move || {
                                    if chosen.get() == index { "true" } else { "false" }
                                }
                                on:mousemove=move |_| chosen.set(index)
                                on:click=move |_| leave_forward(&path)
                            >
                                {name}
                                <span>
                                    <kbd>"G"</kbd>
                                    <kbd>{letter.to_uppercase().to_string()}</kbd>
                                </span>
                            </li>
                        }
                    })
                    .collect_view()
            }}
        </ul>
        <p class="palette-none" role="status">
            {move || found.with(Vec::is_empty).then_some("No page has that name.")}
        </p>
    }
}

/// Opens or closes a modal dialog.
fn toggle(dialog: NodeRef<html::Dialog>) {
    if let Some(dialog) = dialog.get_untracked() {
        if dialog.open() {
            dialog.close();
        } else {
            let _ = dialog.show_modal();
        }
    }
}

/// Opens a page so that Back returns here.
pub(super) fn leave_forward(path: &str) {
    let _ = window().location().assign(path);
}
