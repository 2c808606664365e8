//! The page for the person who is verified: made for a phone, without scripts, one question
//! a screen. What was typed is shown again in the very answer to it, and nowhere else.

mod consent;
mod document;
mod ended;
mod lines;

use leptos::prelude::*;

use self::{
    consent::Consent,
    ended::{Done, Ended, Return},
    lines::Lines,
};
use crate::{
    HostedView,
    components::{Glyph, Icon, Mark, ReportLink, Title},
    error::set_status,
    pages::named,
};

#[component]
pub fn Hosted() -> impl IntoView {
    let view = use_context::<HostedView>().unwrap_or(HostedView::NotFound);
    set_status(view.status());
    let secret: String = named("secret").unwrap_or_default();
    let base = format!("/v/{secret}");
    match view {
        HostedView::Consent { business, minimum_age, expires_at } => {
            view! { <Consent base business minimum_age expires_at /> }.into_any()
        }
        HostedView::Lines { business, values, problems, attempts_left } => {
            view! { <Lines base business values problems attempts_left /> }.into_any()
        }
        HostedView::Done { business, outcome, reason, return_url } => {
            view! { <Done business outcome reason return_url /> }.into_any()
        }
        HostedView::NotFound => view! {
            <Ended
                title="This link is not known"
                text="It may be incomplete. Open it again from the message or page where you found it, or ask the business for a new one."
            />
        }
        .into_any(),
        HostedView::Expired => view! {
            <Ended
                title="This link has run out"
                text="Links work for a limited time, to keep you safe. Ask the business for a new one. Nothing that you typed was kept."
            />
        }
        .into_any(),
        HostedView::AlreadyDone => view! {
            <Ended
                title="This link was used before"
                text="The verification has ended and the business knows its outcome. You can close this page."
            />
        }
        .into_any(),
        HostedView::NotAccepted { business, return_url } => {
            let text = format!(
                "{business} asks for stronger proof than the lines of a document. Nothing was decided and nothing was kept. Ask them for another way."
            );
            view! {
                <Ended title="Typed lines are not enough here" text>
                    <Return business return_url />
                </Ended>
            }
            .into_any()
        }
    }
}

/// The frame around every step.
#[component]
fn HostedFrame(
    /// The tab's title.
    #[prop(into)]
    title: String,
    /// 1 to 3; 0 where there are no steps.
    #[prop(optional)]
    step: u8,
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=title />
        <div class="hosted">
            {(step > 0).then(|| view! { <Progress step /> })}
            <main id="main" class="hosted-main" tabindex="-1">
                {children()}
            </main>
            <footer class="hosted-foot">
                <p class="hosted-promise">
                    <Icon of=Glyph::Lock />
                    "Nothing but the outcome is kept."
                </p>
                <p class="brand">
                    <Mark size=18 />
                    "Verified with Loomwire"
                </p>
                <ReportLink aside=true />
            </footer>
        </div>
    }
}

const STEPS: [&str; 3] = ["Agree", "Document", "Result"];

#[component]
fn Progress(step: u8) -> impl IntoView {
    let name = STEPS
        .get(usize::from(step.saturating_sub(1)))
        .copied()
        .unwrap_or_default();
    view! {
        <header class="hosted-progress">
            <p>
                {format!("Step {step} of 3")}
                <span>{name}</span>
            </p>
            <progress max="3" value=step.to_string() aria-label="Progress"></progress>
        </header>
    }
}
