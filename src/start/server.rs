//! `loomwire serve`.

use std::{net::SocketAddr, sync::Arc};

use futures::FutureExt;
use platform::{Platform, identity, limits::Counting};
use tokio::net::TcpListener;

use super::{Failure, database::open, say, setup_address};
use crate::{
    alerts,
    background::Background,
    backup,
    carrying::Worker,
    config::Config,
    http::{self, Frame, Health, assets::Manifest},
    metrics::{self, Watched},
    serve::{self, Ended, Transport},
    source::{OsEntropy, SystemClock},
    streams,
    supervisor::Supervisor,
    telemetry,
    tls::{self, Https},
    valkey::Keeper,
    webhooks,
};

/// Serves until the signal to stop.
pub async fn serve(config: Config) -> Result<(), Failure> {
    let traces = telemetry::start_traced(&config);
    let stop = serve::stop_signal()?;
    let https = https(&config).await?;
    let counted = config.metrics.is_on().then(metrics::start).flatten();
    let platform = open(&config).await?;
    let listener = bind(config.listen, "LOOMWIRE_LISTEN").await?;
    let reader = match config.metrics.listen {
        Some(address) => Some(bind(address, "LOOMWIRE_METRICS__LISTEN").await?),
        None => None,
    };
    let watched = Watched::start(&config, &platform, counted, reader);
    if !Manifest::load().is_built() {
        tracing::warn!("the site is not built, so pages have no styles: run `cargo xtask run`");
    }
    greet(&config, &platform).await?;
    let health = health(&platform);
    let keeper_of_limits = Keeper::start(platform.system()).await;
    let frame = Frame::new(&config, Arc::new(SystemClock), Arc::new(OsEntropy));
    let all = http::routes(&platform, &config, health.clone()).merge(watched.public());
    let router = http::frame(all, &frame);
    let background = Background::start(&platform.system(), &config.ledger)?;
    let backups = backup::Worker::start(platform.system(), &config);
    let sending = streams::Worker::start(platform.system());
    let telling = Worker::start(platform.system(), webhooks::Deliveries);
    let alerting = Worker::start(platform.system(), alerts::Deliveries);
    let (transport, redirect, keeper) = secured(&config, https).await?;
    let stop = Supervisor::of_this_process().announce(stop).shared();
    let front = serve::serve(
        listener,
        transport,
        router,
        config.limits,
        health.clone(),
        stop.clone(),
    );
    let beside = async {
        if let Some((listener, routes)) = redirect {
            serve::serve(listener, Transport::Plain, routes, config.limits, health, stop).await;
        }
    };
    let (ended, ()) = tokio::join!(front, beside);
    drop(keeper);
    if let Ended::CutOff(connections) = ended {
        tracing::warn!(connections, "stopped with connections still open");
    }
    background.stop().await;
    watched.stop().await;
    backups.stop().await;
    sending.stop().await;
    telling.stop().await;
    alerting.stop().await;
    drop(keeper_of_limits);
    platform.close().await;
    if let Some(traces) = traces {
        traces.stop().await;
    }
    tracing::info!("stopped");
    Ok(())
}

/// Whether this process can serve, and how it counts calls if that is not by itself.
fn health(platform: &Platform) -> Health {
    let (asked, counting) = (platform.clone(), platform.clone());
    let health = Health::new(move || {
        let platform = asked.clone();
        async move { platform.ping().await.is_ok() }
    });
    health.telling(move || match counting.limits_counting() {
        Counting::Alone => None,
        Counting::Shared => Some("shared"),
        Counting::Fallback => Some("fallback"),
    })
}

async fn bind(address: SocketAddr, key: &'static str) -> Result<TcpListener, Failure> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|source| Failure::Listen { address, key, source })
}

/// https, if this server speaks it itself.
async fn https(config: &Config) -> Result<Option<Https>, Failure> {
    let Some(settings) = &config.tls else {
        return Ok(None);
    };
    let origin = config.public_url.origin().ascii_serialization();
    let host = config.public_url.host_str().unwrap_or_default();
    let opened = Https::open(
        settings,
        &origin,
        host,
        Arc::new(SystemClock),
        Arc::new(OsEntropy),
    )
    .await?;
    Ok(Some(opened))
}

type Secured = (
    Transport,
    Option<(TcpListener, axum::Router)>,
    Option<tls::Keeper>,
);

/// How connections are received, what is answered over plain http beside, and the keeper of the
/// certificate, who works for as long as he is kept.
async fn secured(config: &Config, https: Option<Https>) -> Result<Secured, Failure> {
    let Some(https) = https else {
        return Ok((Transport::Plain, None, None));
    };
    let redirect = match config.tls.as_ref().and_then(|tls| tls.redirect_listen) {
        None => None,
        Some(address) => {
            let listener = bind(address, "LOOMWIRE_TLS__REDIRECT_LISTEN").await?;
            Some((listener, https.redirect.clone()))
        }
    };
    Ok((
        Transport::Tls(https.acceptor.clone()),
        redirect,
        Some(https.keep()?),
    ))
}

/// What serving says to whoever started it. On standard output, beside the log: a link that
/// sets up an installation is a secret.
async fn greet(config: &Config, platform: &Platform) -> Result<(), Failure> {
    let origin = config.public_url.origin().ascii_serialization();
    tracing::info!(listen = %config.listen, public_url = %origin, "serving");
    say(&format!("Loomwire is at {origin}\n"))?;
    if let Some(secret) = identity::setup_link(&platform.system()).await? {
        let address = setup_address(config, &secret);
        say(&format!(
            "Set up the first account within one hour, once: {address}\n"
        ))?;
    }
    Ok(())
}
