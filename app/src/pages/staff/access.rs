use leptos::prelude::*;
use types::{
    Permission,
    console::Viewer,
    team::{ElevationRow, ElevationState, StaffPage, StaffRow},
};

use crate::{
    components::{
        Badge, Card, Cell, Column, Console, DataTable, Glyph, Icon, Load, Moment, PageHeader, PersonCell,
        Place, Row, RowLink, Tone,
    },
    server::staff,
};

#[component]
pub fn Access() -> impl IntoView {
    view! {
        <Console here=Place::Access>
            <Load from=staff::access() let:page>
                <Content page />
            </Load>
        </Console>
    }
}

#[component]
fn Content(page: StaffPage) -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let may_give = viewer.is_some_and(|viewer| viewer.may(Permission::StaffManage));
    let may_ask = !page.askable.is_empty();
    view! {
        <PageHeader
            title="Staff access"
            sentence="Who works for the operator of this installation, and who has a higher role for a time."
        >
            {may_ask
                .then(|| {
                    view! {
                        <a class="button primary" href="/staff/access/elevate">
                            "Ask for elevation"
                        </a>
                    }
                })}
            {may_give
                .then(|| {
                    view! {
                        <a class="button" href="/staff/access/give">
                            <Icon of=Glyph::Plus />
                            "Give a staff role"
                        </a>
                    }
                })}
        </PageHeader>
        <Elevations rows=page.open title="Elevations now" empty="Nobody has or asks for a higher role." />
        <Card flush=true title="Staff">
            <Staff rows=page.staff />
        </Card>
        <Elevations rows=page.past title="Elevations before" empty="None yet." />
    }
}

#[component]
fn Staff(rows: Vec<StaffRow>) -> impl IntoView {
    let columns = vec![
        Column::new("Person"),
        Column::new("Role"),
        Column::new("For a time"),
        Column::actions(),
    ];
    let lines = rows
        .into_iter()
        .map(|row| {
            let path = format!("/staff/access/people/{}", row.id);
            let label = format!("Change the staff role of {}", row.name);
            view! {
                <Row id=row.id.to_string()>
                    <PersonCell column="Person" name=row.name email=row.email />
                    <Cell name="Role">{row.role.title()}</Cell>
                    <Cell name="For a time">
                        {match row.elevated {
                            Some((role, until)) => {
                                view! { {role.title()} " until " <Moment at=until exact=true /> }.into_any()
                            }
                            None => view! { <span class="text-muted">"No"</span> }.into_any(),
                        }}
                    </Cell>
                    <RowLink path label word="Change" open=row.changeable />
                </Row>
            }
        })
        .collect_view();
    view! {
        <DataTable caption="Staff, by name" columns>
            {lines}
        </DataTable>
    }
}

/// Where a request stands, in a word.
#[component]
pub(super) fn StateBadge(state: ElevationState) -> impl IntoView {
    let (tone, glyph, text) = match state {
        ElevationState::Requested => (Tone::Warn, Glyph::Hourglass, "Waits for approval"),
        ElevationState::Approved => (Tone::Good, Glyph::CircleCheck, "Approved"),
        ElevationState::Refused => (Tone::Bad, Glyph::CircleX, "Refused"),
        ElevationState::Withdrawn => (Tone::Neutral, Glyph::Undo, "Withdrawn"),
        ElevationState::Ended => (Tone::Neutral, Glyph::CircleSlash, "Ended"),
    };
    view! { <Badge tone glyph text /> }
}

#[component]
fn Elevations(rows: Vec<ElevationRow>, title: &'static str, empty: &'static str) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <Card title=title>
                <p class="text-muted">{empty}</p>
            </Card>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Person"),
        Column::new("Role"),
        Column::new("State"),
        Column::new("Asked"),
        Column::new("Ends"),
        Column::actions(),
    ];
    let lines = rows
        .into_iter()
        .map(|row| {
            let path = format!("/staff/access/elevations/{}", row.id);
            let label = format!("Open the elevation of {}", row.name);
            view! {
                <Row>
                    <PersonCell column="Person" name=row.name />
                    <Cell name="Role">{row.role.title()}</Cell>
                    <Cell name="State">
                        <StateBadge state=row.state />
                    </Cell>
                    <Cell name="Asked">
                        <Moment at=row.requested_at />
                    </Cell>
                    <Cell name="Ends">
                        {match row.ends_at {
                            Some(at) => view! { <Moment at exact=true /> }.into_any(),
                            None => format!("{} minutes after approval", row.minutes).into_any(),
                        }}
                    </Cell>
                    <RowLink path label word="Open" />
                </Row>
            }
        })
        .collect_view();
    view! {
        <Card flush=true title=title>
            <DataTable caption=title columns>
                {lines}
            </DataTable>
        </Card>
    }
    .into_any()
}
