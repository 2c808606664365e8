use leptos::prelude::*;

use crate::{
    FormOutcome, PageContext,
    components::{Banner, FormError, Glyph, Load, Plain, Title, Tone},
    context::Typed,
    pages::named,
    server::recovery,
};

/// The link in every mail about a recovery. Opening it changes nothing: programs that look at
/// mails open links too.
#[component]
pub fn CancelRecovery() -> impl IntoView {
    let secret: String = named("secret").unwrap_or_default();
    let path = format!("/recover/cancel/{secret}");
    if let Some(FormOutcome::Saved(text)) = PageContext::current().outcome {
        return view! {
            <Title text="Recovery cancelled" />
            <Plain>
                <section class="entry">
                    <h1>"The recovery was cancelled"</h1>
                    <Banner tone=Tone::Good glyph=Glyph::CircleCheck title="Nothing has changed">
                        {text}
                    </Banner>
                    <p>
                        <a class="button" href="/sign-in">
                            "Sign in"
                        </a>
                    </p>
                </section>
            </Plain>
        }
        .into_any();
    }
    view! {
        <Title text="Cancel the recovery" />
        <Plain>
            <Load from=recovery::cancel_view(secret) let:_open>
                <section class="entry">
                    <h1>"Cancel the recovery"</h1>
                    <p class="text-muted">
                        "The links of the recovery stop working at once, and your ways to sign in stay as they are."
                    </p>
                    <form method="post" action=path.clone() class="stack">
                        <FormError typed=Typed::current() />
                        <button type="submit" class="button danger large">
                            "Cancel the recovery"
                        </button>
                    </form>
                </section>
            </Load>
        </Plain>
    }
    .into_any()
}
