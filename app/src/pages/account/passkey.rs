use leptos::prelude::*;
use types::{
    PasskeyId, StepUp,
    credentials::{PasskeyView, SignInMethods as Methods},
};

use super::{METHODS, methods::kind};
use crate::{
    PageError,
    components::{
        Card, Confirm, Console, ErrorPanel, Field, FormError, Glyph, Icon, KeyValue, KeyValues, Load, Moment,
        PageHeader, Place,
    },
    context::Typed,
    error::set_status,
    pages::named,
    server::credential,
};

#[component]
pub fn PasskeyPage() -> impl IntoView {
    let id: Option<PasskeyId> = named("id");
    view! {
        <Console here=Place::Elsewhere>
            <Load from=credential::methods() let:methods>
                <Find methods id />
            </Load>
        </Console>
    }
}

#[component]
fn Find(methods: Methods, id: Option<PasskeyId>) -> impl IntoView {
    if let Some(passkey) = methods
        .passkeys
        .into_iter()
        .find(|passkey| Some(passkey.id) == id)
    {
        view! { <Content passkey /> }.into_any()
    } else {
        set_status(404);
        view! { <ErrorPanel error=PageError::not_found("This passkey") /> }.into_any()
    }
}

#[component]
fn Content(passkey: PasskeyView) -> impl IntoView {
    let path = format!("{METHODS}/passkeys/{}", passkey.id);
    let provider = passkey.provider.map_or_else(
        || "Unknown".to_owned(),
        |name| format!("{name}, as the authenticator claims (unattested)"),
    );
    view! {
        <a class="back" href=METHODS>
            <Icon of=Glyph::ArrowLeft />
            "Sign-in methods"
        </a>
        <PageHeader title=format!("Passkey “{}”", passkey.name) sentence="Rename it, or remove it." />
        <div class="narrow stack">
            <Card>
                <KeyValues>
                    <KeyValue name="Provider">{provider}</KeyValue>
                    <KeyValue name="Kind">{kind(passkey.synced)}</KeyValue>
                    <KeyValue name="Added">
                        <Moment at=passkey.created_at />
                    </KeyValue>
                    <KeyValue name="Last used">
                        {match passkey.last_used_at {
                            Some(at) => view! { <Moment at /> }.into_any(),
                            None => "Never".into_any(),
                        }}
                    </KeyValue>
                </KeyValues>
            </Card>
            <Rename path=path.clone() name=passkey.name />
            <Remove path stays=passkey.stays />
        </div>
    }
}

#[component]
fn Rename(path: String, name: String) -> impl IntoView {
    let typed = Typed::of_form("rename");
    view! {
        <Card title="Rename">
            <form method="post" action=path class="stack">
                <FormError typed=typed.clone() />
                <input type="hidden" name="intent" value="rename" />
                <Field name="name" label="Name" typed value=name maxlength=100 />
                <Confirm action=StepUp::Credentials />
                <div class="form-actions">
                    <button type="submit" class="button primary">
                        "Rename passkey"
                    </button>
                </div>
            </form>
        </Card>
    }
}

#[component]
fn Remove(path: String, stays: Option<String>) -> impl IntoView {
    let typed = Typed::of_form("remove");
    view! {
        <Card title="Remove">
            {match stays {
                Some(reason) => view! { <p>{reason}</p> }.into_any(),
                None => {
                    view! {
                        <form method="post" action=path class="stack">
                            <FormError typed />
                            <input type="hidden" name="intent" value="remove" />
                            <p>
                                "It signs nobody in any more from that moment. Sessions that it began go on; you can end them right after."
                            </p>
                            <Confirm action=StepUp::Credentials />
                            <div class="form-actions">
                                <button type="submit" class="button danger">
                                    "Remove passkey"
                                </button>
                            </div>
                        </form>
                    }
                        .into_any()
                }
            }}
        </Card>
    }
}
