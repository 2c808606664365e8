//! Forms about webhooks.

use app::FormOutcome;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use http::request::Parts;
use platform::{Ctx, Error, webhooks};
use types::{DeliveryId, StepUp, WebhookId, webhooks::WebhookDraft};

use super::{
    ApiError, AppState, Visitor, id, refusal, reply,
    roles::{Fields, field},
    step_up::fresh,
};

fn draft(fields: &Fields) -> WebhookDraft {
    let text = |name: &str| field(fields, name).unwrap_or_default().to_owned();
    let events = fields.iter().filter(|(name, _)| name == "events");
    WebhookDraft {
        url: text("url"),
        description: text("description"),
        environment: text("environment"),
        events: events.map(|(_, word)| word.clone()).collect(),
    }
}

/// What goes back into a refused form: no code.
fn kept(fields: Fields) -> Fields {
    let typed = |name: &str| name != "step_up_code";
    fields.into_iter().filter(|(name, _)| typed(name)).collect()
}

/// Answers with the page itself, which shows the secret this once.
pub(super) async fn create(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let done = async {
        let ctx = fresh(ctx.clone(), StepUp::Webhooks, field(&fields, "step_up_code")).await?;
        webhooks::create(&ctx, &draft(&fields)).await
    };
    match done.await {
        Ok(made) => Ok(reply(&state, ctx, parts, FormOutcome::WebhookSecret(made.secret)).await),
        Err(error) => refusal(&state, ctx, parts, error, kept(fields)).await,
    }
}

fn said(text: impl Into<String>) -> FormOutcome {
    FormOutcome::Saved(text.into())
}

async fn test(ctx: &Ctx, webhook: WebhookId) -> Result<FormOutcome, Error> {
    Ok(match webhooks::test(ctx, webhook).await?.1 {
        None => said("The test event was taken."),
        Some(problem) => FormOutcome::Errors {
            message: format!("The test event did not get through. {problem}"),
            fields: Vec::new(),
            values: vec![("intent".to_owned(), "test".to_owned())],
        },
    })
}

async fn replay_since(ctx: &Ctx, webhook: WebhookId, fields: &Fields) -> Result<FormOutcome, Error> {
    let since = field(fields, "since").unwrap_or_default();
    Ok(match webhooks::replay_since(ctx, webhook, since).await? {
        0 => said("Nothing was given up since then, so nothing is sent again."),
        1 => said("1 delivery is sent again."),
        count => said(format!("{count} deliveries are sent again.")),
    })
}

/// What a form on a webhook's page came to; nothing if the webhook is gone.
async fn act(ctx: Ctx, webhook: WebhookId, fields: &Fields) -> Result<Option<FormOutcome>, Error> {
    let intent = field(fields, "intent").unwrap_or_default();
    // Neither changes where anything is sent, so neither is confirmed.
    match intent {
        "test" => return test(&ctx, webhook).await.map(Some),
        "replay_since" => return replay_since(&ctx, webhook, fields).await.map(Some),
        _ => {}
    }
    let ctx = fresh(ctx, StepUp::Webhooks, field(fields, "step_up_code")).await?;
    Ok(Some(match intent {
        "save" => {
            webhooks::update(&ctx, webhook, &draft(fields)).await?;
            said("The webhook was changed.")
        }
        "disable" => {
            webhooks::disable(&ctx, webhook).await?;
            said("The webhook is disabled.")
        }
        "enable" => {
            webhooks::enable(&ctx, webhook).await?;
            said("The webhook is enabled.")
        }
        "rotate" => FormOutcome::WebhookSecret(webhooks::rotate(&ctx, webhook).await?.secret),
        "end_old_secret" => {
            webhooks::end_old_secret(&ctx, webhook).await?;
            said("The old secret signs nothing more.")
        }
        "delete" => {
            webhooks::delete(&ctx, webhook).await?;
            return Ok(None);
        }
        _ => return Err(Error::Conflict("Nothing was done: choose what is to be done.")),
    }))
}

pub(super) async fn change(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(webhook): Path<String>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let webhook: WebhookId = id(&webhook, "The webhook")?;
    match act(ctx.clone(), webhook, &fields).await {
        Ok(Some(outcome)) => Ok(reply(&state, ctx, parts, outcome).await),
        Ok(None) => Ok(Redirect::to("/webhooks").into_response()),
        Err(error) => refusal(&state, ctx, parts, error, kept(fields)).await,
    }
}

pub(super) async fn replay(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path((webhook, delivery)): Path<(String, String)>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let webhook: WebhookId = id(&webhook, "The webhook")?;
    let delivery: DeliveryId = id(&delivery, "The delivery")?;
    let outcome = match webhooks::replay(&ctx, webhook, delivery).await {
        Ok(()) => FormOutcome::Saved("It is sent again.".to_owned()),
        Err(error) => return refusal(&state, ctx, parts, error, kept(fields)).await,
    };
    Ok(reply(&state, ctx, parts, outcome).await)
}
