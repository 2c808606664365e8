//! Placing a legal hold, and releasing one.

use leptos::prelude::*;
use types::{
    LegalHoldId, StepUp,
    retention::{HoldRow, LogScope},
};

use super::{
    Log,
    page::{When, what},
};
use crate::{
    PageError,
    components::{
        Area, Card, Confirm, Console, ErrorPanel, Field, FormError, Glyph, Icon, KeyValue, KeyValues, Load,
        Moment, Only, PageHeader,
    },
    context::Typed,
    error::set_status,
    pages::{named, team::Back},
    server::retention,
};

#[component]
pub fn OrganisationHold() -> impl IntoView {
    view! { <Place log=Log::of(LogScope::Organisation) /> }
}

#[component]
pub fn InstallationHold() -> impl IntoView {
    view! { <Place log=Log::of(LogScope::Installation) /> }
}

#[component]
fn Place(log: Log) -> impl IntoView {
    view! {
        <Console here=log.place>
            <Back href=log.retention words="Retention" />
            <PageHeader
                title="Place a legal hold"
                sentence="What it is on is not removed, however old it is, until the hold is released."
            />
            <Only to=log.permission ask=log.ask>
                <div class="narrow">
                    <Draft log typed=Typed::current() />
                </div>
            </Only>
        </Console>
    }
}

#[component]
fn Draft(log: Log, typed: Typed) -> impl IntoView {
    let organisation = (log.scope == LogScope::Installation).then(|| {
        view! {
            <Field
                name="organisation"
                label="Organisation"
                hint="Its id, org_ and what follows. Empty: the installation's own log."
                typed=typed.clone()
                optional=true
                maxlength=40
            />
        }
    });
    view! {
        <Card>
            <form method="post" action=format!("{}/new", log.holds) class="stack">
                <FormError typed=typed.clone() />
                {organisation}
                <Field
                    name="person"
                    label="Person"
                    hint="An account's id, usr_ and what follows: what it did and what was done to it. Empty: everybody."
                    typed=typed.clone()
                    optional=true
                    maxlength=40
                />
                <Field
                    name="from"
                    label="From"
                    hint="The first day. Empty: from the beginning."
                    typed=typed.clone()
                    kind="date"
                    optional=true
                />
                <Field
                    name="to"
                    label="To"
                    hint="The last day. Empty: without an end."
                    typed=typed.clone()
                    kind="date"
                    optional=true
                />
                <Area
                    name="reason"
                    label="Why"
                    hint="10 to 500 characters. It is written to the audit log."
                    typed
                    maxlength=500
                />
                <div class="form-actions">
                    <button type="submit" class="button primary">
                        "Place legal hold"
                    </button>
                    <a class="button" href=log.retention>
                        "Cancel"
                    </a>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

#[component]
pub fn OrganisationRelease() -> impl IntoView {
    view! { <Release log=Log::of(LogScope::Organisation) /> }
}

#[component]
pub fn InstallationRelease() -> impl IntoView {
    view! { <Release log=Log::of(LogScope::Installation) /> }
}

#[component]
fn Release(log: Log) -> impl IntoView {
    view! {
        <Console here=log.place>
            <Back href=log.retention words="Retention" />
            <Only to=log.permission ask=log.ask>
                <Found log />
            </Only>
        </Console>
    }
}

#[component]
fn Found(log: Log) -> impl IntoView {
    let Some(id) = named::<LegalHoldId>("id") else {
        set_status(404);
        return view! { <ErrorPanel error=PageError::not_found("This legal hold") /> }.into_any();
    };
    view! {
        <Load from=retention::hold(log.scope, id) let:row>
            <Asked row log />
        </Load>
    }
    .into_any()
}

#[component]
fn Asked(row: HoldRow, log: Log) -> impl IntoView {
    let path = format!("{}/{}/release", log.holds, row.id);
    let typed = Typed::current();
    let (words, timed) = (what(&row), row.clone());
    view! {
        <PageHeader
            title="Release a legal hold"
            sentence="Everybody who may decide about this log is told by e-mail, and the audit log tells it in capitals."
        />
        <div class="narrow stack">
            <Card>
                <KeyValues>
                    <KeyValue name="Held">{words}</KeyValue>
                    <KeyValue name="When">
                        <When row=timed />
                    </KeyValue>
                    <KeyValue name="Why">{row.reason.unwrap_or_default()}</KeyValue>
                    <KeyValue name="Placed">
                        <Moment at=row.placed_at />
                        {format!(" by {}", row.placed_by)}
                    </KeyValue>
                </KeyValues>
            </Card>
            <form method="post" action=path class="stack">
                <FormError typed=typed.clone() />
                <div class="banner bad">
                    <Icon of=Glyph::Alert />
                    <p>"From the next run on, what it kept goes if its time is over. That cannot be undone."</p>
                </div>
                <Area name="reason" label="Why it is released" hint="10 to 500 characters." typed maxlength=500 />
                <Confirm action=StepUp::Audit />
                <div class="form-actions">
                    <button type="submit" class="button danger">
                        "Release legal hold"
                    </button>
                    <a class="button" href=log.retention>
                        "Keep it"
                    </a>
                </div>
            </form>
        </div>
    }
    .into_any()
}
