use leptos::prelude::*;

use super::{HostedFrame, document::WhereTheLinesAre};
use crate::{
    LineProblem,
    components::{Glyph, Icon},
};

/// Field name, label and hint of each line.
const FIELDS: [(&str, &str, &str); 3] = [
    ("line1", "Line 1", "Begins with P, I, A, C or V"),
    ("line2", "Line 2", ""),
    (
        "line3",
        "Line 3",
        "Identity cards have three lines. Leave it empty for a passport.",
    ),
];

/// The machine-readable lines, and what is wrong with those typed before.
#[component]
pub(super) fn Lines(
    base: String,
    business: String,
    values: [String; 3],
    problems: Vec<LineProblem>,
    attempts_left: u32,
) -> impl IntoView {
    let refused = !problems.is_empty();
    let title = if refused {
        "Error: document lines"
    } else {
        "Document lines"
    };
    let general: Vec<LineProblem> = problems
        .iter()
        .filter(|problem| problem.line == 0)
        .cloned()
        .collect();
    let fields: Vec<_> = FIELDS
        .into_iter()
        .zip(values)
        .zip(1..)
        .map(|(((name, label, hint), value), line)| {
            let problems: Vec<LineProblem> = problems
                .iter()
                .filter(|problem| problem.line == line)
                .cloned()
                .collect();
            view! { <LineField name label hint value problems /> }
        })
        .collect();
    view! {
        <HostedFrame title=title.to_owned() step=2>
            <p class="hosted-who">{business}</p>
            <h1>"Copy the lines from your document"</h1>
            {refused.then(|| view! { <Summary problems=problems.clone() attempts_left /> })}
            <WhereTheLinesAre />
            <p>
                "They look like "
                <code class="sample">"P<UTOERIKSSON<<ANNA"</code>
                ". Type every character, the "
                <code class="sample">"<"</code>
                " included."
            </p>
            <form method="post" action=format!("{base}/lines") class="hosted-form" autocomplete="off">
                {general
                    .into_iter()
                    .map(|problem| {
                        view! {
                            <p class="field-error">
                                <Icon of=Glyph::CircleAlert size=16 />
                                {problem.message}
                            </p>
                        }
                    })
                    .collect_view()} {fields}
                <button type="submit" class="button primary hosted-button">
                    "Check document"
                </button>
            </form>
            <details class="hosted-help">
                <summary>"I cannot read the lines"</summary>
                <p>
                    "Hold the document under a lamp and tilt it. A zero has a narrower shape than the letter O; the character < fills the gaps. If a line is damaged, use another document, or decline and ask the business for another way."
                </p>
            </details>
            <form method="post" action=format!("{base}/decline")>
                <button type="submit" class="button quiet hosted-button">
                    "Stop and decline"
                </button>
            </form>
        </HostedFrame>
    }
}

/// Above the form: that it was not taken, and links to each place.
#[component]
fn Summary(problems: Vec<LineProblem>, attempts_left: u32) -> impl IntoView {
    let tries = match attempts_left {
        1 => "One try is left.".to_owned(),
        count => format!("{count} tries are left."),
    };
    let items: Vec<_> = problems
        .into_iter()
        .map(|problem| {
            view! {
                <li>
                    <a href=format!("#line{}", problem.line.max(1))>
                        {problem.message}
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <div class="banner bad" role="alert">
            <Icon of=Glyph::CircleAlert size=20 />
            <div>
                <p class="font-semibold">"The lines could not be used yet"</p>
                <ul class="hosted-problems">{items}</ul>
                <p>{tries} " What you typed is still below."</p>
            </div>
        </div>
    }
}

#[component]
fn LineField(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: String,
    problems: Vec<LineProblem>,
) -> impl IntoView {
    let wrong = !problems.is_empty();
    let mut described = Vec::new();
    if wrong {
        described.push(format!("{name}-error"));
    }
    if !hint.is_empty() {
        described.push(format!("{name}-hint"));
    }
    let described = (!described.is_empty()).then(|| described.join(" "));
    let marks: Vec<u32> = problems.iter().map(|problem| problem.position).collect();
    let errors: Vec<_> = problems
        .iter()
        .map(|problem| {
            let text = problem.message.clone();
            view! { <li>{text}</li> }
        })
        .collect();
    let shown = value.clone();
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                class="mrz-input"
                type="text"
                value=value
                maxlength="100"
                autocapitalize="characters"
                autocomplete="off"
                spellcheck="false"
                required=name == "line1"
                aria-invalid=wrong.then_some("true")
                aria-describedby=described
            />
            {(!hint.is_empty())
                .then(|| {
                    view! {
                        <p class="field-hint" id=format!("{name}-hint")>
                            {hint}
                        </p>
                    }
                })}
            {wrong
                .then(|| {
                    view! {
                        <div id=format!("{name}-error")>
                            <Marked text=shown marks />
                            <ul class="line-errors">{errors}</ul>
                        </div>
                    }
                })}
        </div>
    }
}

/// The line as typed, with the characters in question marked.
#[component]
fn Marked(text: String, marks: Vec<u32>) -> impl IntoView {
    let pointed = marks.iter().any(|position| *position > 0);
    let signs: Vec<_> = text
        .chars()
        .zip(1..)
        .map(|(sign, position)| {
            if marks.contains(&position) {
                view! { <mark>{sign.to_string()}</mark> }.into_any()
            } else {
                sign.to_string().into_any()
            }
        })
        .collect();
    pointed.then(|| {
        view! {
            <p class="marked" aria-hidden="true">
                {signs}
            </p>
        }
    })
}
