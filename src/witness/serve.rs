//! `POST /add-checkpoint`.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Request as HttpRequest, State as Shared},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::post,
};
use http::{HeaderValue, StatusCode, header};
use ledger::{
    checkpoint::{self, Checkpoint, NoteError, NoteKey},
    proof::verify_consistency,
    witness::{CosignSigner, Request, cosign},
};
use tokio::{sync::Mutex, task::spawn_blocking, time::timeout};
use types::Clock;

use super::state::{Signed, State};

/// More than a proof and a checkpoint with many signatures need.
pub(super) const LONGEST: usize = 96 * 1024;
/// C2SP tlog-witness: the type of a body that is a size.
const SIZE: HeaderValue = HeaderValue::from_static("text/x.tlog.size");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// A witness. Cheap to clone.
#[derive(Clone)]
pub struct Witness(Arc<Inner>);

struct Inner {
    signer: CosignSigner,
    logs: Vec<NoteKey>,
    clock: Arc<dyn Clock>,
    /// One request at a time: looking and keeping are one act.
    state: Arc<Mutex<State>>,
}

/// Why a checkpoint is not signed.
enum Refusal {
    /// 400
    Unreadable(&'static str),
    /// 404
    Unknown,
    /// 403
    Unsigned,
    /// 409, with what was signed last.
    Conflict(u64),
    /// 422
    Inconsistent,
    /// 500
    Lost,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let text = |status: StatusCode, text: &str| {
            (status, [(header::CONTENT_TYPE, TEXT)], format!("{text}\n")).into_response()
        };
        match self {
            Self::Unreadable(why) => text(StatusCode::BAD_REQUEST, why),
            Self::Unknown => text(StatusCode::NOT_FOUND, "This log is not witnessed here."),
            Self::Unsigned => text(
                StatusCode::FORBIDDEN,
                "The log's key did not sign this checkpoint.",
            ),
            Self::Conflict(size) => {
                let headers = [(header::CONTENT_TYPE, SIZE)];
                (StatusCode::CONFLICT, headers, format!("{size}\n")).into_response()
            }
            Self::Inconsistent => text(
                StatusCode::UNPROCESSABLE_ENTITY,
                "The proof does not show that this tree grew out of the last one.",
            ),
            Self::Lost => text(
                StatusCode::INTERNAL_SERVER_ERROR,
                "The state cannot be kept, so nothing is signed.",
            ),
        }
    }
}

impl Witness {
    /// Of these logs.
    pub fn new(signer: CosignSigner, logs: Vec<NoteKey>, state: State, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner {
            signer,
            logs,
            clock,
            state: Arc::new(Mutex::new(state)),
        }))
    }

    /// Its one route; an answer takes no longer than the limit.
    pub fn routes(self, limit: Duration) -> Router {
        let bounded = move |request: HttpRequest, next: Next| async move {
            match timeout(limit, next.run(request)).await {
                Ok(response) => response,
                Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
            }
        };
        Router::new()
            .route("/add-checkpoint", post(add_checkpoint))
            .layer(DefaultBodyLimit::max(LONGEST))
            .layer(middleware::from_fn(bounded))
            .with_state(self)
    }

    /// Checks a request, keeps what it says, and only then gives the signature line.
    async fn sign(&self, body: &str) -> Result<String, Refusal> {
        let request =
            Request::parse(body).map_err(|_| Refusal::Unreadable("This is no add-checkpoint request."))?;
        let checkpoint = self.verified(&request)?;
        if request.old_size > checkpoint.size {
            return Err(Refusal::Unreadable(
                "The old size is larger than the checkpoint's.",
            ));
        }
        // Held until it is kept, also when the asker has gone: the task goes on.
        let mut state = Arc::clone(&self.0.state).lock_owned().await;
        let before = state.of(&checkpoint.origin);
        if request.old_size != before.size {
            return Err(Refusal::Conflict(before.size));
        }
        let now = Signed {
            size: checkpoint.size,
            root: checkpoint.root,
        };
        if before.size == now.size && before.root != now.root {
            tracing::error!(
                log = checkpoint.origin,
                size = now.size,
                "A FORK: two trees of one size, both signed"
            );
            return Err(Refusal::Conflict(before.size));
        }
        let grown = verify_consistency((before.size, &before.root), (now.size, &now.root), &request.proof);
        if grown.is_err() {
            tracing::error!(
                log = checkpoint.origin,
                from = before.size,
                to = now.size,
                "not shown to have grown"
            );
            return Err(Refusal::Inconsistent);
        }
        if before != now {
            let origin = checkpoint.origin.clone();
            let kept = spawn_blocking(move || state.keep(&origin, now)).await;
            if !matches!(kept, Ok(Ok(()))) {
                tracing::error!(?kept, "the state cannot be kept");
                return Err(Refusal::Lost);
            }
        }
        tracing::info!(log = checkpoint.origin, size = now.size, "signed");
        let seconds = u64::try_from(self.0.clock.now().as_millis() / 1000).unwrap_or_default();
        cosign(&request.checkpoint, &self.0.signer, seconds)
            .map_err(|_| Refusal::Unreadable("This is no checkpoint."))
    }

    /// What the checkpoint says, if a log that is witnessed here has signed it.
    fn verified(&self, request: &Request) -> Result<Checkpoint, Refusal> {
        let claimed = checkpoint::peek(&request.checkpoint)
            .map_err(|_| Refusal::Unreadable("This is no checkpoint."))?;
        let mut known = self
            .0
            .logs
            .iter()
            .filter(|log| log.name() == claimed.origin)
            .peekable();
        if known.peek().is_none() {
            return Err(Refusal::Unknown);
        }
        let opened = known.find_map(|log| match checkpoint::open(&request.checkpoint, log) {
            Ok(checkpoint) => Some(Ok(checkpoint)),
            Err(NoteError::Unsigned(_)) => None,
            Err(_) => Some(Err(Refusal::Unsigned)),
        });
        opened.unwrap_or(Err(Refusal::Unsigned))
    }
}

async fn add_checkpoint(Shared(witness): Shared<Witness>, body: Bytes) -> Result<Response, Refusal> {
    let body = std::str::from_utf8(&body).map_err(|_| Refusal::Unreadable("The body is no text."))?;
    let line = witness.sign(body).await?;
    let line = format!("{}\n", line.trim_end_matches('\n'));
    Ok(([(header::CONTENT_TYPE, TEXT)], line).into_response())
}
