//! The pages of a log, side by side.

use leptos::prelude::*;
use types::{Permission, console::Viewer, retention::LogScope};

/// A page of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogPage {
    Events,
    Retention,
    Streams,
    Erasure,
}

impl LogPage {
    const ALL: [Self; 4] = [Self::Events, Self::Retention, Self::Streams, Self::Erasure];

    const fn name(self) -> &'static str {
        match self {
            Self::Events => "Events",
            Self::Retention => "Retention",
            Self::Streams => "Streams",
            Self::Erasure => "Erasure",
        }
    }

    /// Where it is; some logs do not have it.
    pub const fn path(self, scope: LogScope) -> Option<&'static str> {
        match (scope, self) {
            (LogScope::Organisation, Self::Events) => Some("/audit"),
            (LogScope::Organisation, Self::Retention) => Some("/audit/retention"),
            (LogScope::Organisation, Self::Streams) => Some("/audit/streams"),
            (LogScope::Installation, Self::Retention) => Some("/staff/retention"),
            (LogScope::Installation, Self::Streams) => Some("/staff/streams"),
            (LogScope::Installation, Self::Erasure) => Some("/staff/erasure"),
            (LogScope::Organisation, Self::Erasure) | (LogScope::Installation, Self::Events) => None,
        }
    }
}

/// The way from one page of a log to the others; nothing for who may only read it.
#[component]
pub fn LogTabs(scope: LogScope, here: LogPage) -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let needed = match scope {
        LogScope::Organisation => Permission::AuditManage,
        LogScope::Installation => Permission::AuditManageAll,
    };
    if !viewer.is_some_and(|viewer| viewer.may(needed)) {
        return ().into_any();
    }
    let links: Vec<_> = LogPage::ALL
        .into_iter()
        .filter_map(|page| page.path(scope).map(|path| (page, path)))
        .map(|(page, path)| {
            view! {
                <li>
                    <a href=path aria-current=(page == here).then_some("page")>
                        {page.name()}
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <nav class="page-tabs" aria-label="Audit log">
            <ul>{links}</ul>
        </nav>
    }
    .into_any()
}
