use leptos::prelude::*;
use types::Timestamp;

use super::HostedFrame;
use crate::components::{Glyph, Icon, Moment};

/// Who asks for what, why, and what is kept: before anything is typed.
#[component]
pub(super) fn Consent(
    base: String,
    business: String,
    minimum_age: Option<u8>,
    expires_at: Timestamp,
) -> impl IntoView {
    let why = match minimum_age {
        Some(age) => format!("{business} has to know that you are {age} or older."),
        None => format!("{business} has to know that your document is in order."),
    };
    let learned = match minimum_age {
        Some(age) => format!("Whether you are {age} or older"),
        None => "Whether you are 18 or older".to_owned(),
    };
    let decline = format!("{base}/decline");
    view! {
        <HostedFrame title=format!("Verification for {business}") step=1>
            <p class="hosted-who">{business.clone()}</p>
            <h1>"May we check your document?"</h1>
            <p>
                {why}
                " You will copy two or three lines of letters from your passport or identity card. It takes about two minutes."
            </p>
            <section class="hosted-box" aria-labelledby="learns">
                <h2 id="learns">{format!("{business} learns")}</h2>
                <ul class="told">
                    <Told text=learned kept=true />
                    <Told text="Whether the document's check digits agree".to_owned() kept=true />
                    <Told text="Whether the document has expired".to_owned() kept=true />
                </ul>
                <h2>"Nobody keeps"</h2>
                <ul class="told">
                    <Told text="Your name and your date of birth".to_owned() kept=false />
                    <Told text="The document's number and its lines".to_owned() kept=false />
                </ul>
            </section>
            <p class="text-muted">
                "The lines are read in memory and forgotten with the answer."
            </p>
            <form method="post" action=format!("{base}/consent")>
                <button type="submit" class="button primary hosted-button">
                    "Agree and continue"
                </button>
            </form>
            <form method="post" action=decline>
                <button type="submit" class="button hosted-button">
                    "Decline"
                </button>
            </form>
            <p class="hosted-small">
                "If you decline, "
                {business}
                " learns only that the verification ended without a decision. This link works until "
                <Moment at=expires_at exact=true /> "."
            </p>
        </HostedFrame>
    }
}

#[component]
fn Told(text: String, kept: bool) -> impl IntoView {
    let (class, glyph) = if kept {
        ("good", Glyph::Check)
    } else {
        ("muted", Glyph::X)
    };
    view! {
        <li class=class>
            <Icon of=glyph />
            {text}
        </li>
    }
}
