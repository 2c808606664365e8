//! The browser's half of a passkey ceremony (WebAuthn Level 3, sections 5.1 and 5.8), in the
//! JSON forms of its sections 5.1.8 to 5.1.10.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, CredentialCreationOptions, CredentialRequestOptions, CredentialsContainer};

/// Why the browser gave no credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Another request took its place: nothing to tell.
    Aborted,
    /// What to tell the person.
    Told(String),
}

impl From<JsValue> for Refusal {
    fn from(thrown: JsValue) -> Self {
        let name = Reflect::get(&thrown, &"name".into())
            .ok()
            .and_then(|name| name.as_string())
            .unwrap_or_default();
        let text = match name.as_str() {
            "AbortError" => return Self::Aborted,
            "NotAllowedError" => {
                "The request was cancelled or timed out on your device. Try again when you are ready."
            }
            "InvalidStateError" => {
                "This device already holds a passkey for this account. Sign in with it instead."
            }
            "SecurityError" => {
                "The browser refused: the address in the address bar is not the one that Loomwire was set up for."
            }
            "NotSupportedError" | "ConstraintError" => {
                "This device cannot make the kind of passkey that is needed. Use a phone, a security key, or another browser."
            }
            _ => "The browser could not use a passkey. Try again, or use another browser.",
        };
        Self::Told(text.to_owned())
    }
}

/// Makes a passkey; the answer is `RegistrationResponseJSON`.
pub(super) async fn create(options: &str) -> Result<String, Refusal> {
    let ask = CredentialCreationOptions::new();
    let key = public_key(options, "parseCreationOptionsFromJSON")?;
    Reflect::set(&ask, &"publicKey".into(), &key)?;
    let credential = JsFuture::from(container()?.create_with_options(&ask)?).await?;
    to_json(&credential)
}

/// Asks for a passkey; the answer is `AuthenticationResponseJSON`. A conditional request
/// waits in the browser's autofill until `signal` or the person ends it.
pub(super) async fn get(options: &str, conditional: bool, signal: &AbortSignal) -> Result<String, Refusal> {
    let ask = CredentialRequestOptions::new();
    let key = public_key(options, "parseRequestOptionsFromJSON")?;
    Reflect::set(&ask, &"publicKey".into(), &key)?;
    Reflect::set(&ask, &"signal".into(), signal)?;
    if conditional {
        Reflect::set(&ask, &"mediation".into(), &"conditional".into())?;
    }
    let credential = JsFuture::from(container()?.get_with_options(&ask)?).await?;
    to_json(&credential)
}

/// Whether passkeys can be offered in autofill.
pub(super) async fn offers_autofill() -> bool {
    let asked = interface().and_then(|interface| {
        let ask = method(&interface, "isConditionalMediationAvailable")?;
        Ok(ask.call0(&interface)?)
    });
    let Ok(promise) = asked.and_then(|value| value.dyn_into::<Promise>().map_err(Refusal::from)) else {
        return false;
    };
    JsFuture::from(promise)
        .await
        .is_ok_and(|answer: JsValue| answer.is_truthy())
}

fn unsupported() -> Refusal {
    Refusal::Told(
        "This browser is too old for passkeys, or the page was not opened over https. Update it, or use another browser."
            .to_owned(),
    )
}

/// `PublicKeyCredential`, which is missing outside secure contexts.
fn interface() -> Result<JsValue, Refusal> {
    let interface = Reflect::get(&js_sys::global(), &"PublicKeyCredential".into())?;
    if interface.is_undefined() {
        return Err(unsupported());
    }
    Ok(interface)
}

fn container() -> Result<CredentialsContainer, Refusal> {
    let window = web_sys::window().ok_or_else(unsupported)?;
    Ok(window.navigator().credentials())
}

fn method(object: &JsValue, name: &str) -> Result<Function, Refusal> {
    Reflect::get(object, &name.into())?
        .dyn_into()
        .map_err(|_| unsupported())
}

fn public_key(options: &str, parser: &str) -> Result<JsValue, Refusal> {
    let interface = interface()?;
    let options = JSON::parse(options)?;
    let key = Reflect::get(&options, &"publicKey".into())?;
    Ok(method(&interface, parser)?.call1(&interface, &key)?)
}

fn to_json(credential: &JsValue) -> Result<String, Refusal> {
    let plain = method(credential, "toJSON")?.call0(credential)?;
    let plain: Object = plain.dyn_into()?;
    Ok(JSON::stringify(&plain)?.into())
}

/// Tells the browser which passkeys an account has (WebAuthn Level 3, 5.1.10, the Signal API),
/// where it can be told: it then stops offering those that were removed.
pub(super) fn signal(rp_id: &str, user_handle: &str, accepted: &[String]) {
    let told = interface().and_then(|interface| {
        let tell = method(&interface, "signalAllAcceptedCredentials")?;
        let ids: js_sys::Array = accepted.iter().map(|id| JsValue::from_str(id)).collect();
        let what = Object::new();
        Reflect::set(&what, &"rpId".into(), &rp_id.into())?;
        Reflect::set(&what, &"userId".into(), &user_handle.into())?;
        Reflect::set(&what, &"allAcceptedCredentialIds".into(), &ids)?;
        Ok(tell.call1(&interface, &what)?)
    });
    // A hint to the browser: nothing hangs on it.
    drop(told);
}
