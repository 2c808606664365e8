use leptos::prelude::*;
use types::{
    StepUp,
    support::{ConsentState, Subject, SubjectHead},
};

use super::{Area, BackTo, WithHead, path_of, subject::Consent};
use crate::{
    PageError,
    components::{Card, Confirm, Console, ErrorPanel, FormError, PageHeader, Place},
    context::Typed,
    error::set_status,
};

#[component]
pub fn LookInto() -> impl IntoView {
    view! {
        <Console here=Place::Support>
            <WithHead children=|head| view! { <Content head /> } />
        </Console>
    }
}

#[component]
fn Content(head: SubjectHead) -> impl IntoView {
    if !matches!(head.subject, Subject::Organisation(_)) {
        set_status(404);
        return view! { <ErrorPanel error=PageError::not_found("This organisation") /> }.into_any();
    }
    let state = head.consent.as_ref().map(|row| row.state);
    let form = match state {
        Some(ConsentState::Granted) => view! { <Enter head=head.clone() /> }.into_any(),
        Some(ConsentState::Asked) => {
            view! { <p class="text-muted">"There is nothing more to do until it answers. A request that nobody answers is over after seven days."</p> }
                .into_any()
        }
        _ => view! { <Ask head=head.clone() /> }.into_any(),
    };
    let consent = head.consent.clone().map(|row| view! { <Consent row /> });
    view! {
        <BackTo head=head.clone() />
        <PageHeader
            title=format!("Look into {}", head.name)
            sentence="With its consent, and only to read. Every page that you read is in its own audit log, with your name."
        />
        <div class="narrow stack">
            {consent} {form}
        </div>
    }
    .into_any()
}

/// Asks for the consent.
#[component]
fn Ask(head: SubjectHead) -> impl IntoView {
    let typed = Typed::current();
    let path = format!("{}/look", path_of(head.subject));
    view! {
        <Card title="Ask for consent" sentence="Its owners and admins are told by mail. They decide, and for how long.">
            <form method="post" action=path class="stack">
                <FormError typed=typed.clone() />
                <input type="hidden" name="do" value="ask" />
                <Area
                    name="reason"
                    label="Why"
                    hint="10 to 500 characters. The customer reads it."
                    typed
                    least=10
                    most=500
                />
                <div class="form-actions">
                    <button type="submit" class="button primary">
                        "Ask for consent"
                    </button>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

#[component]
fn Enter(head: SubjectHead) -> impl IntoView {
    let typed = Typed::current();
    let path = format!("{}/look", path_of(head.subject));
    view! {
        <Card title="Look in" sentence="Until you leave, your session does nothing else. It ends with the consent, your session or your role.">
            <form method="post" action=path class="stack">
                <FormError typed=typed.clone() />
                <input type="hidden" name="do" value="enter" />
                <Area
                    name="reason"
                    label="What you look for"
                    hint="10 to 500 characters. The customer reads it."
                    typed
                    least=10
                    most=500
                />
                <Confirm action=StepUp::Support />
                <div class="form-actions">
                    <button type="submit" class="button primary">
                        "Look in"
                    </button>
                </div>
            </form>
        </Card>
    }
    .into_any()
}
