use leptos::prelude::*;
use types::console::{AuditResult, AuditRow};

use super::{Glyph, Icon, Moment};

/// What happened, oldest first.
#[component]
pub fn Timeline(events: Vec<AuditRow>) -> impl IntoView {
    let items: Vec<_> = events
        .into_iter()
        .map(|event| {
            let (class, glyph) = match event.result {
                AuditResult::Success => ("", Glyph::Check),
                AuditResult::Denied => ("warn", Glyph::Ban),
                AuditResult::Failed => ("bad", Glyph::X),
            };
            view! {
                <li class=class>
                    <span class="timeline-mark">
                        <Icon of=glyph size=12 />
                    </span>
                    <div>
                        <p>{event.sentence}</p>
                        <p class="text-muted text-xs">
                            <code>{event.action}</code>
                            " · "
                            <Moment at=event.occurred_at />
                        </p>
                    </div>
                </li>
            }
        })
        .collect();
    view! { <ol class="timeline">{items}</ol> }.into_any()
}
