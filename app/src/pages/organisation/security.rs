use leptos::prelude::*;
use types::{
    MfaRequirement, StepUp,
    team::{PolicyReview, Review, SecurityPage, SecurityPolicy},
};

use crate::{
    FormOutcome, PageContext,
    components::{
        Banner, Card, Confirm, Console, FieldShell, FormError, Glyph, Load, PageHeader, Place, Tone,
    },
    context::Typed,
    pages::team::{Back, method_word},
    server::security,
};

#[component]
pub fn Security() -> impl IntoView {
    view! {
        <Console here=Place::Settings>
            <Load from=security::page() let:page>
                <Content page />
            </Load>
        </Console>
    }
}

#[component]
fn Content(page: SecurityPage) -> impl IntoView {
    let steps = match PageContext::current().outcome {
        Some(FormOutcome::Review {
            review: Review::Policy(review),
            ..
        }) => {
            let before = SecurityPage {
                policy: review.policy,
                ..page
            };
            view! {
                <Reviewed review />
                <Editor page=before typed=Typed::default() />
            }
            .into_any()
        }
        _ => view! { <Editor page typed=Typed::current() /> }.into_any(),
    };
    view! {
        <Back href="/settings" words="Settings" />
        <PageHeader
            title="Security policy"
            sentence="What a sign-in needs in this organisation, and how long sessions last. You see who would be locked out before anything is saved."
        />
        <div class="narrow stack">{steps}</div>
    }
}

const OPTIONS: [(MfaRequirement, &str, &str); 3] = [
    (
        MfaRequirement::Any,
        "Any two factors",
        "A passkey, or a password with a code of an authenticator app.",
    ),
    (
        MfaRequirement::Passkey,
        "A passkey",
        "It cannot be phished. It may be synced between the devices of its owner.",
    ),
    (
        MfaRequirement::DeviceBoundPasskey,
        "A device-bound passkey",
        "A passkey that stays on its device, such as a security key, as its authenticator claims.",
    ),
];

#[component]
fn Reviewed(review: PolicyReview) -> impl IntoView {
    let PolicyReview {
        policy,
        changes,
        locked_out,
    } = review;
    let text = |minutes: Option<i64>| minutes.map(|n| n.to_string()).unwrap_or_default();
    let nothing = changes.is_empty();
    let changes = changes
        .into_iter()
        .map(|line| view! { <li>{line}</li> })
        .collect_view();
    view! {
        <Card title="What changes">
            <form method="post" action="/settings/security" class="stack">
                <FormError typed=Typed::current() />
                {nothing.then(|| view! { <p>"Nothing changes."</p> })}
                <ul class="list-disc pl-5">{changes}</ul>
                <LockedOut people=locked_out />
                <input type="hidden" name="requirement" value=policy.requirement.to_string() />
                <input type="hidden" name="idle_minutes" value=text(policy.idle_minutes) />
                <input type="hidden" name="absolute_minutes" value=text(policy.absolute_minutes) />
                <Confirm action=StepUp::Security />
                <div class="form-actions">
                    <button type="submit" class="button primary" name="step" value="save">
                        "Save policy"
                    </button>
                    <a class="button" href="/settings/security">
                        "Cancel"
                    </a>
                </div>
            </form>
        </Card>
    }
}

#[component]
fn LockedOut(people: Vec<(String, Option<types::SignInMethod>)>) -> impl IntoView {
    if people.is_empty() {
        return view! { <p>"Nobody is locked out: every member has a sign-in method that meets it."</p> }
            .into_any();
    }
    let lines = people
        .into_iter()
        .map(|(name, best)| view! { <li>{name} ": " {method_word(best)}</li> })
        .collect_view();
    view! {
        <Banner tone=Tone::Warn glyph=Glyph::Alert title="These members are locked out until they add one">
            <ul class="list-disc pl-5">{lines}</ul>
            <p>"They can still open their own account and add a sign-in method there."</p>
        </Banner>
    }
    .into_any()
}

#[component]
fn Editor(page: SecurityPage, typed: Typed) -> impl IntoView {
    let SecurityPolicy {
        requirement,
        idle_minutes,
        absolute_minutes,
    } = page.policy;
    let chosen = typed.value("requirement", requirement.as_str());
    let error = typed.error("requirement");
    let choices = OPTIONS
        .iter()
        .map(|(value, word, meaning)| {
            let checked = value.as_str() == chosen;
            view! {
                <label class="choice">
                    <input type="radio" name="requirement" value=value.to_string() checked=checked required />
                    <span>
                        <span class="choice-word">{*word}</span>
                        <span class="choice-meaning">{*meaning}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <Card title="Policy">
            <form method="post" action="/settings/security" class="stack">
                <FormError typed=typed.clone() />
                <fieldset class="field">
                    <legend>"A sign-in needs"</legend>
                    <div class="choices">{choices}</div>
                    {error.map(|text| view! { <p class="field-error">{text}</p> })}
                </fieldset>
                <Minutes
                    name="idle_minutes"
                    label="Minutes without a request"
                    longest=page.longest_idle
                    value=idle_minutes
                    typed=typed.clone()
                />
                <Minutes
                    name="absolute_minutes"
                    label="Minutes in any case"
                    longest=page.longest_absolute
                    value=absolute_minutes
                    typed
                />
                <div class="form-actions">
                    <button type="submit" class="button primary" name="step" value="review">
                        "Review changes"
                    </button>
                    <a class="button" href="/settings">
                        "Cancel"
                    </a>
                </div>
            </form>
        </Card>
    }
}

/// A limit that may be left empty.
#[component]
fn Minutes(
    name: &'static str,
    label: &'static str,
    longest: i64,
    value: Option<i64>,
    typed: Typed,
) -> impl IntoView {
    let before = value.map(|n| n.to_string()).unwrap_or_default();
    let error = typed.error(name);
    let described = match error {
        Some(_) => format!("{name}-error {name}-hint"),
        None => format!("{name}-hint"),
    };
    let invalid = error.is_some().then_some("true");
    let hint = format!(
        "A session ends after so long. Empty: the installation's {longest} minutes, which is the most."
    );
    view! {
        <FieldShell name label hint error>
            <input
                id=name
                name=name
                inputmode="numeric"
                autocomplete="off"
                value=typed.value(name, &before)
                aria-invalid=invalid
                aria-describedby=described
            />
        </FieldShell>
    }
    .into_any()
}
