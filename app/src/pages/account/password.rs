use leptos::prelude::*;
use types::StepUp;

use super::{METHODS, OthersGoOn, RecoveryCodes, fresh_codes};
use crate::{
    components::{
        Card, Confirm, Console, CopyButton, Field, FormError, Glyph, Icon, Load, PageHeader, Place, QrCode,
    },
    context::Typed,
    server::credential::{self, AppOffer},
};

const PATH: &str = "/account/sign-in-methods/password";
const HINT: &str = "At least 15 characters, anything goes: four or five random words are easy to remember, or let your password manager make one.";

#[component]
pub fn PasswordPage() -> impl IntoView {
    let offered = Typed::current().value("totp_secret", "");
    view! {
        <Console here=Place::Elsewhere>
            <a class="back" href=METHODS>
                <Icon of=Glyph::ArrowLeft />
                "Sign-in methods"
            </a>
            <PageHeader
                title="Password and authenticator app"
                sentence="Together they sign in where a passkey cannot be used; neither does alone."
            />
            <Load from=credential::app(offered.clone()) let:offer>
                <Content offer />
            </Load>
        </Console>
    }
}

#[component]
fn Content(offer: AppOffer) -> impl IntoView {
    if let Some(codes) = fresh_codes() {
        return view! {
            <div class="narrow stack">
                <RecoveryCodes codes />
                <OthersGoOn />
            </div>
        }
        .into_any();
    }
    let email = offer.methods.email.clone();
    let stays = offer.methods.password_stays.clone();
    let forms = if offer.methods.is_staff {
        view! {
            <Card>
                <p>"Staff of this installation sign in with a passkey only."</p>
            </Card>
        }
        .into_any()
    } else if offer.methods.password.is_some() {
        view! {
            <Change email taken=offer.methods.password.as_ref().is_some_and(|one| one.disabled_at.is_none()) />
            <Replace offer />
            <Remove stays />
        }
        .into_any()
    } else {
        view! { <Set offer email /> }.into_any()
    };
    view! {
        <div class="narrow stack">
            <OthersGoOn />
            {forms}
        </div>
    }
    .into_any()
}

/// The account's name, so that a password manager files the password under it.
#[component]
fn Account(email: String) -> impl IntoView {
    view! { <input type="hidden" name="username" autocomplete="username" value=email /> }
}

#[component]
fn NewPassword(typed: Typed) -> impl IntoView {
    view! {
        <Field
            name="password"
            label="New password"
            hint=HINT
            typed
            kind="password"
            autocomplete="new-password"
            maxlength=256
        />
    }
}

/// The QR code and its key in letters, and the first code that the app shows.
#[component]
fn App(offer: AppOffer, typed: Typed) -> impl IntoView {
    let AppOffer { secret, uri, .. } = offer;
    view! {
        <div class="app-offer">
            <QrCode text=uri label="QR code for your authenticator app" />
            <div class="stack">
                <p>"Scan this with an authenticator app, or type the key into it:"</p>
                <p class="app-key">
                    <code>{grouped(&secret)}</code>
                    <CopyButton text=secret.clone() what="key of the app" />
                </p>
            </div>
        </div>
        <input type="hidden" name="totp_secret" value=secret />
        <Field
            name="totp_code"
            label="Code that the app shows now"
            typed
            autocomplete="one-time-code"
            maxlength=10
        />
    }
}

/// In groups of four, as people read keys.
fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

#[component]
fn Set(offer: AppOffer, email: String) -> impl IntoView {
    let typed = Typed::of_form("set");
    view! {
        <Card title="Set both">
            <form method="post" action=PATH class="stack">
                <FormError typed=typed.clone() />
                <input type="hidden" name="intent" value="set" />
                <Account email />
                <NewPassword typed=typed.clone() />
                <App offer typed />
                <Confirm action=StepUp::Credentials />
                <div class="form-actions">
                    <button type="submit" class="button primary">
                        "Set password and app"
                    </button>
                </div>
            </form>
        </Card>
    }
}

#[component]
fn Change(
    email: String,
    /// Whether the present password is taken, and so asked for.
    taken: bool,
) -> impl IntoView {
    let typed = Typed::of_form("change");
    view! {
        <Card title="Change the password">
            <form method="post" action=PATH class="stack">
                <FormError typed=typed.clone() />
                <input type="hidden" name="intent" value="change" />
                <Account email />
                {taken
                    .then(|| {
                        view! {
                            <Field
                                name="current_password"
                                label="Present password"
                                typed=typed.clone()
                                kind="password"
                                autocomplete="current-password"
                                maxlength=256
                            />
                        }
                    })}
                <NewPassword typed />
                <Confirm action=StepUp::Credentials />
                <div class="form-actions">
                    <button type="submit" class="button primary">
                        "Change password"
                    </button>
                </div>
            </form>
        </Card>
    }
}

#[component]
fn Replace(offer: AppOffer) -> impl IntoView {
    let typed = Typed::of_form("app");
    view! {
        <Card title="Replace the authenticator app">
            <form method="post" action=PATH class="stack">
                <FormError typed=typed.clone() />
                <input type="hidden" name="intent" value="app" />
                <App offer typed />
                <Confirm action=StepUp::Credentials />
                <div class="form-actions">
                    <button type="submit" class="button">
                        "Replace app"
                    </button>
                </div>
            </form>
        </Card>
    }
}

#[component]
fn Remove(stays: Option<String>) -> impl IntoView {
    let typed = Typed::of_form("remove");
    view! {
        <Card title="Remove both">
            {match stays {
                Some(reason) => view! { <p>{reason}</p> }.into_any(),
                None => {
                    view! {
                        <form method="post" action=PATH class="stack">
                            <FormError typed />
                            <input type="hidden" name="intent" value="remove" />
                            <p>"Password, app and recovery codes go. Your passkeys go on working."</p>
                            <Confirm action=StepUp::Credentials />
                            <div class="form-actions">
                                <button type="submit" class="button danger">
                                    "Remove password and app"
                                </button>
                            </div>
                        </form>
                    }
                        .into_any()
                }
            }}
        </Card>
    }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn a_key_is_read_in_groups() {
        assert_eq!(grouped("ABCDEFGHIJ"), "ABCD EFGH IJ");
    }
}
