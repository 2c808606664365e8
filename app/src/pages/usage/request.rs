use leptos::prelude::*;
use types::{
    Permission, RequestId,
    usage::{LOG_DAYS, RequestRow},
};

use super::{may, requests};
use crate::{
    PageError,
    components::{
        AnswerBadge, Card, Console, EnvironmentBadge, ErrorPanel, Id, KeyValue, KeyValues, Load, Moment,
        PageHeader, Place, link, short_id,
    },
    error::set_status,
    number::micros,
    pages::{named, team::Back},
    server::usage,
};

#[component]
pub fn RequestPage() -> impl IntoView {
    let id: Option<RequestId> = named("id");
    view! {
        <Console here=Place::Usage>
            {if let Some(id) = id {
                view! {
                    <Load from=found(id) let:row>
                        <Content row />
                    </Load>
                }
                    .into_any()
            } else {
                set_status(404);
                view! { <ErrorPanel error=missing() /> }.into_any()
            }}
        </Console>
    }
}

async fn found(id: RequestId) -> Result<RequestRow, PageError> {
    usage::request(id).await.map_err(|error| match error.status {
        404 => missing(),
        _ => error,
    })
}

/// Why there can be no such line.
fn missing() -> PageError {
    PageError::new(
        404,
        format!(
            "There is no such request. Lines are kept for {LOG_DAYS} days, and take up to five seconds to appear. It may also belong to another organisation, or the id is incomplete."
        ),
    )
}

#[component]
fn Content(row: RequestRow) -> impl IntoView {
    let id = row.id.to_string();
    view! {
        <Back href=requests::PATH words="Requests" />
        <PageHeader
            title=format!("Request {}", short_id(&id))
            sentence="One call of the API: what was asked, and how it ended. No address, no body."
        >
            <AnswerBadge status=row.status />
        </PageHeader>
        <div class="columns">
            <Facts row=row.clone() />
            <More row />
        </div>
    }
    .into_any()
}

#[component]
fn Facts(row: RequestRow) -> impl IntoView {
    view! {
        <Card title="Details">
            <KeyValues>
                <KeyValue name="Id">
                    <Id id=row.id.to_string() whole=true />
                </KeyValue>
                <KeyValue name="Call">
                    <code>{format!("{} {}", row.method, row.endpoint)}</code>
                </KeyValue>
                <KeyValue name="Status">{row.status}</KeyValue>
                <KeyValue name="Error">
                    {match row.code {
                        Some(code) => view! { <code>{code}</code> }.into_any(),
                        None => "None".into_any(),
                    }}
                </KeyValue>
                <KeyValue name="Environment">
                    <EnvironmentBadge environment=row.environment />
                </KeyValue>
                <KeyValue name="API key">
                    <Key id=row.key.to_string() name=row.key_name />
                </KeyValue>
                <KeyValue name="Answered">
                    <Moment at=row.at exact=true />
                </KeyValue>
                <KeyValue name="Took">{micros(row.duration)}</KeyValue>
            </KeyValues>
        </Card>
    }
    .into_any()
}

#[component]
fn Key(id: String, name: Option<String>) -> impl IntoView {
    match name {
        Some(name) if may(Permission::KeysRead) => {
            view! { <a href=format!("/keys#{id}")>{name}</a> }.into_any()
        }
        Some(name) => name.into_any(),
        None => view! {
            <Id id />
            " It is not there any more."
        }
        .into_any(),
    }
}

/// Where more is told of it.
#[component]
fn More(row: RequestRow) -> impl IntoView {
    let log = may(Permission::AuditRead).then(|| {
        let path = link("/audit", &[("request", row.id.to_string())]);
        view! {
            <li>
                <a class="prose-link" href=path>"Everything in this request"</a>
                <span class="text-muted">" – its audit events; a call that only reads has none"</span>
            </li>
        }
    });
    let of_key = link(requests::PATH, &[("key", row.key.to_string())]);
    let alike = link(
        requests::PATH,
        &[
            ("endpoint", row.endpoint.clone()),
            ("status", row.status.to_string()),
        ],
    );
    view! {
        <Card title="More">
            <ul class="more-links">
                {log}
                <li>
                    <a href=of_key>"Requests of this key"</a>
                </li>
                <li>
                    <a href=alike>{format!("Requests of {} with {}", row.endpoint, row.status)}</a>
                </li>
            </ul>
        </Card>
    }
    .into_any()
}
