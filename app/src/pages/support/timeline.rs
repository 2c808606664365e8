use leptos::prelude::*;
use types::{
    console::AuditResult,
    support::{Source, TimelineItem},
};

use super::{kind_words, path_of};
use crate::components::{Glyph, Icon, Moment, short_id};

const fn glyph(source: Source) -> Glyph {
    match source {
        Source::Audit => Glyph::Scroll,
        Source::Verifications => Glyph::Verified,
        Source::Mails => Glyph::Mail,
        Source::Signals => Glyph::Activity,
        Source::Sessions => Glyph::Monitor,
    }
}

/// What happened, from every source, newest first.
#[component]
pub(super) fn DeskTimeline(rows: Vec<TimelineItem>) -> impl IntoView {
    let items = rows.into_iter().map(|row| view! { <Item row /> }).collect_view();
    view! { <ol class="timeline">{items}</ol> }.into_any()
}

#[component]
fn Item(row: TimelineItem) -> impl IntoView {
    let class = match row.result {
        Some(AuditResult::Denied) => "warn",
        Some(AuditResult::Failed) => "bad",
        Some(AuditResult::Success) | None => "",
    };
    // The state is never told by colour alone.
    let ended = match row.result {
        Some(AuditResult::Denied) => " · Refused",
        Some(AuditResult::Failed) => " · Failed",
        Some(AuditResult::Success) | None => "",
    };
    let related = row
        .related
        .into_iter()
        .map(|subject| {
            let (kind, _) = kind_words(subject.kind());
            let id = short_id(&subject.to_string());
            view! {
                " · "
                <a href=path_of(subject)>
                    <span class="sr-only">{format!("{kind} ")}</span>
                    <code>{id}</code>
                </a>
            }
        })
        .collect_view();
    view! {
        <li class=class>
            <span class="timeline-mark">
                <Icon of=glyph(row.source) size=12 />
            </span>
            <div>
                <p>{row.sentence}</p>
                <p class="text-muted text-xs">
                    {row.source.title()} " · " <code>{row.code}</code> {ended} " · "
                    <Moment at=row.at /> {related}
                </p>
            </div>
        </li>
    }
    .into_any()
}
