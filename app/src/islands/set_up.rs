use js_sys::Reflect;
use leptos::{ev, html, prelude::*, task::spawn_local};

use super::{
    passkey::{self, Refusal},
    sign_in::leave,
};
use crate::{
    PageError,
    components::{FieldShell, Glyph, Icon},
    server::set_up::{begin, finish},
};

/// The form behind a one-time link: who the first person is, then the passkey; of somebody who is
/// known, the passkey alone.
#[island]
pub fn SetUpForm(
    /// From the one-time link.
    token: String,
    /// Whether the link names somebody already.
    known: bool,
    /// Whether it names everything but the person.
    name_only: bool,
) -> impl IntoView {
    let ready = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<PageError>);
    let token = StoredValue::new(token);
    let name = NodeRef::<html::Input>::new();
    let email = NodeRef::<html::Input>::new();
    let organisation = NodeRef::<html::Input>::new();
    Effect::new(move |_| ready.set(true));

    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        failure.set(None);
        busy.set(true);
        let read = |input: NodeRef<html::Input>| {
            input
                .get_untracked()
                .map(|input| input.value())
                .unwrap_or_default()
        };
        let (name, email, organisation) = (read(name), read(email), read(organisation));
        spawn_local(async move {
            let begun = begin(token.get_value(), name, email, organisation, time_zone()).await;
            let done = match begun {
                Ok(begun) => enrol(begun.ceremony, &begun.options).await,
                Err(error) => Err(error),
            };
            match done {
                Ok(()) => leave("/"),
                Err(error) => {
                    failure.set(Some(error));
                    busy.set(false);
                }
            }
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            {(!known)
                .then(|| {
                    view! {
                        <SetUpField
                            name="name"
                            label="Your name"
                            hint="Colleagues see it, and the audit log names you by it."
                            autocomplete="name"
                            kind="text"
                            input=name
                            failure
                        />
                    }
                })}
            {(!known && !name_only)
                .then(|| {
                    view! {
                        <SetUpField
                            name="email"
                            label="E-mail"
                            hint="Names your account in your browser's list of passkeys."
                            autocomplete="email"
                            kind="email"
                            input=email
                            failure
                        />
                        <SetUpField
                            name="organisation"
                            label="Organisation"
                            hint="The people you verify see this name."
                            autocomplete="organization"
                            kind="text"
                            input=organisation
                            failure
                        />
                    }
                })}
            <button
                type="submit"
                class="button primary large"
                disabled=move || !ready.get()
                aria-busy=move || busy.get().then_some("true")
            >
                <Icon of=Glyph::Fingerprint />
                {move || {
                    if busy.get() { "Waiting for your device…" } else { "Create passkey" }
                }}
            </button>
            <Failure failure />
        </form>
    }
}

/// What went wrong last.
#[component]
fn Failure(failure: RwSignal<Option<PageError>>) -> impl IntoView {
    view! {
        <div role="alert">
            {move || {
                failure
                    .get()
                    .map(|error| {
                        view! {
                            <p class="field-error">
                                <Icon of=Glyph::CircleAlert size=14 />
                                {error.message}
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// The browser's time zone; empty if it does not say.
fn time_zone() -> String {
    let format = js_sys::Intl::DateTimeFormat::default();
    Reflect::get(&format.resolved_options(), &"timeZone".into())
        .ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_default()
}

async fn enrol(ceremony: String, options: &str) -> Result<(), PageError> {
    let credential = passkey::create(options).await.map_err(|refusal| {
        let text = match refusal {
            Refusal::Told(text) => text,
            Refusal::Aborted => "The request was replaced by another. Try again.".to_owned(),
        };
        PageError::new(422, text)
    })?;
    finish(ceremony, credential).await
}

#[component]
fn SetUpField(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    autocomplete: &'static str,
    kind: &'static str,
    input: NodeRef<html::Input>,
    failure: RwSignal<Option<PageError>>,
) -> impl IntoView {
    let error = Memo::new(move |_| failure.get().and_then(|error| error.field(name)));
    view! {
        <FieldShell name label hint>
            <input
                id=name
                name=name
                type=kind
                autocomplete=autocomplete
                maxlength="200"
                required
                node_ref=input
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=format!("{name}-hint {name}-error")
            />
            <p class="field-error" id=format!("{name}-error")>
                {move || error.get()}
            </p>
        </FieldShell>
    }
}
