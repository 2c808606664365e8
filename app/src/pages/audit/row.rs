//! A line of the log.

use leptos::prelude::*;
use types::console::AuditRow;

use super::{Log, fact_words};
use crate::components::{Cell, Id, Moment, ResultBadge, Row, link};

#[component]
pub(super) fn Line(log: Log, row: AuditRow) -> impl IntoView {
    let path = log.path();
    let by_actor = row.actor_id.clone().map(|id| link(path, &[("actor", id)]));
    let by_action = link(path, &[("action", row.action.clone())]);
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
                    <EventFacts log row=facts />
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
    .into_any()
}

/// What the log holds of an event, and the ways on.
#[component]
fn EventFacts(log: Log, row: AuditRow) -> impl IntoView {
    let details: Vec<_> = row
        .details
        .into_iter()
        .map(|(name, value)| {
            view! {
                <div>
                    <dt>{fact_words(&name)}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
        .collect();
    let permalink = format!("{}/{}", log.path(), row.id);
    let organisation = row.organisation.filter(|_| log.is_staff()).map(|id| {
        view! {
            <div>
                <dt>"Log of"</dt>
                <dd>
                    <Id id=id.to_string() />
                </dd>
            </div>
        }
    });
    let request = row.request_id.map(|id| {
        let all = link(log.path(), &[("request", id.clone())]);
        view! {
            <div>
                <dt>"Request"</dt>
                <dd>
                    <Id id />
                    <a class="quiet-link" href=all>
                        "Everything in this request"
                    </a>
                </dd>
            </div>
        }
    });
    view! {
        <dl class="event-facts">
            <div>
                <dt>"Event"</dt>
                <dd>
                    <Id id=row.id.to_string() />
                    <a class="quiet-link" href=permalink>
                        "Open"
                        <span class="sr-only">" this event"</span>
                    </a>
                </dd>
            </div>
            <div>
                <dt>"Time"</dt>
                <dd>
                    <Moment at=row.occurred_at exact=true />
                </dd>
            </div>
            {organisation}
            {request}
            {details}
        </dl>
    }
    .into_any()
}
