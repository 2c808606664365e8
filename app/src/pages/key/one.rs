use leptos::prelude::*;
use types::{
    Permission, StepUp, Timestamp,
    console::{ApiKeyRow, Viewer},
    keys::{KeyPage, KeySource},
};

use super::{Found, KeyState, rotate::Overlap, sources::SourceTable};
use crate::{
    components::{
        Banner, Blocked, Card, Confirm, Console, EmptyState, EnvironmentBadge, FormError, Glyph, KeyValue,
        KeyValues, Moment, MomentOr, PageHeader, Place, Tone,
    },
    context::Typed,
    pages::team::Back,
    time::Here,
};

#[component]
pub fn Key() -> impl IntoView {
    view! {
        <Console here=Place::Keys>
            <Found let:page>
                <Content page />
            </Found>
        </Console>
    }
}

#[component]
fn Content(page: KeyPage) -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let KeyPage {
        row,
        successor,
        predecessor,
        sources,
        behind,
    } = page;
    let now = Here::current().now;
    let may_manage = viewer
        .as_ref()
        .is_some_and(|viewer| viewer.may(Permission::KeysManage));
    let disabled = row.disabled_at.filter(|_| row.revoked_at.is_none());
    let disabled = disabled.map(|at| view! { <Disabled row=row.clone() at may_manage /> });
    let changeable = may_manage && row.works(now);
    let due = row.rotates_at.filter(|_| row.is_due(now));
    let due = due.map(|at| view! { <Due row=row.clone() at changeable /> });
    let cut_over = predecessor.map(|old| view! { <CutOver old behind sources=sources.clone() changeable /> });
    let taken_over = successor.map(|new| {
        view! { <TakenOver row=row.clone() new sources=sources.clone() changeable /> }
    });
    view! {
        <Back href="/keys" words="API keys" />
        <Heading row=row.clone() changeable />
        <div class="stack">
            <FormError typed=Typed::current() />
            {disabled} {due} {taken_over} {cut_over} <Facts row />
            <Card flush=true title="Where it is used from" sentence="Addresses and programs of the last 90 days, within a few seconds. They are sealed, and only shown here.">
                {if sources.is_empty() {
                    view! {
                        <EmptyState
                            glyph=Glyph::Activity
                            title="Not used yet"
                            text="As soon as a program calls with this key, its address and what it calls itself stand here."
                        />
                    }
                        .into_any()
                } else {
                    view! { <SourceTable caption="Where the key is used from, latest first" sources /> }
                        .into_any()
                }}
            </Card>
        </div>
    }
    .into_any()
}

/// Past the policy, and how it comes back.
#[component]
fn Disabled(row: ApiKeyRow, at: Timestamp, may_manage: bool) -> impl IntoView {
    let path = format!("/keys/{}", row.id);
    view! {
        <Banner tone=Tone::Bad glyph=Glyph::CircleSlash title="This key is disabled">
            <p>
                "It was past what your organisation asks of keys, and was disabled " <Moment at />
                ". Enabled again, it has as long to be brought in line as it had before."
            </p>
        </Banner>
        {may_manage
            .then(|| {
                view! {
                    <Card>
                        <form method="post" action=path class="stack">
                            <Confirm action=StepUp::Keys />
                            <div class="form-actions">
                                <button type="submit" class="button" name="intent" value="enable">
                                    "Enable again"
                                </button>
                            </div>
                        </form>
                    </Card>
                }
            })}
    }
    .into_any()
}

/// The day has come on which it was planned to be rotated.
#[component]
fn Due(row: ApiKeyRow, at: Timestamp, changeable: bool) -> impl IntoView {
    let href = format!("/keys/{}/rotate", row.id);
    view! {
        <Banner tone=Tone::Warn glyph=Glyph::Hourglass title="This key is due for rotation">
            <p>
                "It was planned for " <Moment at /> ". The key works on until another takes over. "
                {changeable.then(|| view! { <a href=href>"Rotate key"</a> })}
            </p>
        </Banner>
    }
    .into_any()
}

