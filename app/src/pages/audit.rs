use leptos::prelude::*;
use types::console::{AuditFilter, AuditRow, Page};

use super::{asked, days};
use crate::{
    components::{
        ActiveFilter, ActiveFilters, Card, Cell, Column, Console, DataTable, EmptyState, FilterBar,
        FilterDays, FilterInput, Glyph, Id, Load, Moment, PageHeader, Pager, Place, ResultBadge, Row, link,
        short_id,
    },
    server::audit,
    time::Here,
};

const PATH: &str = "/audit";

#[component]
pub fn Audit() -> impl IntoView {
    let filter = AuditFilter {
        actor: asked("actor"),
        action: asked("action"),
        target: asked("target"),
        from: asked("from"),
        to: asked("to"),
        after: asked("after"),
    };
    let asked_for = StoredValue::new(filter);
    view! {
        <Console here=Place::Audit>
            <PageHeader
                title="Audit log"
                sentence="Every change and every refusal: who, what, to what, when. No page can change it."
            />
            <Content filter=asked_for.get_value() />
        </Console>
    }
}

#[component]
fn Content(filter: AuditFilter) -> impl IntoView {
    let wrong = days::problems(filter.from.as_deref(), filter.to.as_deref());
    let sound = wrong.is_empty();
    view! {
        <Filters filter=filter.clone() wrong />
        {if sound {
            view! {
                <Load from=audit::list(filter.clone()) let:page>
                    <Rows page filter />
                </Load>
            }
                .into_any()
        } else {
            view! {
                <EmptyState
                    glyph=Glyph::CircleAlert
                    title="Nothing was searched"
                    text="A filter has a value that it cannot have. Correct the marked one, or clear all filters."
                />
            }
                .into_any()
        }}
    }
}

/// What is set, by name, word and value.
fn set(filter: &AuditFilter) -> Vec<(&'static str, &'static str, String)> {
    let AuditFilter {
        actor,
        action,
        target,
        from,
        to,
        after: _,
    } = filter.clone();
    [
        ("action", "Action", action),
        ("actor", "Actor", actor),
        ("target", "Target", target),
        ("from", "From", from),
        ("to", "To", to),
    ]
    .into_iter()
    .filter_map(|(name, label, value)| value.map(|value| (name, label, value)))
    .collect()
}

#[component]
fn Filters(filter: AuditFilter, wrong: Vec<(&'static str, String)>) -> impl IntoView {
    let active = set(&filter)
        .into_iter()
        .map(|(name, label, value)| ActiveFilter {
            name,
            label,
            shown: short_id(&value),
            value,
        })
        .collect();
    let error = |name: &str| {
        let found = wrong.iter().find(|(known, _)| *known == name);
        found.map(|(_, problem)| problem.clone())
    };
    let (from_error, to_error) = (error("from"), error("to"));
    view! {
        <FilterBar path=PATH>
            <FilterInput
                name="action"
                label="Action"
                value=filter.action
                placeholder="api_key"
            />
            <FilterInput
                name="actor"
                label="Actor"
                value=filter.actor
                placeholder="usr_… or person"
            />
            <FilterInput name="target" label="Target" value=filter.target placeholder="Any id" />
            <FilterDays
                from=filter.from
                to=filter.to
                from_error
                to_error
                zone=Here::current().zone_name()
            />
        </FilterBar>
        <ActiveFilters path=PATH filters=active />
    }
}

#[component]
fn Rows(page: Page<AuditRow>, filter: AuditFilter) -> impl IntoView {
    let later = filter.after.is_some();
    if page.rows.is_empty() {
        return view! { <Nothing filtered=later || !set(&filter).is_empty() /> }.into_any();
    }
    let columns = vec![
        Column::new("Event"),
        Column::new("Actor"),
        Column::new("Target"),
        Column::new("Result"),
        Column::new("When"),
    ];
    let count = page.rows.len();
    let lines = page
        .rows
        .into_iter()
        .map(|row| view! { <Line row /> })
        .collect_view();
    let query = set(&filter)
        .into_iter()
        .map(|(name, _, value)| (name, value))
        .collect();
    view! {
        <Card flush=true>
            <DataTable caption="Audit events, newest first" columns>
                {lines}
            </DataTable>
        </Card>
        <Pager path=PATH query next=page.next later count />
    }
    .into_any()
}

#[component]
fn Line(row: AuditRow) -> impl IntoView {
    let by_actor = row.actor_id.clone().map(|id| link(PATH, &[("actor", id)]));
    let by_action = link(PATH, &[("action", row.action.clone())]);
    let facts = row.clone();
    let AuditRow {
        occurred_at,
        action,
        sentence,
        actor,
        target_id,
        result,
        ..
    } = row;
    view! {
        <Row>
            <Cell name="Event" class="event">
                <details class="event-details">
                    <summary>{sentence}</summary>
                    <EventFacts row=facts />
                </details>
                <a class="event-code" href=by_action title="Show only this action">
                    <code>{action}</code>
                </a>
            </Cell>
            <Cell name="Actor">
                {match by_actor {
                    Some(href) => {
                        view! {
                            <a class="quiet-link" href=href title="Show only this actor">
                                {actor}
                            </a>
                        }
                            .into_any()
                    }
                    None => actor.into_any(),
                }}
            </Cell>
            <Cell name="Target">
                {match target_id {
                    Some(id) => view! { <Id id /> }.into_any(),
                    None => view! { <span class="text-muted">"–"</span> }.into_any(),
                }}
            </Cell>
            <Cell name="Result">
                <ResultBadge result />
            </Cell>
            <Cell name="When" class="nowrap">
                <Moment at=occurred_at />
            </Cell>
        </Row>
    }
}

/// All that the log holds of an event.
#[component]
fn EventFacts(row: AuditRow) -> impl IntoView {
    let details = row
        .details
        .into_iter()
        .map(|(name, value)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <dl class="event-facts">
            <div>
                <dt>"Event"</dt>
                <dd>
                    <Id id=row.id.to_string() />
                </dd>
            </div>
            <div>
                <dt>"Time"</dt>
                <dd>
                    <Moment at=row.occurred_at exact=true />
                </dd>
            </div>
            {row
                .request_id
                .map(|id| {
                    view! {
                        <div>
                            <dt>"Request"</dt>
                            <dd>
                                <Id id />
                            </dd>
                        </div>
                    }
                })} {details}
        </dl>
    }
    .into_any()
}

#[component]
fn Nothing(filtered: bool) -> impl IntoView {
    if filtered {
        view! {
            <EmptyState
                glyph=Glyph::Search
                title="No event matches"
                text="An action is found by its code or its beginning, such as api_key; actor and target by their whole id."
            >
                <a class="button" href=PATH>
                    "Clear filters"
                </a>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <EmptyState
                glyph=Glyph::Scroll
                title="Nothing has happened yet"
                text="Whatever somebody changes or is refused in this organisation appears here in the same moment."
            />
        }
        .into_any()
    }
}
