use leptos::prelude::*;
use types::{
    StepUp, StreamId,
    retention::LogScope,
    streams::{StreamKind, StreamRow, StreamState, StreamsPage},
};

use super::{StateBadge, waiting};
use crate::{
    FormOutcome, PageContext, PageError,
    components::{
        Banner, Card, Confirm, Console, ErrorPanel, Field, FormError, Glyph, KeyValue, KeyValues, Load,
        Moment, Only, PageHeader, SecretReveal, Tone,
    },
    context::Typed,
    error::set_status,
    number::grouped,
    pages::{named, retention::Log, team::Back},
    server::streams,
};

#[component]
pub fn OrganisationStream() -> impl IntoView {
    view! { <Stream log=Log::of(LogScope::Organisation) /> }
}

#[component]
pub fn InstallationStream() -> impl IntoView {
    view! { <Stream log=Log::of(LogScope::Installation) /> }
}

#[component]
fn Stream(log: Log) -> impl IntoView {
    view! {
        <Console here=log.place>
            <Back href=log.streams words="Streams" />
            <Only to=log.permission ask=log.ask>
                <Found log />
            </Only>
        </Console>
    }
}

#[component]
fn Found(log: Log) -> impl IntoView {
    let missing = || PageError::not_found("This stream");
    let Some(id) = named::<StreamId>("id") else {
        set_status(404);
        return view! { <ErrorPanel error=missing() /> }.into_any();
    };
    view! {
        <Load from=streams::one(log.scope, id) let:page>
            {
                let StreamsPage { rows, places } = page;
                match rows.into_iter().next() {
                    Some(row) => view! { <Content row places log /> }.into_any(),
                    None => view! { <ErrorPanel error=missing() /> }.into_any(),
                }
            }
        </Load>
    }
    .into_any()
}

#[component]
fn Content(row: StreamRow, places: i64, log: Log) -> impl IntoView {
    let told = match PageContext::current().outcome {
        Some(FormOutcome::StreamSecret { secret, .. }) => view! {
            <Card title="The new secret">
                <SecretReveal
                    what="signing secret"
                    secret
                    done=log.streams
                    kept="It is sealed here, to sign with. The one before signs nothing more from now on."
                />
            </Card>
        }
        .into_any(),
        _ => ().into_any(),
    };
    let sentence = format!("{}: {}", row.kind.title(), row.target);
    let failing = row.clone();
    let acts = row.clone();
    view! {
        <PageHeader title=row.name.clone() sentence />
        <div class="narrow stack">
            {told} <FormError typed=Typed::current() /> <Failing row=failing /> <Standing row />
            <Acts row=acts places log />
        </div>
    }
    .into_any()
}

#[component]
fn Failing(row: StreamRow) -> impl IntoView {
    let since = row.failing_since?;
    Some(
        view! {
            <Banner tone=Tone::Bad glyph=Glyph::Alert title="It does not get through">
                <p>{row.problem.unwrap_or_default()}</p>
                <p>
                    "Since " <Moment at=since /> ". The next try is " <Moment at=row.next_try_at />
                    ". Nothing is lost: it goes on where it was."
                </p>
            </Banner>
        }
        .into_any(),
    )
}

#[component]
fn Standing(row: StreamRow) -> impl IntoView {
    let state = row.clone();
    view! {
        <Card title="How it stands">
            <KeyValues>
                <KeyValue name="State">
                    <StateBadge row=state />
                </KeyValue>
                <KeyValue name="Waiting">
                    {waiting(row.lag)}
                    {row.oldest_waiting.map(|at| view! { ", the oldest from " <Moment at /> })}
                </KeyValue>
                <KeyValue name="Next place">{row.next_leaf.to_string()}</KeyValue>
                <KeyValue name="Last taken">
                    {match row.delivered_at {
                        Some(at) => view! { <Moment at /> }.into_any(),
                        None => "Never".into_any(),
                    }}
                </KeyValue>
                <KeyValue name="Taken">{format!("{} events since it was made", grouped(row.delivered))}</KeyValue>
                <KeyValue name="Personal fields">
                    {if row.with_personal { "Sent, opened" } else { "Not sent" }}
                </KeyValue>
                <KeyValue name="Made">
                    <Moment at=row.created_at />
                </KeyValue>
            </KeyValues>
        </Card>
    }
    .into_any()
}

#[component]
fn Acts(row: StreamRow, places: i64, log: Log) -> impl IntoView {
    let path = format!("{}/{}", log.streams, row.id);
    let (test, change) = (path.clone(), path.clone());
    view! {
        <Card title="Test" sentence="Sends one event that is not of the log and says so. The stream stays where it is.">
            <form method="post" action=test>
                <button type="submit" class="button primary" name="intent" value="test">
                    "Send a test event"
                </button>
            </form>
        </Card>
        <Change row places path=change />
        <Card
            title="Delete"
            sentence="What it sent stays where it is. Its place and its secret are gone; a new stream begins anew."
        >
            <form method="post" action=path class="stack">
                <Confirm action=StepUp::Audit />
                <div class="form-actions">
                    <button type="submit" class="button danger" name="intent" value="delete">
                        "Delete stream"
                    </button>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

/// What one confirmation is asked for once: stopping it, setting it to another place, its secret.
#[component]
fn Change(row: StreamRow, places: i64, path: String) -> impl IntoView {
    let typed = Typed::of_form("replay");
    let (intent, words, sentence) = if row.state == StreamState::Paused {
        (
            "resume",
            "Resume stream",
            "It is paused: events whose time is over go, sent or not. Resumed, it goes on where it was.",
        )
    } else {
        (
            "pause",
            "Pause stream",
            "Paused, it sends nothing until it is resumed; meanwhile events whose time is over go, sent or not.",
        )
    };
    let secret = (row.kind == StreamKind::Webhook).then(|| {
        view! {
            <button type="submit" class="button" name="intent" value="secret">
                "Make new secret"
            </button>
        }
    });
    view! {
        <Card title="Change" sentence>
            <form method="post" action=path class="stack">
                <Field
                    name="from"
                    label="Next place, for a replay"
                    hint=format!(
                        "From 0 to {places}, which is behind the last event of the whole log. Everything from there on is sent, again if need be; what was retired is not.",
                    )
                    typed
                    value=row.next_leaf.to_string()
                    optional=true
                    inputmode="numeric"
                    maxlength=18
                />
                <Confirm action=StepUp::Audit />
                <div class="form-actions">
                    <button type="submit" class="button" name="intent" value=intent>
                        {words}
                    </button>
                    <button type="submit" class="button" name="intent" value="replay">
                        "Set the next place"
                    </button>
                    {secret}
                </div>
            </form>
        </Card>
    }
    .into_any()
}
