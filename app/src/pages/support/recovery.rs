use leptos::prelude::*;
use types::{
    Permission, StepUp,
    support::{Subject, SubjectHead},
};

use super::{BackTo, WithHead, path_of};
use crate::{
    PageError,
    components::{Card, Confirm, Console, ErrorPanel, FormError, Only, PageHeader, Place},
    context::Typed,
    error::set_status,
};

#[component]
pub fn HelpRecover() -> impl IntoView {
    view! {
        <Console here=Place::Support>
            <Only to=Permission::RecoveryStart ask="an operator admin of this installation">
                <WithHead children=|head| view! { <Content head /> } />
            </Only>
        </Console>
    }
}

#[component]
fn Content(head: SubjectHead) -> impl IntoView {
    if !matches!(head.subject, Subject::Person(_)) {
        set_status(404);
        return view! { <ErrorPanel error=PageError::not_found("This account") /> }.into_any();
    }
    let path = format!("{}/recovery", path_of(head.subject));
    let open = head.recovery.is_some();
    view! {
        <BackTo head=head.clone() />
        <PageHeader
            title=format!("Help {} to sign in again", head.name)
            sentence="It begins the recovery of the account. You see and set no secret."
        />
        <div class="narrow">
            <Card>
                {if open {
                    view! {
                        <FormError typed=Typed::current() />
                        <p>"A recovery of this account is open already. Its person has the link by mail."</p>
                    }
                        .into_any()
                } else {
                    view! {
                        <form method="post" action=path class="stack">
                            <FormError typed=Typed::current() />
                            <p>
                                "The person gets a link by mail and needs a second way beside it: their own, or another staff member's approval. Then the waiting time begins, in which the account's address and sessions can cancel it."
                            </p>
                            <Confirm action=StepUp::Staff />
                            <div class="form-actions">
                                <button type="submit" class="button danger">
                                    "Begin recovery"
                                </button>
                            </div>
                        </form>
                    }
                        .into_any()
                }}
            </Card>
        </div>
    }
    .into_any()
}
