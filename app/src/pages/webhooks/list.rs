use leptos::prelude::*;
use types::{
    Permission,
    webhooks::{WebhookRow, WebhooksPage},
};

use super::{StateBadge, may_manage};
use crate::{
    components::{
        Blocked, Card, Cell, Column, Console, DataTable, EmptyState, EnvironmentBadge, Glyph, Icon, Load,
        Moment, MomentOr, Only, PageHeader, Place, Row,
    },
    number::grouped,
    server::webhooks,
};

#[component]
pub fn Webhooks() -> impl IntoView {
    view! {
        <Console here=Place::Webhooks>
            <PageHeader
                title="Webhooks"
                sentence="Addresses of yours that are told when a verification ends. Each event arrives at least once."
            >
                <Blocked words="New webhook" />
                {may_manage()
                    .then(|| {
                        view! {
                            <a class="button primary" href="/webhooks/new">
                                <Icon of=Glyph::Plus />
                                "New webhook"
                            </a>
                        }
                    })}
            </PageHeader>
            <Only to=Permission::WebhooksRead ask=super::ASK>
                <Load from=webhooks::page() let:page>
                    <Rows page />
                </Load>
            </Only>
        </Console>
    }
}

#[component]
fn Rows(page: WebhooksPage) -> impl IntoView {
    if page.rows.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Webhook
                title="No webhook yet"
                text="A webhook tells a program of yours when a verification ends, so that it need not ask. What is sent is signed, tried again for three days, and kept in a log for 30."
            >
                {may_manage()
                    .then(|| {
                        view! {
                            <a class="button" href="/webhooks/new">
                                "Make a webhook"
                            </a>
                        }
                    })}
            </EmptyState>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Webhook"),
        Column::new("Environment"),
        Column::new("State"),
        Column::new("Last success"),
        Column::new("Failing since"),
        Column::figures("To be sent"),
    ];
    let lines: Vec<_> = page.rows.into_iter().map(|row| view! { <Line row /> }).collect();
    view! {
        <Card flush=true>
            <DataTable caption="Webhooks, oldest first" columns>
                {lines}
            </DataTable>
        </Card>
    }
    .into_any()
}

#[component]
fn Line(row: WebhookRow) -> impl IntoView {
    let path = format!("/webhooks/{}", row.id);
    let state = row.clone();
    let WebhookRow {
        description,
        target,
        environment,
        events,
        succeeded_at,
        failing_since,
        pending,
        ..
    } = row;
    let events: Vec<_> = events.iter().map(|event| event.as_str()).collect();
    let about = if description.is_empty() {
        events.join(", ")
    } else {
        description
    };
    view! {
        <Row>
            <Cell name="Webhook">
                <a class="font-medium break-all" href=path>
                    {target}
                </a>
                <br />
                <span class="text-muted">{about}</span>
            </Cell>
            <Cell name="Environment">
                <EnvironmentBadge environment />
            </Cell>
            <Cell name="State">
                <StateBadge row=state />
            </Cell>
            <Cell name="Last success">
                <MomentOr at=succeeded_at none="Never" />
            </Cell>
            <Cell name="Failing since">
                {match failing_since {
                    Some(at) => view! { <Moment at /> }.into_any(),
                    None => view! { <span class="text-muted">"–"</span> }.into_any(),
                }}
            </Cell>
            <Cell name="To be sent" class="figures">
                {grouped(pending)}
            </Cell>
        </Row>
    }
    .into_any()
}
