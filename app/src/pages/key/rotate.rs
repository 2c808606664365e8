use leptos::prelude::*;
use types::{Permission, StepUp, console::ApiKeyRow, keys::KeyPage};

use super::{Found, Fresh, made};
use crate::{
    components::{Card, Confirm, Console, Field, FormError, Only, PageHeader, Place, Select},
    context::Typed,
    pages::team::Back,
};

#[component]
pub fn RotateKey() -> impl IntoView {
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
    let path = format!("/keys/{}", row.id);
    view! {
        <Back href=path words="The key" />
        <PageHeader
            title=format!("Rotate “{}”", row.name)
            sentence="Another key takes over, with the same scopes, addresses and limits. The old one works on for as long as you choose."
        />
        <div class="narrow stack">
            {match made() {
                Some(fresh) => view! { <Fresh fresh /> }.into_any(),
                None => view! { <Form row /> }.into_any(),
            }}
        </div>
    }
    .into_any()
}

#[component]
fn Form(row: ApiKeyRow) -> impl IntoView {
    let path = format!("/keys/{}", row.id);
    let action = format!("{path}/rotate");
    let typed = Typed::current();
    view! {
        <Card>
            <form method="post" action=action class="stack">
                <FormError typed=typed.clone() />
                <Overlap typed label="The old key works" value="24h" />
                <p class="text-muted">
                    "While both work, the key's page says who still uses the old one, and its owner is told if it is still used on its last day."
                </p>
                <Confirm action=StepUp::Keys />
                <div class="form-actions">
                    <button type="submit" class="button primary">
                        "Rotate API key"
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

/// To when the old key works.
#[component]
pub(super) fn Overlap(typed: Typed, label: &'static str, value: &'static str) -> impl IntoView {
    let options = [
        ("now", "Not any more, from now on"),
        ("1h", "For another hour"),
        ("24h", "For another 24 hours"),
        ("7d", "For another 7 days"),
        ("date", "To the end of the day below"),
    ];
    let options: Vec<_> = options
        .into_iter()
        .map(|(value, word)| (value.to_owned(), word.to_owned()))
        .collect();
    view! {
        <div class="field-row">
            <Select name="overlap" label options typed=typed.clone() value />
            <Field
                name="overlap_on"
                label="Last day"
                hint="To its end, UTC; within 90 days."
                typed
                kind="date"
                optional=true
            />
        </div>
    }
    .into_any()
}
