use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local};
use web_sys::AbortController;

use super::passkey::{self, Refusal};
use crate::{
    PageError,
    components::{Glyph, Icon},
    server::sign_in::{begin, finish},
};

/// A ceremony's state on the server lapses; an autofill offer that waits is renewed before.
const RENEW: Duration = Duration::from_mins(4);

/// Signing in with a passkey, by button or from the browser's autofill.
#[island]
pub fn SignInForm(
    /// The path to go to afterwards.
    next: String,
) -> impl IntoView {
    let ready = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let next = StoredValue::new(next);
    let running = StoredValue::new_local(None::<AbortController>);

    // One request may wait in a browser at a time: the new one ends the one before.
    let replace = move || {
        let fresh = AbortController::new().ok();
        let before = running.try_update_value(|slot| std::mem::replace(slot, fresh.clone()));
        if let Some(before) = before.flatten() {
            before.abort();
        }
        fresh
    };
    let attempt = move |conditional: bool| {
        spawn_local(async move {
            if conditional && !passkey::offers_autofill().await {
                return;
            }
            let Some(controller) = replace() else { return };
            match ceremony(conditional, &controller).await {
                Ok(()) => leave(&next.get_value()),
                Err(Refusal::Aborted) => {}
                Err(Refusal::Told(_)) if conditional => {}
                Err(Refusal::Told(text)) => {
                    problem.set(Some(text));
                    busy.set(false);
                }
            }
        });
    };
    Effect::new(move |_| {
        ready.set(true);
        attempt(true);
        set_interval(
            move || {
                if !busy.get_untracked() {
                    attempt(true);
                }
            },
            RENEW,
        );
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !busy.get_untracked() {
            problem.set(None);
            busy.set(true);
            attempt(false);
        }
    };
    view! {
        <form class="stack" on:submit=submit>
            <div class="field">
                <label for="email">"E-mail"</label>
                <input
                    id="email"
                    name="email"
                    type="email"
                    autocomplete="username webauthn"
                    aria-describedby="email-hint"
                />
                <p class="field-hint" id="email-hint">
                    "Optional: your browser may offer your passkey here."
                </p>
            </div>
            <button
                type="submit"
                class="button primary large"
                disabled=move || !ready.get()
                aria-busy=move || busy.get().then_some("true")
            >
                <Icon of=Glyph::Fingerprint />
                {move || {
                    if busy.get() { "Waiting for your device…" } else { "Sign in with a passkey" }
                }}
            </button>
            <div role="alert">
                {move || {
                    problem
                        .get()
                        .map(|text| {
                            view! {
                                <p class="field-error">
                                    <Icon of=Glyph::CircleAlert size=14 />
                                    {text}
                                </p>
                            }
                        })
                }}
            </div>
        </form>
    }
}

async fn ceremony(conditional: bool, controller: &AbortController) -> Result<(), Refusal> {
    let begun = begin().await.map_err(told)?;
    let credential = passkey::get(&begun.options, conditional, &controller.signal()).await?;
    finish(begun.ceremony, credential).await.map_err(told)
}

pub(super) fn told(error: PageError) -> Refusal {
    Refusal::Told(error.message)
}

/// Opens another page of ours, in place of this one.
pub(super) fn leave(path: &str) {
    let _ = window().location().replace(path);
}
