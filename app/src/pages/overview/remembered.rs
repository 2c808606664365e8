//! The overview's inside as HTML, remembered by what it shows.
//!
//! The same figures at the same second are the same HTML, for whoever looks: so it is put
//! together once, however many look at once. **Invariant**: the view depends on nothing but
//! [`Inputs`]; there is nothing to invalidate.

use leptos::{prelude::*, tachys::html::InertElement};
use types::console::Overview;

use super::Content;
use crate::time::Here;

/// Everything that the view depends on.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Inputs {
    pub(super) figures: Overview,
    pub(super) as_table: bool,
    pub(super) manages_keys: bool,
    pub(super) public_url: String,
    /// IANA name of the organisation's time zone.
    pub(super) zone: String,
    /// Since the Unix epoch; what is said of time is no finer.
    pub(super) second: i64,
}

#[component]
pub(super) fn Remembered(inputs: Inputs) -> impl IntoView {
    InertElement::new(html(inputs))
}

/// So many are kept, of some 50 KB each.
#[cfg(feature = "ssr")]
const KEPT: u64 = 64;

#[cfg(feature = "ssr")]
fn html(inputs: Inputs) -> String {
    use std::sync::{Arc, LazyLock};

    static MADE: LazyLock<moka::sync::Cache<Inputs, Arc<str>>> =
        LazyLock::new(|| moka::sync::Cache::new(KEPT));
    if let Some(made) = MADE.get(&inputs) {
        return made.as_ref().to_owned();
    }
    let html = render(&inputs);
    MADE.insert(inputs, html.as_str().into());
    html
}

#[cfg(not(feature = "ssr"))]
fn html(inputs: Inputs) -> String {
    render(&inputs)
}

fn render(inputs: &Inputs) -> String {
    let Inputs {
        figures,
        as_table,
        manages_keys,
        public_url,
        zone,
        second,
    } = inputs.clone();
    let now = types::Timestamp::from_millis(second.saturating_mul(1000));
    Owner::new().with(|| {
        provide_context(Here::new(now, &zone));
        view! { <Content figures as_table manages_keys public_url /> }.to_html()
    })
}
