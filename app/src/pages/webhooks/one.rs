use leptos::prelude::*;
use types::{
    Permission, WebhookId,
    console::Page,
    webhooks::{DeliveryRow, DeliveryState, WebhookPage, WebhookRow, WebhookState, WebhookStop},
};

use super::{
    DeliveryBadge, StateBadge,
    change::{Replays, Settings},
    may_manage,
};
use crate::{
    FormOutcome, PageContext, PageError,
    components::{
        Banner, Card, Cell, Column, Console, DataTable, EnvironmentBadge, ErrorPanel, FormError, Glyph,
        KeyValue, KeyValues, Load, Moment, MomentOr, Only, PageHeader, Pager, Place, Row, SecretReveal, Tone,
        link, short_id,
    },
    context::Typed,
    error::set_status,
    number::grouped,
    pages::{asked, named, team::Back},
    server::webhooks,
};

#[component]
pub fn Webhook() -> impl IntoView {
    view! {
        <Console here=Place::Webhooks>
            <Back href="/webhooks" words="Webhooks" />
            <Only to=Permission::WebhooksRead ask=super::ASK>
                <Found />
            </Only>
        </Console>
    }
}

#[component]
fn Found() -> impl IntoView {
    let Some(id) = named::<WebhookId>("id") else {
        set_status(404);
        return view! { <ErrorPanel error=PageError::not_found("This webhook") /> }.into_any();
    };
    view! {
        <Load from=webhooks::one(id, asked("state"), asked("after")) let:page>
            <Content page />
        </Load>
    }
    .into_any()
}

#[component]
fn Content(page: WebhookPage) -> impl IntoView {
    let told = match PageContext::current().outcome {
        Some(FormOutcome::WebhookSecret(secret)) => view! {
            <Card title="The new secret">
                <SecretReveal
                    what="signing secret"
                    secret
                    done="/webhooks"
                    kept="It is sealed here, to sign with. For 24 hours the one before signs too, so that your program can change over in between."
                />
            </Card>
        }
        .into_any(),
        _ => ().into_any(),
    };
    let WebhookPage {
        row,
        url,
        old_secret_until,
        deliveries,
    } = page;
    let sentence = if row.description.is_empty() {
        "What is sent there, and what became of it.".to_owned()
    } else {
        row.description.clone()
    };
    let settings = url.map(|url| view! { <Settings row=row.clone() url old_secret_until /> });
    let (standing, trouble, sent) = (row.clone(), row.clone(), row.clone());
    view! {
        <PageHeader title=row.target.clone() sentence />
        <div class="stack">
            {told} <FormError typed=Typed::current() /> <Trouble row=trouble />
            <Standing row=standing old_secret_until /> <Sent row=sent deliveries /> {settings}
        </div>
    }
    .into_any()
}

/// What its people have to know first.
#[component]
fn Trouble(row: WebhookRow) -> impl IntoView {
    let (title, words) = match (row.state, row.stopped) {
        (WebhookState::Failing, _) => (
            "It does not get through",
            "Each event is tried again for three days. After three days of failure you are told by mail, after five it is disabled.",
        ),
        (WebhookState::Disabled, Some(WebhookStop::Gone)) => (
            "It was disabled: it answered 410 Gone",
            "Once the address takes events again, enable it and replay what it missed.",
        ),
        (WebhookState::Disabled, Some(WebhookStop::Failing)) => (
            "It was disabled: it had taken nothing for five days",
            "Once the address takes events again, enable it and replay what it missed. What happens until then is not sent later.",
        ),
        _ => return None,
    };
    Some(
        view! {
            <Banner tone=Tone::Bad glyph=Glyph::Alert title>
                <p>{words}</p>
            </Banner>
        }
        .into_any(),
    )
}

