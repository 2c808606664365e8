//! `/healthz`: the process runs. `/readyz`: it can serve, and is not about to stop.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Json, Router, extract::State, response::IntoResponse};
use serde_json::{Value, json};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiError, Code,
    openapi::shapes::{Alive, Ready},
};

/// How long the database may take to answer before this counts as not ready.
const PATIENCE: Duration = Duration::from_secs(2);

type Answer = Pin<Box<dyn Future<Output = bool> + Send>>;

/// Whether this process can serve. Clones share one state.
#[derive(Clone)]
pub struct Health {
    draining: Arc<AtomicBool>,
    ping: Arc<dyn Fn() -> Answer + Send + Sync>,
    limits: Arc<dyn Fn() -> Option<&'static str> + Send + Sync>,
}

impl Health {
    /// `ping` asks the database.
    pub fn new<F, A>(ping: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = bool> + Send + 'static,
    {
        Self {
            draining: Arc::default(),
            ping: Arc::new(move || Box::pin(ping())),
            limits: Arc::new(|| None),
        }
    }

    /// `limits` says how calls are counted, if not by this process alone. It makes nobody less
    /// ready: without the shared store each server counts for itself.
    #[must_use]
    pub fn telling<F>(self, limits: F) -> Self
    where
        F: Fn() -> Option<&'static str> + Send + Sync + 'static,
    {
        Self {
            limits: Arc::new(limits),
            ..self
        }
    }

    /// From now on not ready: the process is going to stop.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Whether the process is going to stop.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    async fn ready(&self) -> Result<(), ApiError> {
        let refuse = |message| Err(ApiError::new(Code::Unavailable, message));
        if self.is_draining() {
            return refuse("This process is stopping. Send requests to another one.");
        }
        match tokio::time::timeout(PATIENCE, (self.ping)()).await {
            Ok(true) => Ok(()),
            _ => refuse("The database does not answer, or does not finish what is written."),
        }
    }

    /// Both routes.
    pub fn routes(self) -> Router {
        described().with_state(self).split_for_parts().0
    }
}

/// Both routes, with what the document says of them.
pub(super) fn described() -> OpenApiRouter<Health> {
    OpenApiRouter::new()
        .routes(routes!(healthz))
        .routes(routes!(readyz))
}

/// Whether the process runs
///
/// It asks nothing else: a database that is away makes the server less ready, not less alive.
#[utoipa::path(
    get, path = "/healthz", operation_id = "getHealth", tag = "Server",
    responses((status = 200, description = "It runs.", body = Alive)),
)]
async fn healthz() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// Whether the server can serve
///
/// For load balancers: 503 while the database does not answer, and once the process is going to stop.
#[utoipa::path(
    get, path = "/readyz", operation_id = "getReadiness", tag = "Server",
    responses((status = 200, description = "It can.", body = Ready)),
)]
async fn readyz(State(health): State<Health>) -> Result<impl IntoResponse, ApiError> {
    health.ready().await?;
    Ok(Json(match (health.limits)() {
        None => json!({ "status": "ready" }),
        Some(limits) => json!({ "status": "ready", "limits": limits }),
    }))
}
