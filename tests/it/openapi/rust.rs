//! The examples in Rust, word for word: what is compiled and run is what is shown. Made from the
//! document: `LOOMWIRE_UPDATE=1 cargo nextest run the_compiled_examples`.

type Done = Result<(), Box<dyn std::error::Error>>;

/// Runs one.
pub(super) fn run(id: &str) -> Done {
    match id {
        "getSigningKeys" => get_signing_keys::main(),
        "listApiKeys" => list_api_keys::main(),
        "createApiKey" => create_api_key::main(),
        "getApiKey" => get_api_key::main(),
        "changeApiKey" => change_api_key::main(),
        "rotateApiKey" => rotate_api_key::main(),
        "getHealth" => get_health::main(),
        "getDescription" => get_description::main(),
        "listRateLimits" => list_rate_limits::main(),
        "removeRateLimit" => remove_rate_limit::main(),
        "setRateLimit" => set_rate_limit::main(),
        "getReadiness" => get_readiness::main(),
        "validateToken" => validate_token::main(),
        "getUsage" => get_usage::main(),
        "completeVerification" => complete_verification::main(),
        "startVerification" => start_verification::main(),
        "getVerificationStatus" => get_verification_status::main(),
        "revokeApiKey" => revoke_api_key::main(),
        other => Err(format!("there is no example {other}").into()),
    }
}

mod get_signing_keys {
use std::env;

use serde_json::Value;

pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("LOOMWIRE_URL")? + "/.well-known/jwks.json";
    let mut response = ureq::get(url)
        .call()?;
    let answer: Value = response.body_mut().read_json()?;
    println!("{answer:#}");
    Ok(())
}
}

mod list_api_keys {
use std::env;

use serde_json::Value;

pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("LOOMWIRE_URL")? + "/api-keys";
    let mut response = ureq::get(url)
        .header("x-tenant-api-key", env::var("LOOMWIRE_KEY")?)
        .call()?;
    let answer: Value = response.body_mut().read_json()?;
    println!("{answer:#}");
    Ok(())
}
}

mod create_api_key {
use std::env;

use serde_json::{Value, json};

pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("LOOMWIRE_URL")? + "/api-keys";
    let mut response = ureq::post(url)
        .header("x-tenant-api-key", env::var("LOOMWIRE_KEY")?)
        .send_json(json!({
          "allowList": [
            "192.0.2.0/24"
          ],
          "expiresAt": "2030-03-31T12:00:00Z",
          "name": "Checkout",
          "scopes": [
            "verifications:read",
            "verifications:write"
          ]
        }))?;
    let answer: Value = response.body_mut().read_json()?;
    println!("{answer:#}");
    Ok(())
}
}

mod get_api_key {
use std::env;

use serde_json::Value;

pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("LOOMWIRE_URL")? + "/api-keys/key_01kbqv5xk4e0t8m3z9w2r7c6yh";
    let mut response = ureq::get(url)
        .header("x-tenant-api-key", env::var("LOOMWIRE_KEY")?)
        .call()?;
    let answer: Value = response.body_mut().read_json()?;
    println!("{answer:#}");
    Ok(())
}
}

mod change_api_key {
use std::env;

use serde_json::{Value, json};

pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("LOOMWIRE_URL")? + "/api-keys/key_01kbqv5xk4e0t8m3z9w2r7c6yh";
    let mut response = ureq::patch(url)
        .header("x-tenant-api-key", env::var("LOOMWIRE_KEY")?)
        .send_json(json!({
          "callsPerMinute": 30,
          "note": "For the till"
        }))?;
    let answer: Value = response.body_mut().read_json()?;
    println!("{answer:#}");
    Ok(())
}
}

mod rotate_api_key {
use std::env;

use serde_json::{Value, json};

pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("LOOMWIRE_URL")? + "/api-keys/key_01kbqv5xk4e0t8m3z9w2r7c6yh/rotate";
    let mut response = ureq::post(url)
        .header("x-tenant-api-key", env::var("LOOMWIRE_KEY")?)
        .send_json(json!({
          "overlapSeconds": 86400
        }))?;
    let answer: Value = response.body_mut().read_json()?;
    println!("{answer:#}");
    Ok(())
}
}

mod get_health {
use std::env;

use serde_json::Value;

pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("LOOMWIRE_URL")? + "/healthz";
    let mut response = ureq::get(url)
        .call()?;
    let answer: Value = response.body_mut().read_json()?;
    println!("{answer:#}");
    Ok(())
}
}

mod get_description {
use std::env;

use serde_json::Value;

pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("LOOMWIRE_URL")? + "/openapi.json";
    let mut response = ureq::get(url)
        .call()?;
    let answer: Value = response.body_mut().read_json()?;
    println!("{answer:#}");
    Ok(())
}
}

