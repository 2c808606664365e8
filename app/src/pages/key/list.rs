use leptos::prelude::*;
use types::{
    Permission,
    console::{ApiKeyRow, Viewer},
};

use super::{KeyName, KeyState};
use crate::{
    components::{
        Blocked, Card, Cell, Column, Console, DataTable, EmptyState, EnvironmentBadge, Glyph, Icon, Load,
        Moment, MomentOr, PageHeader, Place, Row, RowLink,
    },
    server::api_key,
    time::Here,
};

#[component]
pub fn Keys() -> impl IntoView {
    view! {
        <Console here=Place::Keys>
            <Content />
        </Console>
    }
}

#[component]
fn Content() -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let may_manage = viewer.is_some_and(|viewer| viewer.may(Permission::KeysManage));
    view! {
        <PageHeader
            title="API keys"
            sentence="Your programs prove with a key that they act for this organisation."
        >
            <Blocked words="Create API key" />
            <a class="button" href="/keys/limits">
                "Limits"
            </a>
            <a class="button" href="/reference">
                "API reference"
            </a>
            <a class="button" href="/keys/policy">
                "Policy"
            </a>
            {may_manage
                .then(|| {
                    view! {
                        <a class="button primary" href="/keys/new">
                            <Icon of=Glyph::Plus />
                            "Create API key"
                        </a>
                    }
                })}
        </PageHeader>
        <Load from=api_key::list() let:rows>
            <Rows rows may_manage />
        </Load>
    }
}

#[component]
fn Rows(rows: Vec<ApiKeyRow>, may_manage: bool) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Key
                title="No API key yet"
                text="A key opens the verification API for one program. Begin with a test key: it is free, and everything works with it."
            >
                {may_manage
                    .then(|| {
                        view! {
                            <a class="button primary" href="/keys/new">
                                "Create API key"
                            </a>
                        }
                    })}
            </EmptyState>
        }
        .into_any();
    }
    let now = Here::current().now;
    let (working, ended): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.works(now));
    view! {
        <Card flush=true title="Working keys">
            {if working.is_empty() {
                view! {
                    <p class="card-note">
                        "None. Calls to the verification API are refused until you create a key."
                    </p>
                }
                    .into_any()
            } else {
                view! { <WorkingKeys rows=working /> }.into_any()
            }}
        </Card>
        {(!ended.is_empty())
            .then(|| {
                view! {
                    <Card flush=true title="Ended keys">
                        <EndedKeys rows=ended />
                    </Card>
                }
            })}
    }
    .into_any()
}

#[component]
fn WorkingKeys(rows: Vec<ApiKeyRow>) -> impl IntoView {
    let columns = vec![
        Column::new("Key"),
        Column::new("Environment"),
        Column::new("State"),
        Column::new("Ends"),
        Column::new("Last used"),
        Column::actions(),
    ];
    let lines = rows
        .into_iter()
        .map(|row| view! { <Working row /> })
        .collect_view();
    view! {
        <DataTable caption="Working API keys, newest first" columns>
            {lines}
        </DataTable>
    }
}

#[component]
fn Working(row: ApiKeyRow) -> impl IntoView {
    let id = row.id.to_string();
    let path = format!("/keys/{id}");
    let label = format!("Open {}", row.name);
    let (environment, until, last_used_at) = (row.environment, row.until(), row.last_used_at);
    let named = row.clone();
    view! {
        <Row id>
            <Cell name="Key" class="key-cell">
                <KeyName row=named />
            </Cell>
            <Cell name="Environment">
                <EnvironmentBadge environment />
            </Cell>
            <Cell name="State">
                <KeyState row />
            </Cell>
            <Cell name="Ends">
                <MomentOr at=until none="No end" />
            </Cell>
            <Cell name="Last used">
                <MomentOr at=last_used_at none="Never" />
            </Cell>
            <RowLink path label word="Open" />
        </Row>
    }
    .into_any()
}

#[component]
fn EndedKeys(rows: Vec<ApiKeyRow>) -> impl IntoView {
    let columns = vec![
        Column::new("Key"),
        Column::new("Environment"),
        Column::new("State"),
        Column::new("Ended"),
        Column::actions(),
    ];
    let lines = rows.into_iter().map(|row| view! { <Ended row /> }).collect_view();
    view! {
        <DataTable caption="Ended API keys" columns>
            {lines}
        </DataTable>
    }
}

#[component]
fn Ended(row: ApiKeyRow) -> impl IntoView {
    let path = format!("/keys/{}", row.id);
    let label = format!("Open {}", row.name);
    let (environment, ended) = (row.environment, row.revoked_at.or_else(|| row.until()));
    let named = row.clone();
    view! {
        <Row>
            <Cell name="Key" class="key-cell">
                <KeyName row=named />
            </Cell>
            <Cell name="Environment">
                <EnvironmentBadge environment />
            </Cell>
            <Cell name="State">
                <KeyState row />
            </Cell>
            <Cell name="Ended">
                {ended.map(|at| view! { <Moment at /> })}
            </Cell>
            <RowLink path label word="Open" />
        </Row>
    }
    .into_any()
}