#[component]
fn Standing(row: WebhookRow, old_secret_until: Option<types::Timestamp>) -> impl IntoView {
    let state = row.clone();
    let events: Vec<_> = row.events.iter().map(|event| event.as_str()).collect();
    view! {
        <Card title="How it stands">
            <KeyValues>
                <KeyValue name="State">
                    <StateBadge row=state />
                    {row.stopped_at.map(|at| view! { " since " <Moment at /> })}
                </KeyValue>
                <KeyValue name="Environment">
                    <EnvironmentBadge environment=row.environment />
                </KeyValue>
                <KeyValue name="Events">
                    <code>{events.join(", ")}</code>
                </KeyValue>
                <KeyValue name="Last success">
                    <MomentOr at=row.succeeded_at none="Never" />
                </KeyValue>
                <KeyValue name="Failing since">
                    <MomentOr at=row.failing_since none="It is not failing" />
                </KeyValue>
                <KeyValue name="To be sent">{grouped(row.pending)}</KeyValue>
                <KeyValue name="Secrets that sign">
                    {match old_secret_until {
                        Some(at) => view! { "Two: the old one too until " <Moment at exact=true /> }.into_any(),
                        None => "One".into_any(),
                    }}
                </KeyValue>
                <KeyValue name="Made">
                    <Moment at=row.created_at />
                </KeyValue>
            </KeyValues>
        </Card>
    }
    .into_any()
}

#[component]
fn Sent(row: WebhookRow, deliveries: Page<DeliveryRow>) -> impl IntoView {
    let path = format!("/webhooks/{}", row.id);
    let acts = may_manage().then(|| view! { <Replays row /> });
    let later = asked("after").is_some();
    let state = asked("state");
    if deliveries.rows.is_empty() && state.is_none() {
        return view! {
            <Card title="Recent deliveries">
                <p class="text-muted">
                    "Nothing was sent yet. Send a test event, or complete a verification in this environment."
                </p>
                {acts}
            </Card>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Delivery"),
        Column::new("State"),
        Column::new("Answer"),
        Column::figures("Attempts"),
        Column::new("Next attempt"),
        Column::new("Happened"),
    ];
    let count = deliveries.rows.len();
    let listed = path.clone();
    let none = (count == 0).then(|| {
        view! { <p class="card-note">"None. Choose another state."</p> }
    });
    let query = state.clone().map(|state| ("state", state)).into_iter().collect();
    let lines: Vec<_> = deliveries
        .rows
        .into_iter()
        .map(|row| view! { <Line row path=path.clone() /> })
        .collect();
    view! {
        <Card flush=true title="Recent deliveries" sentence="What was asked and answered is kept for 30 days.">
            <States path=listed state />
            {none}
            <DataTable caption="Deliveries, newest first" columns>
                {lines}
            </DataTable>
        </Card>
        <Pager path query next=deliveries.next later count />
        {acts.map(|acts| view! { <Card title="Send">{acts}</Card> })}
    }
    .into_any()
}

/// All deliveries, or those that stand in one way.
#[component]
fn States(path: String, state: Option<String>) -> impl IntoView {
    let words = [
        (None, "All"),
        (Some(DeliveryState::Pending), "To be sent"),
        (Some(DeliveryState::Delivered), "Delivered"),
        (Some(DeliveryState::Failed), "Given up"),
    ];
    let links: Vec<_> = words
        .into_iter()
        .map(|(one, word)| {
            let here = one.map(DeliveryState::as_str) == state.as_deref();
            let query: Vec<_> = one.into_iter().map(|one| ("state", one.to_string())).collect();
            view! {
                <li>
                    <a href=link(&path, &query) aria-current=here.then_some("page")>
                        {word}
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <nav class="page-tabs" aria-label="Deliveries by state">
            <ul>{links}</ul>
        </nav>
    }
    .into_any()
}

#[component]
fn Line(row: DeliveryRow, path: String) -> impl IntoView {
    let state = row.clone();
    let DeliveryRow {
        id,
        event,
        subject,
        attempts,
        status,
        problem,
        next_try_at,
        created_at,
        ..
    } = row;
    let href = format!("{path}/deliveries/{id}");
    let about = subject.map(|subject| {
        view! {
            <br />
            <span class="text-muted">
                <code title=subject.clone()>{short_id(&subject)}</code>
            </span>
        }
    });
    let answer = match (status, problem) {
        (Some(status), _) => status.to_string(),
        (None, Some(problem)) => problem,
        (None, None) => "–".to_owned(),
    };
    view! {
        <Row>
            <Cell name="Delivery">
                <a class="font-medium" href=href>
                    {event.as_str()}
                </a>
                {about}
            </Cell>
            <Cell name="State">
                <DeliveryBadge row=state />
            </Cell>
            <Cell name="Answer">{answer}</Cell>
            <Cell name="Attempts" class="figures">
                {attempts.to_string()}
            </Cell>
            <Cell name="Next attempt">
                <MomentOr at=next_try_at none="–" />
            </Cell>
            <Cell name="Happened">
                <Moment at=created_at />
            </Cell>
        </Row>
    }
    .into_any()
}
