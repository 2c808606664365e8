//! Making and changing an alert: what, then how, then what it would have told, then saving.

use leptos::prelude::*;
use types::{
    AlertRuleId, Permission,
    alerts::{AlertChoices, AlertDraft, AlertKind},
};

use super::{
    fields::{Scope, Thresholds, Told, usual},
    preview::Preview,
};
use crate::{
    FormOutcome, PageContext, PageError,
    components::{Card, Console, ErrorPanel, Field, FormError, Glyph, Icon, Load, Only, PageHeader, Place},
    context::Typed,
    error::set_status,
    pages::{asked, named, team::Back},
    server::alerts,
};

#[component]
pub fn NewAlert() -> impl IntoView {
    view! {
        <Console here=Place::Alerts>
            <Back href="/alerts" words="Alerts" />
            <Only to=Permission::AlertsManage ask=super::ASK>
                <Load from=alerts::choices(None) let:choices>
                    <New choices />
                </Load>
            </Only>
        </Console>
    }
}

#[component]
fn New(choices: AlertChoices) -> impl IntoView {
    let typed = Typed::current().value("kind", "");
    let kind: Option<AlertKind> = typed.parse().ok().or_else(|| asked("kind")?.parse().ok());
    match kind {
        Some(kind) if choices.unavailable.iter().all(|missing| missing.kind != kind) => {
            let action = format!("/alerts/new?kind={kind}");
            view! {
                <PageHeader title=format!("New alert: {}", kind.title()) sentence=kind.meaning() />
                <Form kind draft=usual(kind) choices action save="Save alert" cancel="/alerts".to_owned() />
            }
            .into_any()
        }
        _ => view! {
            <PageHeader
                title="New alert"
                sentence="Choose what is to be watched. You see what it would have told before you save it."
            />
            <FormError typed=Typed::current() />
            <Kinds choices />
        }
        .into_any(),
    }
}

/// Every kind, those that cannot be measured with the reason.
#[component]
fn Kinds(choices: AlertChoices) -> impl IntoView {
    let items: Vec<_> = AlertKind::ALL
        .iter()
        .map(|kind| {
            let missing = choices.unavailable.iter().find(|missing| missing.kind == *kind);
            match missing {
                None => view! {
                    <li>
                        <a class="kind" href=format!("/alerts/new?kind={kind}")>
                            <span class="kind-name">{kind.title()}</span>
                            <span class="kind-meaning">{kind.meaning()}</span>
                        </a>
                    </li>
                }
                .into_any(),
                Some(missing) => view! {
                    <li>
                        <div class="kind off">
                            <span class="kind-name">
                                {kind.title()}
                                <span class="text-muted">
                                    <Icon of=Glyph::Lock size=12 />
                                    "Not available"
                                </span>
                            </span>
                            <span class="kind-meaning">{missing.why.clone()}</span>
                        </div>
                    </li>
                }
                .into_any(),
            }
        })
        .collect();
    view! {
        <nav aria-label="What is to be watched">
            <ul class="kinds">{items}</ul>
        </nav>
    }
    .into_any()
}

#[component]
pub fn EditAlert() -> impl IntoView {
    view! {
        <Console here=Place::Alerts>
            <Back href="/alerts" words="Alerts" />
            <Only to=Permission::AlertsManage ask=super::ASK>
                <Found />
            </Only>
        </Console>
    }
}

#[component]
fn Found() -> impl IntoView {
    let Some(id) = named::<AlertRuleId>("id") else {
        set_status(404);
        return view! { <ErrorPanel error=PageError::not_found("This alert") /> }.into_any();
    };
    view! {
        <Load from=alerts::choices(Some(id)) let:choices>
            <Edit id choices />
        </Load>
    }
    .into_any()
}

#[component]
fn Edit(id: AlertRuleId, choices: AlertChoices) -> impl IntoView {
    let draft = choices.draft.clone().unwrap_or_default();
    let kind = draft.kind.parse().unwrap_or(AlertKind::Requests);
    let (action, cancel) = (format!("/alerts/{id}/edit"), format!("/alerts/{id}"));
    view! {
        <PageHeader title=format!("Change {}", draft.name) sentence=kind.meaning() />
        <Form kind draft choices action save="Save changes" cancel />
    }
    .into_any()
}

/// The fields, and under them what they would have come to, once that was asked for.
#[component]
fn Form(
    kind: AlertKind,
    draft: AlertDraft,
    choices: AlertChoices,
    action: String,
    save: &'static str,
    cancel: String,
) -> impl IntoView {
    let typed = Typed::current();
    let preview = match PageContext::current().outcome {
        Some(FormOutcome::AlertPreview { preview, .. }) => Some(*preview),
        _ => None,
    };
    let shown = preview.is_some();
    let scope = (draft.clone(), typed.clone(), choices.clone());
    let (own, name) = (typed.clone(), draft.name.clone());
    let refused = typed.clone();
    // What is watched is no field of the form: it can only be told above it.
    let of_kind = typed.error("kind").map(|why| {
        view! {
            <p class="field-error">
                <Icon of=Glyph::CircleAlert size=14 />
                {why}
            </p>
        }
    });
    let told = (draft.clone(), typed.clone(), choices.channels.clone());
    view! {
        <form method="post" action=format!("{action}#preview") class="stack">
            <FormError typed=refused />
            {of_kind}
            <input type="hidden" name="kind" value=kind.as_str() />
            {preview.map(|preview| view! { <Preview preview /> })}
            <div class="columns even">
                <Card title="What is watched">
                    <div class="stack">
                        <Field
                            name="name"
                            label="Name"
                            hint=format!("Empty: “{}”.", kind.title())
                            typed=own
                            value=name
                            maxlength=80
                            optional=true
                        />
                        <Scope kind draft=scope.0 typed=scope.1 choices=scope.2 />
                    </div>
                </Card>
                <Card title="When it is told">
                    <div class="stack">
                        <Thresholds kind draft typed choices />
                    </div>
                </Card>
            </div>
            <Card title="Who is told">
                <Told draft=told.0 typed=told.1 channels=told.2 />
            </Card>
            <div class="form-actions">
                <button
                    type="submit"
                    class=if shown { "button" } else { "button primary" }
                    name="intent"
                    value="preview"
                >
                    <Icon of=Glyph::Eye />
                    "Preview the last 30 days"
                </button>
                <button
                    type="submit"
                    class=if shown { "button primary" } else { "button" }
                    name="intent"
                    value="save"
                >
                    {save}
                </button>
                <a class="button" href=cancel>
                    "Cancel"
                </a>
            </div>
        </form>
    }
    .into_any()
}
