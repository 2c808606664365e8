//! The ways in: the one-time set-up, and sign-in.

pub(super) mod enrol;
mod set_up;
mod sign_in;
mod sign_up;

pub use set_up::SetUp;
pub use sign_in::{SignIn, is_ours};
pub use sign_up::{ConfirmSignUp, SignUp};

use leptos::prelude::*;

use crate::{
    FormOutcome, PageContext,
    components::{Banner, Glyph, Icon, Plain, Title, Tone},
};

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

/// A page behind a link from a mail: what is asked there, and in the answer to it, where that
/// made recovery codes, those.
#[component]
pub(super) fn BehindLink(
    /// The tab's.
    title: &'static str,
    children: Children,
) -> impl IntoView {
    let (title, content) = match enrol::codes_made() {
        Some(codes) => ("Recovery codes", codes.into_any()),
        None => (title, children().into_any()),
    };
    view! {
        <Title text=title />
        <Plain>{content}</Plain>
    }
    .into_any()
}

/// A form that is answered by a mail: the form, or that the mail is on its way.
#[component]
pub(super) fn AnsweredByMail(children: Children) -> impl IntoView {
    match PageContext::current().outcome {
        Some(FormOutcome::Saved(text)) => view! {
            <div role="status">
                <Banner tone=Tone::Info glyph=Glyph::Info title="Look into your mailbox">
                    {text}
                </Banner>
            </div>
        }
        .into_any(),
        _ => children().into_any(),
    }
}
