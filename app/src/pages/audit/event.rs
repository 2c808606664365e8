use leptos::prelude::*;
use types::{
    AuditEventId,
    audit::{EventPage, Neighbours},
    console::AuditRow,
};

use super::{Log, fact_words, kind_words, way_words};
use crate::{
    PageError,
    components::{
        Card, CodeBlock, Console, ErrorPanel, Glyph, Icon, Id, KeyValue, KeyValues, Load, Moment, PageHeader,
        ResultBadge, VerifySection, link,
    },
    error::set_status,
    pages::named,
    server::audit,
};

#[component]
pub fn AuditEvent() -> impl IntoView {
    view! { <Whole log=Log::Own /> }
}

#[component]
pub fn StaffAuditEvent() -> impl IntoView {
    view! { <Whole log=Log::Staff /> }
}

#[component]
fn Whole(log: Log) -> impl IntoView {
    let id: Option<AuditEventId> = named("id");
    view! {
        <Console here=log.place()>
            {if let Some(id) = id {
                view! {
                    <Load from=load(log, id) let:page>
                        <Content log page />
                    </Load>
                }
                    .into_any()
            } else {
                set_status(404);
                view! { <ErrorPanel error=PageError::not_found("This event") /> }.into_any()
            }}
        </Console>
    }
    .into_any()
}

async fn load(log: Log, id: AuditEventId) -> Result<EventPage, PageError> {
    match log {
        Log::Own => audit::event(id).await,
        Log::Staff => audit::any_event(id).await,
    }
}

#[component]
fn Content(log: Log, page: EventPage) -> impl IntoView {
    let id = page.row.id.to_string();
    let sentence = page.row.sentence.clone();
    let result = page.row.result;
    let around = page.clone();
    let canonical = page.canonical.clone();
    view! {
        <a class="back" href=log.path()>
            <Icon of=Glyph::ArrowLeft />
            "Audit log"
        </a>
        <PageHeader title="Audit event" sentence>
            <ResultBadge result />
        </PageHeader>
        <div class="columns">
            <div class="stack">
                <Around log page=around />
                <VerifySection event=id />
                <Card title="What is hashed" sentence="The canonical bytes (RFC 8785). Personal fields stand in them as commitments only.">
                    <CodeBlock code=canonical what="canonical event" />
                </Card>
            </div>
            <Facts log page />
        </div>
    }
    .into_any()
}

#[component]
fn Facts(log: Log, page: EventPage) -> impl IntoView {
    let EventPage {
        row,
        organisation,
        schema,
        version,
        on_behalf_of,
        targets,
        session,
        authentication,
        region,
        leaf_hash,
        leaf_index,
        ..
    } = page;
    let path = log.path();
    let only = move |name: &'static str, id: &str| link(path, &[(name, id.to_owned())]);
    let by_actor = row.actor_id.clone().map(|id| {
        let href = only("actor", &id);
        view! {
            <a class="text-link" href=href>
                "All of this actor"
            </a>
        }
    });
    let named = move |name: &'static str, title: &'static str, id: Option<String>| {
        id.map(move |id| {
            let href = only(name, &id);
            view! {
                <KeyValue name=title>
                    <Id id />
                    <a class="text-link" href=href>
                        "Show all"
                        <span class="sr-only">{format!(" of this {}", title.to_lowercase())}</span>
                    </a>
                </KeyValue>
            }
        })
    };
    let targets: Vec<_> = targets
        .into_iter()
        .map(|(kind, id)| {
            let href = only("target", &id);
            view! {
                <KeyValue name=format!("Target: {}", kind.replace('_', " "))>
                    <Id id />
                    <a class="text-link" href=href>
                        "Show all"
                        <span class="sr-only">" of this target"</span>
                    </a>
                </KeyValue>
            }
        })
        .collect();
    let details: Vec<_> = row
        .details
        .iter()
        .map(|(name, value)| {
            let value = value.clone();
            view! { <KeyValue name=fact_words(name)>{value}</KeyValue> }
        })
        .collect();
    let place = match leaf_index {
        Some(index) => format!("Leaf {index}"),
        None => "It gets its place within a second".to_owned(),
    };
    view! {
        <Card title="Facts">
            <KeyValues>
                <KeyValue name="Event">
                    <Id id=row.id.to_string() />
                </KeyValue>
                <KeyValue name="Time">
                    <Moment at=row.occurred_at exact=true />
                </KeyValue>
                <KeyValue name="Action">
                    <code>{row.action.clone()}</code>
                    {format!(" version {version}")}
                </KeyValue>
                <KeyValue name="Actor">{row.actor.clone()} " " {by_actor}</KeyValue>
                <KeyValue name="Kind of actor">{kind_words(&row.kind).to_owned()}</KeyValue>
                {named("behalf", "On behalf of", on_behalf_of)}
                {targets}
                {named("request", "Request", row.request_id.clone())}
                {named("session", "Session", session)}
                {authentication
                    .map(|way| {
                        view! {
                            <KeyValue name="Signed in by">{way_words(&way).to_owned()}</KeyValue>
                        }
                    })}
                {details}
                <KeyValue name="Log of">
                    {organisation.unwrap_or_else(|| "The installation".to_owned())}
                </KeyValue>
                {region.map(|region| view! { <KeyValue name="Region">{region}</KeyValue> })}
                <KeyValue name="Place in the ledger">{place}</KeyValue>
                <KeyValue name="Leaf hash">
                    <Id id=leaf_hash />
                </KeyValue>
                <KeyValue name="Schema">{schema}</KeyValue>
            </KeyValues>
        </Card>
    }
    .into_any()
}

#[component]
fn Around(log: Log, page: EventPage) -> impl IntoView {
    let here = page.row.clone();
    let request = (!page.request.is_empty()).then(|| {
        view! {
            <Card title="Everything in this request" sentence="Oldest first.">
                <Lines log rows=page.request.clone() here=here.id />
            </Card>
        }
    });
    let near = |title: &'static str, near: Option<Neighbours>| {
        near.map(|Neighbours { after, before }| {
            let mut rows = after;
            rows.push(here.clone());
            rows.extend(before);
            view! {
                <Card title sentence="Newest first.">
                    <Lines log rows here=here.id />
                </Card>
            }
        })
    };
    let of_target = near("Before and after, on the same target", page.of_target);
    let of_actor = near("Before and after, by the same actor", page.of_actor);
    if request.is_none() && of_target.is_none() && of_actor.is_none() {
        return view! {
            <Card title="Before and after">
                <p class="text-muted">"Nothing else happened in this request, to this target or by this actor."</p>
            </Card>
        }
        .into_any();
    }
    view! {
        {request}
        {of_target}
        {of_actor}
    }
    .into_any()
}

#[component]
fn Lines(log: Log, rows: Vec<AuditRow>, here: AuditEventId) -> impl IntoView {
    let lines: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let at_hand = row.id == here;
            let href = format!("{}/{}", log.path(), row.id);
            let told = if at_hand {
                view! {
                    <strong>{row.sentence}</strong>
                    <span class="sr-only">" (this event)"</span>
                }
                .into_any()
            } else {
                view! { <a href=href>{row.sentence}</a> }.into_any()
            };
            view! {
                <li class:here=at_hand>
                    <p>{told}</p>
                    <p class="text-muted text-xs">
                        <code>{row.action}</code>
                        " · "
                        <Moment at=row.occurred_at />
                    </p>
                </li>
            }
        })
        .collect();
    view! { <ol class="neighbours">{lines}</ol> }.into_any()
}
