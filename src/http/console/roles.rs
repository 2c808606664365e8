//! Forms about roles of the organisation's own: reviewed first, then saved.

use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use http::request::Parts;
use platform::{Ctx, Error, access::roles};
use types::{
    CustomRoleId, Permission, StepUp,
    team::{Review, RoleDraft},
};

use super::{ApiError, AppState, Visitor, id, refusal, review::show, step_up::fresh};

/// Each ticked box comes under the same name.
pub(super) type Fields = Vec<(String, String)>;

pub(super) fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    let found = fields.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.as_str())
}

/// The role as the form describes it. A word that is no permission is not passed over: it would
/// look granted.
fn draft(fields: &Fields) -> Result<RoleDraft, Error> {
    let ticked = fields.iter().filter(|(key, _)| key == "permissions");
    let permissions = ticked
        .map(|(_, word)| word.parse::<Permission>())
        .collect::<Result<_, _>>()
        .map_err(|_| Error::invalid("permissions", "One of these permissions is not known here."))?;
    Ok(RoleDraft {
        name: field(fields, "name").unwrap_or_default().to_owned(),
        permissions,
    })
}

async fn save(ctx: &Ctx, role: Option<CustomRoleId>, fields: &Fields) -> Result<(), Error> {
    let draft = draft(fields)?;
    let ctx = fresh(ctx.clone(), StepUp::Team, field(fields, "step_up_code")).await?;
    match role {
        None => roles::create(&ctx, &draft).await.map(|_| ()),
        Some(role) => roles::update(&ctx, role, &draft).await,
    }
}

async fn answer(
    state: AppState,
    ctx: Ctx,
    parts: Parts,
    role: Option<CustomRoleId>,
    fields: Fields,
) -> Result<Response, ApiError> {
    let saving = field(&fields, "step") == Some("save");
    let refused = if saving {
        match save(&ctx, role, &fields).await {
            Ok(()) => return Ok(Redirect::to("/team/roles").into_response()),
            Err(error) => Some(error),
        }
    } else {
        None
    };
    let reviewed = match draft(&fields) {
        Ok(draft) => roles::review(&ctx, role, &draft).await,
        Err(error) => Err(error),
    };
    match reviewed {
        Ok(review) => show(&state, ctx, parts, Review::Role(review), refused).await,
        Err(error) => {
            let kept = fields.into_iter().filter(|(name, _)| name != "step_up_code");
            refusal(&state, ctx, parts, refused.unwrap_or(error), kept.collect()).await
        }
    }
}

pub(super) async fn create(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    answer(state, ctx, parts, None, fields).await
}

pub(super) async fn update(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(role): Path<String>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let role = id(&role, "The role")?;
    answer(state, ctx, parts, Some(role), fields).await
}

pub(super) async fn delete(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(role): Path<String>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let role = id(&role, "The role")?;
    let done = async {
        let ctx = fresh(ctx.clone(), StepUp::Team, field(&fields, "step_up_code")).await?;
        roles::delete(&ctx, role).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to("/team/roles").into_response()),
        Err(error) => refusal(&state, ctx, parts, error, Vec::new()).await,
    }
}
