//! Addresses that somebody types, for us to speak to: how they must look.
//!
//! Whether one may be spoken to is found out when it is: a name can stand for something else by
//! then. Here is only what can be said of the text.

use url::{Host, Url};

use crate::{Ctx, search::Problems};

/// Characters of an address.
const LONGEST: usize = 500;

/// Whether this installation runs on its developer's machine: only there is http taken, to
/// that machine.
fn is_development(ctx: &Ctx) -> bool {
    ctx.settings().public_url.scheme() == "http"
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The address in this field, if it can be one; else what is wrong with it.
pub(crate) fn address(
    ctx: &Ctx,
    problems: &mut Problems,
    field: &str,
    text: &str,
    example: &str,
) -> Option<Url> {
    let text = text.trim();
    let url = Url::parse(text).ok().filter(|_| text.len() <= LONGEST);
    let Some(url) = url else {
        problems.add(field, &format!("Give an address such as {example}."));
        return None;
    };
    let secure = url.scheme() == "https";
    let own = url.scheme() == "http" && is_development(ctx) && is_loopback(&url);
    if !secure && !own {
        problems.add(field, "Give an address that begins with https://.");
        return None;
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        problems.add(field, "Leave out user, password and what follows a #.");
        return None;
    }
    Some(url)
}

/// An address without its query: some put a token there.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    if url.query().is_some() {
        url.set_query(Some("…"));
    }
    url.to_string().replace("%E2%80%A6", "…")
}
