//! The fields of a key's terms, as it is made and as it is changed.

use leptos::prelude::*;
use types::{
    Permission, UserId,
    console::Viewer,
    keys::{KeyTerms, Scope},
};

use crate::{
    PageError,
    components::{Area, Field, Glyph, Icon, Select},
    context::Typed,
    server::{api_key, team},
};

/// What can be chosen from.
#[derive(Clone)]
pub(super) struct Choices {
    /// Who can answer for a key.
    members: Vec<(UserId, String)>,
    /// The names of the organisation's own limits.
    limits: Vec<String>,
}

pub(super) async fn choices() -> Result<Choices, PageError> {
    let limits = api_key::limits().await?;
    Ok(Choices {
        members: members().await?,
        limits: limits.into_iter().map(|limit| limit.terms.name).collect(),
    })
}

/// Only the viewer, if they may not see the team.
async fn members() -> Result<Vec<(UserId, String)>, PageError> {
    let viewer: Option<Viewer> = use_context();
    let Some(viewer) = viewer else {
        return Ok(Vec::new());
    };
    if !viewer.may(Permission::TeamRead) {
        return Ok(vec![(viewer.user_id, viewer.name)]);
    }
    let page = team::list().await?;
    Ok(page
        .members
        .into_iter()
        .map(|member| (member.id, member.name))
        .collect())
}

/// What a key may do, from where, and for how long.
#[component]
pub(super) fn Terms(
    terms: KeyTerms,
    /// The present expiry in words, where there is one to keep.
    #[prop(optional, into)]
    keep: String,
    choices: Choices,
    typed: Typed,
) -> impl IntoView {
    let Choices { members, limits } = choices;
    let calls = terms.calls_per_minute.map(|calls| calls.to_string());
    let days = terms.rotate_days.map(|days| days.to_string());
    view! {
        <Scopes scopes=terms.scopes typed=typed.clone() />
        <Expiry keep typed=typed.clone() />
        <Area
            name="allow_list"
            label="Allowed addresses"
            hint="Networks such as 192.0.2.0/24 or 2001:db8::/32, or single addresses, one a line. Empty: the key may be used from everywhere."
            typed=typed.clone()
            value=terms.allow_list.join("\n")
            optional=true
            maxlength=4_000
        />
        <Field
            name="calls_per_minute"
            label="Calls a minute"
            hint="Its own limit, below that of every key. Empty: as many as any key."
            typed=typed.clone()
            value=calls.unwrap_or_default()
            optional=true
            inputmode="numeric"
            maxlength=6
        />
        <Limits limits held=terms.limits typed=typed.clone() />
        <Field
            name="rotate_days"
            label="Rotate after"
            hint="Days from its making. On that day its owner and your webhooks are told; it works on until somebody rotates it. Empty: no rotation is planned."
            typed=typed.clone()
            value=days.unwrap_or_default()
            optional=true
            inputmode="numeric"
            maxlength=4
        />
        <Owner owner=terms.owner members typed=typed.clone() />
        <Area
            name="note"
            label="Note"
            hint="What colleagues should know, such as where the key is kept. At most 500 characters."
            typed
            value=terms.note
            optional=true
            maxlength=500
        />
    }
    .into_any()
}

/// The organisation's own limits, if it has any.
#[component]
fn Limits(limits: Vec<String>, held: Vec<String>, typed: Typed) -> impl IntoView {
    if limits.is_empty() {
        return ().into_any();
    }
    let boxes: Vec<_> = limits
        .into_iter()
        .map(|name| {
            let ticked = typed.ticked("limits", &name, held.contains(&name));
            view! {
                <label class="choice">
                    <input type="checkbox" name="limits" value=name.clone() checked=ticked />
                    <span class="choice-word">{name}</span>
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class="field">
            <legend>"Named limits"</legend>
            <div class="choices">{boxes}</div>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Scopes(scopes: Vec<Scope>, typed: Typed) -> impl IntoView {
    let error = typed.error("scopes");
    let described = error.is_some().then_some("scopes-error");
    let boxes: Vec<_> = Scope::ALL
        .iter()
        .map(|scope| {
            let ticked = typed.ticked("scopes", scope.as_str(), scopes.contains(scope));
            view! {
                <label class="choice">
                    <input type="checkbox" name="scopes" value=scope.as_str() checked=ticked />
                    <span>
                        <span class="choice-word">{scope.as_str()}</span>
                        <span class="choice-meaning">{scope.meaning()}</span>
                    </span>
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class="field" aria-describedby=described>
            <legend>"Scopes"</legend>
            <div class="choices">{boxes}</div>
            {error
                .map(|text| {
                    view! {
                        <p class="field-error" id="scopes-error">
                            <Icon of=Glyph::CircleAlert size=14 />
                            {text}
                        </p>
                    }
                })}
        </fieldset>
    }
    .into_any()
}

#[component]
fn Expiry(keep: String, typed: Typed) -> impl IntoView {
    let days = [30, 90, 180, 365].map(|days| (days.to_string(), format!("In {days} days")));
    let kept = (!keep.is_empty()).then(|| ("keep".to_owned(), format!("As it is: {keep}")));
    let value = if kept.is_some() { "keep" } else { "never" };
    let options: Vec<_> = kept
        .into_iter()
        .chain([("never".to_owned(), "Never".to_owned())])
        .chain(days)
        .chain([("date".to_owned(), "After the day below".to_owned())])
        .collect();
    view! {
        <div class="field-row">
            <Select
                name="expiry"
                label="Expires"
                hint="Its owner is told 30, 14, 7 and 1 days before."
                typed=typed.clone()
                refused_as="expires_at"
                options
                value
            />
            <Field
                name="expires_on"
                label="Last day"
                hint="To its end, UTC."
                typed
                kind="date"
                optional=true
            />
        </div>
    }
    .into_any()
}

#[component]
fn Owner(owner: Option<UserId>, members: Vec<(UserId, String)>, typed: Typed) -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let value = owner.or_else(|| viewer.map(|viewer| viewer.user_id));
    let value = value.map(|id| id.to_string()).unwrap_or_default();
    let mut options: Vec<_> = members
        .into_iter()
        .map(|(id, name)| (id.to_string(), name))
        .collect();
    // Whoever has left stays the owner until somebody else is chosen.
    if !options.iter().any(|(id, _)| *id == value) {
        options.insert(0, (String::new(), "As it is".to_owned()));
    }
    view! {
        <Select
            name="owner"
            label="Owner"
            hint="Answers for the key, and is told before it ends."
            typed
            options
            value
        />
    }
    .into_any()
}
