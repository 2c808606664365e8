//! Posting spans to the collector: one connection for each batch, with a limit on time.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use opentelemetry_http::{HttpClient, HttpError};
use tokio::runtime::Handle;

use crate::outbound::Outbound;

/// A collector gets this long for one batch.
const PATIENCE: Duration = Duration::from_secs(10);

/// Posts from any thread, on the runtime that it was made in.
pub(super) struct Post {
    runtime: Handle,
    outbound: Outbound,
    /// Whether the last post failed: what is logged is the change.
    failing: AtomicBool,
}

impl std::fmt::Debug for Post {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Post")
    }
}

impl Post {
    /// Trusts the certificates of `ca_file`, or the public ones. Call it inside the runtime.
    pub(super) fn new(ca_file: Option<&Path>) -> Result<Self, HttpError> {
        Ok(Self {
            runtime: Handle::current(),
            outbound: Outbound::new(ca_file)?,
            failing: AtomicBool::new(false),
        })
    }

    fn note(&self, failure: Option<&HttpError>) {
        let was = self.failing.swap(failure.is_some(), Ordering::Relaxed);
        match failure {
            Some(error) => {
                metrics::counter!("loomwire_traces_posts_failed_total").increment(1);
                if !was {
                    tracing::warn!(error = %error, "traces cannot be sent, and are dropped for the time being");
                }
            }
            None if was => tracing::info!("traces can be sent again"),
            None => {}
        }
    }
}

#[async_trait]
impl HttpClient for Post {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let outbound = self.outbound.clone();
        let sent = self
            .runtime
            .spawn(async move { outbound.send(request, PATIENCE).await });
        let answer = match sent.await {
            Ok(answer) => answer,
            Err(error) => Err(error.into()),
        };
        let answer = answer.and_then(|answer| match answer.status() {
            status if status.is_success() => Ok(answer),
            status => Err(format!("the collector answered {status}").into()),
        });
        self.note(answer.as_ref().err());
        answer
    }
}
