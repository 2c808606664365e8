use leptos::prelude::*;
use types::{
    StepUp,
    retention::LogScope,
    streams::{StreamFormat, StreamKind},
};

use crate::{
    FormOutcome, PageContext,
    components::{Area, Card, Confirm, Console, Field, FormError, Only, PageHeader, SecretReveal, Segments},
    context::Typed,
    pages::{asked, retention::Log, team::Back},
};

#[component]
pub fn OrganisationNewStream() -> impl IntoView {
    view! { <New log=Log::of(LogScope::Organisation) /> }
}

#[component]
pub fn InstallationNewStream() -> impl IntoView {
    view! { <New log=Log::of(LogScope::Installation) /> }
}

#[component]
fn New(log: Log) -> impl IntoView {
    view! {
        <Console here=log.place>
            <Back href=log.streams words="Streams" />
            <PageHeader
                title="New stream"
                sentence="It begins to send at once. You can send a test event and look how it stands afterwards."
            />
            <Only to=log.permission ask=log.ask>
                <div class="narrow stack">
                    <Content log />
                </div>
            </Only>
        </Console>
    }
}

#[component]
fn Content(log: Log) -> impl IntoView {
    match PageContext::current().outcome {
        Some(FormOutcome::StreamSecret { name, secret }) => view! {
            <Card title=format!("“{name}” is ready")>
                <SecretReveal
                    what="signing secret"
                    secret
                    done=log.streams
                    kept="It is sealed here, to sign with. Your receiver checks the header webhook-signature with it (Standard Webhooks)."
                />
            </Card>
        }
        .into_any(),
        _ => view! { <Kinds log typed=Typed::current() /> }.into_any(),
    }
}

const KINDS: [StreamKind; 3] = [StreamKind::Webhook, StreamKind::Syslog, StreamKind::S3];

/// One kind's form at a time, so that no field is there that is not used.
#[component]
fn Kinds(log: Log, typed: Typed) -> impl IntoView {
    let word = typed.value("kind", &asked("kind").unwrap_or_default());
    let kind = word.parse().unwrap_or(StreamKind::Webhook);
    let links: Vec<_> = KINDS
        .into_iter()
        .map(|one| {
            let path = format!("{}/new?kind={one}", log.streams);
            view! {
                <li>
                    <a href=path aria-current=(one == kind).then_some("page")>
                        {one.title()}
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <nav class="page-tabs" aria-label="Where events go">
            <ul>{links}</ul>
        </nav>
        <Form kind log typed />
    }
    .into_any()
}

#[component]
fn Form(kind: StreamKind, log: Log, typed: Typed) -> impl IntoView {
    let fields = match kind {
        StreamKind::Webhook => view! { <Webhook typed=typed.clone() /> }.into_any(),
        StreamKind::Syslog => view! { <Syslog typed=typed.clone() /> }.into_any(),
        StreamKind::S3 => view! { <S3 typed=typed.clone() /> }.into_any(),
    };
    let formats = vec![
        (
            StreamFormat::Json.as_str(),
            "JSON",
            "The event's canonical form, one object a line.",
        ),
        (
            StreamFormat::Ocsf.as_str(),
            "OCSF",
            "Events of OCSF 1.5.0, one object a line. The canonical form is in each.",
        ),
    ];
    let format = typed.value("format", StreamFormat::Json.as_str());
    let personal = typed.ticked("with_personal", "on", false);
    let from_start = typed.ticked("from_start", "on", false);
    view! {
        <Card>
            <form method="post" action=format!("{}/new?kind={kind}", log.streams) class="stack">
                <FormError typed=typed.clone() />
                <input type="hidden" name="kind" value=kind.as_str() />
                <Field
                    name="name"
                    label="Name"
                    hint="What it is for, such as “SIEM, production”."
                    typed=typed.clone()
                    maxlength=60
                />
                {fields}
                <Area
                    name="authorities"
                    label="Certificate authority"
                    hint="PEM, if the other side's certificate is from an authority of your own. Empty: the public ones."
                    typed=typed.clone()
                    optional=true
                    maxlength=20_000
                />
                <Segments name="format" label="Format" options=formats chosen=format />
                <label class="choice">
                    <input type="checkbox" name="with_personal" value="on" checked=personal />
                    <span>
                        <span class="choice-word">"Send personal fields too"</span>
                        <span class="choice-meaning">
                            "Addresses and user agents, opened. Once they are there, erasing them here does not erase them there."
                        </span>
                    </span>
                </label>
                <label class="choice">
                    <input type="checkbox" name="from_start" value="on" checked=from_start />
                    <span>
                        <span class="choice-word">"Begin with the oldest event"</span>
                        <span class="choice-meaning">"Else it sends what happens from now on."</span>
                    </span>
                </label>
                <Confirm action=StepUp::Audit />
                <div class="form-actions">
                    <button type="submit" class="button primary">
                        "Make stream"
                    </button>
                    <a class="button" href=log.streams>
                        "Cancel"
                    </a>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

#[component]
fn Webhook(typed: Typed) -> impl IntoView {
    view! {
        <Field
            name="url"
            label="Address"
            hint="It begins with https://, and leads to the public internet. Batches are posted there in JSON Lines."
            typed
            kind="url"
            maxlength=500
        />
    }
}

#[component]
fn Syslog(typed: Typed) -> impl IntoView {
    view! {
        <Field name="host" label="Host" hint="Of a server that takes syslog over TLS." typed=typed.clone() maxlength=253 />
        <Field
            name="port"
            label="Port"
            hint="Empty: 6514."
            typed
            optional=true
            inputmode="numeric"
            maxlength=5
        />
    }
}

#[component]
fn S3(typed: Typed) -> impl IntoView {
    view! {
        <Field
            name="endpoint"
            label="Address of the store"
            hint="It begins with https://. Empty: Amazon S3."
            typed=typed.clone()
            kind="url"
            optional=true
            maxlength=500
        />
        <Field name="region" label="Region" hint="Such as eu-west-1." typed=typed.clone() maxlength=40 />
        <Field name="bucket" label="Bucket" typed=typed.clone() maxlength=63 />
        <Field
            name="prefix"
            label="Prefix"
            hint="What objects' names begin with, such as loomwire/audit. Empty: nothing."
            typed=typed.clone()
            optional=true
            maxlength=200
        />
        <Field name="access_key_id" label="Access key id" typed=typed.clone() maxlength=128 />
        <Field
            name="secret_access_key"
            label="Secret access key"
            hint="It is sealed, and never shown again. Give it a key that may only put objects there."
            typed
            kind="password"
            maxlength=500
        />
    }
}
