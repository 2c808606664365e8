use leptos::prelude::*;
use types::{
    AlertChannelId, AlertRuleId, Permission, StepUp,
    alerts::{AlertCause, AlertDelivery, ChannelPage, ChannelRow},
};

use super::{SentBadge, may_manage, outcome};
use crate::{
    PageError,
    components::{
        Card, Cell, Column, Confirm, Console, DataTable, ErrorPanel, FormError, KeyValue, KeyValues, Load,
        Moment, MomentOr, Only, PageHeader, Place, Row,
    },
    context::Typed,
    error::set_status,
    pages::{named, team::Back},
    server::alerts,
};

#[component]
pub fn AlertChannel() -> impl IntoView {
    view! {
        <Console here=Place::Alerts>
            <Back href="/alerts/channels" words="Channels" />
            <Only to=Permission::AlertsRead ask=super::ASK>
                <Found />
            </Only>
        </Console>
    }
}

#[component]
fn Found() -> impl IntoView {
    let Some(id) = named::<AlertChannelId>("id") else {
        set_status(404);
        return view! { <ErrorPanel error=PageError::not_found("This channel") /> }.into_any();
    };
    view! {
        <Load from=alerts::channel(id) let:page>
            <Content page />
        </Load>
    }
    .into_any()
}

#[component]
fn Content(page: ChannelPage) -> impl IntoView {
    let ChannelPage {
        row,
        rules,
        deliveries,
    } = page;
    let path = format!("/alerts/channels/{}", row.id);
    let remove = path.clone();
    let sentence = format!("{}, to {}.", row.kind.title(), row.target);
    view! {
        <PageHeader title=row.name.clone() sentence />
        <div class="stack">
            <FormError typed=Typed::current() /> <Standing row rules path /> <Sent deliveries />
            {may_manage().then(|| view! { <Remove path=remove /> })}
        </div>
    }
    .into_any()
}

#[component]
fn Standing(row: ChannelRow, rules: Vec<(AlertRuleId, String)>, path: String) -> impl IntoView {
    let told: Vec<_> = rules
        .into_iter()
        .map(|(id, name)| {
            view! {
                <li>
                    <a href=format!("/alerts/{id}")>{name}</a>
                </li>
            }
        })
        .collect();
    let told = if told.is_empty() {
        view! { <span class="text-muted">"None: no alert tells it."</span> }.into_any()
    } else {
        view! { <ul class="told">{told}</ul> }.into_any()
    };
    view! {
        <Card title="How it stands">
            <div class="stack">
                <KeyValues>
                    <KeyValue name="Tested">
                        <MomentOr at=row.tested_at none="No test message was taken yet" />
                    </KeyValue>
                    <KeyValue name="Told of">{told}</KeyValue>
                    <KeyValue name="Made">
                        <Moment at=row.created_at />
                    </KeyValue>
                </KeyValues>
                {may_manage()
                    .then(|| {
                        view! {
                            <form method="post" action=path>
                                <button type="submit" class="button primary" name="intent" value="test">
                                    "Send a test message"
                                </button>
                            </form>
                        }
                    })}
            </div>
        </Card>
    }
    .into_any()
}

#[component]
fn Sent(deliveries: Vec<AlertDelivery>) -> impl IntoView {
    if deliveries.is_empty() {
        return view! {
            <Card title="Recent messages">
                <p class="text-muted">"Nothing was sent yet. A test message shows whether it arrives."</p>
            </Card>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Message"),
        Column::new("State"),
        Column::new("Answer"),
        Column::figures("Attempts"),
        Column::new("Next attempt"),
        Column::new("Happened"),
    ];
    let lines: Vec<_> = deliveries.into_iter().map(|one| view! { <Line one /> }).collect();
    view! {
        <Card flush=true title="Recent messages" sentence="The newest 50, of the last 90 days.">
            <DataTable caption="Messages, newest first" columns>
                {lines}
            </DataTable>
        </Card>
    }
    .into_any()
}

#[component]
fn Line(one: AlertDelivery) -> impl IntoView {
    let answer = outcome(&one);
    let what = match one.cause {
        AlertCause::Test => "Test message",
        AlertCause::Fired => "Fired",
        AlertCause::Eased => "Eased to a warning",
        AlertCause::Cleared => "Over",
        AlertCause::Reminder => "Reminder",
        AlertCause::Unsilenced => "Still fires after the silence",
    };
    let name = (one.cause != AlertCause::Test).then(|| one.name.clone());
    view! {
        <Row>
            <Cell name="Message">
                <span class="font-medium">{what}</span>
                <span class="block text-muted">{name}</span>
            </Cell>
            <Cell name="State">
                <SentBadge state=one.state attempts=one.attempts />
            </Cell>
            <Cell name="Answer">{answer}</Cell>
            <Cell name="Attempts" class="figures">
                {one.attempts.to_string()}
            </Cell>
            <Cell name="Next attempt">
                <MomentOr at=one.next_try_at none="–" />
            </Cell>
            <Cell name="Happened">
                <Moment at=one.at />
            </Cell>
        </Row>
    }
    .into_any()
}

#[component]
fn Remove(path: String) -> impl IntoView {
    view! {
        <div class="narrow">
            <Card
                title="Remove"
                sentence="Alerts that tell it tell it no more, and the log of what was sent is gone."
            >
                <form method="post" action=path class="stack">
                    <Confirm action=StepUp::Webhooks />
                    <div class="form-actions">
                        <button type="submit" class="button danger" name="intent" value="delete">
                            "Remove channel"
                        </button>
                    </div>
                </form>
            </Card>
        </div>
    }
    .into_any()
}
