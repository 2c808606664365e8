use leptos::prelude::*;

/// The warning before the session ends (WCAG 2.2, 2.2.1), and the word that it has ended. It
/// leaves the page as it is, so that nothing typed is lost. The island `Conductor` shows it, by
/// the milliseconds that were left when the page was made.
#[component]
pub(super) fn SessionEnd(left: i64) -> impl IntoView {
    view! {
        <div id="session-end" class="session-end" role="alert" data-left=left>
            <div class="session-warning" hidden>
                <p class="font-medium">"Your session ends in less than two minutes"</p>
                <p>"Nothing has come from you for a while. What you typed stays here."</p>
                <button type="button" class="button primary" data-stay>
                    "Stay signed in"
                </button>
            </div>
            <div class="session-over" hidden>
                <p class="font-medium">"Your session has ended"</p>
                <p>
                    "This page and what you typed stay as they are. Sign in in another tab, then go on here."
                </p>
                <a class="button primary" href="/sign-in" target="_blank">
                    "Sign in in a new tab"
                </a>
            </div>
        </div>
    }
}
