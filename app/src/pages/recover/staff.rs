//! Staff: find an account, begin its recovery, approve another's. Nobody here sees or sets a
//! secret.

use leptos::prelude::*;
use types::{
    Permission, StepUp,
    accounts::{RecoveryRow, StaffAccount},
    console::Viewer,
};

use crate::{
    FormOutcome, PageContext,
    components::{
        Badge, Card, Cell, Column, Confirm, Console, DataTable, EmptyState, Field, FormError, Glyph, Id,
        KeyValue, KeyValues, Load, Moment, PageHeader, Place, Row, Tone,
    },
    context::Typed,
    server::recovery,
};

#[component]
pub fn Accounts() -> impl IntoView {
    view! {
        <Console here=Place::Accounts>
            <PageHeader
                title="Accounts"
                sentence="Begin the recovery of an account, and approve those that others began. Every look-up is in the audit log."
            />
            <Load from=recovery::waiting() let:waiting>
                <Content waiting />
            </Load>
        </Console>
    }
}

#[component]
fn Content(waiting: Vec<RecoveryRow>) -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let may_start = viewer.is_some_and(|viewer| viewer.may(Permission::RecoveryStart));
    view! {
        <div class="stack">
            {may_start.then(|| view! { <Find /> })}
            {if waiting.is_empty() {
                view! {
                    <EmptyState
                        glyph=Glyph::Shield
                        title="Nothing waits for approval"
                        text="The recovery of a staff account, and one that staff began, needs the approval of another staff member. It stands here until then."
                    />
                }
                    .into_any()
            } else {
                view! { <Waiting rows=waiting /> }.into_any()
            }}
        </div>
    }
    .into_any()
}

#[component]
fn Find() -> impl IntoView {
    let found = match PageContext::current().outcome {
        Some(FormOutcome::AccountFound(found)) => Some(found),
        _ => None,
    };
    view! {
        <div class="narrow stack">
            <Card title="Find an account" sentence="By its exact e-mail address.">
                <form method="post" action="/staff/accounts" class="stack">
                    <FormError typed=Typed::current() />
                    <input type="hidden" name="do" value="find" />
                    <Field
                        name="email"
                        label="E-mail"
                        typed=Typed::current()
                        kind="email"
                        autocomplete="off"
                        maxlength=254
                    />
                    <div class="form-actions">
                        <button type="submit" class="button primary">
                            "Find account"
                        </button>
                    </div>
                </form>
            </Card>
            {found.map(|account| view! { <Found account /> })}
        </div>
    }
    .into_any()
}

#[component]
fn Found(account: StaffAccount) -> impl IntoView {
    let organisations: Vec<String> = account.organisations.into_iter().map(|(_, name)| name).collect();
    let staff = account.staff_role.map_or("No", |role| role.title());
    view! {
        <Card title=account.name>
            <div class="stack">
                <KeyValues>
                    <KeyValue name="Account">
                        <Id id=account.id.to_string() />
                    </KeyValue>
                    <KeyValue name="E-mail">{account.email}</KeyValue>
                    <KeyValue name="Staff">{staff}</KeyValue>
                    <KeyValue name="Organisations">{organisations.join(", ")}</KeyValue>
                </KeyValues>
                {if account.is_recovering {
                    view! {
                        <p class="text-muted">
                            "A recovery of this account is open. Its person has the link by mail."
                        </p>
                    }
                        .into_any()
                } else {
                    view! {
                        <form method="post" action="/staff/accounts" class="stack">
                            <p class="text-muted">
                                "The person gets a link by mail and needs a second way beside it: their own, or another staff member's approval. You see and set no secret."
                            </p>
                            <input type="hidden" name="do" value="start" />
                            <input type="hidden" name="user" value=account.id.to_string() />
                            <Confirm action=StepUp::Staff />
                            <div class="form-actions">
                                <button type="submit" class="button danger">
                                    "Begin recovery"
                                </button>
                            </div>
                        </form>
                    }
                        .into_any()
                }}
            </div>
        </Card>
    }
    .into_any()
}

#[component]
fn Waiting(rows: Vec<RecoveryRow>) -> impl IntoView {
    let columns = vec![
        Column::new("Account"),
        Column::new("Staff"),
        Column::new("Begun by"),
        Column::new("Begun"),
        Column::actions(),
    ];
    let any = rows.iter().any(|row| row.may_approve);
    let lines: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let label = format!("Approve the recovery of {}", row.name);
            let by = if row.started_by.is_empty() {
                "The person".to_owned()
            } else {
                row.started_by
            };
            view! {
                <Row>
                    <Cell name="Account">
                        {row.name} <br /> <span class="text-muted">{row.email}</span>
                    </Cell>
                    <Cell name="Staff">{row.staff_role.map_or("No", |role| role.title())}</Cell>
                    <Cell name="Begun by">{by}</Cell>
                    <Cell name="Begun">
                        <Moment at=row.started_at />
                    </Cell>
                    <Cell name="" class="actions">
                        {if row.may_approve {
                            view! {
                                <button
                                    type="submit"
                                    form="approve"
                                    name="id"
                                    value=row.id.to_string()
                                    class="button small"
                                    aria-label=label
                                >
                                    "Approve"
                                </button>
                            }
                                .into_any()
                        } else {
                            view! {
                                <Badge tone=Tone::Neutral glyph=Glyph::Users text="Another's to approve" />
                            }
                                .into_any()
                        }}
                    </Cell>
                </Row>
            }
        })
        .collect();
    view! {
        <Card flush=true title="Waiting for approval">
            <DataTable caption="Recoveries that wait for approval, oldest first" columns>
                {lines}
            </DataTable>
        </Card>
        {any
            .then(|| {
                view! {
                    <Card>
                        <form method="post" action="/staff/accounts" id="approve" class="stack">
                            <p>
                                "Approve only after you have spoken with the person, in a way that you know to be theirs. With it the waiting time begins."
                            </p>
                            <input type="hidden" name="do" value="approve" />
                            <Confirm action=StepUp::Staff />
                        </form>
                    </Card>
                }
            })}
    }
    .into_any()
}