#[component]
fn Heading(row: ApiKeyRow, changeable: bool) -> impl IntoView {
    let path = format!("/keys/{}", row.id);
    let rotatable = changeable && row.successor.is_none();
    view! {
        <PageHeader title=row.name sentence=format!("{}…{}", row.prefix, row.last_four)>
            <Blocked words="Change" />
            {changeable
                .then(|| {
                    view! {
                        <a class="button" href=format!("{path}/edit")>
                            "Change"
                        </a>
                        <a class="button danger" href=format!("{path}/revoke")>
                            "Revoke"
                        </a>
                    }
                })}
            {rotatable
                .then(|| {
                    view! {
                        <a class="button primary" href=format!("{path}/rotate")>
                            "Rotate"
                        </a>
                    }
                })}
        </PageHeader>
    }
    .into_any()
}

#[component]
fn Facts(row: ApiKeyRow) -> impl IntoView {
    let scopes: Vec<_> = row
        .scopes
        .iter()
        .map(|scope| view! { <li><code>{scope.as_str()}</code></li> })
        .collect();
    let networks: Vec<_> = row
        .allow_list
        .iter()
        .map(|network| view! { <li><code>{network.clone()}</code></li> })
        .collect();
    let limit = row.calls_per_minute.map_or_else(
        || "As any key".to_owned(),
        |calls| format!("{calls} calls a minute"),
    );
    let maker = format!(" by {}", row.created_by);
    let note = row.note.clone();
    let state = row.clone();
    view! {
        <Card title="What it may do">
            <KeyValues>
                <KeyValue name="State">
                    <KeyState row=state />
                </KeyValue>
                <KeyValue name="Environment">
                    <EnvironmentBadge environment=row.environment />
                </KeyValue>
                <KeyValue name="Scopes">
                    <ul class="flex flex-col gap-1">{scopes}</ul>
                </KeyValue>
                <KeyValue name="Allowed addresses">
                    {if networks.is_empty() {
                        "Everywhere".into_any()
                    } else {
                        view! { <ul class="flex flex-col gap-1">{networks}</ul> }.into_any()
                    }}
                </KeyValue>
                <KeyValue name="Limit">{limit}</KeyValue>
                {(!row.limits.is_empty())
                    .then(|| {
                        view! {
                            <KeyValue name="Named limits">
                                <code>{row.limits.join(" ")}</code>
                            </KeyValue>
                        }
                    })}
                <KeyValue name="Expires">
                    <MomentOr at=row.expires_at none="Never" />
                </KeyValue>
                <KeyValue name="Rotation">
                    {match (row.rotate_days, row.rotates_at) {
                        (Some(days), Some(at)) if row.successor.is_none() => {
                            view! {
                                {format!("After {days} days: ")}
                                <Moment at />
                            }
                                .into_any()
                        }
                        _ => "Not planned".into_any(),
                    }}
                </KeyValue>
                <KeyValue name="Last used">
                    <MomentOr at=row.last_used_at none="Never" />
                </KeyValue>
                <KeyValue name="Owner">{row.owner}</KeyValue>
                <KeyValue name="Created">
                    <Moment at=row.created_at />
                    {maker}
                </KeyValue>
                <KeyValue name="Generation">{row.generation}</KeyValue>
                {row
                    .revoked_at
                    .map(|at| {
                        view! {
                            <KeyValue name="Revoked">
                                <Moment at />
                            </KeyValue>
                        }
                    })}
                {(!note.is_empty())
                    .then(|| {
                        view! {
                            <KeyValue name="Note">
                                <span class="whitespace-pre-line">{note}</span>
                            </KeyValue>
                        }
                    })}
            </KeyValues>
        </Card>
    }
    .into_any()
}

