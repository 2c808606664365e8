//! The addresses: free, or ours already.

use std::{io::ErrorKind, net::SocketAddr};

use tokio::net::TcpListener;

use super::Finding;
use crate::{config::Config, healthcheck};

const NAME: &str = "address";

pub(super) async fn check(config: Config) -> Vec<Finding> {
    let mut findings = vec![address(&config).await];
    let redirect = config.tls.as_ref().and_then(|tls| tls.redirect_listen);
    if let Some(listen) = redirect {
        findings.extend(impossible(listen, "tls.redirect_listen").await);
    }
    findings
}

/// Whether somebody listens there already.
pub(super) async fn is_taken(listen: SocketAddr) -> bool {
    let bound = TcpListener::bind(listen).await;
    bound.is_err_and(|error| error.kind() == ErrorKind::AddrInUse)
}

/// An address that no server of ours could have.
async fn impossible(listen: SocketAddr, key: &str) -> Option<Finding> {
    match TcpListener::bind(listen).await {
        Err(error) if error.kind() != ErrorKind::AddrInUse => Some(Finding::fail(
            NAME,
            format!("The server cannot listen on {listen}: {error}."),
            format!("Set {key} to an address of this machine; ports below 1024 need a capability."),
        )),
        _ => None,
    }
}

async fn address(config: &Config) -> Finding {
    let listen = config.listen;
    if is_taken(listen).await {
        return taken(config).await;
    }
    let free = || Finding::ok(NAME, format!("{listen} is free; no server runs there."));
    impossible(listen, "listen").await.unwrap_or_else(free)
}

async fn taken(config: &Config) -> Finding {
    let listen = config.listen;
    match healthcheck::run(config.clone()).await {
        Ok(()) => Finding::ok(NAME, format!("A server runs at {listen} and is ready.")),
        Err(failure) => Finding::fail(
            NAME,
            format!("{listen} is taken. {failure}"),
            "If it is another program, stop it or set listen; if it is Loomwire, read its log.",
        ),
    }
}
