use leptos::prelude::*;

use crate::{
    components::{Field, FormError, Plain, Title},
    context::Typed,
    pages::entry::AnsweredByMail,
};

#[component]
pub fn Recover() -> impl IntoView {
    let typed = Typed::current();
    view! {
        <Title text="Recover your account" />
        <Plain>
            <section class="entry">
                <h1>"Recover your account"</h1>
                <AnsweredByMail>
                    <p class="text-muted">
                        "If you have lost your passkey or your phone: two ways are needed to get back in. The first is a link that we send to your address. The second is a recovery code, a password or an app that you still have, or the word of an administrator of your organisation."
                    </p>
                    <form method="post" action="/recover" class="stack">
                        <FormError typed=typed.clone() />
                        <Field
                            name="email"
                            label="E-mail"
                            typed
                            kind="email"
                            autocomplete="username"
                            maxlength=254
                        />
                        <button type="submit" class="button primary large">
                            "Send the link"
                        </button>
                    </form>
                </AnsweredByMail>
                <p class="field-hint">
                    "You can still sign in? " <a href="/sign-in">"Sign in"</a>
                </p>
            </section>
        </Plain>
    }
    .into_any()
}
