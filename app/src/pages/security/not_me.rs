use leptos::prelude::*;

use crate::{
    FormOutcome, PageContext,
    components::{Load, Plain, Title},
    pages::named,
    server::signal,
};

#[component]
pub fn NotMe() -> impl IntoView {
    let secret: String = named("secret").unwrap_or_default();
    let done = matches!(PageContext::current().outcome, Some(FormOutcome::Saved(_)));
    view! {
        <Title text="This wasn't me" />
        <Plain>
            {if done {
                view! { <Done /> }.into_any()
            } else {
                view! {
                    <Load from=signal::not_me(secret.clone()) let:_open>
                        <Ask secret=secret.clone() />
                    </Load>
                }
                    .into_any()
            }}
        </Plain>
    }
}

#[component]
fn Ask(secret: String) -> impl IntoView {
    view! {
        <section class="entry">
            <h1>"This wasn't you?"</h1>
            <p>"Then close your account to whoever it was. With the button below:"</p>
            <ul class="list-disc pl-5">
                <li>"every session of your account ends, on every device, yours too;"</li>
                <li>"signing in with a password and codes is switched off; passkeys go on working;"</li>
                <li>"an open recovery, or a change of your e-mail address, is dropped;"</li>
                <li>"those who look after security here are told."</li>
            </ul>
            <p class="text-muted">
                "Nothing is deleted, and nobody else is told. If it was you after all, close this page: nothing has happened yet."
            </p>
            <form method="post" action=format!("/not-me/{secret}")>
                <button type="submit" class="button danger large">
                    "End every session"
                </button>
            </form>
        </section>
    }
}

#[component]
fn Done() -> impl IntoView {
    view! {
        <section class="entry">
            <h1>"Every session was ended"</h1>
            <p role="status">
                "Whoever was in your account is out, and a password does not open it any more. This link is used up."
            </p>
            <p>
                "If your passkey is still yours alone, sign in with it, and remove the ways to sign in that you do not know. If it is not, recover the account."
            </p>
            <p class="flex flex-wrap gap-2">
                <a class="button primary" href="/sign-in">
                    "Sign in with a passkey"
                </a>
                <a class="button" href="/recover">
                    "Recover the account"
                </a>
            </p>
        </section>
    }
}
