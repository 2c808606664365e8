//! The two ways to sign in that somebody with a link from a mail can make.

use leptos::prelude::*;

use super::NeedsScript;
use crate::{
    FormOutcome, PageContext,
    components::{Card, Field, FormError, Load, QrCode},
    context::Typed,
    islands::SetUpForm,
    server::set_up::{NewKey, app_key},
};

/// A passkey, or a password with an authenticator app.
#[component]
pub fn Enrol(
    /// The secret of the link.
    token: String,
    /// The address of the account, which the app shows.
    email: String,
    /// Whether the person gives a name.
    #[prop(optional)]
    asks_name: bool,
    /// Whether only a passkey will do.
    #[prop(optional)]
    passkey_only: bool,
) -> impl IntoView {
    let typed = Typed::current();
    let refused = typed.is_refused();
    view! {
        <NeedsScript />
        <SetUpForm token known=!asks_name name_only=true />
        {(!passkey_only)
            .then(|| {
                view! {
                    <details class="other-way" open=refused>
                        <summary>"Use a password and an authenticator app instead"</summary>
                        <Load from=app_key(email, typed.value("totp_secret", "")) let:key>
                            <PasswordForm typed=typed.clone() asks_name key />
                        </Load>
                    </details>
                }
            })}
    }
    .into_any()
}

#[component]
fn PasswordForm(typed: Typed, asks_name: bool, key: NewKey) -> impl IntoView {
    let NewKey { secret, uri } = key;
    let path = PageContext::current().path;
    let groups: Vec<String> = secret
        .as_bytes()
        .chunks(4)
        .map(|group| String::from_utf8_lossy(group).into_owned())
        .collect();
    view! {
        <form method="post" action=path class="stack">
            <FormError typed=typed.clone() />
            {asks_name
                .then(|| {
                    view! {
                        <div class="field">
                            <label for="your-name">"Your name"</label>
                            <input
                                id="your-name"
                                name="name"
                                autocomplete="name"
                                maxlength=100
                                required
                                value=typed.value("name", "")
                                aria-invalid=typed.error("name").map(|_| "true")
                                aria-describedby=typed.error("name").map(|_| "your-name-error")
                            />
                            {typed
                                .error("name")
                                .map(|text| {
                                    view! {
                                        <p class="field-error" id="your-name-error">
                                            {text}
                                        </p>
                                    }
                                })}
                        </div>
                    }
                })}
            <Field
                name="password"
                label="Password"
                hint="At least 15 characters: four or five words that do not belong together are good. It is not shown again."
                typed=typed.clone()
                kind="password"
                autocomplete="new-password"
                maxlength=200
            />
            <div class="stack">
                <p class="font-medium">"Authenticator app"</p>
                <p class="text-muted">
                    "Scan the code with your app, or give it the key, then type the six digits that it shows."
                </p>
                <QrCode text=uri label="QR code for your authenticator app" />
                <p>
                    <code class="break-all">{groups.join(" ")}</code>
                </p>
            </div>
            <input type="hidden" name="totp_secret" value=secret />
            <Field
                name="totp_code"
                label="Code of the app"
                hint="Six digits, new every half minute."
                typed
                autocomplete="one-time-code"
                maxlength=6
            />
            <div class="form-actions">
                <button type="submit" class="button primary">
                    "Set password and app"
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// The recovery codes of somebody who has just come in with a password, if that is the case.
pub fn codes_made() -> Option<impl IntoView> {
    let Some(FormOutcome::RecoveryCodes(codes)) = PageContext::current().outcome else {
        return None;
    };
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
    Some(
        view! {
            <section class="entry">
                <h1>"Keep your recovery codes"</h1>
                <p class="text-muted">
                    "Each stands in once for your authenticator app, and helps to recover your account. This is the only time that they are shown: print them, or put them into your password manager."
                </p>
                <Card>
                    <ul class="stack">{lines}</ul>
                </Card>
                <p>
                    <a class="button primary large" href="/">
                        "I have stored them"
                    </a>
                </p>
            </section>
        }
        .into_any(),
    )
}
