use leptos::prelude::*;
use types::{
    VerificationId,
    console::VerificationDetail,
    verification::{Check, CheckKind, CheckResult},
};

use crate::{
    PageError,
    components::{
        AssuranceLabel, Card, Console, EnvironmentBadge, ErrorPanel, Glyph, Icon, Id, KeyValue, KeyValues,
        Load, Moment, PageHeader, Place, StatusBadge, Timeline, short_id,
    },
    error::set_status,
    pages::named,
    server::verification,
    time::took,
};

#[component]
pub fn Verification() -> impl IntoView {
    let id: Option<VerificationId> = named("id");
    view! {
        <Console here=Place::Verifications>
            {if let Some(id) = id {
                view! {
                    <Load from=verification::detail(id) let:detail>
                        <Content detail />
                    </Load>
                }
                    .into_any()
            } else {
                set_status(404);
                view! { <ErrorPanel error=PageError::not_found("This verification") /> }.into_any()
            }}
        </Console>
    }
}

#[component]
fn Content(detail: VerificationDetail) -> impl IntoView {
    let id = detail.row.id.to_string();
    let timeline = detail.timeline.clone();
    view! {
        <a class="back" href="/verifications">
            <Icon of=Glyph::ArrowLeft />
            "Verifications"
        </a>
        <PageHeader
            title=format!("Verification {}", short_id(&id))
            sentence="Metadata only: what the person typed was never stored."
        >
            <StatusBadge status=detail.row.status />
        </PageHeader>
        <div class="columns">
            <div class="stack">
                <Outcome detail=detail.clone() />
                <Card title="Timeline" sentence="From the audit log, oldest first.">
                    {if timeline.is_empty() {
                        view! { <p class="text-muted">"Nothing has happened yet."</p> }.into_any()
                    } else {
                        view! { <Timeline events=timeline /> }.into_any()
                    }}
                </Card>
            </div>
            <Facts detail />
        </div>
    }
}

#[component]
fn Outcome(detail: VerificationDetail) -> impl IntoView {
    let checks: Vec<_> = detail
        .checks
        .iter()
        .map(|check| view! { <CheckLine check=*check minimum_age=detail.minimum_age /> })
        .collect();
    let open = !detail.row.status.is_final();
    let empty = checks.is_empty();
    view! {
        <Card title="Checks">
            {detail.reason.map(|reason| view! { <p class="mb-3">{reason}</p> })}
            {empty
                .then(|| {
                    let text = if open {
                        "Not decided yet. The checks appear here once the person has handed in their lines."
                    } else {
                        "It ended before anything was checked."
                    };
                    view! { <p class="text-muted">{text}</p> }
                })}
            {(!empty).then(|| view! { <ul class="checks">{checks}</ul> })}
        </Card>
    }
}

#[component]
fn CheckLine(check: Check, minimum_age: Option<u8>) -> impl IntoView {
    let name = match check.check {
        CheckKind::DocumentConsistent => "The document's check digits agree".to_owned(),
        CheckKind::DocumentCurrent => "The document has not expired".to_owned(),
        CheckKind::MinimumAge => match minimum_age {
            Some(age) => format!("The person is {age} or older"),
            None => "The person has reached the age asked for".to_owned(),
        },
    };
    let (class, glyph, word) = match check.result {
        CheckResult::Passed => ("good", Glyph::CircleCheck, "Passed"),
        CheckResult::Failed => ("bad", Glyph::CircleX, "Failed"),
    };
    view! {
        <li>
            <span class=format!("check-mark {class}")>
                <Icon of=glyph />
            </span>
            <span class="flex-1">{name}</span>
            <span class=format!("check-word {class}")>{word}</span>
        </li>
    }
}

#[component]
fn Facts(detail: VerificationDetail) -> impl IntoView {
    let row = detail.row;
    let length = row
        .completed_at
        .map(|at| took(u64::try_from(at.millis_since(row.created_at)).unwrap_or_default()));
    view! {
        <Card title="Details">
            <KeyValues>
                <KeyValue name="Id">
                    <Id id=row.id.to_string() />
                </KeyValue>
                <KeyValue name="Environment">
                    <EnvironmentBadge environment=row.environment />
                </KeyValue>
                <KeyValue name="Reference">
                    {row.reference.unwrap_or_else(|| "None given".to_owned())}
                </KeyValue>
                <KeyValue name="Started by">
                    {match detail.key {
                        Some((_, name, last_four)) => {
                            view! {
                                {name}
                                " "
                                <code class="nowrap">{format!("…{last_four}")}</code>
                            }
                                .into_any()
                        }
                        None => "Unknown key".into_any(),
                    }}
                </KeyValue>
                <KeyValue name="Minimum age">
                    {detail
                        .minimum_age
                        .map_or_else(|| "Not asked for".to_owned(), |age| format!("{age} years"))}
                </KeyValue>
                <KeyValue name="Assurance">
                    {match detail.assurance {
                        Some(assurance) => view! { <AssuranceLabel assurance /> }.into_any(),
                        None => "Not reached yet".into_any(),
                    }}
                </KeyValue>
                <KeyValue name="Started">
                    <Moment at=row.created_at exact=true />
                </KeyValue>
                {match row.completed_at {
                    Some(at) => {
                        view! {
                            <KeyValue name="Ended">
                                <Moment at exact=true />
                                {length.map(|length| format!(" (took {length})"))}
                            </KeyValue>
                        }
                            .into_any()
                    }
                    None => {
                        view! {
                            <KeyValue name="Link works until">
                                <Moment at=detail.expires_at exact=true />
                            </KeyValue>
                        }
                            .into_any()
                    }
                }}
            </KeyValues>
        </Card>
    }
}
