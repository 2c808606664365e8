//! Forms about limits of an organisation's own.

use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use http::request::Parts;
use platform::{Ctx, Error, limits::named};
use types::{
    StepUp,
    limits::{Costs, LimitTerms, LimitedCall},
};

use super::{
    ApiError, AppState, Visitor, refusal,
    roles::{Fields, field},
    step_up::fresh,
};

fn number(fields: &Fields, name: &'static str) -> Result<u32, Error> {
    let text = field(fields, name).unwrap_or_default().trim();
    text.parse()
        .map_err(|_| Error::invalid(name, "Give a whole number."))
}

fn read(fields: &Fields, name: String) -> Result<LimitTerms, Error> {
    let mut costs = Costs::default();
    for call in LimitedCall::ALL {
        if field(fields, call.field()).is_some() {
            costs = costs.with(*call, number(fields, call.field())?);
        }
    }
    Ok(LimitTerms {
        name,
        units: number(fields, "units")?,
        seconds: number(fields, "seconds")?,
        per_key: field(fields, "whose") == Some("each"),
        costs,
    })
}

async fn confirmed(ctx: &Ctx, fields: &Fields) -> Result<Ctx, Error> {
    fresh(ctx.clone(), StepUp::Keys, field(fields, "step_up_code")).await
}

async fn answer(
    state: &AppState,
    ctx: Ctx,
    parts: Parts,
    fields: Fields,
    done: Result<(), Error>,
) -> Result<Response, ApiError> {
    match done {
        Ok(()) => Ok(Redirect::to("/keys/limits").into_response()),
        Err(error) => {
            let kept = fields.into_iter().filter(|(name, _)| name != "step_up_code");
            refusal(state, ctx, parts, error, kept.collect()).await
        }
    }
}

pub(super) async fn create(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let done = async {
        let name = field(&fields, "name").unwrap_or_default().trim().to_owned();
        let terms = read(&fields, name)?;
        let ctx = confirmed(&ctx, &fields).await?;
        if named::list(&ctx)
            .await?
            .iter()
            .any(|limit| limit.terms.name == terms.name)
        {
            return Err(Error::invalid(
                "name",
                "There is a limit of this name. Change that one.",
            ));
        }
        named::set(&ctx, &terms).await.map(drop)
    };
    let done = done.await;
    answer(&state, ctx, parts, fields, done).await
}

pub(super) async fn change(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(name): Path<String>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let done = async {
        if field(&fields, "intent") == Some("remove") {
            return named::remove(&confirmed(&ctx, &fields).await?, &name)
                .await
                .map(drop);
        }
        let terms = read(&fields, name)?;
        named::get(&ctx, &terms.name).await?;
        named::set(&confirmed(&ctx, &fields).await?, &terms)
            .await
            .map(drop)
    };
    let done = done.await;
    answer(&state, ctx, parts, fields, done).await
}
