use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local};
use types::Timestamp;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::session_end;
use crate::time::relative;

/// How often relative times are written anew.
const TICK: Duration = Duration::from_secs(30);
/// How long a copy button says that it copied.
const SAID: Duration = Duration::from_millis(1_600);

/// On the root while the next page is on its way: the style sheet shows a bar.
const LEAVING: &str = "data-leaving";

/// One listener for the small things of a whole page: copy buttons, relative times, arrow keys
/// in a chart, the bar of progress. An island for each of them would cost a row of a table more
/// than its text.
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
        window_event_listener(ev::keydown, |event| {
            let _ = rove(&event);
        });
        set_interval(refresh_times, TICK);
        session_end::watch();
        // Every way out of a page, and the way back to one that the browser kept.
        window_event_listener(ev::beforeunload, |_| {
            let _ = root().map(|root| root.set_attribute(LEAVING, ""));
        });
        window_event_listener(ev::pageshow, |_| {
            let _ = root().map(|root| root.remove_attribute(LEAVING));
        });
    });
    view! {
        <p class="sr-only" role="status">
            {said}
        </p>
    }
}

fn root() -> Option<Element> {
    document().document_element()
}

/// Moves the focus along a row in which one element is in the order of the keyboard.
fn rove(event: &KeyboardEvent) -> Option<()> {
    let here: Element = event.target()?.dyn_into().ok()?;
    let row = here.parent_element()?;
    row.get_attribute("data-roving")?;
    let next = match event.key().as_str() {
        "ArrowLeft" => here.previous_element_sibling(),
        "ArrowRight" => here.next_element_sibling(),
        "Home" => row.first_element_child(),
        "End" => row.last_element_child(),
        _ => return None,
    };
    event.prevent_default();
    let next: HtmlElement = next?.dyn_into().ok()?;
    let _ = here.set_attribute("tabindex", "-1");
    let _ = next.set_attribute("tabindex", "0");
    next.focus().ok()
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
