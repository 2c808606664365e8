use leptos::prelude::*;
use types::{StepUp, team::StaffPage};

use super::RoleChoices;
use crate::{
    components::{Card, Confirm, Console, Field, FieldShell, FormError, Load, PageHeader, Place},
    context::Typed,
    pages::team::Back,
    server::staff,
};

#[component]
pub fn Elevate() -> impl IntoView {
    view! {
        <Console here=Place::Access>
            <Load from=staff::access() let:page>
                <Content page />
            </Load>
        </Console>
    }
}

#[component]
fn Content(page: StaffPage) -> impl IntoView {
    let nothing = page.askable.is_empty();
    let delay = page.delay / 60;
    view! {
        <Back href="/staff/access" words="Staff access" />
        <PageHeader
            title="Ask for elevation"
            sentence="A higher role for a time, with a reason. It ends by itself."
        />
        <div class="narrow stack">
            <p>
                {format!(
                    "A colleague who has the role's permissions approves it. Where nobody else could, it begins after {delay} minutes, and everybody who is staff is told.",
                )}
            </p>
            {if nothing {
                view! { <FormError typed=Typed::current() /> <p>"You have all that staff roles give, so there is nothing to ask for."</p> }
                    .into_any()
            } else {
                view! { <Form page /> }.into_any()
            }}
        </div>
    }
}

#[component]
fn Form(page: StaffPage) -> impl IntoView {
    let typed = Typed::current();
    let error = typed.error("reason");
    let described = match error {
        Some(_) => "reason-error reason-hint",
        None => "reason-hint",
    };
    let invalid = error.is_some().then_some("true");
    let reason = typed.value("reason", "");
    view! {
        <Card>
            <form method="post" action="/staff/access/elevate" class="stack">
                <FormError typed=typed.clone() />
                <RoleChoices roles=page.askable chosen=String::new() none=false typed=typed.clone() />
                <FieldShell
                    name="reason"
                    label="Reason"
                    hint="10 to 500 characters. Whoever approves reads it, and it is kept."
                    error
                >
                    <textarea
                        id="reason"
                        name="reason"
                        rows=3
                        minlength=10
                        maxlength=500
                        required
                        aria-invalid=invalid
                        aria-describedby=described
                    >
                        {reason}
                    </textarea>
                </FieldShell>
                <Field
                    name="minutes"
                    label="Minutes"
                    hint="15 to 480: no longer than the task takes."
                    typed
                    value="60"
                    kind="number"
                />
                <Confirm action=StepUp::Staff />
                <div class="form-actions">
                    <button type="submit" class="button primary">
                        "Ask for elevation"
                    </button>
                    <a class="button" href="/staff/access">
                        "Cancel"
                    </a>
                </div>
            </form>
        </Card>
    }
}
