//! The warning before a session ends (WCAG 2.2, 2.2.1). It asks the server how long is left,
//! since other tabs keep the same session alive, and asking is no sign of life. It never leaves
//! the page, so what was typed stays.

use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, RequestInit, Response};

/// It is shown this long before, in milliseconds.
const BEFORE: i64 = 120_000;
/// While it is shown, the server is asked this often, in milliseconds.
const AGAIN: i64 = 15_000;

/// Begins to watch, where the page belongs to a session.
pub(super) fn watch() {
    let Some(element) = document().get_element_by_id("session-end") else {
        return;
    };
    let left = element
        .get_attribute("data-left")
        .and_then(|left| left.parse::<i64>().ok());
    if let Some(left) = left {
        look_after(left.saturating_sub(BEFORE));
    }
    window_event_listener(ev::click, |event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let stay = target.and_then(|target| target.closest("[data-stay]").ok().flatten());
        if stay.is_some() {
            spawn_local(async { show(ask("POST").await.ok()) });
        }
    });
}

fn look_after(millis: i64) {
    // A computer that slept wakes up late: then it is asked at once.
    let wait = Duration::from_millis(millis.clamp(0, 86_400_000).unsigned_abs());
    set_timeout(
        || {
            spawn_local(async {
                let left = ask("GET").await.ok();
                show(left);
                look_after(left.map_or(AGAIN, |left| (left.saturating_sub(BEFORE)).max(AGAIN)));
            });
        },
        wait,
    );
}

/// Milliseconds that are left; 0 if the session is over.
async fn ask(method: &str) -> Result<i64, JsValue> {
    let options = RequestInit::new();
    options.set_method(method);
    let answer = JsFuture::from(window().fetch_with_str_and_init("/session", &options)).await?;
    let text = JsFuture::from(answer.dyn_into::<Response>()?.text()?).await?;
    let left = text.as_string().and_then(|text| text.parse().ok());
    left.ok_or(JsValue::UNDEFINED)
}

/// Shows what is true now; if the server could not be asked, what was true before.
fn show(left: Option<i64>) {
    let Some(left) = left else { return };
    for (class, shown) in [
        (".session-warning", left > 0 && left <= BEFORE),
        (".session-over", left <= 0),
    ] {
        let element = document().query_selector(class).ok().flatten();
        if let Some(element) = element {
            let _ = element.toggle_attribute_with_force("hidden", !shown);
        }
    }
}
