use leptos::prelude::*;
use types::{
    Permission, StaffRole, StepUp, UserId,
    team::{StaffPage, StaffRow},
};

use super::RoleChoices;
use crate::{
    PageError,
    components::{Card, Confirm, Console, ErrorPanel, Field, FormError, Load, Only, PageHeader, Place},
    context::Typed,
    error::set_status,
    pages::{named, team::Back},
    server::staff,
};

const ASK: &str = "an operator admin of this installation";

#[component]
pub fn GiveStaffRole() -> impl IntoView {
    view! {
        <Console here=Place::Access>
            <Only to=Permission::StaffManage ask=ASK>
                <Load from=staff::access() let:page>
                    <Give page />
                </Load>
            </Only>
        </Console>
    }
}

#[component]
fn Give(page: StaffPage) -> impl IntoView {
    let typed = Typed::current();
    view! {
        <Back href="/staff/access" words="Staff access" />
        <PageHeader
            title="Give a staff role"
            sentence="For good. For a time, the person asks for elevation instead."
        />
        <div class="narrow">
            <Card>
                <form method="post" action="/staff/access/give" class="stack">
                    <FormError typed=typed.clone() />
                    <Field
                        name="email"
                        label="E-mail address"
                        hint="Of somebody who has an account here, with a passkey."
                        typed=typed.clone()
                        kind="email"
                    />
                    <RoleChoices roles=page.grantable chosen=String::new() none=false typed />
                    <Confirm action=StepUp::Staff />
                    <div class="form-actions">
                        <button type="submit" class="button primary">
                            "Give staff role"
                        </button>
                        <a class="button" href="/staff/access">
                            "Cancel"
                        </a>
                    </div>
                </form>
            </Card>
        </div>
    }
}

#[component]
pub fn StaffPerson() -> impl IntoView {
    view! {
        <Console here=Place::Access>
            <Only to=Permission::StaffManage ask=ASK>
                <Found />
            </Only>
        </Console>
    }
}

#[component]
fn Found() -> impl IntoView {
    let Some(id) = named::<UserId>("id") else {
        set_status(404);
        return view! { <ErrorPanel error=PageError::not_found("This staff member") /> }.into_any();
    };
    view! {
        <Load from=staff::person(id) let:found>
            <Person found />
        </Load>
    }
    .into_any()
}

#[component]
fn Person(found: (StaffRow, Vec<StaffRole>)) -> impl IntoView {
    let (row, roles) = found;
    let typed = Typed::current();
    let path = format!("/staff/access/people/{}", row.id);
    view! {
        <Back href="/staff/access" words="Staff access" />
        <PageHeader title=row.name sentence="The change holds on their next page. They are told by e-mail." />
        <div class="narrow">
            <Card>
                <form method="post" action=path class="stack">
                    <FormError typed=typed.clone() />
                    <RoleChoices roles chosen=row.role.to_string() none=true typed />
                    <Confirm action=StepUp::Staff />
                    <div class="form-actions">
                        <button type="submit" class="button primary">
                            "Change staff role"
                        </button>
                        <a class="button" href="/staff/access">
                            "Cancel"
                        </a>
                    </div>
                </form>
            </Card>
        </div>
    }
}
