use leptos::prelude::*;
use types::accounts::{RecoveryStep, RecoveryView};

use crate::{
    PageContext,
    components::{Banner, Field, FormError, Glyph, Load, Segments, Tone},
    context::Typed,
    pages::{
        entry::{BehindLink, enrol::Enrol},
        named,
    },
    server::recovery,
    time::Here,
};

/// The link in the mail: where the recovery stands, and the next step.
#[component]
pub fn Recovery() -> impl IntoView {
    let secret: String = named("secret").unwrap_or_default();
    view! {
        <BehindLink title="Recover your account">
            <Load from=recovery::view(secret.clone()) let:view>
                <Step view secret />
            </Load>
        </BehindLink>
    }
}

#[component]
fn Step(view: RecoveryView, secret: String) -> impl IntoView {
    let RecoveryView {
        name,
        email,
        step,
        expires_at,
    } = view;
    let step = match step {
        RecoveryStep::SecondWay => view! { <SecondWay /> }.into_any(),
        RecoveryStep::Approval => view! {
            <FormError typed=Typed::current() />
            <Banner tone=Tone::Info glyph=Glyph::Users title="Another staff member must approve it">
                "Ask one of them to open the page Accounts. After that a time passes, in which you can cancel, and then this link goes on."
            </Banner>
        }
        .into_any(),
        RecoveryStep::Waiting(at) => view! {
            <FormError typed=Typed::current() />
            <Banner tone=Tone::Info glyph=Glyph::Hourglass title="Both ways were shown">
                "To let the owner of the account cancel, time passes until " <strong>{Here::current().exact(at)}</strong>
                ". Open this link again then. A mail about it was sent to the account's address."
            </Banner>
        }
        .into_any(),
        RecoveryStep::Ready => view! {
            <p>
                "Make a new way to sign in. Those that the account has now are removed with it, and every session is ended."
            </p>
            <Enrol token=secret email=email.clone() />
        }
        .into_any(),
    };
    view! {
        <section class="entry">
            <h1>"Recover your account"</h1>
            <p class="text-muted">"The account of " {name} ", " <strong>{email}</strong> "."</p>
            {step}
            <p class="field-hint">
                "The recovery ends by itself at " {Here::current().exact(expires_at)}
                ". Not you? Use the link to cancel in the same mail."
            </p>
        </section>
    }
    .into_any()
}

#[component]
fn SecondWay() -> impl IntoView {
    let typed = Typed::current();
    let chosen = typed.value("way", "recovery_code");
    let options = vec![
        (
            "recovery_code",
            "A recovery code",
            "One of the ten that you stored. It is used up with this.",
        ),
        ("password", "Your password", "If only your phone is lost."),
        (
            "totp",
            "A code of your app",
            "If only your passkey is lost, or the password forgotten.",
        ),
    ];
    view! {
        <p>
            "The link was the first way. Show the second one. If you have none of these, ask an owner or admin of your organisation to recover you, or the operator's support."
        </p>
        <form method="post" action=PageContext::current().path class="stack">
            <FormError typed=typed.clone() />
            <Segments name="way" label="What do you have?" options chosen />
            <Field
                name="shown"
                label="Code or password"
                typed
                kind="password"
                autocomplete="off"
                maxlength=200
            />
            <button type="submit" class="button primary large">
                "Go on"
            </button>
        </form>
    }
    .into_any()
}