/// On the old key's page: that another took over, and to when this one works.
#[component]
fn TakenOver(row: ApiKeyRow, new: ApiKeyRow, sources: Vec<KeySource>, changeable: bool) -> impl IntoView {
    let works = row.works(Here::current().now);
    let since = new.created_at;
    let until = row.until();
    let still = sources
        .into_iter()
        .filter(|source| source.last_at >= since)
        .count();
    let path = format!("/keys/{}", new.id);
    let title = if works {
        "Another key takes over from this one"
    } else {
        "Another key took over from this one"
    };
    view! {
        <Banner tone=if works { Tone::Warn } else { Tone::Neutral } glyph=Glyph::Hourglass title>
            <p>
                <a href=path>{format!("Generation {} (…{})", new.generation, new.last_four)}</a>
                " was made "
                <Moment at=since />
                ". This key "
                {if works { "stops working " } else { "stopped working " }}
                {until.map(|at| view! { <Moment at /> })}
                ". "
                {used_words(still)}
            </p>
        </Banner>
        {(works && changeable).then(|| view! { <EndForm row /> })}
    }
    .into_any()
}

fn used_words(still: usize) -> String {
    match still {
        0 => "Nothing has used it since.".to_owned(),
        1 => "It is still used from one place: see below.".to_owned(),
        still => format!("It is still used from {still} places: see below."),
    }
}

/// Later, or sooner.
#[component]
fn EndForm(row: ApiKeyRow) -> impl IntoView {
    let typed = Typed::current();
    view! {
        <Card title="When it ends" sentence="Give programs more time, or finish now, once nothing uses it any more.">
            <form method="post" action=format!("/keys/{}", row.id) class="stack narrow">
                <Overlap typed label="This key works" value="24h" />
                <Confirm action=StepUp::Keys />
                <div class="form-actions">
                    <button type="submit" class="button">
                        "Set its end"
                    </button>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

/// On the new key's page: who still uses the old one.
#[component]
fn CutOver(
    old: ApiKeyRow,
    /// Where the old key was used from since this one was made.
    behind: Vec<KeySource>,
    /// Where this one is used from.
    sources: Vec<KeySource>,
    changeable: bool,
) -> impl IntoView {
    let works = old.works(Here::current().now);
    if !works && behind.is_empty() {
        return ().into_any();
    }
    let same = |one: &KeySource, other: &KeySource| {
        (&one.address, &one.user_agent) == (&other.address, &other.user_agent)
    };
    let changed = behind
        .iter()
        .filter(|source| {
            sources
                .iter()
                .any(|one| same(one, source) && one.last_at > source.last_at)
        })
        .count();
    let left = behind.len() - changed;
    let path = format!("/keys/{}", old.id);
    let sentence = if works {
        "Both keys work. These have used the old one since this one was made."
    } else {
        "The old key has ended. These used it after this one was made."
    };
    view! {
        <Card flush=true title="Cut-over" sentence>
            <p class="card-note">
                <a href=path>{if changeable && works { "Extend or finish" } else { "Open the old key" }}</a>
            </p>
            {if behind.is_empty() {
                view! {
                    <EmptyState
                        glyph=Glyph::CircleCheck
                        title="Nothing uses the old key any more"
                        text="Since this key was made, no call came with the old one. You can finish now."
                    />
                }
                    .into_any()
            } else {
                view! {
                    <p class="card-note">{cut_over_words(changed, left)}</p>
                    <SourceTable caption="Who used the old key since" sources=behind />
                }
                    .into_any()
            }}
        </Card>
    }
    .into_any()
}

fn cut_over_words(changed: usize, left: usize) -> String {
    let places = |count: usize| match count {
        1 => "1 place".to_owned(),
        count => format!("{count} places"),
    };
    match (changed, left) {
        (changed, 0) => format!("All of {} have changed over to this key since.", places(changed)),
        (0, left) => format!("{} still to change over.", places(left)),
        (changed, left) => format!("{} changed over to this key, {} still to.", places(changed), left),
    }
}
