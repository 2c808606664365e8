//! The browser half: it wakes the islands of the pages that the server has rendered.
//!
//! It is nothing else: what the islands do stands in `app`, which is linked in here whole, so
//! that the exports by which the page finds them are there.

use wasm_bindgen::prelude::wasm_bindgen;

// The islands' exports are used by name, from the page; without this nothing would link them.
use app as _;

/// Called by the page's own script once the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
