use std::time::Duration;

use leptos::{ev, html, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{AbortController, HtmlFormElement, HtmlInputElement};

use super::{
    passkey::{self, Refusal},
    sign_in::told,
};
use crate::{
    components::{Glyph, Icon},
    server::step_up::{begin, finish},
};

/// How long a confirmation counts, in seconds.
const LASTS: i64 = 300;

/// The part of a dangerous form that asks who is there. It stops the form, asks for the passkey
/// and sends it on; a code that was typed goes with the form instead. A button with `data-looks`
/// does nothing dangerous and is let through.
#[island]
pub fn ConfirmStep(
    /// A word of `StepUp`.
    action: String,
    /// How long the present confirmation still counts, in seconds.
    left: i64,
    passkey: bool,
    app: bool,
    only_if: String,
    /// What was wrong with the code just sent.
    refused: String,
) -> impl IntoView {
    let root = NodeRef::<html::Div>::new();
    let left = RwSignal::new(left);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(refused);
    let action = StoredValue::new(action);
    let form = move || {
        let form = root.get_untracked()?.closest("form").ok()??;
        form.dyn_into::<HtmlFormElement>().ok()
    };
    // Whether sending this form must wait for a passkey.
    let waits = move |form: &HtmlFormElement| {
        let found = |selector: &str| form.query_selector(selector).ok().flatten();
        let typed = found("[name=step_up_code]")
            .and_then(|input| input.dyn_into::<HtmlInputElement>().ok())
            .is_some_and(|input| !input.value().trim().is_empty());
        let dangerous = only_if.is_empty() || found(&format!("[name={only_if}]:checked")).is_some();
        passkey && left.get_untracked() <= 0 && !typed && dangerous
    };
    Effect::new(move |_| {
        if let Some(root) = root.get() {
            let _ = root.set_attribute("data-ready", "");
        }
        set_interval(
            move || {
                if left.get_untracked() > 0 {
                    left.update(|left| *left -= 1);
                }
            },
            Duration::from_secs(1),
        );
        let waits = waits.clone();
        window_event_listener(ev::submit, move |event| {
            let Some(form) = form() else { return };
            let ours = event.target().is_some_and(|target| target == *form.as_ref());
            let looks = event
                .submitter()
                .is_some_and(|button| button.has_attribute("data-looks"));
            if !ours || looks || !waits(&form) {
                return;
            }
            event.prevent_default();
            if busy.get_untracked() {
                return;
            }
            busy.set(true);
            problem.set(String::new());
            let submitter = event.submitter();
            spawn_local(async move {
                match ceremony(action.get_value()).await {
                    Ok(()) => {
                        left.set(LASTS);
                        let _ = form.request_submit_with_submitter(submitter.as_ref());
                    }
                    Err(Refusal::Told(text)) => problem.set(text),
                    Err(Refusal::Aborted) => {}
                }
                busy.set(false);
            });
        });
    });
    view! {
        <div class="confirm" node_ref=root>
            <p class="confirm-line">
                <Icon of=Glyph::Fingerprint />
                <span role="timer">
                    {move || line(left.get(), busy.get(), passkey)}
                </span>
            </p>
            {app
                .then(|| {
                    view! {
                        <label class="field confirm-code" hidden=move || { left.get() > 0 }>
                            {if passkey { "Or a code of your authenticator app" } else { "Code" }}
                            <input
                                name="step_up_code"
                                inputmode="numeric"
                                autocomplete="one-time-code"
                                maxlength="10"
                            />
                        </label>
                    }
                })}
            <div role="alert">
                {move || {
                    let text = problem.get();
                    (!text.is_empty())
                        .then(|| {
                            view! {
                                <p class="field-error">
                                    <Icon of=Glyph::CircleAlert size=14 />
                                    {text}
                                </p>
                            }
                        })
                }}
            </div>
        </div>
    }
}

/// What the form says of the confirmation.
fn line(left: i64, busy: bool, passkey: bool) -> String {
    if left > 0 {
        return format!(
            "You confirmed this. It counts for another {}:{:02}.",
            left / 60,
            left % 60
        );
    }
    let text = match (busy, passkey) {
        (true, _) => "Waiting for your device…",
        (false, true) => "This asks for your passkey.",
        (false, false) => "This asks for a code of your authenticator app.",
    };
    text.to_owned()
}

pub(super) async fn ceremony(action: String) -> Result<(), Refusal> {
    let begun = begin(action).await.map_err(told)?;
    let credential = passkey::get(&begun.options, false, &AbortController::new()?.signal()).await?;
    finish(begun.ceremony, credential).await.map_err(told)
}
