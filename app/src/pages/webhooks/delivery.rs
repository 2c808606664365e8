use leptos::prelude::*;
use types::{
    DeliveryId, Permission, WebhookId,
    webhooks::{AttemptRow, DeliveryPage, DeliveryState},
};

use super::{DeliveryBadge, may_manage};
use crate::{
    PageError,
    components::{
        Card, CodeBlock, Console, ErrorPanel, FormError, Glyph, Icon, Id, KeyValue, KeyValues, Load, Moment,
        Only, PageHeader, Place,
    },
    context::Typed,
    error::set_status,
    number::grouped,
    pages::named,
    server::webhooks,
};

#[component]
pub fn Delivery() -> impl IntoView {
    view! {
        <Console here=Place::Webhooks>
            <Only to=Permission::WebhooksRead ask=super::ASK>
                <Found />
            </Only>
        </Console>
    }
}

#[component]
fn Found() -> impl IntoView {
    let (Some(id), Some(delivery)) = (named::<WebhookId>("id"), named::<DeliveryId>("delivery")) else {
        set_status(404);
        return view! { <ErrorPanel error=PageError::not_found("This delivery") /> }.into_any();
    };
    view! {
        <Load from=webhooks::delivery(id, delivery) let:page>
            <Content page />
        </Load>
    }
    .into_any()
}

#[component]
fn Content(page: DeliveryPage) -> impl IntoView {
    let DeliveryPage {
        endpoint,
        target,
        enabled,
        row,
        message,
        body,
        attempts,
    } = page;
    let path = format!("/webhooks/{endpoint}");
    let replay = (may_manage() && enabled).then(|| {
        let action = format!("{path}/deliveries/{}", row.id);
        let words = if row.state == DeliveryState::Pending {
            "Send now"
        } else {
            "Replay"
        };
        view! {
            <form method="post" action=action>
                <button type="submit" class="button primary" name="intent" value="replay">
                    <Icon of=Glyph::Retry />
                    {words}
                </button>
            </form>
        }
    });
    let state = row.clone();
    let attempts: Vec<_> = attempts
        .into_iter()
        .map(|attempt| view! { <Attempt attempt /> })
        .collect();
    let none = attempts.is_empty();
    view! {
        <a class="back" href=path>
            <Icon of=Glyph::ArrowLeft />
            "Webhook"
        </a>
        <PageHeader title=row.event.to_string() sentence=format!("To {target}")>
            {replay}
        </PageHeader>
        <div class="stack">
            <FormError typed=Typed::current() /> <Card title="How it stands">
                <KeyValues>
                    <KeyValue name="State">
                        <DeliveryBadge row=state />
                        {row.problem.map(|problem| format!(" {problem}"))}
                    </KeyValue>
                    <KeyValue name="Message">
                        <Id id=message.to_string() whole=true />
                    </KeyValue>
                    {row
                        .subject
                        .map(|subject| {
                            view! {
                                <KeyValue name="About">
                                    <a href=format!("/verifications/{subject}")>
                                        <code>{subject.clone()}</code>
                                    </a>
                                </KeyValue>
                            }
                        })} <KeyValue name="Attempts">{row.attempts.to_string()}</KeyValue>
                    {row
                        .next_try_at
                        .map(|at| {
                            view! {
                                <KeyValue name="Next attempt">
                                    <Moment at />
                                </KeyValue>
                            }
                        })} <KeyValue name="Happened">
                        <Moment at=row.created_at />
                    </KeyValue>
                </KeyValues>
            </Card>
            <Card title="Body" sentence="The bytes that are sent and signed, the same at every attempt.">
                <CodeBlock code=body what="body" />
            </Card>
            {none
                .then(|| {
                    view! {
                        <Card title="Attempts">
                            <p class="text-muted">"It was not sent yet."</p>
                        </Card>
                    }
                })} {attempts}
        </div>
    }
    .into_any()
}

#[component]
fn Attempt(attempt: AttemptRow) -> impl IntoView {
    let AttemptRow {
        number,
        at,
        millis,
        target,
        headers,
        status,
        answer,
        answer_cut,
        problem,
    } = attempt;
    let headers: Vec<_> = headers
        .into_iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    let came = match (status, problem) {
        (_, Some(problem)) => problem,
        (Some(status), None) => format!("It was taken: {status}."),
        (None, None) => String::new(),
    };
    let answer_title = if answer_cut {
        "Answer, the first 2 KiB of it"
    } else {
        "Answer"
    };
    view! {
        <Card title=format!("Attempt {number}")>
            <KeyValues>
                <KeyValue name="When">
                    <Moment at exact=true />
                    {format!(", took {} ms", grouped(millis))}
                </KeyValue>
                <KeyValue name="To">
                    <span class="break-all">{target}</span>
                </KeyValue>
                <KeyValue name="Came to">{came}</KeyValue>
            </KeyValues>
            <h3 class="mt-6 mb-2 font-medium">"Request headers"</h3>
            <CodeBlock code=headers.join("\n") what=format!("headers of attempt {number}") />
            {(!answer.is_empty())
                .then(|| {
                    view! {
                        <h3 class="mt-6 mb-2 font-medium">{answer_title}</h3>
                        <CodeBlock code=answer what=format!("answer to attempt {number}") />
                    }
                })}
        </Card>
    }
    .into_any()
}
