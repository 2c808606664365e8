//! One's own account.

mod email;
mod methods;
mod others;
mod passkey;
mod password;
mod profile;
mod recovery;

pub use email::ConfirmEmail;
pub use methods::SignInMethods;
pub use passkey::PasskeyPage;
pub use password::PasswordPage;
pub use profile::Profile;
pub use recovery::OwnRecovery;

use leptos::prelude::*;
use others::OthersGoOn;

use crate::{
    PageContext,
    components::{Card, CopyButton, Glyph, Icon},
    context::FormOutcome,
};

const METHODS: &str = "/account/sign-in-methods";

/// The recovery codes that a form has just made.
fn fresh_codes() -> Option<Vec<String>> {
    match PageContext::current().outcome {
        Some(FormOutcome::RecoveryCodes(codes)) => Some(codes),
        _ => None,
    }
}

/// Recovery codes, this once.
#[component]
fn RecoveryCodes(codes: Vec<String>) -> impl IntoView {
    let text = codes.join("\n");
    let lines: Vec<_> = codes
        .into_iter()
        .map(|code| {
            view! {
                <li>
                    <code>{code}</code>
                </li>
            }
        })
        .collect();
    view! {
        <Card title="Your recovery codes">
            <div class="reveal">
                <p class="flex items-center gap-2 font-medium">
                    <Icon of=Glyph::Lock />
                    "This is the only time that Loomwire shows these codes."
                </p>
                <p class="text-muted">
                    "Each stands in once for your authenticator app, beside your password. Print them, or keep them in a safe place away from your phone."
                </p>
                <ul class="recovery-codes">{lines}</ul>
                <CopyButton text=text what="recovery codes" wide=true />
                <a class="button primary self-start" href=METHODS>
                    "I have stored them"
                </a>
            </div>
        </Card>
    }
}
