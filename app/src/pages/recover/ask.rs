use leptos::prelude::*;

use crate::{
    FormOutcome, PageContext,
    components::{Banner, Field, FormError, Glyph, Plain, Title, Tone},
    context::Typed,
};

#[component]
pub fn Recover() -> impl IntoView {
    let typed = Typed::current();
    let sent = match PageContext::current().outcome {
        Some(FormOutcome::Saved(text)) => Some(text),
        _ => None,
    };
    view! {
        <Title text="Recover your account" />
        <Plain>
            <section class="entry">
                <h1>"Recover your account"</h1>
                {match sent {
                    Some(text) => {
                        view! {
                            <div role="status">
                                <Banner
                                    tone=Tone::Info
                                    glyph=Glyph::Info
                                    title="Look into your mailbox"
                                >
                                    {text}
                                </Banner>
                            </div>
                        }
                            .into_any()
                    }
                    None => {
                        view! {
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
                        }
                            .into_any()
                    }
                }}
                <p class="field-hint">
                    "You can still sign in? " <a href="/sign-in">"Sign in"</a>
                </p>
            </section>
        </Plain>
    }
    .into_any()
}
