//! What a business may ask for.

use std::net::IpAddr;

use url::{Host, Url};

use super::{super::idempotency, StartRequest};
use crate::{Ctx, Error, Result};

/// What is asked for, as it is kept.
pub(super) struct Checked {
    pub(super) minimum_age: Option<u8>,
    pub(super) reference: Option<String>,
    pub(super) return_url: Option<String>,
}

/// Holds a request to the rules.
///
/// # Errors
/// `Invalid` with every field that cannot be taken; `WrongRegion`.
pub(super) fn check(ctx: &Ctx, request: &StartRequest) -> Result<Checked> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut refuse = |field: &str, message: String| fields.push((field.to_owned(), message));
    let mut minimum_age = request.minimum_age.and_then(|age| u8::try_from(age).ok());
    if request.minimum_age.is_some() && !minimum_age.is_some_and(|age| (1..=120).contains(&age)) {
        refuse(
            "minimumAge",
            "minimumAge is in whole years, from 1 to 120.".into(),
        );
    }
    for name in request.checks.iter().flatten() {
        match name.as_str() {
            "document" => {}
            "age" => minimum_age = minimum_age.or(Some(18)),
            _ => refuse("checks", "checks takes document and age.".into()),
        }
    }
    if request.checks.as_ref().is_some_and(Vec::is_empty) {
        refuse(
            "checks",
            "checks names at least one check, or is left out.".into(),
        );
    }
    if request
        .ip
        .as_ref()
        .is_some_and(|ip| ip.parse::<IpAddr>().is_err())
    {
        refuse("ip", "ip is an IPv4 or IPv6 address.".into());
    }
    if request
        .user_agent
        .as_ref()
        .is_some_and(|agent| agent.chars().count() > 1024)
    {
        refuse("userAgent", "userAgent has at most 1,024 characters.".into());
    }
    if let Some(message) = request.idempotency_key.as_deref().and_then(idempotency::problem) {
        refuse("Idempotency-Key", message.into());
    }
    if let Some(message) = request.reference.as_deref().and_then(reference_problem) {
        refuse("reference", message.into());
    }
    if let Some(message) = request.return_url.as_deref().and_then(return_url_problem) {
        refuse("returnUrl", message.into());
    }
    if !fields.is_empty() {
        return Err(Error::Invalid { fields });
    }
    hold_region(ctx, request.region.as_deref())?;
    Ok(Checked {
        minimum_age,
        reference: request.reference.clone(),
        return_url: request.return_url.clone(),
    })
}

fn hold_region(ctx: &Ctx, asked: Option<&str>) -> Result<()> {
    match (asked, ctx.settings().region.as_deref()) {
        (None, _) => Ok(()),
        (Some(asked), Some(here)) if asked == here => Ok(()),
        (Some(_), Some(here)) => Err(Error::WrongRegion(format!(
            "This server is in the region {here}. Send the call to the region's own address."
        ))),
        (Some(_), None) => Err(Error::WrongRegion(
            "This server names no region. Leave region out, or ask its operator to set one.".into(),
        )),
    }
}

fn reference_problem(text: &str) -> Option<&'static str> {
    if text.chars().count() > 200 {
        return Some("reference has at most 200 characters.");
    }
    text.chars()
        .any(char::is_control)
        .then_some("reference has no control characters.")
}

/// The person is sent there by a link, so it must not be a script and not plain http.
fn return_url_problem(text: &str) -> Option<&'static str> {
    const MESSAGE: &str = "returnUrl is an https address of at most 2,048 characters (http on localhost).";
    let Ok(url) = Url::parse(text) else {
        return Some(MESSAGE);
    };
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return Some(MESSAGE),
    };
    let fits = text.len() <= 2048
        && url.username().is_empty()
        && url.password().is_none()
        && (url.scheme() == "https" || (url.scheme() == "http" && loopback));
    if fits { None } else { Some(MESSAGE) }
}
