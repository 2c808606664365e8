use leptos::prelude::*;
use types::{
    Permission, StepUp,
    console::Viewer,
    keys::{KeyPolicy, KeyPolicyPage, LeakAnswer, PastPolicy},
};

use super::KeyName;
use crate::{
    FormOutcome, PageContext,
    components::{
        Banner, Card, Cell, Column, Confirm, Console, DataTable, EmptyState, Field, FormError, Glyph, Load,
        MomentOr, PageHeader, Place, Row, RowLink, Select, Tone,
    },
    context::Typed,
    pages::team::Back,
    server::api_key,
};

#[component]
pub fn KeyPolicies() -> impl IntoView {
    view! {
        <Console here=Place::Keys>
            <Back href="/keys" words="API keys" />
            <PageHeader
                title="Policy of API keys"
                sentence="What your organisation asks of every key, and what is done with one that was found elsewhere."
            />
            {match PageContext::current().outcome {
                Some(FormOutcome::KeyPolicyPreview(page)) => view! { <Content page /> }.into_any(),
                _ => {
                    view! {
                        <Load from=api_key::policy() let:page>
                            <Content page />
                        </Load>
                    }
                        .into_any()
                }
            }}
        </Console>
    }
}

#[component]
fn Content(page: KeyPolicyPage) -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let may_change = viewer.is_some_and(|viewer| viewer.may(Permission::SecurityManage));
    let preview = page.preview;
    view! {
        <div class="stack">
            {preview
                .then(|| {
                    view! {
                        <Banner tone=Tone::Info glyph=Glyph::Eye title="Nothing is saved yet">
                            <p>"This is whom the policy would hit. Save it below, or change it first."</p>
                        </Banner>
                    }
                })}
            <Past past=page.past preview />
            <Form policy=page.policy may_change />
        </div>
    }
    .into_any()
}

#[component]
fn Past(past: Vec<PastPolicy>, preview: bool) -> impl IntoView {
    if past.is_empty() {
        let (title, text) = if preview {
            (
                "No key would be past it",
                "Every working key keeps to this policy.",
            )
        } else {
            (
                "No key is past the policy",
                "Every working key keeps to what your organisation asks.",
            )
        };
        return view! {
            <Card>
                <EmptyState glyph=Glyph::CircleCheck title text />
            </Card>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Key"),
        Column::new("Why"),
        Column::new("Disabled"),
        Column::actions(),
    ];
    let lines = past
        .into_iter()
        .map(|past| view! { <Line past /> })
        .collect_view();
    view! {
        <Card flush=true title="Keys past the policy">
            <DataTable caption="Keys past the policy, the first to be disabled first" columns>
                {lines}
            </DataTable>
        </Card>
    }
    .into_any()
}

#[component]
fn Line(past: PastPolicy) -> impl IntoView {
    let PastPolicy {
        row,
        breaches,
        disabled_from,
    } = past;
    let path = format!("/keys/{}", row.id);
    let label = format!("Open {}", row.name);
    let why: Vec<_> = breaches
        .into_iter()
        .map(|breach| view! { <p>{breach.sentence()}</p> })
        .collect();
    view! {
        <Row>
            <Cell name="Key" class="key-cell">
                <KeyName row />
            </Cell>
            <Cell name="Why">{why}</Cell>
            <Cell name="Disabled">
                <MomentOr at=disabled_from none="Never" />
            </Cell>
            <RowLink path label word="Open" />
        </Row>
    }
    .into_any()
}

fn days(days: Option<u32>) -> String {
    days.map(|days| days.to_string()).unwrap_or_default()
}

#[component]
fn Form(policy: KeyPolicy, may_change: bool) -> impl IntoView {
    let typed = Typed::current();
    let answers = || {
        vec![
            (
                LeakAnswer::Tell.to_string(),
                "Tell its owner, and those who may revoke it".to_owned(),
            ),
            (
                LeakAnswer::Revoke.to_string(),
                "Revoke it at once, and tell them".to_owned(),
            ),
        ]
    };
    let expiry = typed.ticked("requires_expiry", "on", policy.requires_expiry);
    let networks = typed.ticked("requires_networks", "on", policy.requires_networks);
    view! {
        <Card title="Policy">
            <form method="post" action="/keys/policy" class="stack narrow">
                <FormError typed=typed.clone() />
                <Field
                    name="longest_days"
                    label="Longest life, in days"
                    hint="A key has to expire within it. Empty: as long as it is asked for."
                    typed=typed.clone()
                    value=days(policy.longest_days)
                    optional=true
                    inputmode="numeric"
                    maxlength=4
                />
                <Field
                    name="unused_days"
                    label="Longest time unused, in days"
                    hint="Empty: an unused key stays."
                    typed=typed.clone()
                    value=days(policy.unused_days)
                    optional=true
                    inputmode="numeric"
                    maxlength=4
                />
                <label class="choice">
                    <input type="checkbox" name="requires_expiry" value="on" checked=expiry />
                    <span>
                        <span class="choice-word">"Every key expires"</span>
                        <span class="choice-meaning">"A key without an end is past the policy."</span>
                    </span>
                </label>
                <label class="choice">
                    <input type="checkbox" name="requires_networks" value="on" checked=networks />
                    <span>
                        <span class="choice-word">"Every key has allowed addresses"</span>
                        <span class="choice-meaning">
                            "A key that may be used from everywhere is past the policy."
                        </span>
                    </span>
                </label>
                <Field
                    name="disable_after_days"
                    label="Disable after, in days"
                    hint="So long a key that is past the policy works on; its owner is told at once. Empty: it is only shown."
                    typed=typed.clone()
                    value=days(policy.disable_after_days)
                    optional=true
                    inputmode="numeric"
                    maxlength=3
                />
                <Select
                    name="leaked_live"
                    label="A live key that was found elsewhere"
                    typed=typed.clone()
                    options=answers()
                    value=policy.leaked_live.to_string()
                />
                <Select
                    name="leaked_test"
                    label="A test key that was found elsewhere"
                    typed
                    options=answers()
                    value=policy.leaked_test.to_string()
                />
                {may_change
                    .then(|| {
                        view! {
                            <Confirm action=StepUp::Keys />
                            <div class="form-actions">
                                <button type="submit" class="button primary" name="intent" value="save">
                                    "Save policy"
                                </button>
                                <button type="submit" class="button" name="intent" value="preview" data-looks="">
                                    "Who would be hit?"
                                </button>
                            </div>
                        }
                    })}
            </form>
        </Card>
    }
    .into_any()
}
