use leptos::prelude::*;
use types::{Environment, Permission, StepUp, keys::KeyTerms};

use super::{
    Fresh,
    form::{Choices, Terms, choices},
    made,
};
use crate::{
    components::{Card, Confirm, Console, Field, FormError, Load, Only, PageHeader, Place, Segments},
    context::Typed,
    pages::team::Back,
};

#[component]
pub fn NewKey() -> impl IntoView {
    view! {
        <Console here=Place::Keys>
            <Back href="/keys" words="API keys" />
            <PageHeader
                title="Create API key"
                sentence="One key for one program: so each can be seen, limited and taken away by itself."
            />
            <Only to=Permission::KeysManage ask="an owner or admin of the organisation">
                <div class="narrow stack">
                    {match made() {
                        Some(fresh) => view! { <Fresh fresh /> }.into_any(),
                        None => {
                            view! {
                                <Load from=choices() let:choices>
                                    <Form choices />
                                </Load>
                            }
                                .into_any()
                        }
                    }}
                </div>
            </Only>
        </Console>
    }
}

#[component]
fn Form(choices: Choices) -> impl IntoView {
    let typed = Typed::current();
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
        <Card>
            <form method="post" action="/keys/new" class="stack">
                <FormError typed=typed.clone() />
                <Field
                    name="name"
                    label="Name"
                    hint="Where it is used, such as “Checkout, staging”. Colleagues and the audit log see it."
                    typed=typed.clone()
                    maxlength=100
                    autofocus=true
                />
                <Segments name="environment" label="Environment" options chosen=environment />
                <Terms terms=KeyTerms::usual("") choices typed />
                <Confirm action=StepUp::Keys />
                <div class="form-actions">
                    <button type="submit" class="button primary">
                        "Create API key"
                    </button>
                    <a class="button" href="/keys">
                        "Cancel"
                    </a>
                </div>
            </form>
        </Card>
    }
    .into_any()
}
