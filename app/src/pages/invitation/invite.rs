use leptos::prelude::*;
use types::{
    Permission, Role, StepUp,
    accounts::{InvitationRow, InvitationsPage},
    console::Viewer,
};

use crate::{
    components::{
        Badge, Card, Cell, Column, Confirm, Console, DataTable, EmptyState, Field, FieldShell, FormError,
        Glyph, Load, Moment, PageHeader, Place, Row, Tone,
    },
    context::Typed,
    pages::team::Back,
    server::invitation,
};

#[component]
pub fn Invite() -> impl IntoView {
    view! {
        <Console here=Place::Team>
            <Back href="/team" words="Team" />
            <PageHeader
                title="Invitations"
                sentence="Invite colleagues by mail. A link works once, for seven days, and for its address only."
            />
            <Load from=invitation::page() let:page>
                <Content page />
            </Load>
        </Console>
    }
}

#[component]
fn Content(page: InvitationsPage) -> impl IntoView {
    let InvitationsPage { open, roles, custom } = page;
    let typed = Typed::current();
    let chosen = typed.value("role", Role::Developer.as_str());
    let built_in = roles
        .into_iter()
        .map(|role| (role.as_str().to_owned(), role.title().to_owned()));
    let own = custom.into_iter().map(|(id, name)| (id.to_string(), name));
    let options: Vec<_> = built_in
        .chain(own)
        .map(|(value, name)| {
            let selected = value == chosen;
            view! {
                <option value=value selected=selected>
                    {name}
                </option>
            }
        })
        .collect();
    let wrong = typed.error("role");
    let described = if wrong.is_some() {
        "role-error role-hint"
    } else {
        "role-hint"
    };
    view! {
        <div class="stack">
            <div class="narrow">
                <Card title="Invite somebody">
                    <form method="post" action="/team/invite" class="stack">
                        <FormError typed=typed.clone() />
                        <Field
                            name="email"
                            label="E-mail"
                            typed
                            kind="email"
                            autocomplete="off"
                            maxlength=254
                        />
                        <FieldShell
                            name="role"
                            label="Role"
                            hint="You can give no more than you have yourself."
                            error=wrong.clone()
                        >
                            <select
                                id="role"
                                name="role"
                                required
                                aria-invalid=wrong.is_some().then_some("true")
                                aria-describedby=described
                            >
                                {options}
                            </select>
                        </FieldShell>
                        <Confirm action=StepUp::Team />
                        <div class="form-actions">
                            <button type="submit" class="button primary">
                                "Send invitation"
                            </button>
                        </div>
                    </form>
                </Card>
            </div>
            {if open.is_empty() {
                view! {
                    <EmptyState
                        glyph=Glyph::Users
                        title="No open invitations"
                        text="An invitation stands here until it is accepted or revoked. Who has accepted is on the team page."
                    />
                }
                    .into_any()
            } else {
                view! { <Open rows=open /> }.into_any()
            }}
        </div>
    }
    .into_any()
}

#[component]
fn Open(rows: Vec<InvitationRow>) -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let may_manage = viewer.is_some_and(|viewer| viewer.may(Permission::TeamManage));
    let columns = vec![
        Column::new("E-mail"),
        Column::new("Role"),
        Column::new("Invited by"),
        Column::new("Ends"),
        Column::actions(),
    ];
    let lines: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let id = row.id.to_string();
            let (one, other) = (row.email.clone(), row.email.clone());
            view! {
                <Row id=id.clone()>
                    <Cell name="E-mail">{row.email}</Cell>
                    <Cell name="Role">{row.role}</Cell>
                    <Cell name="Invited by">{row.invited_by}</Cell>
                    <Cell name="Ends">
                        {if row.is_expired {
                            view! { <Badge tone=Tone::Warn glyph=Glyph::Clock text="Expired" /> }
                                .into_any()
                        } else {
                            view! { <Moment at=row.expires_at /> }.into_any()
                        }}
                    </Cell>
                    <Cell name="" class="actions">
                        {may_manage
                            .then(|| {
                                view! {
                                    <Act id=id.clone() verb="resend" word="Send again" email=one />
                                    <Act id verb="revoke" word="Revoke" email=other />
                                }
                            })}
                    </Cell>
                </Row>
            }
        })
        .collect();
    view! {
        <Card flush=true title="Open invitations">
            <DataTable caption="Open invitations, newest first" columns>
                {lines}
            </DataTable>
        </Card>
        {may_manage
            .then(|| {
                view! {
                    <div class="narrow">
                        <Card title="To send again or revoke">
                            <form method="post" action="/team/invite" id="invitation" class="stack">
                                <Confirm action=StepUp::Team />
                            </form>
                        </Card>
                    </div>
                }
            })}
    }
    .into_any()
}

/// A button of the one form below the table, which asks for the confirmation.
#[component]
fn Act(id: String, verb: &'static str, word: &'static str, email: String) -> impl IntoView {
    view! {
        <button
            type="submit"
            form="invitation"
            name=verb
            value=id
            class="button small"
            aria-label=format!("{word}: {email}")
        >
            {word}
        </button>
    }
}
