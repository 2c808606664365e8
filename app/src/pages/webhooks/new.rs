use leptos::prelude::*;
use types::{Environment, Permission, StepUp, webhooks::WebhookEvent};

use super::Events;
use crate::{
    FormOutcome, PageContext,
    components::{Card, Confirm, Console, Field, FormError, Only, PageHeader, Place, SecretReveal, Segments},
    context::Typed,
    pages::team::Back,
};

#[component]
pub fn NewWebhook() -> impl IntoView {
    view! {
        <Console here=Place::Webhooks>
            <Back href="/webhooks" words="Webhooks" />
            <PageHeader
                title="New webhook"
                sentence="It is told of what happens from now on. You can send a test event afterwards."
            />
            <Only to=Permission::WebhooksManage ask=super::ASK>
                <div class="narrow stack">
                    <Content />
                </div>
            </Only>
        </Console>
    }
}

#[component]
fn Content() -> impl IntoView {
    match PageContext::current().outcome {
        Some(FormOutcome::WebhookSecret(secret)) => view! {
            <Card title="The webhook is ready">
                <SecretReveal
                    what="signing secret"
                    secret
                    done="/webhooks"
                    kept="It is sealed here, to sign with. Your program checks the header webhook-signature with it (Standard Webhooks), or x-webhook-signature."
                />
            </Card>
        }
        .into_any(),
        _ => view! { <Form typed=Typed::current() /> }.into_any(),
    }
}

#[component]
fn Form(typed: Typed) -> impl IntoView {
    let environment = typed.value("environment", Environment::Test.as_str());
    let options = vec![
        (
            Environment::Test.as_str(),
            "Test",
            "Verifications that were started with test keys.",
        ),
        (
            Environment::Live.as_str(),
            "Live",
            "Verifications of real people, started with live keys.",
        ),
    ];
    view! {
        <Card>
            <form method="post" action="/webhooks/new" class="stack">
                <FormError typed=typed.clone() />
                <Field
                    name="url"
                    label="Address"
                    hint="It begins with https://, and leads to the public internet. Events are posted there as JSON."
                    typed=typed.clone()
                    kind="url"
                    maxlength=500
                />
                <Field
                    name="description"
                    label="Description"
                    hint="What it is for, such as “Shop, production”."
                    typed=typed.clone()
                    optional=true
                    maxlength=200
                />
                <Segments name="environment" label="Environment" options chosen=environment />
                <Events typed chosen=WebhookEvent::CHOICE.to_vec() />
                <Confirm action=StepUp::Webhooks />
                <div class="form-actions">
                    <button type="submit" class="button primary">
                        "Make webhook"
                    </button>
                    <a class="button" href="/webhooks">
                        "Cancel"
                    </a>
                </div>
            </form>
        </Card>
    }
    .into_any()
}
