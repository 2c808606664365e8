//! What was configured, beyond what is refused at start.

use super::Finding;
use crate::config::{Config, Problems};

const NAME: &str = "configuration";

/// A finding for each problem; nothing else can be looked at.
pub(super) fn unusable(problems: &Problems) -> Vec<Finding> {
    problems
        .0
        .iter()
        .map(|problem| {
            let advice = "Correct it in loomwire.toml or in the environment.";
            Finding::fail(NAME, problem, advice)
        })
        .collect()
}

pub(super) fn check(config: &Config) -> Vec<Finding> {
    let origin = config.public_url.origin().ascii_serialization();
    let mut findings = vec![Finding::ok(
        NAME,
        format!("It is sound; people reach it at {origin}."),
    )];
    let proxied = config.is_https() && config.tls.is_none();
    if proxied && config.trusted_proxies.is_empty() {
        findings.push(Finding::warn(
            NAME,
            "The public address is https, the server speaks http, and no proxy is trusted: every \
             request seems to come from the proxy.",
            "Name the proxy's address in trusted_proxies, or set tls.* so that no proxy is needed.",
        ));
    }
    if !config.is_https() && !config.listen.ip().is_loopback() {
        findings.push(Finding::warn(
            NAME,
            format!(
                "The public address is this machine only, and {} is open to others.",
                config.listen
            ),
            "Set listen to 127.0.0.1, or set public_url to the https address.",
        ));
    }
    if let Some(listen) = config.metrics.listen.filter(|listen| !listen.ip().is_loopback()) {
        findings.push(Finding::warn(
            NAME,
            format!("Whoever reaches {listen} can read the metrics, without a password."),
            "Let a firewall or a network policy admit the collector only.",
        ));
    }
    findings
}
