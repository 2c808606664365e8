use leptos::prelude::*;
use types::{
    Environment, Permission, StepUp,
    console::{ApiKeyRow, NewApiKey, Viewer},
};

use crate::{
    FormOutcome, PageContext,
    components::{
        Card, Cell, CodeTabs, Column, Confirm, Console, DataTable, EmptyState, EnvironmentBadge, Field,
        FormError, Glyph, Icon, Load, Moment, PageHeader, Place, Row, SecretReveal, Segments, start_samples,
    },
    context::Typed,
    server::api_key,
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
    let typed = Typed::current();
    let refused = typed.is_refused();
    let fresh = match PageContext::current().outcome {
        Some(FormOutcome::KeyCreated(key)) => Some(key),
        _ => None,
    };
    let may_open = may_manage && !refused && fresh.is_none();
    view! {
        <PageHeader
            title="API keys"
            sentence="Your programs prove with a key that they act for this organisation."
        >
            {may_open
                .then(|| {
                    view! {
                        <button type="button" class="button primary" popovertarget="create-key">
                            <Icon of=Glyph::Plus />
                            "Create API key"
                        </button>
                    }
                })}
        </PageHeader>
        {fresh.map(|fresh| view! { <Fresh fresh /> })}
        {may_manage.then(|| view! { <CreateKey typed /> })}
        <Load from=api_key::list() let:rows>
            <Rows rows may_manage />
        </Load>
    }
}

/// The key just made, this once.
#[component]
fn Fresh(fresh: NewApiKey) -> impl IntoView {
    let samples = start_samples(&PageContext::current().public_url, Some(&fresh.key));
    view! {
        <Card title=format!("“{}” is ready", fresh.row.name)>
            <SecretReveal what="API key" secret=fresh.key done="/keys" />
            <h3 class="mt-6 mb-2 font-medium">"Try it: start a verification"</h3>
            <CodeTabs samples group="fresh" />
        </Card>
    }
}

/// The form; it floats until it was refused, then it stands in the page with its errors.
#[component]
fn CreateKey(typed: Typed) -> impl IntoView {
    let floating = (!typed.is_refused()).then_some("auto");
    let environment = typed.value("environment", Environment::Test.as_str());
    let options = vec![
        (
            Environment::Test.as_str(),
            "Test",
            "Free, for building. Never reaches a paid provider.",
        ),
        (
            Environment::Live.as_str(),
            "Live",
            "Real people, billed per started verification.",
        ),
    ];
    view! {
        <div id="create-key" class="sheet" popover=floating role="dialog" aria-labelledby="create-key-title">
            <form method="post" action="/keys" class="stack">
                <h2 id="create-key-title">"Create API key"</h2>
                <FormError typed=typed.clone() />
                <Field
                    name="name"
                    label="Name"
                    hint="Where it is used, such as “Checkout, staging”. Colleagues and the audit log see it."
                    typed
                    maxlength=100
                    autofocus=true
                />
                <Segments name="environment" label="Environment" options chosen=environment />
                <Confirm action=StepUp::Keys />
                <div class="form-actions">
                    <button type="submit" class="button primary">
                        "Create API key"
                    </button>
                    {match floating {
                        Some(_) => {
                            view! {
                                <button
                                    type="button"
                                    class="button"
                                    popovertarget="create-key"
                                    popovertargetaction="hide"
                                >
                                    "Cancel"
                                </button>
                            }
                                .into_any()
                        }
                        None => {
                            view! {
                                <a class="button" href="/keys">
                                    "Cancel"
                                </a>
                            }
                                .into_any()
                        }
                    }}
                </div>
            </form>
        </div>
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
                            <button type="button" class="button primary" popovertarget="create-key">
                                "Create API key"
                            </button>
                        }
                    })}
            </EmptyState>
        }
        .into_any();
    }
    let (working, revoked): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.revoked_at.is_none());
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
                view! { <WorkingKeys rows=working may_manage /> }.into_any()
            }}
        </Card>
        {(!revoked.is_empty())
            .then(|| {
                view! {
                    <Card flush=true title="Revoked keys">
                        <RevokedKeys rows=revoked />
                    </Card>
                }
            })}
    }
    .into_any()
}

/// The name, with what tells keys of one name apart.
#[component]
fn KeyName(row: ApiKeyRow) -> impl IntoView {
    view! {
        <span class="font-medium">{row.name}</span>
        <code class="key-shape">{format!("{}…{}", row.prefix, row.last_four)}</code>
    }
}

#[component]
fn WorkingKeys(rows: Vec<ApiKeyRow>, may_manage: bool) -> impl IntoView {
    let columns = vec![
        Column::new("Key"),
        Column::new("Environment"),
        Column::new("Created"),
        Column::new("Last used"),
        Column::actions(),
    ];
    let lines = rows
        .into_iter()
        .map(|row| {
            let id = row.id.to_string();
            let path = format!("/keys/{id}/revoke");
            let label = format!("Revoke {}", row.name);
            let maker = format!(" by {}", row.created_by);
            let ApiKeyRow {
                environment,
                created_at,
                last_used_at,
                ..
            } = row;
            view! {
                <Row id>
                    <Cell name="Key" class="key-cell">
                        <KeyName row />
                    </Cell>
                    <Cell name="Environment">
                        <EnvironmentBadge environment />
                    </Cell>
                    <Cell name="Created">
                        <Moment at=created_at />
                        <span class="text-muted">{maker}</span>
                    </Cell>
                    <Cell name="Last used">
                        {match last_used_at {
                            Some(at) => view! { <Moment at /> }.into_any(),
                            None => view! { <span class="text-muted">"Never"</span> }.into_any(),
                        }}
                    </Cell>
                    <Cell name="" class="actions">
                        {may_manage
                            .then(|| {
                                view! {
                                    <a class="button small" href=path aria-label=label>
                                        "Revoke"
                                    </a>
                                }
                            })}
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <DataTable caption="Working API keys, newest first" columns>
            {lines}
        </DataTable>
    }
}

#[component]
fn RevokedKeys(rows: Vec<ApiKeyRow>) -> impl IntoView {
    let columns = vec![
        Column::new("Key"),
        Column::new("Environment"),
        Column::new("Created"),
        Column::new("Revoked"),
    ];
    let lines = rows
        .into_iter()
        .map(|row| {
            let ApiKeyRow {
                environment,
                created_at,
                revoked_at,
                ..
            } = row;
            view! {
                <Row>
                    <Cell name="Key" class="key-cell">
                        <KeyName row />
                    </Cell>
                    <Cell name="Environment">
                        <EnvironmentBadge environment />
                    </Cell>
                    <Cell name="Created">
                        <Moment at=created_at />
                    </Cell>
                    <Cell name="Revoked">
                        {revoked_at.map(|at| view! { <Moment at /> })}
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <DataTable caption="Revoked API keys" columns>
            {lines}
        </DataTable>
    }
}
