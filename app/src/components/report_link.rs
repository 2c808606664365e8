use leptos::prelude::*;

use super::link;
use crate::PageContext;

/// A part of a path that is longer is the secret of a link: no name and no id is.
const SECRET: usize = 40;

/// The way to "Report suspicious activity", which every page has: it tells staff the page that
/// it was on, and never the secret of a link.
#[component]
pub fn ReportLink(
    /// In a tab of its own, where leaving the page would lose what was typed.
    #[prop(optional)]
    aside: bool,
) -> impl IntoView {
    let href = report_path(&PageContext::current().path);
    let (target, rel) = if aside {
        (Some("_blank"), Some("noopener"))
    } else {
        (None, None)
    };
    view! {
        <a href=href target=target rel=rel>
            "Report suspicious activity"
            {aside.then(|| view! { <span class="sr-only">" (in a new tab)"</span> })}
        </a>
    }
    .into_any()
}

/// Where the report of something on this page is written.
pub(super) fn report_path(path: &str) -> String {
    if path == "/report" {
        return path.to_owned();
    }
    let parts = path
        .split('/')
        .map(|part| if part.len() > SECRET { "…" } else { part });
    link("/report", &[("about", parts.collect::<Vec<_>>().join("/"))])
}

#[cfg(test)]
mod tests {
    use super::report_path;

    #[test]
    fn a_report_names_the_page_and_no_secret_of_it() {
        let secret = "k".repeat(43);
        for (path, expected) in [
            ("/keys".to_owned(), "/report?about=%2Fkeys"),
            (
                "/verifications/ver_01JDPX6Z8N3T4V5W6X7Y8Z9A0B".to_owned(),
                "/report?about=%2Fverifications%2Fver_01JDPX6Z8N3T4V5W6X7Y8Z9A0B",
            ),
            (
                format!("/invitations/{secret}"),
                "/report?about=%2Finvitations%2F%E2%80%A6",
            ),
            (
                format!("/v/{secret}/lines"),
                "/report?about=%2Fv%2F%E2%80%A6%2Flines",
            ),
            ("/report".to_owned(), "/report"),
        ] {
            assert_eq!(report_path(&path), expected, "{path}");
        }
    }
}
