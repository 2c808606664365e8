use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local};
use types::Timestamp;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement};

use crate::time::relative;

/// How often relative times are written anew.
const TICK: Duration = Duration::from_secs(30);
/// How long a copy button says that it copied.
const SAID: Duration = Duration::from_millis(1_600);

/// One listener for the small things of a whole page: copy buttons and relative times. An
/// island for each of them would cost a row of a table more than its text.
#[island]
pub fn Conductor() -> impl IntoView {
    let said = RwSignal::new(String::new());
    Effect::new(move |_| {
        window_event_listener(ev::click, move |event| {
            let button = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok())
                .and_then(|target| target.closest("[data-copy]").ok().flatten())
                .and_then(|found| found.dyn_into::<HtmlElement>().ok());
            if let Some(button) = button {
                spawn_local(copy(button, said));
            }
        });
        set_interval(refresh_times, TICK);
    });
    view! {
        <p class="sr-only" role="status">
            {said}
        </p>
    }
}

async fn copy(button: HtmlElement, said: RwSignal<String>) {
    let text = button.get_attribute("data-copy").unwrap_or_default();
    if write(&text).await.is_err() {
        said.set("Copying is not possible here. Select the text and copy it.".to_owned());
        return;
    }
    said.set("Copied".to_owned());
    let _ = button.set_attribute("data-copied", "");
    set_timeout(
        move || {
            let _ = button.remove_attribute("data-copied");
            said.set(String::new());
        },
        SAID,
    );
}

async fn write(text: &str) -> Result<(), JsValue> {
    let clipboard = window().navigator().clipboard();
    // Browsers leave it out of insecure contexts, whatever the type says.
    if clipboard.is_undefined() {
        return Err(JsValue::UNDEFINED);
    }
    JsFuture::from(clipboard.write_text(text)).await.map(|_| ())
}

fn refresh_times() {
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds below 2^53")]
    let now = Timestamp::from_millis(js_sys::Date::now() as i64);
    let Ok(times) = document().query_selector_all("time[data-relative]") else {
        return;
    };
    for index in 0..times.length() {
        let element = times.get(index).and_then(|node| node.dyn_into::<Element>().ok());
        let at = element
            .as_ref()
            .and_then(|element| element.get_attribute("data-relative"))
            .and_then(|text| text.parse().ok());
        if let (Some(element), Some(at)) = (element, at) {
            element.set_text_content(Some(&relative(Timestamp::from_millis(at), now)));
        }
    }
}
