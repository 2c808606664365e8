use leptos::prelude::*;

use super::NeedsScript;
use crate::{
    components::{Plain, Title},
    islands::SignInForm,
    pages::asked,
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
                    "Your passkey is on your phone, your computer or a security key. There is no password to remember, or to steal."
                </p>
                <NeedsScript />
                <SignInForm next />
            </section>
        </Plain>
    }
}

/// A path on this site. Browsers read `//` and `/\` as the start of another's address.
fn is_ours(path: &str) -> bool {
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
