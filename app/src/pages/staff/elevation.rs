use leptos::prelude::*;
use types::{
    ElevationId, StepUp,
    team::{ElevationRow, ElevationState, StaffPage},
};

use super::access::StateBadge;
use crate::{
    PageError,
    components::{
        Card, Confirm, Console, ErrorPanel, FormError, KeyValue, KeyValues, Load, Moment, PageHeader, Place,
    },
    context::Typed,
    error::set_status,
    pages::{named, team::Back},
    server::staff,
};

#[component]
pub fn Elevation() -> impl IntoView {
    let id: Option<ElevationId> = named("id");
    view! {
        <Console here=Place::Access>
            <Load from=staff::access() let:page>
                <Find page id />
            </Load>
        </Console>
    }
}

#[component]
fn Find(page: StaffPage, id: Option<ElevationId>) -> impl IntoView {
    let mut rows = page.open.into_iter().chain(page.past);
    if let Some(row) = rows.find(|row| Some(row.id) == id) {
        view! { <Content row /> }.into_any()
    } else {
        set_status(404);
        view! { <ErrorPanel error=PageError::not_found("This request") /> }.into_any()
    }
}

#[component]
fn Content(row: ElevationRow) -> impl IntoView {
    let path = format!("/staff/access/elevations/{}", row.id);
    let by_delay = row.starts_at.is_some() && row.decided_by.is_none();
    let decided = match (&row.decided_by, by_delay) {
        (Some(name), _) => name.clone(),
        (None, true) => "The delay, since nobody else could approve it".to_owned(),
        (None, false) => "Nobody yet".to_owned(),
    };
    let stop = match (row.state, row.own) {
        (ElevationState::Requested, true) => "Withdraw request",
        (ElevationState::Requested, false) => "Refuse request",
        _ => "End elevation",
    };
    let may_approve = row.may_approve;
    let may_stop = row.may_stop;
    let stopping = path.clone();
    view! {
        <Back href="/staff/access" words="Staff access" />
        <PageHeader
            title=format!("{} as {}", row.name, row.role.title())
            sentence="A higher staff role for a time."
        />
        <div class="narrow stack">
            <FormError typed=Typed::current() />
            <Card>
                <Facts row decided />
            </Card>
            {may_approve
                .then(|| {
                    view! {
                        <form method="post" action=path class="stack">
                            <input type="hidden" name="decision" value="approve" />
                            <Confirm action=StepUp::Staff />
                            <div class="form-actions">
                                <button type="submit" class="button primary">
                                    "Approve request"
                                </button>
                            </div>
                        </form>
                    }
                })}
            {may_stop
                .then(|| {
                    view! {
                        <form method="post" action=stopping>
                            <input type="hidden" name="decision" value="stop" />
                            <button type="submit" class="button danger">
                                {stop}
                            </button>
                        </form>
                    }
                })}
        </div>
    }
}

#[component]
fn Facts(row: ElevationRow, decided: String) -> impl IntoView {
    let time = |at: Option<types::Timestamp>| match at {
        Some(at) => view! { <Moment at exact=true /> }.into_any(),
        None => "Not yet".into_any(),
    };
    view! {
        <KeyValues>
            <KeyValue name="State">
                <StateBadge state=row.state />
            </KeyValue>
            <KeyValue name="Reason">{row.reason}</KeyValue>
            <KeyValue name="Asked for">{format!("{} minutes", row.minutes)}</KeyValue>
            <KeyValue name="Asked">
                <Moment at=row.requested_at exact=true />
            </KeyValue>
            <KeyValue name="Decided by">{decided}</KeyValue>
            <KeyValue name="Begins">{time(row.starts_at)}</KeyValue>
            <KeyValue name="Ends">{time(row.ends_at)}</KeyValue>
        </KeyValues>
    }
}
