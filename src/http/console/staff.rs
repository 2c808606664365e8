//! Forms about staff: roles for good, and higher ones for a time; and what staff set for
//! organisations.

use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use http::request::Parts;
use platform::{Ctx, Error, elevations, staff, usage};
use serde::Deserialize;
use types::{OrganisationId, StaffRole, StepUp, alerts::Currency};

use super::{ApiError, AppState, Visitor, id, refusal, step_up::fresh};

const BACK: &str = "/staff/access";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct StaffForm {
    email: String,
    role: String,
    reason: String,
    minutes: String,
    decision: String,
    step_up_code: Option<String>,
}

impl StaffForm {
    fn role(&self) -> Result<StaffRole, Error> {
        let word = self.role.parse();
        word.map_err(|_| Error::invalid("role", "Choose one of the staff roles."))
    }

    async fn fresh(&self, ctx: &Ctx) -> Result<Ctx, Error> {
        fresh(ctx.clone(), StepUp::Staff, self.step_up_code.as_deref()).await
    }

    fn values(self) -> Vec<(String, String)> {
        vec![
            ("email".into(), self.email),
            ("role".into(), self.role),
            ("reason".into(), self.reason),
            ("minutes".into(), self.minutes),
        ]
    }
}

async fn answer(
    state: &AppState,
    ctx: Ctx,
    parts: Parts,
    form: StaffForm,
    done: Result<(), Error>,
) -> Result<Response, ApiError> {
    match done {
        Ok(()) => Ok(Redirect::to(BACK).into_response()),
        Err(error) => refusal(state, ctx, parts, error, form.values()).await,
    }
}

pub(super) async fn give(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<StaffForm>,
) -> Result<Response, ApiError> {
    let done = async {
        let role = form.role()?;
        staff::give(&form.fresh(&ctx).await?, &form.email, role).await
    };
    let done = done.await;
    answer(&state, ctx, parts, form, done).await
}

/// Another role, or none.
pub(super) async fn change(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(person): Path<String>,
    parts: Parts,
    Form(form): Form<StaffForm>,
) -> Result<Response, ApiError> {
    let person = id(&person, "The staff member")?;
    let done = async {
        let role = if form.role == "none" {
            None
        } else {
            Some(form.role()?)
        };
        staff::set_role(&form.fresh(&ctx).await?, person, role).await
    };
    let done = done.await;
    answer(&state, ctx, parts, form, done).await
}

pub(super) async fn ask(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<StaffForm>,
) -> Result<Response, ApiError> {
    let done = async {
        let role = form.role()?;
        let minutes = form.minutes.trim().parse();
        let minutes = minutes.map_err(|_| Error::invalid("minutes", "Give whole minutes."))?;
        elevations::ask(&form.fresh(&ctx).await?, role, &form.reason, minutes).await
    };
    let done = done.await.map(|_| ());
    answer(&state, ctx, parts, form, done).await
}

pub(super) async fn decide(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(elevation): Path<String>,
    parts: Parts,
    Form(form): Form<StaffForm>,
) -> Result<Response, ApiError> {
    let elevation = id(&elevation, "The request")?;
    let done = async {
        match form.decision.as_str() {
            "approve" => elevations::approve(&form.fresh(&ctx).await?, elevation).await,
            "stop" => elevations::stop(&ctx, elevation).await,
            _ => Err(Error::invalid(
                "decision",
                "Choose whether to approve or to stop it.",
            )),
        }
    };
    let done = done.await;
    answer(&state, ctx, parts, form, done).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct QuotaForm {
    /// Empty: no limit.
    units: String,
    /// `price` for the form of the price; else the quota's.
    intent: String,
    /// Minor units; empty: no price.
    minor: String,
    currency: String,
    reason: String,
    /// The reason of the price: a page has each field once.
    why: String,
    step_up_code: Option<String>,
}

impl QuotaForm {
    fn price(&self) -> Result<Option<(u64, Currency)>, Error> {
        let text = self.minor.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let minor = text.parse().map_err(|_| {
            Error::invalid("minor", "Give whole minor units, such as 250, or leave it empty.")
        })?;
        let currency = self
            .currency
            .parse()
            .map_err(|_| Error::invalid("currency", "Choose a currency of the list."))?;
        Ok(Some((minor, currency)))
    }

    fn units(&self) -> Result<Option<u64>, Error> {
        let text = self.units.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let units = text.parse().map(Some);
        units.map_err(|_| Error::invalid("units", "Give a whole number, such as 10000, or leave it empty."))
    }
}

/// The reason as the form of the price calls it.
fn called_why(error: Error) -> Error {
    let Error::Invalid { mut fields } = error else {
        return error;
    };
    for (field, _) in &mut fields {
        if field == "reason" {
            "why".clone_into(field);
        }
    }
    Error::Invalid { fields }
}

/// The quota, or what a unit costs: what the button says.
pub(super) async fn set_quota(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(organisation): Path<String>,
    parts: Parts,
    Form(form): Form<QuotaForm>,
) -> Result<Response, ApiError> {
    let organisation: OrganisationId = id(&organisation, "The organisation")?;
    let done = async {
        if form.intent == "price" {
            let price = form.price()?;
            let ctx = fresh(ctx.clone(), StepUp::Staff, form.step_up_code.as_deref()).await?;
            return usage::set_price(&ctx, organisation, price, &form.why)
                .await
                .map_err(called_why);
        }
        let units = form.units()?;
        let ctx = fresh(ctx.clone(), StepUp::Staff, form.step_up_code.as_deref()).await?;
        usage::set_quota(&ctx, organisation, units, &form.reason).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to("/staff/organisations").into_response()),
        Err(error) => {
            let intent = if form.intent == "price" { "price" } else { "quota" };
            let values = vec![
                ("intent".into(), intent.into()),
                ("units".into(), form.units),
                ("minor".into(), form.minor),
                ("currency".into(), form.currency),
                ("reason".into(), form.reason),
                ("why".into(), form.why),
            ];
            refusal(&state, ctx, parts, error, values).await
        }
    }
}
