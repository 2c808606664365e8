use leptos::prelude::*;
use types::{CustomRoleId, Permission, StepUp, console::Viewer, team::CustomRoleRow};

use super::{Back, words::permission_words};
use crate::{
    PageError,
    components::{
        Card, Cell, Column, Confirm, Console, DataTable, EmptyState, ErrorPanel, FormError, Glyph, Icon,
        Load, Moment, Only, PageHeader, Place, Row, RowLink,
    },
    context::Typed,
    error::set_status,
    pages::named,
    server::role,
};

#[component]
pub fn Roles() -> impl IntoView {
    view! {
        <Console here=Place::Team>
            <Load from=role::list() let:rows>
                <Content rows />
            </Load>
        </Console>
    }
}

#[component]
fn Content(rows: Vec<CustomRoleRow>) -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let may_manage = viewer.is_some_and(|viewer| viewer.may(Permission::TeamManage));
    view! {
        <Back href="/team" words="Team" />
        <PageHeader
            title="Roles"
            sentence="Named sets of permissions that this organisation made, beside the built-in roles."
        >
            {may_manage
                .then(|| {
                    view! {
                        <a class="button primary" href="/team/roles/new">
                            <Icon of=Glyph::Plus />
                            "Create role"
                        </a>
                    }
                })}
        </PageHeader>
        {if rows.is_empty() {
            view! {
                <EmptyState
                    glyph=Glyph::Users
                    title="No roles of your own yet"
                    text="Owner, Admin, Developer, Billing, Auditor and Support are there already. Make a role where somebody needs less or something between."
                />
            }
                .into_any()
        } else {
            view! { <Table rows may_manage /> }.into_any()
        }}
    }
}

#[component]
fn Table(rows: Vec<CustomRoleRow>, may_manage: bool) -> impl IntoView {
    let columns = vec![
        Column::new("Role"),
        Column::new("Gives"),
        Column::new("Members"),
        Column::new("Changed"),
        Column::actions(),
    ];
    let lines = rows
        .into_iter()
        .map(|row| {
            let path = format!("/team/roles/{}", row.id);
            let label = format!("Edit {}", row.name);
            let gives: Vec<_> = row
                .permissions
                .iter()
                .map(|one| permission_words(*one).0)
                .collect();
            let members = if row.members.is_empty() {
                "Nobody".to_owned()
            } else {
                row.members.join(", ")
            };
            view! {
                <Row>
                    <Cell name="Role">
                        <span class="font-medium">{row.name}</span>
                    </Cell>
                    <Cell name="Gives" class="said">
                        {gives.join(" · ")}
                    </Cell>
                    <Cell name="Members">{members}</Cell>
                    <Cell name="Changed">
                        <Moment at=row.updated_at />
                    </Cell>
                    <RowLink path label word="Edit" open=may_manage />
                </Row>
            }
        })
        .collect_view();
    view! {
        <Card flush=true>
            <DataTable caption="Roles of this organisation, by name" columns>
                {lines}
            </DataTable>
        </Card>
    }
}

#[component]
pub fn DeleteRole() -> impl IntoView {
    view! {
        <Console here=Place::Team>
            <Only to=Permission::TeamManage ask="an owner or admin of the organisation">
                <Asked />
            </Only>
        </Console>
    }
}

#[component]
fn Asked() -> impl IntoView {
    let Some(id) = named::<CustomRoleId>("id") else {
        set_status(404);
        return view! { <ErrorPanel error=PageError::not_found("This role") /> }.into_any();
    };
    view! {
        <Load from=role::get(id) let:row>
            <Deletion row />
        </Load>
    }
    .into_any()
}

#[component]
fn Deletion(row: CustomRoleRow) -> impl IntoView {
    let path = format!("/team/roles/{}/delete", row.id);
    let in_use = !row.members.is_empty();
    let members = row.members.join(", ");
    view! {
        <Back href="/team/roles" words="Roles" />
        <PageHeader
            title=format!("Delete “{}”", row.name)
            sentence="A role can be deleted once nobody has it."
        />
        <div class="narrow stack">
            <FormError typed=Typed::current() />
            {if in_use {
                view! {
                    <p>
                        "These members have it: " {members}
                        ". Give them another role on the team page first."
                    </p>
                }
                    .into_any()
            } else {
                view! {
                    <form method="post" action=path class="stack">
                        <p>"Nobody has this role. It cannot be brought back; you can make it anew."</p>
                        <Confirm action=StepUp::Team />
                        <div class="form-actions">
                            <button type="submit" class="button danger">
                                "Delete role"
                            </button>
                            <a class="button" href="/team/roles">
                                "Keep it"
                            </a>
                        </div>
                    </form>
                }
                    .into_any()
            }}
        </div>
    }
}
