use leptos::prelude::*;
use types::security::{ReminderChoice, ReminderKind};

use crate::{
    components::{AccountPage, AccountTabs, Card, Console, FormError, Load, PageHeader, Place},
    context::Typed,
    server::reminder,
};

const PATH: &str = "/account/notifications";

#[component]
pub fn Notifications() -> impl IntoView {
    view! {
        <Console here=Place::Elsewhere>
            <PageHeader
                title="Notifications"
                sentence="What Loomwire writes to you about your account."
            />
            <AccountTabs here=AccountPage::Notifications />
            <FormError typed=Typed::current() />
            <Load from=reminder::choices() let:choices>
                <Content choices />
            </Load>
        </Console>
    }
}

#[component]
fn Content(choices: Vec<ReminderChoice>) -> impl IntoView {
    let boxes: Vec<_> = choices
        .into_iter()
        .map(|choice| view! { <Choice choice /> })
        .collect();
    view! {
        <div class="narrow">
            <Card
                title="Reminders"
                sentence="At most one mail a day, and about the same thing once in thirty days."
            >
                <form method="post" action=PATH class="stack">
                    <fieldset class="field">
                        <legend class="sr-only">"Remind me of"</legend>
                        <div class="choices">{boxes}</div>
                    </fieldset>
                    <div class="form-actions">
                        <button type="submit" class="button primary">
                            "Save reminders"
                        </button>
                    </div>
                </form>
            </Card>
        </div>
        <div class="narrow">
            <Card title="Security notices" sentence="Always sent: they are how you notice somebody else.">
                <p>
                    "Every change of a way to sign in, a sign-in from a new device or country, two sign-ins too far apart, guessing at your account, and a recovery. Each has a link for \u{201c}This wasn't me\u{201d}, which ends every session."
                </p>
            </Card>
        </div>
    }
}

/// Name and meaning.
const fn words(kind: ReminderKind) -> (&'static str, &'static str) {
    match kind {
        ReminderKind::UnusedCredential => {
            ("Unused passkey", "One of your passkeys was not used for 90 days.")
        }
        ReminderKind::SinglePasskey => (
            "Single passkey",
            "If you lose its device, you have to recover your account.",
        ),
        ReminderKind::OldApiKey => ("Old API key", "A key that you made is older than a year."),
        ReminderKind::NoRecoveryCodes => (
            "No recovery codes",
            "You use an authenticator app and have no codes in case it is lost.",
        ),
    }
}

#[component]
fn Choice(choice: ReminderChoice) -> impl IntoView {
    let (word, meaning) = words(choice.kind);
    view! {
        <label class="choice">
            <input type="checkbox" name=choice.kind.as_str() checked=choice.wanted />
            <span>
                <span class="choice-word">{word}</span>
                <span class="choice-meaning">{meaning}</span>
            </span>
        </label>
    }
}
