//! Being read for as long as the server runs, its stopping included.

use std::time::Duration;

use axum::Router;
use metrics_exporter_prometheus::PrometheusHandle;
use platform::Platform;
use tokio::{
    net::TcpListener,
    sync::oneshot,
    task::{AbortHandle, JoinHandle},
};

use super::{Source, answer, upkeep};
use crate::{
    config::{Config, Limits, Token},
    http::Health,
    serve::{Ended, Transport, serve},
};

/// A reader that is at it when the server stops gets no longer than this.
const DRAIN: Duration = Duration::from_secs(1);

/// The metrics, served.
#[derive(Default)]
pub struct Watched {
    at_public: Option<(Source, Token)>,
    own: Option<(oneshot::Sender<()>, JoinHandle<Ended>)>,
    upkeep: Option<AbortHandle>,
}

impl Watched {
    /// As the operator decided; `listener` is for `metrics.listen`. Nothing is served unless
    /// something is counted.
    pub fn start(
        config: &Config,
        platform: &Platform,
        counted: Option<PrometheusHandle>,
        listener: Option<TcpListener>,
    ) -> Self {
        let Some(counted) = counted else {
            return Self::default();
        };
        let upkeep = upkeep(counted.clone()).abort_handle();
        let source = Source::new(counted, platform);
        let own = listener.map(|listener| {
            let (stop, stopped) = oneshot::channel::<()>();
            let limits = Limits {
                drain: DRAIN,
                ..config.limits
            };
            let health = Health::new(|| async { true });
            let stopped = async move { drop(stopped.await) };
            let router = answer::own(source.clone());
            (
                stop,
                tokio::spawn(serve(listener, Transport::Plain, router, limits, health, stopped)),
            )
        });
        Self {
            at_public: config.metrics.token.clone().map(|token| (source, token)),
            own,
            upkeep: Some(upkeep),
        }
    }

    /// The route at the public address, if there is a token for it.
    pub fn public(&self) -> Router {
        self.at_public
            .as_ref()
            .map_or_else(Router::new, |(source, token)| {
                answer::public(source.clone(), token.clone())
            })
    }

    /// Ends it.
    pub async fn stop(self) {
        if let Some(upkeep) = self.upkeep {
            upkeep.abort();
        }
        if let Some((stop, served)) = self.own {
            // Dropped, it is done; an error means that it has ended already.
            drop(stop);
            drop(served.await);
        }
    }
}
