//! Checks proofs in the reader's own browser: the code that the server and the command line use,
//! as a WebAssembly module that is loaded only where something is checked.
//!
//! It fetches nothing, remembers nothing and decides nothing about whom to trust: keys and
//! proofs come in, and a plain JSON answer goes out, every step in words. `page.js` beside it
//! does the rest.

mod answer;
mod growth;
mod inclusion;

use wasm_bindgen::prelude::wasm_bindgen;

/// Checks that an event is in the log: `bundle` is `ledger::bundle::Bundle` as JSON; keys are
/// verifier keys (C2SP signed-note), one a line.
#[wasm_bindgen]
pub fn inclusion(bundle: &str, logs: &str, witnesses: &str, quorum: usize) -> String {
    inclusion::check(bundle, logs, witnesses, quorum).to_json()
}

/// Checks that one of two checkpoints grew out of the other, whichever is the older: `proof` is
/// the consistency proof between them (RFC 6962, section 2.1.2), a hash in base64 a line.
#[wasm_bindgen]
pub fn consistency(remembered: &str, now: &str, proof: &str, logs: &str) -> String {
    growth::check(remembered, now, proof, logs).to_json()
}
