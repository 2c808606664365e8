use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::palette::{Destination, leave_forward};

/// How long after `g` the second letter may come.
const CHORD: Duration = Duration::from_millis(1_500);
/// Where the browser remembers that single keys are off.
const REMEMBERED: &str = "lw_single_keys";

/// Shortcuts of single keys. Who dictates text can switch them off (WCAG 2.2, 2.1.4).
#[derive(Clone, Copy)]
pub(super) struct Keys {
    places: StoredValue<Vec<Destination>>,
    /// `g` was pressed, and its letter may follow.
    armed: RwSignal<bool>,
    on: RwSignal<bool>,
}

impl Keys {
    pub(super) fn new(places: StoredValue<Vec<Destination>>) -> Self {
        Self {
            places,
            armed: RwSignal::new(false),
            on: RwSignal::new(true),
        }
    }

    /// Takes over what this browser remembers.
    pub(super) fn recall(self) {
        let remembered = storage().and_then(|storage| storage.get_item(REMEMBERED).ok().flatten());
        self.on.set(remembered.as_deref() != Some("off"));
    }

    fn switch(self, on: bool) {
        self.on.set(on);
        if let Some(storage) = storage() {
            let _ = storage.set_item(REMEMBERED, if on { "on" } else { "off" });
        }
    }

    /// Follows a key press; whether it asked for the list of shortcuts.
    pub(super) fn press(self, event: &KeyboardEvent) -> bool {
        if !self.on.get_untracked() || !is_plain(event) {
            return false;
        }
        let key = event.key();
        if self.armed.get_untracked() {
            self.armed.set(false);
            if let Some(path) = self.path_after_g(&key) {
                leave_forward(&path);
            }
        } else if key == "g" {
            self.armed.set(true);
            set_timeout(move || self.armed.set(false), CHORD);
        }
        key == "?"
    }

    fn path_after_g(self, key: &str) -> Option<String> {
        self.places.with_value(|places| {
            places
                .iter()
                .find(|(.., letter)| key == letter.to_string())
                .map(|(_, path, _)| path.clone())
        })
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Whether a key press belongs to nobody: no modifier, no field that takes text.
fn is_plain(event: &KeyboardEvent) -> bool {
    let typing = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|target| {
            target
                .closest("input, textarea, select, dialog, [contenteditable]")
                .ok()
        })
        .flatten()
        .is_some();
    !typing && !event.ctrl_key() && !event.meta_key() && !event.alt_key()
}

/// What is in the dialog that lists the shortcuts.
#[component]
pub(super) fn Shortcuts(places: StoredValue<Vec<Destination>>, keys: Keys) -> impl IntoView {
    let jumps = places
        .get_value()
        .into_iter()
        .map(|(name, _, letter)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>
                        <kbd>"G"</kbd>
                        "then"
                        <kbd>{letter.to_uppercase().to_string()}</kbd>
                    </dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <h2 id="shortcuts-title">"Keyboard shortcuts"</h2>
        <dl>
            <div>
                <dt>"Go to a page by name"</dt>
                <dd>
                    <kbd>"Ctrl"</kbd>
                    <kbd>"K"</kbd>
                </dd>
            </div>
            {jumps}
            <div>
                <dt>"Show this list"</dt>
                <dd>
                    <kbd>"?"</kbd>
                </dd>
            </div>
            <div>
                <dt>"Close what is open"</dt>
                <dd>
                    <kbd>"Esc"</kbd>
                </dd>
            </div>
        </dl>
        <form method="dialog" class="shortcuts-foot">
            <label>
                <input
                    type="checkbox"
                    prop:checked=keys.on
                    on:change:target=move |event| keys.switch(event.target().checked())
                />
                "Single-key shortcuts"
            </label>
            <button class="button">"Close"</button>
        </form>
    }
}
