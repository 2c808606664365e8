use leptos::{ev, html, prelude::*, task::spawn_local};

use super::{
    confirm,
    passkey::{self, Refusal},
    sign_in::{leave, told},
};
use crate::{
    components::{Glyph, Icon},
    server::credential::{add_begin, add_finish},
};

/// Adds a passkey to one's own account: confirms first, then makes it. It also tells the browser
/// which passkeys the account still has, so that it offers no others.
#[island]
pub fn AddPasskey(
    /// Whether there is a passkey to confirm with; otherwise a code is asked for.
    confirms: bool,
    rp_id: String,
    user_handle: String,
    /// The credential ids of the account's passkeys.
    accepted: Vec<String>,
) -> impl IntoView {
    let ready = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let name = NodeRef::<html::Input>::new();
    let code = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        ready.set(true);
        passkey::signal(&rp_id, &user_handle, &accepted);
    });
    let text = |input: NodeRef<html::Input>| input.get_untracked().map_or_else(String::new, |it| it.value());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            match add(text(name), text(code)).await {
                Ok(()) => leave("/account/sign-in-methods?changed=1"),
                Err(Refusal::Told(text)) => problem.set(text),
                Err(Refusal::Aborted) => {}
            }
            busy.set(false);
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <div class="field">
                <label for="passkey-name">"Name of the new passkey"</label>
                <input
                    id="passkey-name"
                    node_ref=name
                    maxlength="100"
                    required
                    autocomplete="off"
                    placeholder="Work laptop"
                />
            </div>
            {(!confirms)
                .then(|| {
                    view! {
                        <div class="field">
                            <label for="passkey-code">"Code of your authenticator app"</label>
                            <input
                                id="passkey-code"
                                node_ref=code
                                inputmode="numeric"
                                autocomplete="one-time-code"
                                maxlength="10"
                            />
                        </div>
                    }
                })}
            <div class="form-actions">
                <button type="submit" class="button" disabled=move || !ready.get()>
                    <Icon of=Glyph::Fingerprint />
                    {move || if busy.get() { "Waiting for your device…" } else { "Add passkey" }}
                </button>
            </div>
            <p class="field-error" role="alert">
                {problem}
            </p>
        </form>
    }
}

async fn add(name: String, code: String) -> Result<(), Refusal> {
    let begun = match add_begin(code.clone()).await {
        // Not confirmed yet.
        Err(error) if error.status == 403 && code.is_empty() => {
            confirm::ceremony("credentials".to_owned()).await?;
            add_begin(code).await
        }
        begun => begun,
    };
    let begun = begun.map_err(told)?;
    let credential = passkey::create(&begun.options).await?;
    add_finish(begun.ceremony, credential, name).await.map_err(told)
}
