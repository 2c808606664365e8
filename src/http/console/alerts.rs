//! Forms about alerts and their channels.

use app::FormOutcome;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use http::request::Parts;
use platform::{Ctx, Error, alerts};
use types::{
    AlertChannelId, AlertRuleId, StepUp,
    alerts::{AlertDraft, ChannelDraft},
};

use super::{
    ApiError, AppState, Visitor, id, refusal, reply,
    roles::{Fields, field},
    step_up::fresh,
};

fn text(fields: &Fields, name: &str) -> String {
    field(fields, name).unwrap_or_default().to_owned()
}

fn all(fields: &Fields, name: &str) -> Vec<String> {
    let found = fields.iter().filter(|(key, _)| key == name);
    found.map(|(_, value)| value.clone()).collect()
}

fn draft(fields: &Fields) -> AlertDraft {
    AlertDraft {
        kind: text(fields, "kind"),
        name: text(fields, "name"),
        environment: text(fields, "environment"),
        key: text(fields, "key"),
        endpoint: text(fields, "endpoint"),
        webhook: text(fields, "webhook"),
        window: text(fields, "window"),
        warning: text(fields, "warning"),
        critical: text(fields, "critical"),
        hysteresis: text(fields, "hysteresis"),
        clear_after: text(fields, "clear_after"),
        warning_channels: all(fields, "warning_channels"),
        critical_channels: all(fields, "critical_channels"),
    }
}

/// What goes back into a refused form: no code.
fn kept(fields: Fields) -> Fields {
    let typed = |name: &str| name != "step_up_code";
    fields.into_iter().filter(|(name, _)| typed(name)).collect()
}

fn said(text: impl Into<String>) -> FormOutcome {
    FormOutcome::Saved(text.into())
}

/// How many alerts fire that nobody has acknowledged, as text: what an open page asks.
pub(super) async fn firing(Visitor(ctx): Visitor) -> Result<String, ApiError> {
    Ok(alerts::firing(&ctx).await?.to_string())
}

/// Shows what it would have told, or saves it: what the last button says. Without a word it is a
/// preview, which saves nothing.
async fn preview_or_save(
    ctx: &Ctx,
    rule: Option<AlertRuleId>,
    fields: &Fields,
) -> Result<Result<AlertRuleId, FormOutcome>, Error> {
    let draft = draft(fields);
    if field(fields, "intent") != Some("save") {
        let preview = alerts::preview(ctx, &draft).await?;
        return Ok(Err(FormOutcome::AlertPreview {
            preview: Box::new(preview),
            values: fields.clone(),
        }));
    }
    Ok(Ok(match rule {
        Some(rule) => {
            alerts::update(ctx, rule, &draft).await?;
            rule
        }
        None => alerts::create(ctx, &draft).await?,
    }))
}

async fn form(
    state: AppState,
    ctx: Ctx,
    parts: Parts,
    rule: Option<AlertRuleId>,
    fields: Fields,
) -> Result<Response, ApiError> {
    match preview_or_save(&ctx, rule, &fields).await {
        Ok(Ok(rule)) => Ok(Redirect::to(&format!("/alerts/{rule}")).into_response()),
        Ok(Err(preview)) => Ok(reply(&state, ctx, parts, preview).await),
        Err(error) => refusal(&state, ctx, parts, error, fields).await,
    }
}

pub(super) async fn create(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    form(state, ctx, parts, None, fields).await
}

pub(super) async fn edit(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(rule): Path<String>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let rule: AlertRuleId = id(&rule, "The alert")?;
    form(state, ctx, parts, Some(rule), fields).await
}

/// What a form on an alert's page came to; nothing if the alert is gone.
async fn act(ctx: &Ctx, rule: AlertRuleId, fields: &Fields) -> Result<Option<FormOutcome>, Error> {
    Ok(Some(match field(fields, "intent").unwrap_or_default() {
        "acknowledge" => {
            alerts::acknowledge(ctx, rule).await?;
            said("Acknowledged: nobody is reminded of it.")
        }
        "silence" => {
            let seconds = text(fields, "silence").parse();
            let seconds = seconds.map_err(|_| Error::invalid("silence", "Choose for how long."))?;
            alerts::silence(ctx, rule, seconds).await?;
            said("The alert is silenced.")
        }
        "unsilence" => {
            alerts::unsilence(ctx, rule).await?;
            said("The silence is over: what fires is told.")
        }
        "enable" => {
            alerts::enable(ctx, rule).await?;
            said("The alert is on.")
        }
        "disable" => {
            alerts::disable(ctx, rule).await?;
            said("The alert is off.")
        }
        "delete" => {
            alerts::delete(ctx, rule).await?;
            return Ok(None);
        }
        _ => return Err(Error::Conflict("Nothing was done: choose what is to be done.")),
    }))
}

pub(super) async fn change(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(rule): Path<String>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let rule: AlertRuleId = id(&rule, "The alert")?;
    match act(&ctx, rule, &fields).await {
        // From the list, back to the list.
        Ok(Some(_)) if field(&fields, "back") == Some("list") => Ok(Redirect::to("/alerts").into_response()),
        Ok(Some(outcome)) => Ok(reply(&state, ctx, parts, outcome).await),
        Ok(None) => Ok(Redirect::to("/alerts").into_response()),
        Err(error) => refusal(&state, ctx, parts, error, fields).await,
    }
}

/// Answers with the page itself if there is a secret, which is shown this once.
pub(super) async fn create_channel(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let done = async {
        let ctx = fresh(ctx.clone(), StepUp::Webhooks, field(&fields, "step_up_code")).await?;
        let draft = ChannelDraft {
            kind: text(&fields, "kind"),
            name: text(&fields, "name"),
            member: text(&fields, "member"),
            url: text(&fields, "url"),
        };
        alerts::create_channel(&ctx, &draft).await
    };
    match done.await {
        Ok(made) => match made.secret {
            Some(secret) => Ok(reply(&state, ctx, parts, FormOutcome::WebhookSecret(secret)).await),
            None => Ok(Redirect::to(&format!("/alerts/channels/{}", made.id)).into_response()),
        },
        Err(error) => refusal(&state, ctx, parts, error, kept(fields)).await,
    }
}

async fn act_on_channel(
    ctx: Ctx,
    channel: AlertChannelId,
    fields: &Fields,
) -> Result<Option<FormOutcome>, Error> {
    match field(fields, "intent").unwrap_or_default() {
        "test" => Ok(Some(match alerts::test_channel(&ctx, channel).await? {
            None => said("The test message was taken."),
            Some(problem) => FormOutcome::Errors {
                message: format!("The test message did not get through. {problem}"),
                fields: Vec::new(),
                values: vec![("intent".to_owned(), "test".to_owned())],
            },
        })),
        "delete" => {
            let ctx = fresh(ctx, StepUp::Webhooks, field(fields, "step_up_code")).await?;
            alerts::delete_channel(&ctx, channel).await?;
            Ok(None)
        }
        _ => Err(Error::Conflict("Nothing was done: choose what is to be done.")),
    }
}

pub(super) async fn change_channel(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(channel): Path<String>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let channel: AlertChannelId = id(&channel, "The channel")?;
    match act_on_channel(ctx.clone(), channel, &fields).await {
        Ok(Some(outcome)) => Ok(reply(&state, ctx, parts, outcome).await),
        Ok(None) => Ok(Redirect::to("/alerts/channels").into_response()),
        Err(error) => refusal(&state, ctx, parts, error, kept(fields)).await,
    }
}
