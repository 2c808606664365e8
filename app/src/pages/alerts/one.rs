use leptos::prelude::*;
use types::{
    AlertRuleId, Permission,
    alerts::{AlertPage, AlertRow, AlertState, Routed},
};

use super::{
    StateBadge,
    act::{Acknowledge, Silence},
    history::History,
    list::Notes,
    may_manage,
    series::{Drawn, Series},
    words::{amount, scope, threshold, window},
};
use crate::{
    PageError,
    components::{
        Blocked, Card, Console, ErrorPanel, FormError, KeyValue, KeyValues, Load, Moment, MomentOr, Only,
        PageHeader, Place,
    },
    context::Typed,
    error::set_status,
    pages::{asked, named, team::Back},
    server::alerts,
};

#[component]
pub fn Alert() -> impl IntoView {
    view! {
        <Console here=Place::Alerts>
            <Back href="/alerts" words="Alerts" />
            <Only to=Permission::AlertsRead ask=super::ASK>
                <Found />
            </Only>
        </Console>
    }
}

#[component]
fn Found() -> impl IntoView {
    let Some(id) = named::<AlertRuleId>("id") else {
        set_status(404);
        return view! { <ErrorPanel error=PageError::not_found("This alert") /> }.into_any();
    };
    view! {
        <Load from=alerts::one(id, asked("after")) let:page>
            <Content page />
        </Load>
    }
    .into_any()
}

#[component]
fn Content(page: AlertPage) -> impl IntoView {
    let AlertPage {
        row,
        points,
        fired,
        routes,
        events,
    } = page;
    let path = format!("/alerts/{}", row.id);
    let as_table = asked("view").as_deref() == Some("table");
    let paths = (path.clone(), format!("{path}?view=table"));
    let drawn = Drawn {
        kind: row.kind,
        currency: row.facts.currency(),
        warning: row.warning,
        critical: row.critical,
        points,
        firings: fired,
    };
    let (now, terms, acts) = (row.clone(), row.clone(), row.clone());
    let (kind, currency) = (row.kind, row.facts.currency());
    let edit = format!("{path}/edit");
    view! {
        <PageHeader title=row.name.clone() sentence=scope(&row)>
            <Blocked words="Change" />
            {may_manage()
                .then(|| {
                    view! {
                        <a class="button" href=edit>
                            "Change"
                        </a>
                    }
                })}
        </PageHeader>
        <div class="stack">
            <FormError typed=Typed::current() /> <Now row=now />
            <Card title="The last 30 days">
                <Series drawn as_table paths=Some(paths) />
            </Card> <History events kind currency path />
            <div class="columns even">
                <Terms row=terms routes /> {may_manage().then(|| view! { <Switches row=acts /> })}
            </div>
        </div>
    }
    .into_any()
}

/// How it stands, and what can be done.
#[component]
fn Now(row: AlertRow) -> impl IntoView {
    let badge = row.clone();
    let currency = row.facts.currency();
    let value = row.value.map_or_else(
        || "Nothing measured".to_owned(),
        |value| amount(row.kind, value, currency),
    );
    let against = row.threshold().filter(|_| row.state.fires());
    let against = against.map(|at| format!(", threshold {}", amount(row.kind, at, currency)));
    let more = row.facts.path().map(|path| {
        view! {
            <a href=path>"Look at it"</a>
        }
    });
    let acts = (may_manage() && row.enabled).then(|| {
        let waits = row.state.fires() && row.acknowledged.is_none();
        view! {
            <div class="alert-acts">
                {waits.then(|| view! { <Acknowledge id=row.id name=row.name.clone() /> })}
                {match row.silenced_until {
                    Some(_) => view! { <Unsilence id=row.id /> }.into_any(),
                    None => view! { <Silence id=row.id name=row.name.clone() /> }.into_any(),
                }}
            </div>
        }
    });
    let class = if row.state.fires() && row.enabled {
        format!("card alert-now {}", row.state)
    } else {
        "card alert-now".to_owned()
    };
    view! {
        <section class=class aria-label="How it stands">
            <div class="card-body alert-item">
                <div class="min-w-0 flex-1">
                    <p class="alert-head">
                        <StateBadge row=badge />
                        <span class="text-muted">"since " <Moment at=row.since /></span>
                    </p>
                    <p class="alert-value">{value} {against}</p>
                    <p class="text-muted">{row.facts.sentence()} " " {more}</p>
                    <Notes row=row.clone() />
                </div>
                {acts}
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Unsilence(id: AlertRuleId) -> impl IntoView {
    view! {
        <form method="post" action=format!("/alerts/{id}")>
            <button type="submit" class="button small" name="intent" value="unsilence">
                "End the silence"
            </button>
        </form>
    }
}

/// What was decided: thresholds, and who is told.
#[component]
fn Terms(row: AlertRow, routes: Vec<Routed>) -> impl IntoView {
    let currency = row.facts.currency();
    let kind = row.kind;
    let at = move |at: Option<_>| at.map_or_else(|| "None".to_owned(), |at| threshold(kind, at, currency));
    let told = |routes: &[Routed], state: AlertState| {
        let names = routes.iter().filter(|route| match state {
            AlertState::Critical => route.critical,
            _ => route.warning,
        });
        let names: Vec<_> = names.map(|route| route.channel.name.clone()).collect();
        if names.is_empty() {
            "The console only".to_owned()
        } else {
            names.join(", ")
        }
    };
    let (warned, called) = (
        told(&routes, AlertState::Warning),
        told(&routes, AlertState::Critical),
    );
    let over = format!(
        "when better by {} %, {}",
        row.hysteresis,
        match row.clear_after {
            1 => "once".to_owned(),
            times => format!("{times} times in a row"),
        }
    );
    view! {
        <Card title="Terms">
            <KeyValues>
                <KeyValue name="Warning">{at(row.warning)}</KeyValue>
                <KeyValue name="Critical">{at(row.critical)}</KeyValue>
                {(row.window > 0)
                    .then(|| view! { <KeyValue name="Within">{window(row.window)}</KeyValue> })}
                <KeyValue name="Over">{over}</KeyValue>
                <KeyValue name="Evaluated">
                    {format!("every {} minutes, last ", kind.step())}
                    <MomentOr at=row.evaluated_at none="not yet" />
                </KeyValue>
                <KeyValue name="Told of warnings">{warned}</KeyValue>
                <KeyValue name="Told of critical">{called}</KeyValue>
            </KeyValues>
        </Card>
    }
    .into_any()
}

#[component]
fn Switches(row: AlertRow) -> impl IntoView {
    let (intent, words, sentence) = if row.enabled {
        (
            "disable",
            "Switch off",
            "It is evaluated no longer, and what fires ends without a word.",
        )
    } else {
        ("enable", "Switch on", "It is evaluated again, and begins anew.")
    };
    let path = format!("/alerts/{}", row.id);
    let delete = path.clone();
    view! {
        <Card title="On and off">
            <div class="stack">
                <form method="post" action=path class="stack">
                    <p class="text-muted">{sentence}</p>
                    <div class="form-actions">
                        <button type="submit" class="button" name="intent" value=intent>
                            {words}
                        </button>
                    </div>
                </form>
                <form method="post" action=delete class="stack">
                    <p class="text-muted">
                        "Deleted, it is gone with its history. The audit log keeps what it found."
                    </p>
                    <div class="form-actions">
                        <button type="submit" class="button danger" name="intent" value="delete">
                            "Delete alert"
                        </button>
                    </div>
                </form>
            </div>
        </Card>
    }
    .into_any()
}
