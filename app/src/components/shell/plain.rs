use leptos::prelude::*;

use crate::components::{Mark, ReportLink};

/// The frame of pages for people who are not signed in.
#[component]
pub fn Plain(children: Children) -> impl IntoView {
    view! {
        <div class="plain">
            <header class="plain-head">
                <a href="/" class="brand">
                    <Mark size=28 />
                    "Loomwire"
                </a>
            </header>
            <main id="main" class="plain-main" tabindex="-1">
                {children()}
            </main>
            <footer class="plain-foot">
                <span>"Verifies people. Keeps no evidence."</span>
                <ReportLink />
            </footer>
        </div>
    }
    .into_any()
}
