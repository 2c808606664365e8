use leptos::prelude::*;

use crate::{
    FormOutcome, PageContext,
    components::{Area, Card, Console, Field, FormError, PageHeader, Place, Plain, Title},
    context::Typed,
};

const TITLE: &str = "Found an API key?";
const SENTENCE: &str = "In a repository, a log or a chat: paste it here. Whoever it belongs to is told, or it is revoked, as they have decided.";

/// For everybody.
#[component]
pub fn FoundKey() -> impl IntoView {
    if PageContext::current().signed_in {
        return view! {
            <Console here=Place::Elsewhere>
                <PageHeader title=TITLE sentence=SENTENCE />
                <div class="narrow">
                    <Card>
                        <Form />
                    </Card>
                </div>
            </Console>
        }
        .into_any();
    }
    view! {
        <Title text=TITLE />
        <Plain>
            <section class="entry">
                <h1>{TITLE}</h1>
                <p class="text-muted">{SENTENCE}</p>
                <Content />
            </section>
        </Plain>
    }
    .into_any()
}

/// For whoever is not signed in; to others the console says what was done.
#[component]
fn Content() -> impl IntoView {
    match PageContext::current().outcome {
        Some(FormOutcome::Saved(said)) => view! {
            <p role="status" class="font-medium">
                {said}
            </p>
        }
        .into_any(),
        _ => view! { <Form /> }.into_any(),
    }
}

#[component]
fn Form() -> impl IntoView {
    let typed = Typed::current();
    view! {
        <form method="post" action="/leaks" class="stack">
            <FormError typed=typed.clone() />
            <Area
                name="text"
                label="The key, or the text that has it"
                hint="Every key in it is looked for. The text itself is not kept."
                typed=typed.clone()
                maxlength=20_000
            />
            <Field
                name="place"
                label="Where you found it"
                hint="An address, if there is one. Its owner is shown this."
                typed
                optional=true
                maxlength=500
            />
            <div class="form-actions">
                <button type="submit" class="button primary">
                    "Report key"
                </button>
            </div>
        </form>
    }
    .into_any()
}