mod list_rate_limits {
use std::env;

use serde_json::Value;

pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("LOOMWIRE_URL")? + "/rate-limits";
    let mut response = ureq::get(url)
        .header("x-tenant-api-key", env::var("LOOMWIRE_KEY")?)
        .call()?;
    let answer: Value = response.body_mut().read_json()?;
    println!("{answer:#}");
    Ok(())
}
}

mod remove_rate_limit {
use std::env;

use serde_json::Value;

pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("LOOMWIRE_URL")? + "/rate-limits/nightly-batch";
    let mut response = ureq::delete(url)
        .header("x-tenant-api-key", env::var("LOOMWIRE_KEY")?)
        .call()?;
    let answer: Value = response.body_mut().read_json()?;
    println!("{answer:#}");
    Ok(())
}
}

mod set_rate_limit {
use std::env;

use serde_json::{Value, json};

pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("LOOMWIRE_URL")? + "/rate-limits/nightly-batch";
    let mut response = ureq::put(url)
        .header("x-tenant-api-key", env::var("LOOMWIRE_KEY")?)
        .send_json(json!({
          "costs": {
            "verify.start": 10,
            "verify.status": 0
          },
          "seconds": 3600,
          "units": 1000
        }))?;
    let answer: Value = response.body_mut().read_json()?;
    println!("{answer:#}");
    Ok(())
}
}

mod get_readiness {
use std::env;

use serde_json::Value;

pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("LOOMWIRE_URL")? + "/readyz";
    let mut response = ureq::get(url)
        .call()?;
    let answer: Value = response.body_mut().read_json()?;
    println!("{answer:#}");
    Ok(())
}
}

mod validate_token {
use std::env;

use serde_json::{Value, json};

pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("LOOMWIRE_URL")? + "/tokens/validate";
    let mut response = ureq::post(url)
        .header("x-tenant-api-key", env::var("LOOMWIRE_KEY")?)
        .send_json(json!({
          "token": "eyJhbGciOiJFZERTQSJ9.e30.c2ln"
        }))?;
    let answer: Value = response.body_mut().read_json()?;
    println!("{answer:#}");
    Ok(())
}
}

mod get_usage {
use std::env;

use serde_json::Value;

pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("LOOMWIRE_URL")? + "/usage?from=2026-11-01&to=2026-11-30&groupBy=key";
    let mut response = ureq::get(url)
        .header("x-tenant-api-key", env::var("LOOMWIRE_KEY")?)
        .call()?;
    let answer: Value = response.body_mut().read_json()?;
    println!("{answer:#}");
    Ok(())
}
}

mod complete_verification {
use std::env;

use serde_json::{Value, json};

pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("LOOMWIRE_URL")? + "/verify/complete";
    let mut response = ureq::post(url)
        .header("x-tenant-api-key", env::var("LOOMWIRE_KEY")?)
        .send_json(json!({
          "evidence": {
            "mrz": [
              "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
              "L898902C36UTO7408122F3504152ZE184226B<<<<<16"
            ]
          },
          "verificationId": "ver_01kbqv5xk4e0t8m3z9w2r7c6yh"
        }))?;
    let answer: Value = response.body_mut().read_json()?;
    println!("{answer:#}");
    Ok(())
}
}

mod start_verification {
use std::env;

use serde_json::{Value, json};

pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("LOOMWIRE_URL")? + "/verify/start";
    let mut response = ureq::post(url)
        .header("x-tenant-api-key", env::var("LOOMWIRE_KEY")?)
        .header("Idempotency-Key", "7d0f4b52-9c5e-4a0f-8a3e-0f6f3b1d2c77")
        .send_json(json!({
          "minimumAge": 18,
          "reference": "order-7",
          "returnUrl": "https://shop.example/back"
        }))?;
    let answer: Value = response.body_mut().read_json()?;
    println!("{answer:#}");
    Ok(())
}
}

mod get_verification_status {
use std::env;

use serde_json::Value;

pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("LOOMWIRE_URL")? + "/verify/status?verificationId=ver_01kbqv5xk4e0t8m3z9w2r7c6yh";
    let mut response = ureq::get(url)
        .header("x-tenant-api-key", env::var("LOOMWIRE_KEY")?)
        .call()?;
    let answer: Value = response.body_mut().read_json()?;
    println!("{answer:#}");
    Ok(())
}
}

mod revoke_api_key {
use std::env;

use serde_json::Value;

pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("LOOMWIRE_URL")? + "/api-keys/key_01kbqv5xk4e0t8m3z9w2r7c6yh/revoke";
    let mut response = ureq::post(url)
        .header("x-tenant-api-key", env::var("LOOMWIRE_KEY")?)
        .send_empty()?;
    let answer: Value = response.body_mut().read_json()?;
    println!("{answer:#}");
    Ok(())
}
}
