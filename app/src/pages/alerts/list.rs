use leptos::prelude::*;
use types::{
    Permission,
    alerts::{AlertRow, AlertsPage},
};

use super::{
    StateBadge,
    act::{Acknowledge, Silence},
    may_manage,
    words::{amount, scope},
};
use crate::{
    components::{
        Blocked, Card, Cell, Column, Console, DataTable, EmptyState, FormError, Glyph, Icon, Load, Moment,
        MomentOr, Only, PageHeader, Place, Row,
    },
    context::Typed,
    number::grouped,
    server::alerts,
};

#[component]
pub fn Alerts() -> impl IntoView {
    view! {
        <Console here=Place::Alerts>
            <PageHeader
                title="Alerts"
                sentence="What you are told of: when something gets worse, and when it is over."
            >
                <a class="button" href="/alerts/channels">
                    "Channels"
                </a>
                <Blocked words="New alert" />
                {may_manage()
                    .then(|| {
                        view! {
                            <a class="button primary" href="/alerts/new">
                                <Icon of=Glyph::Plus />
                                "New alert"
                            </a>
                        }
                    })}
            </PageHeader>
            <Only to=Permission::AlertsRead ask=super::ASK>
                <Load from=alerts::page() let:page>
                    <Content page />
                </Load>
            </Only>
        </Console>
    }
}

#[component]
fn Content(page: AlertsPage) -> impl IntoView {
    let AlertsPage { rows, channels } = page;
    if rows.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Bell
                title="No alert yet"
                text="An alert watches a figure, such as errors, latency or the pace of your quota, and tells you when it passes a threshold. You see what it would have told in the last 30 days before you save it."
            >
                {may_manage()
                    .then(|| {
                        view! {
                            <a class="button" href="/alerts/new">
                                "Make an alert"
                            </a>
                        }
                    })}
            </EmptyState>
        }
        .into_any();
    }
    let (firing, calm): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.state.fires());
    view! {
        <div class="stack">
            <FormError typed=Typed::current() /> <NoChannel channels /> <Firing rows=firing />
            <Calm rows=calm />
        </div>
    }
    .into_any()
}

/// Alerts that nobody is sent are seen here only.
#[component]
fn NoChannel(channels: u64) -> impl IntoView {
    (channels == 0).then(|| {
        view! {
            <p class="text-muted">
                "There is no channel yet, so alerts are seen in the console only. "
                {may_manage().then(|| view! { <a href="/alerts/channels/new">"Make a channel"</a> })}
            </p>
        }
    })
}

/// What fires now: value against threshold, since when, and what can be done.
#[component]
fn Firing(rows: Vec<AlertRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <Card>
                <p class="alert-calm">
                    <Icon of=Glyph::CircleCheck />
                    "Nothing fires."
                </p>
            </Card>
        }
        .into_any();
    }
    let title = match rows.len() {
        1 => "1 alert fires".to_owned(),
        count => format!("{count} alerts fire"),
    };
    let items: Vec<_> = rows.into_iter().map(|row| view! { <Item row /> }).collect();
    view! {
        <Card title flush=true>
            <ul class="alert-list">{items}</ul>
        </Card>
    }
    .into_any()
}

#[component]
fn Item(row: AlertRow) -> impl IntoView {
    let path = format!("/alerts/{}", row.id);
    let currency = row.facts.currency();
    let tell = |value| amount(row.kind, value, currency);
    let measured = match (row.value, row.threshold()) {
        (Some(value), Some(at)) => format!("{}, threshold {}", tell(value), tell(at)),
        (Some(value), None) => tell(value),
        (None, _) => "Nothing to measure".to_owned(),
    };
    let badge = row.clone();
    let acts = may_manage().then(|| {
        view! {
            <div class="alert-acts">
                {row.acknowledged.is_none().then(|| view! { <Acknowledge id=row.id name=row.name.clone() back=true /> })}
                {row.silenced_until.is_none().then(|| view! { <Silence id=row.id name=row.name.clone() back=true /> })}
            </div>
        }
    });
    let state = format!("alert-item {}", row.state);
    view! {
        <li class=state>
            <div class="min-w-0 flex-1">
                <p class="alert-head">
                    <StateBadge row=badge />
                    <a class="font-medium" href=path>
                        {row.name.clone()}
                    </a>
                    <span class="text-muted">"since " <Moment at=row.since /></span>
                </p>
                <p class="alert-value">{measured}</p>
                <p class="text-muted">{scope(&row)} ". " {row.facts.sentence()}</p>
                <Notes row=row.clone() />
            </div>
            {acts}
        </li>
    }
    .into_any()
}

/// Who has taken note, until when nobody is told, and what could not be measured.
#[component]
pub(super) fn Notes(row: AlertRow) -> impl IntoView {
    let problem = row.problem.filter(|_| row.enabled).map(|problem| {
        let words = format!("It could not be measured, and stays as it was. {problem}");
        view! {
            <p class="alert-note">
                <Icon of=Glyph::Info size=14 />
                {words}
            </p>
        }
    });
    let acknowledged = row.acknowledged.map(|(who, at)| {
        view! {
            <p class="alert-note">
                <Icon of=Glyph::Check size=14 />
                {format!("{who} acknowledged it ")}
                <Moment at />
            </p>
        }
    });
    let silenced = row.silenced_until.map(|until| {
        view! {
            <p class="alert-note">
                <Icon of=Glyph::BellOff size=14 />
                "Silenced until "
                <Moment at=until exact=true />
            </p>
        }
    });
    view! {
        {acknowledged}
        {silenced}
        {problem}
    }
}

#[component]
fn Calm(rows: Vec<AlertRow>) -> impl IntoView {
    if rows.is_empty() {
        return ().into_any();
    }
    let columns = vec![
        Column::new("Alert"),
        Column::new("State"),
        Column::figures("Value"),
        Column::figures("Warning"),
        Column::figures("Critical"),
        Column::figures("Channels"),
        Column::new("Measured"),
    ];
    let lines: Vec<_> = rows.into_iter().map(|row| view! { <Line row /> }).collect();
    view! {
        <Card title="Other alerts" flush=true>
            <DataTable caption="Alerts that do not fire, by name" columns>
                {lines}
            </DataTable>
        </Card>
    }
    .into_any()
}

#[component]
fn Line(row: AlertRow) -> impl IntoView {
    let path = format!("/alerts/{}", row.id);
    let (badge, notes) = (row.clone(), row.clone());
    let currency = row.facts.currency();
    let kind = row.kind;
    let (name, about) = (row.name.clone(), scope(&row));
    let some = move |value: Option<_>| value.map_or_else(|| "–".to_owned(), |at| amount(kind, at, currency));
    view! {
        <Row>
            <Cell name="Alert">
                <a class="font-medium" href=path>
                    {name}
                </a>
                <span class="block text-muted">{about}</span>
                <Notes row=notes />
            </Cell>
            <Cell name="State">
                <StateBadge row=badge />
            </Cell>
            <Cell name="Value" class="figures">
                {some(row.value)}
            </Cell>
            <Cell name="Warning" class="figures">
                {some(row.warning)}
            </Cell>
            <Cell name="Critical" class="figures">
                {some(row.critical)}
            </Cell>
            <Cell name="Channels" class="figures">
                {grouped(row.channels)}
            </Cell>
            <Cell name="Measured">
                <MomentOr at=row.evaluated_at none="Not yet" />
            </Cell>
        </Row>
    }
    .into_any()
}
