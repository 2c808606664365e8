use leptos::prelude::*;

use super::{parts::Parts, prose::Prose};
use crate::{
    components::{CodeTabs, Glyph, Icon, Sample},
    reference::{ApiAnswer, ApiCall},
};

/// One call: what it takes and gives on one side, how it looks on the other.
#[component]
pub(super) fn Call(call: ApiCall) -> impl IntoView {
    let ApiCall {
        id,
        method,
        path,
        summary,
        description,
        scope,
        parameters,
        body,
        answers,
        samples,
    } = call;
    let title = format!("{id}-title");
    let (anchor, named) = (id.clone(), title.clone());
    let link = format!("Link to {summary}");
    let of = summary.clone();
    let (good, bad): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .partition(|answer| !answer.status.starts_with(['4', '5']));
    let takes_key = !method.is_empty();
    let permalink = format!("#{id}");
    view! {
        <article class="card reference-call" id=anchor aria-labelledby=named>
            <div class="reference-told">
                <h3 id=title>
                    {summary}
                    <a class="permalink" href=permalink aria-label=link>
                        "#"
                    </a>
                </h3>
                <p class="reference-path">
                    {takes_key
                        .then(|| {
                            view! {
                                <span class=format!(
                                    "method {}",
                                    method.to_ascii_lowercase(),
                                )>{method.clone()}</span>
                            }
                        })} <code>{path}</code>
                </p>
                <p>
                    <Prose text=description />
                </p>
                {takes_key.then(|| view! { <Scope scope /> })}
                <Section title="Parameters" parts=parameters />
                <Section title="Body" parts=body />
                {good.into_iter().map(|answer| view! { <Good answer /> }).collect::<Vec<_>>()}
                <Errors answers=bad />
            </div>
            <Examples id of samples />
        </article>
    }
    .into_any()
}

#[component]
fn Scope(scope: Option<String>) -> impl IntoView {
    match scope {
        Some(scope) => view! {
            <p class="reference-scope">
                <Icon of=Glyph::Key size=14 />
                "A key with the scope "
                <code>{scope}</code>
            </p>
        }
        .into_any(),
        None => view! {
            <p class="reference-scope">
                <Icon of=Glyph::Users size=14 />
                "Without a key"
            </p>
        }
        .into_any(),
    }
}

#[component]
fn Section(title: &'static str, parts: Vec<crate::reference::Part>) -> impl IntoView {
    (!parts.is_empty()).then(|| {
        view! {
            <h4>{title}</h4>
            <Parts parts />
        }
    })
}

#[component]
fn Good(answer: ApiAnswer) -> impl IntoView {
    let ApiAnswer {
        status,
        description,
        fields,
    } = answer;
    view! {
        <h4>"Answer " {status}</h4>
        <p>
            <Prose text=description />
        </p>
        {(!fields.is_empty()).then(|| view! { <Parts parts=fields answered=true /> })}
    }
    .into_any()
}

#[component]
fn Errors(answers: Vec<ApiAnswer>) -> impl IntoView {
    let lines: Vec<_> = answers
        .into_iter()
        .map(|answer| {
            view! {
                <dt>{answer.status}</dt>
                <dd>
                    <Prose text=answer.description />
                </dd>
            }
        })
        .collect();
    (!lines.is_empty()).then(|| {
        view! {
            <details class="reference-errors">
                <summary>"Errors"</summary>
                <dl>{lines}</dl>
            </details>
        }
    })
}

#[component]
fn Examples(id: String, of: String, samples: Vec<(String, String)>) -> impl IntoView {
    let samples: Vec<_> = samples
        .into_iter()
        .map(|(language, code)| Sample {
            language: language.into(),
            code,
        })
        .collect();
    (!samples.is_empty()).then(|| {
        view! {
            <div class="reference-code">
                <CodeTabs samples group=id of />
            </div>
        }
    })
}
