//! The browser half: it wakes the islands of the pages that the server has rendered.
//!
//! It is nothing else: what the islands do stands in `app`, whose exports are linked in here, so
//! that the page finds them by name.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's own script once the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    app::hydrate();
}
