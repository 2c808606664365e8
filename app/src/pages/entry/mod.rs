//! The ways in: the one-time set-up, and sign-in.

pub(super) mod enrol;
mod set_up;
mod sign_in;
mod sign_up;

pub use set_up::SetUp;
pub use sign_in::{SignIn, is_ours};
pub use sign_up::{ConfirmSignUp, SignUp};

use leptos::prelude::*;

use crate::components::{Glyph, Icon};

/// Browsers offer passkeys to scripts only, which a person without them should know.
#[component]
fn NeedsScript() -> impl IntoView {
    view! {
        <noscript>
            <div class="banner warn">
                <Icon of=Glyph::Alert />
                <p>
                    "Passkeys need JavaScript, which is off in this browser. Allow it for this page and reload."
                </p>
            </div>
        </noscript>
    }
}
