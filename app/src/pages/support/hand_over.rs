use leptos::prelude::*;
use types::support::SubjectHead;

use super::{Area, BackTo, WithHead, path_of};
use crate::{
    components::{Card, Console, EmptyState, FieldShell, FormError, Glyph, PageHeader, Place},
    context::Typed,
};

#[component]
pub fn HandOver() -> impl IntoView {
    view! {
        <Console here=Place::Support>
            <WithHead children=|head| view! { <Content head /> } />
        </Console>
    }
}

#[component]
fn Content(head: SubjectHead) -> impl IntoView {
    let title = format!("Hand over {}", head.name);
    view! {
        <BackTo head=head.clone() />
        <PageHeader
            title
            sentence="A colleague of the support desk goes on with it. They are told by mail, and read why here."
        />
        <div class="narrow">
            {if head.colleagues.is_empty() {
                view! {
                    <EmptyState
                        glyph=Glyph::Users
                        title="You are alone at the desk"
                        text="Nobody else has a staff role that works here and a passkey to sign in with. Write a note instead."
                    />
                }
                    .into_any()
            } else {
                view! { <Form head /> }.into_any()
            }}
        </div>
    }
}

#[component]
fn Form(head: SubjectHead) -> impl IntoView {
    let typed = Typed::current();
    let chosen = typed.value("to", "");
    let error = typed.error("to");
    let described = error.is_some().then_some("to-error");
    let invalid = error.is_some().then_some("true");
    let path = format!("{}/hand-over", path_of(head.subject));
    let options = head
        .colleagues
        .into_iter()
        .map(|(id, name)| {
            let value = id.to_string();
            let selected = value == chosen;
            view! {
                <option value=value selected=selected>
                    {name}
                </option>
            }
        })
        .collect_view();
    view! {
        <Card>
            <form method="post" action=path class="stack">
                <FormError typed=typed.clone() />
                <FieldShell name="to" label="Colleague" error>
                    <select id="to" name="to" required aria-invalid=invalid aria-describedby=described>
                        <option value="">"Choose a colleague"</option>
                        {options}
                    </select>
                </FieldShell>
                <Area
                    name="reason"
                    label="Why, and what is to be done"
                    hint="10 to 4,000 characters. It is sealed, and stands with the notes."
                    typed
                    least=10
                    most=4000
                />
                <div class="form-actions">
                    <button type="submit" class="button primary">
                        "Hand over"
                    </button>
                </div>
            </form>
        </Card>
    }
    .into_any()
}
