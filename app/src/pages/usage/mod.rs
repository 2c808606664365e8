//! What the organisation used: the report, and the log of requests.

mod asked;
mod filter;
mod groups;
mod month;
mod periods;
mod report;
mod request;
mod requests;
mod tiles;

pub use report::UsageReportPage;
pub use request::RequestPage;
pub use requests::RequestsPage;

use leptos::prelude::*;
use types::{
    Permission,
    console::{ApiKeyRow, Viewer},
};

use crate::{PageError, error::set_status, server::api_key};

/// A page of usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Report,
    Requests,
}

impl Tab {
    const ALL: [Self; 2] = [Self::Report, Self::Requests];

    const fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::Report => ("Report", report::PATH),
            Self::Requests => ("Requests", requests::PATH),
        }
    }
}

/// The way from one page of usage to the other.
#[component]
fn Tabs(here: Tab) -> impl IntoView {
    let links: Vec<_> = Tab::ALL
        .into_iter()
        .map(|tab| {
            let (name, path) = tab.parts();
            view! {
                <li>
                    <a href=path aria-current=(tab == here).then_some("page")>
                        {name}
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <nav class="page-tabs" aria-label="Usage">
            <ul>{links}</ul>
        </nav>
    }
    .into_any()
}

fn may(permission: Permission) -> bool {
    let viewer: Option<Viewer> = use_context();
    viewer.is_some_and(|viewer| viewer.may(permission))
}

/// The keys to choose from; none for who may not see them.
async fn keys(may_see: bool) -> Result<Vec<ApiKeyRow>, PageError> {
    if may_see {
        api_key::list().await
    } else {
        Ok(Vec::new())
    }
}

/// A refusal of the filter is shown at its fields; any other is the page's.
fn at_fields<T>(found: Result<T, PageError>) -> Result<Result<T, PageError>, PageError> {
    match found {
        Err(error) if error.fields.is_empty() => Err(error),
        Err(error) => {
            // The page is right, its form is not.
            set_status(200);
            Ok(Err(error))
        }
        Ok(found) => Ok(Ok(found)),
    }
}
