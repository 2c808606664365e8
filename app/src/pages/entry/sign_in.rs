use leptos::prelude::*;

use super::NeedsScript;
use crate::{
    components::{Field, FormError, Load, Plain, Title, link},
    context::Typed,
    islands::SignInForm,
    pages::asked,
    server::account,
};

#[component]
pub fn SignIn() -> impl IntoView {
    let next = asked("next")
        .filter(|path| is_ours(path))
        .unwrap_or_else(|| "/".to_owned());
    view! {
        <Title text="Sign in" />
        <Plain>
            <section class="entry">
                <h1>"Sign in"</h1>
                <p class="text-muted">
                    "Your passkey is on your phone, your computer or a security key. There is nothing to remember, or to steal."
                </p>
                <NeedsScript />
                <SignInForm next=next.clone() />
                <WithPassword next />
                <p class="field-hint">
                    "Lost your passkey or your phone? " <a href="/recover">"Recover your account"</a> "."
                </p>
                <Load from=account::sign_up_offered() let:offered>
                    {offered
                        .then(|| {
                            view! {
                                <p class="field-hint">
                                    "No account yet? " <a href="/sign-up">"Sign up"</a> "."
                                </p>
                            }
                        })}
                </Load>
            </section>
        </Plain>
    }
}

/// The other way in: one plain form, which works without a script.
#[component]
fn WithPassword(next: String) -> impl IntoView {
    let typed = Typed::current();
    let refused = typed.is_refused();
    let action = if next == "/" {
        "/sign-in".to_owned()
    } else {
        link("/sign-in", &[("next", next)])
    };
    view! {
        <details class="other-way" open=refused>
            <summary>"Use a password and a code"</summary>
            <form method="post" action=action class="stack">
                <FormError typed=typed.clone() />
                <Field
                    name="account"
                    label="E-mail of your account"
                    typed=typed.clone()
                    kind="email"
                    autocomplete="username"
                    maxlength=254
                />
                <Field
                    name="password"
                    label="Password"
                    typed=typed.clone()
                    kind="password"
                    autocomplete="current-password"
                />
                <Field
                    name="code"
                    label="Code"
                    hint="Of your authenticator app, or one of your recovery codes."
                    typed
                    autocomplete="one-time-code"
                    maxlength=40
                />
                <button type="submit" class="button large">
                    "Sign in with a password"
                </button>
            </form>
        </details>
    }
}

/// A path on this site. Browsers read `//` and `/\` as the start of another's address.
pub fn is_ours(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\t', '\n', '\r'])
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn only_own_paths_are_followed() {
        assert!(is_ours("/keys?after=x"));
        for foreign in [
            "",
            "keys",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
        ] {
            assert!(!is_ours(foreign), "{foreign}");
        }
    }
}
