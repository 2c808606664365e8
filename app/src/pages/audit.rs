use leptos::prelude::*;
use types::console::{AuditFilter, AuditRow, Page};

use super::asked;
use crate::{
    components::{
        Card, Cell, Column, Console, DataTable, EmptyState, FilterBar, FilterInput, Glyph, Id, Load, Moment,
        PageHeader, Pager, Place, ResultBadge, Row, link,
    },
    server::audit,
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
            <Filters filter=asked_for.get_value() />
            <Load from=audit::list(asked_for.get_value()) let:page>
                <Rows page filter=asked_for.get_value() />
            </Load>
        </Console>
    }
}

fn is_set(filter: &AuditFilter) -> bool {
    let AuditFilter {
        actor,
        action,
        target,
        from,
        to,
        after: _,
    } = filter;
    [actor, action, target, from, to].into_iter().any(Option::is_some)
}

#[component]
fn Filters(filter: AuditFilter) -> impl IntoView {
    let active = is_set(&filter);
    view! {
        <FilterBar path=PATH active>
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
            <FilterInput name="from" label="From" value=filter.from kind="date" />
            <FilterInput name="to" label="To" value=filter.to kind="date" />
        </FilterBar>
    }
}

#[component]
fn Rows(page: Page<AuditRow>, filter: AuditFilter) -> impl IntoView {
    let later = filter.after.is_some();
    if page.rows.is_empty() {
        return view! { <Nothing filtered=later || is_set(&filter) /> }.into_any();
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
    let query = vec![
        ("actor", filter.actor.unwrap_or_default()),
        ("action", filter.action.unwrap_or_default()),
        ("target", filter.target.unwrap_or_default()),
        ("from", filter.from.unwrap_or_default()),
        ("to", filter.to.unwrap_or_default()),
    ];
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
