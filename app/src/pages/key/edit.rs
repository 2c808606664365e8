use leptos::prelude::*;
use types::{
    Permission, StepUp,
    console::ApiKeyRow,
    keys::{KeyPage, KeyTerms},
};

use super::{
    Found,
    form::{Choices, Terms, choices},
};
use crate::{
    components::{Card, Confirm, Console, Field, FormError, Load, Only, PageHeader, Place},
    context::Typed,
    pages::team::Back,
    time::Here,
};

#[component]
pub fn EditKey() -> impl IntoView {
    view! {
        <Console here=Place::Keys>
            <Only to=Permission::KeysManage ask="an owner or admin of the organisation">
                <Found let:page>
                    <Content page />
                </Found>
            </Only>
        </Console>
    }
}

#[component]
fn Content(page: KeyPage) -> impl IntoView {
    let row = page.row;
    view! {
        <Back href=format!("/keys/{}", row.id) words="The key" />
        <PageHeader
            title=format!("Change “{}”", row.name)
            sentence="What you change holds from the key's next call on. Its text stays the same."
        />
        <div class="narrow stack">
            <Load from=choices() let:choices>
                <Form row choices />
            </Load>
        </div>
    }
    .into_any()
}

#[component]
fn Form(row: ApiKeyRow, choices: Choices) -> impl IntoView {
    let typed = Typed::current();
    let here = Here::current();
    let keep = row
        .expires_at
        .map(|at| here.to_the_minute(at))
        .unwrap_or_default();
    let path = format!("/keys/{}", row.id);
    let action = format!("{path}/edit");
    let terms = KeyTerms {
        name: row.name,
        scopes: row.scopes,
        allow_list: row.allow_list,
        expires_at: row.expires_at,
        note: row.note,
        owner: Some(row.owner_id),
        calls_per_minute: row.calls_per_minute,
        rotate_days: row.rotate_days,
        limits: row.limits,
    };
    view! {
        <Card>
            <form method="post" action=action class="stack">
                <FormError typed=typed.clone() />
                <Field
                    name="name"
                    label="Name"
                    typed=typed.clone()
                    value=terms.name.clone()
                    maxlength=100
                />
                <Terms terms keep choices typed />
                <Confirm action=StepUp::Keys />
                <div class="form-actions">
                    <button type="submit" class="button primary">
                        "Save changes"
                    </button>
                    <a class="button" href=path>
                        "Cancel"
                    </a>
                </div>
            </form>
        </Card>
    }
    .into_any()
}
