//! What an alert told, and what became of it on the channels.

use leptos::prelude::*;
use types::{
    alerts::{AlertDelivery, AlertEventRow, AlertKind, Currency},
    console::Page,
};

use super::{
    LevelBadge, SentBadge, outcome,
    words::{amount, cause},
};
use crate::{
    components::{Card, Cell, Column, DataTable, Glyph, Icon, Moment, Pager, Row},
    pages::asked,
};

#[component]
pub(super) fn History(
    events: Page<AlertEventRow>,
    kind: AlertKind,
    #[prop(optional_no_strip)] currency: Option<Currency>,
    path: String,
) -> impl IntoView {
    let later = asked("after").is_some();
    if events.rows.is_empty() {
        return view! {
            <Card title="History">
                <p class="text-muted">"It has told nothing yet. What it tells is kept for 90 days."</p>
            </Card>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("What"),
        Column::new("State"),
        Column::figures("Value"),
        Column::new("Why"),
        Column::new("Told"),
        Column::new("When"),
    ];
    let count = events.rows.len();
    let lines: Vec<_> = events
        .rows
        .into_iter()
        .map(|event| view! { <Line event kind currency /> })
        .collect();
    view! {
        <Card flush=true title="History" sentence="What was told is kept for 90 days.">
            <DataTable caption="What was told, newest first" columns>
                {lines}
            </DataTable>
        </Card>
        <Pager path query=Vec::new() next=events.next later count />
    }
    .into_any()
}

#[component]
fn Line(
    event: AlertEventRow,
    kind: AlertKind,
    #[prop(optional_no_strip)] currency: Option<Currency>,
) -> impl IntoView {
    let currency = event.facts.currency().or(currency);
    let tell = |value| amount(kind, value, currency);
    let value = event.value.map_or_else(|| "–".to_owned(), tell);
    let against = event.threshold.map(|at| format!("threshold {}", tell(at)));
    let acknowledged = event.acknowledged.map(|(who, at)| {
        view! {
            <span class="block text-muted">{format!("{who} acknowledged it ")} <Moment at /></span>
        }
    });
    let why = event.facts.sentence().unwrap_or_else(|| "–".to_owned());
    view! {
        <Row>
            <Cell name="What">
                <span class="font-medium">{cause(event.cause, event.to)}</span>
                {acknowledged}
            </Cell>
            <Cell name="State">
                <LevelBadge state=event.to />
            </Cell>
            <Cell name="Value" class="figures">
                {value}
                <span class="block text-muted">{against}</span>
            </Cell>
            <Cell name="Why">{why}</Cell>
            <Cell name="Told">
                <Told silenced=event.silenced deliveries=event.deliveries />
            </Cell>
            <Cell name="When">
                <Moment at=event.at />
            </Cell>
        </Row>
    }
    .into_any()
}

#[component]
fn Told(silenced: bool, deliveries: Vec<AlertDelivery>) -> impl IntoView {
    if silenced {
        return view! {
            <span class="text-muted">
                <Icon of=Glyph::BellOff size=14 />
                " Silenced"
            </span>
        }
        .into_any();
    }
    if deliveries.is_empty() {
        return view! { <span class="text-muted">"The console only"</span> }.into_any();
    }
    let lines: Vec<_> = deliveries
        .into_iter()
        .map(|one| {
            let title = outcome(&one);
            view! {
                <li title=title>
                    <a href=format!("/alerts/channels/{}", one.channel)>{one.channel_name.clone()}</a>
                    " "
                    <SentBadge state=one.state attempts=one.attempts />
                </li>
            }
        })
        .collect();
    view! { <ul class="told">{lines}</ul> }.into_any()
}
