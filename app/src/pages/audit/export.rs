use leptos::prelude::*;
use types::{
    StepUp, Timestamp,
    audit::{ExportFormat, ExportRow, ExportState},
    console::AuditFilter,
};

use super::{
    Log,
    filter::{query, told},
};
use crate::{
    components::{
        Card, Confirm, Console, EmptyState, FormError, Glyph, Icon, Id, KeyValue, KeyValues, Load, Moment,
        PageHeader, Segments, link,
    },
    context::Typed,
    number,
    pages::asked,
    server::audit,
};

#[component]
pub fn AuditExports() -> impl IntoView {
    view! { <Whole log=Log::Own /> }
}

#[component]
pub fn StaffAuditExports() -> impl IntoView {
    view! { <Whole log=Log::Staff /> }
}

#[component]
fn Whole(log: Log) -> impl IntoView {
    let filter = StoredValue::new(AuditFilter::read(asked));
    view! {
        <Console here=log.place()>
            <a class="back" href=link(log.path(), &query(&filter.get_value()))>
                <Icon of=Glyph::ArrowLeft />
                "Audit log"
            </a>
            <PageHeader
                title="Export audit events"
                sentence="A file of what a search finds, each event with its place in the ledger and the proof of it. Whoever has the file can check it without us."
            />
            <Load from=audit::exports(log.is_staff()) let:exports>
                <Content log exports filter=filter.get_value() />
            </Load>
        </Console>
    }
    .into_any()
}

#[component]
fn Content(log: Log, exports: Vec<ExportRow>, filter: AuditFilter) -> impl IntoView {
    let typed = Typed::current();
    let set = query(&filter);
    let what = if set.is_empty() {
        "Every event up to now.".to_owned()
    } else {
        format!("What this search finds up to now. {}.", told(&filter, None))
    };
    let chosen = typed.value("format", "jsonl");
    let formats = vec![
        ("jsonl", "JSON Lines", "An object a line, for programs."),
        ("csv", "CSV", "For a spreadsheet."),
        ("ocsf", "OCSF", "Events of OCSF 1.5.0, for a SIEM."),
    ];
    let lines = if exports.is_empty() {
        view! {
            <EmptyState
                glyph=Glyph::Archive
                title="No exports"
                text="A file that you ask for is made here and can be downloaded for seven days, by you alone."
            />
        }
        .into_any()
    } else {
        let lines: Vec<_> = exports
            .into_iter()
            .map(|export| view! { <Line log export /> })
            .collect();
        view! { <div class="stack">{lines}</div> }.into_any()
    };
    view! {
        <div class="columns">
            <div class="stack">{lines}</div>
            <Card title="A new export" sentence=what>
                <form method="post" action=link(log.exports(), &set) class="stack">
                    <FormError typed=typed />
                    <Segments name="format" label="Format" options=formats chosen />
                    <p class="text-muted">
                        "Who asked for which file, and each download of it, is in the audit log."
                    </p>
                    <Confirm action=StepUp::Export />
                    <div class="form-actions">
                        <button type="submit" class="button primary">
                            "Make export"
                        </button>
                    </div>
                </form>
            </Card>
        </div>
    }
    .into_any()
}

fn format_words(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Csv => "CSV",
        ExportFormat::JsonLines => "JSON Lines",
        ExportFormat::Ocsf => "OCSF",
    }
}

#[component]
fn Line(log: Log, export: ExportRow) -> impl IntoView {
    let file = format!("{}/{}/file", log.exports(), export.id);
    let here = link(log.exports(), &[]);
    let (facts, state) = match export.state {
        ExportState::Making => (
            ().into_any(),
            view! {
                <p role="status" class="mt-3 flex items-center gap-2">
                    <Icon of=Glyph::Hourglass />
                    "It is being made."
                    <a class="quiet-link" href=here>
                        "Refresh"
                    </a>
                </p>
            }
            .into_any(),
        ),
        ExportState::Ready {
            events,
            bytes,
            digest,
        } => (
            view! {
                <KeyValue name="Events">{number::grouped(events)}</KeyValue>
                <KeyValue name="Length">{format!("{} bytes", number::grouped(bytes))}</KeyValue>
                <KeyValue name="SHA-256">
                    <Id id=digest />
                </KeyValue>
            }
            .into_any(),
            view! {
                <p class="mt-3">
                    <a class="button primary" href=file download="">
                        "Download export"
                    </a>
                </p>
            }
            .into_any(),
        ),
        ExportState::Failed(problem) => (
            ().into_any(),
            view! { <p class="field-error mt-3">{problem}</p> }.into_any(),
        ),
    };
    view! {
        <ExportCard id=export.id.to_string() title=format_words(export.format) asked_at=export.created_at until=export.expires_at size=export.tree_size facts>
            {state}
        </ExportCard>
    }
    .into_any()
}

#[component]
fn ExportCard(
    id: String,
    title: &'static str,
    asked_at: Timestamp,
    until: Timestamp,
    size: u64,
    /// More lines of the list.
    facts: AnyView,
    children: Children,
) -> impl IntoView {
    view! {
        <Card title=title>
            <KeyValues>
                <KeyValue name="Export">
                    <Id id />
                </KeyValue>
                <KeyValue name="Asked for">
                    <Moment at=asked_at exact=true />
                </KeyValue>
                <KeyValue name="Up to">{format!("the first {} events of the ledger", number::grouped(size))}</KeyValue>
                <KeyValue name="Kept until">
                    <Moment at=until exact=true />
                </KeyValue>
                {facts}
            </KeyValues>
            {children()}
        </Card>
    }
    .into_any()
}
