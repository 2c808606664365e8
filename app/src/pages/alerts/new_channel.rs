use leptos::prelude::*;
use types::{
    Permission, StepUp, UserId,
    alerts::{ChannelKind, ChannelsPage},
};

use crate::{
    FormOutcome, PageContext,
    components::{
        Card, Confirm, Console, Field, FormError, Load, Only, PageHeader, Place, SecretReveal, Segments,
        Select,
    },
    context::Typed,
    pages::team::Back,
    server::alerts,
};

#[component]
pub fn NewAlertChannel() -> impl IntoView {
    view! {
        <Console here=Place::Alerts>
            <Back href="/alerts/channels" words="Channels" />
            <PageHeader
                title="New channel"
                sentence="No alert tells it yet: choose it in an alert afterwards. You can send a test message first."
            />
            <Only to=Permission::AlertsManage ask=super::ASK>
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
            <Card title="The channel is ready">
                <SecretReveal
                    what="signing secret"
                    secret
                    done="/alerts/channels"
                    kept="It is sealed here, to sign with. Your program checks the header webhook-signature with it (Standard Webhooks)."
                />
            </Card>
        }
        .into_any(),
        _ => view! {
            <Load from=alerts::channels() let:page>
                <Form page typed=Typed::current() />
            </Load>
        }
        .into_any(),
    }
}

fn members(members: Vec<(UserId, String)>) -> Vec<(String, String)> {
    let choose = (String::new(), "Choose a member".to_owned());
    let members = members.into_iter().map(|(id, name)| (id.to_string(), name));
    std::iter::once(choose).chain(members).collect()
}

#[component]
fn Form(page: ChannelsPage, typed: Typed) -> impl IntoView {
    let chosen = typed.value("kind", ChannelKind::Email.as_str());
    let options = vec![
        (
            ChannelKind::Email.as_str(),
            "E-mail",
            "To a member of your organisation.",
        ),
        (
            ChannelKind::Webhook.as_str(),
            "Webhook",
            "A POST to a program of yours, signed as Standard Webhooks has it.",
        ),
        (
            ChannelKind::Slack.as_str(),
            "Slack-compatible",
            "A POST to an incoming webhook of Slack, Mattermost or another that takes the same.",
        ),
    ];
    view! {
        <Card>
            <form method="post" action="/alerts/channels/new" class="stack">
                <FormError typed=typed.clone() />
                <Segments name="kind" label="How people are told" options chosen />
                <Field
                    name="name"
                    label="Name"
                    hint="Such as “On call”."
                    typed=typed.clone()
                    maxlength=80
                />
                <Select
                    name="member"
                    label="Member"
                    hint="For e-mail: who gets it, at the address of their account."
                    typed=typed.clone()
                    options=members(page.members)
                    value=""
                />
                <Field
                    name="url"
                    label="Address"
                    hint="For the others. It begins with https://, and leads to the public internet. It is kept sealed, and only its host is shown."
                    typed
                    kind="url"
                    maxlength=500
                    optional=true
                />
                <Confirm action=StepUp::Webhooks />
                <div class="form-actions">
                    <button type="submit" class="button primary">
                        "Make channel"
                    </button>
                    <a class="button" href="/alerts/channels">
                        "Cancel"
                    </a>
                </div>
            </form>
        </Card>
    }
    .into_any()
}
