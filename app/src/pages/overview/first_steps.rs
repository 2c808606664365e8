use leptos::prelude::*;
use types::console::Checklist;

use crate::components::{CodeTabs, Glyph, Icon, start_samples};

/// What a new organisation does first; gone once all of it is done.
#[component]
pub(super) fn FirstSteps(checklist: Checklist, public_url: String) -> impl IntoView {
    let done = [
        checklist.key_made,
        checklist.verification_started,
        checklist.verification_decided,
        checklist.alert_set,
    ];
    let count = done.iter().filter(|done| **done).count();
    let next = done.iter().position(|done| !done).unwrap_or(done.len());
    let samples = start_samples(&public_url, None);
    view! {
        <section class="card" aria-labelledby="first-steps">
            <header class="card-head steps-head">
                <div>
                    <h2 id="first-steps">"First steps"</h2>
                    <p>"From nothing to a verified person, in about five minutes."</p>
                </div>
                <p class="steps-count">
                    <progress max="4" value=count.to_string() aria-label="First steps done"></progress>
                    {format!("{count} of 4")}
                </p>
            </header>
            <ol class="steps">
                <Step
                    done=checklist.key_made
                    open=next == 0
                    title="Make a test key"
                    text="Test keys are free and never reach a paid provider. The key is shown once."
                >
                    <a class="button primary" href="/keys/new">
                        <Icon of=Glyph::Key />
                        "Create API key"
                    </a>
                </Step>
                <Step
                    done=checklist.verification_started
                    open=next == 1
                    title="Start a verification"
                    text="One call. Its answer carries sessionUrl, the page for the person."
                >
                    <CodeTabs samples />
                </Step>
                <Step
                    done=checklist.verification_decided
                    open=next == 2
                    title="See it decided"
                    text="Open the sessionUrl as the person would, consent, and enter the lines of a document. The outcome appears here, and nothing of the document does."
                >
                    <a class="button" href="/verifications">
                        "View verifications"
                    </a>
                </Step>
                <Step
                    done=checklist.alert_set
                    open=next == 3
                    title="Set an alert"
                    text="Be told of errors, latency, or the pace of your quota, before your customers tell you."
                >
                    <a class="button" href="/alerts/new">
                        <Icon of=Glyph::Bell />
                        "Make an alert"
                    </a>
                </Step>
            </ol>
        </section>
    }
}

#[component]
fn Step(
    done: bool,
    open: bool,
    title: &'static str,
    text: &'static str,
    children: Children,
) -> impl IntoView {
    let (class, glyph, word) = if done {
        ("step done", Glyph::CircleCheck, "Done: ")
    } else if open {
        ("step now", Glyph::CircleDot, "Next: ")
    } else {
        ("step", Glyph::CircleDashed, "Later: ")
    };
    view! {
        <li class=class>
            <Icon of=glyph size=20 />
            <div class="min-w-0 flex-1">
                <h3>
                    <span class="sr-only">{word}</span>
                    {title}
                </h3>
                {(!done).then(|| view! { <p class="text-muted">{text}</p> })}
                {open.then(|| view! { <div class="mt-3">{children()}</div> })}
            </div>
        </li>
    }
}
