//! Signing up: asking for an account, and making it with the link from the mail.

use leptos::prelude::*;

use super::{AnsweredByMail, BehindLink, enrol::Enrol};
use crate::{
    PageError,
    components::{ErrorPanel, Field, FormError, Load, Plain, Title},
    context::Typed,
    error::set_status,
    pages::named,
    server::account,
};

#[component]
pub fn SignUp() -> impl IntoView {
    view! {
        <Plain>
            <Load from=account::sign_up_offered() let:offered>
                {if offered {
                    view! { <Ask /> }.into_any()
                } else {
                    set_status(404);
                    view! { <ErrorPanel error=PageError::not_found("The page") /> }.into_any()
                }}
            </Load>
        </Plain>
    }
}

#[component]
fn Ask() -> impl IntoView {
    let typed = Typed::current();
    view! {
        <Title text="Sign up" />
        <section class="entry">
            <h1>"Sign up"</h1>
            <AnsweredByMail>
                <p class="text-muted">
                    "You get a link by mail, which confirms your address. With it you choose how you sign in."
                </p>
                <form method="post" action="/sign-up" class="stack">
                    <FormError typed=typed.clone() />
                    <Field
                        name="name"
                        label="Your name"
                        hint="Colleagues see it, and the audit log names you by it."
                        typed=typed.clone()
                        autocomplete="name"
                        maxlength=100
                    />
                    <Field
                        name="email"
                        label="E-mail"
                        typed=typed.clone()
                        kind="email"
                        autocomplete="email"
                        maxlength=254
                    />
                    <Field
                        name="organisation"
                        label="Organisation"
                        hint="The people you verify see this name."
                        typed
                        autocomplete="organization"
                        maxlength=100
                    />
                    <button type="submit" class="button primary large">
                        "Send the link"
                    </button>
                </form>
            </AnsweredByMail>
            <p class="field-hint">
                "You have an account already? " <a href="/sign-in">"Sign in"</a>
            </p>
        </section>
    }
    .into_any()
}

#[component]
pub fn ConfirmSignUp() -> impl IntoView {
    let token: String = named("secret").unwrap_or_default();
    view! {
        <BehindLink title="Confirm your address">
            <Load from=account::sign_up_offer(token.clone()) let:offer>
                <section class="entry">
                    <h1>"Welcome, " {offer.name}</h1>
                    <p class="text-muted">
                        "You have confirmed " <strong>{offer.email.clone()}</strong>
                        ". Choose how you sign in, and the organisation "
                        <strong>{offer.organisation}</strong> " is made."
                    </p>
                    <Enrol token email=offer.email />
                </section>
            </Load>
        </BehindLink>
    }
}
