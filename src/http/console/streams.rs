//! Forms about streams of audit events.

use app::FormOutcome;
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use http::request::Parts;
use platform::{Ctx, Error, streams};
use types::{StepUp, StreamId, retention::LogScope, streams::StreamDraft};

use super::{
    ApiError, AppState, Visitor, id, refusal, reply,
    roles::{Fields, field},
    step_up::fresh,
};

fn draft(fields: &Fields) -> StreamDraft {
    let text = |name: &str| field(fields, name).unwrap_or_default().to_owned();
    StreamDraft {
        name: text("name"),
        kind: text("kind"),
        format: text("format"),
        with_personal: field(fields, "with_personal").is_some(),
        from_start: field(fields, "from_start").is_some(),
        url: text("url"),
        host: text("host"),
        port: text("port"),
        endpoint: text("endpoint"),
        region: text("region"),
        bucket: text("bucket"),
        prefix: text("prefix"),
        access_key_id: text("access_key_id"),
        secret_access_key: text("secret_access_key"),
        authorities: text("authorities"),
    }
}

fn to_streams(scope: LogScope) -> Response {
    let path = match scope {
        LogScope::Organisation => "/audit/streams",
        LogScope::Installation => "/staff/streams",
    };
    Redirect::to(path).into_response()
}

/// What goes back into a refused form: no secret, and no code.
fn kept(fields: Fields) -> Fields {
    let secret = |name: &str| matches!(name, "secret_access_key" | "step_up_code");
    fields.into_iter().filter(|(name, _)| !secret(name)).collect()
}

pub(super) async fn create(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Extension(scope): Extension<LogScope>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let draft = draft(&fields);
    let done = async {
        let ctx = fresh(ctx.clone(), StepUp::Audit, field(&fields, "step_up_code")).await?;
        streams::create(&ctx, scope, &draft).await
    };
    match done.await {
        Ok(made) => match made.secret {
            Some(secret) => {
                let name = draft.name;
                Ok(reply(&state, ctx, parts, FormOutcome::StreamSecret { name, secret }).await)
            }
            None => Ok(to_streams(scope)),
        },
        Err(error) => refusal(&state, ctx, parts, error, kept(fields)).await,
    }
}

/// What a form on a stream's page came to.
enum Done {
    Said(String),
    Secret(String),
    Gone,
}

async fn act(ctx: &Ctx, scope: LogScope, stream: StreamId, fields: &Fields) -> Result<Done, Error> {
    let said = |text: &str| Ok(Done::Said(text.to_owned()));
    match field(fields, "intent").unwrap_or_default() {
        "pause" => {
            streams::pause(ctx, scope, stream).await?;
            said("The stream is paused.")
        }
        "resume" => {
            streams::resume(ctx, scope, stream).await?;
            said("The stream goes on.")
        }
        "replay" => {
            let from = field(fields, "from").unwrap_or_default().trim().parse();
            let from = from.map_err(|_| Error::invalid("from", "Give a whole number."))?;
            streams::replay(ctx, scope, stream, from).await?;
            Ok(Done::Said(format!(
                "The event at place {from} is the next that is sent."
            )))
        }
        "secret" => {
            let made = streams::new_secret(ctx, scope, stream).await?;
            Ok(Done::Secret(made.secret.unwrap_or_default()))
        }
        "delete" => {
            streams::delete(ctx, scope, stream).await?;
            Ok(Done::Gone)
        }
        _ => Err(Error::Conflict("Nothing was done: choose what is to be done.")),
    }
}

async fn test(ctx: &Ctx, scope: LogScope, stream: StreamId) -> Result<FormOutcome, Error> {
    Ok(match streams::test(ctx, scope, stream).await? {
        None => FormOutcome::Saved("The test event was taken.".to_owned()),
        Some(problem) => FormOutcome::Errors {
            message: format!("The test event did not get through. {problem}"),
            fields: Vec::new(),
            values: vec![("intent".to_owned(), "test".to_owned())],
        },
    })
}

pub(super) async fn change(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Extension(scope): Extension<LogScope>,
    Path(stream): Path<String>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let stream: StreamId = id(&stream, "The stream")?;
    if field(&fields, "intent") == Some("test") {
        return match test(&ctx, scope, stream).await {
            Ok(outcome) => Ok(reply(&state, ctx, parts, outcome).await),
            Err(error) => refusal(&state, ctx, parts, error, fields).await,
        };
    }
    let done = async {
        let ctx = fresh(ctx.clone(), StepUp::Audit, field(&fields, "step_up_code")).await?;
        act(&ctx, scope, stream, &fields).await
    };
    let outcome = match done.await {
        Ok(Done::Said(text)) => FormOutcome::Saved(text),
        Ok(Done::Secret(secret)) => FormOutcome::StreamSecret {
            name: String::new(),
            secret,
        },
        Ok(Done::Gone) => return Ok(to_streams(scope)),
        Err(error) => return refusal(&state, ctx, parts, error, kept(fields)).await,
    };
    Ok(reply(&state, ctx, parts, outcome).await)
}
