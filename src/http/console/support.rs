//! Forms of the support desk, and of the organisation that lets support in.

use app::FormOutcome;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use http::request::Parts;
use platform::{Ctx, Error, recovery, support};
use serde::Deserialize;
use types::{
    OrganisationId, StepUp,
    support::{SearchResult, Subject},
};

use super::{ApiError, AppState, Visitor, id, onward, refusal, reply, step_up::fresh};

const DESK: &str = "/staff/support";

fn subject_of(text: &str) -> Result<Subject, ApiError> {
    id(text, "What it is about")
}

fn path_of(subject: Subject) -> String {
    format!("{DESK}/{subject}")
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SearchForm {
    q: String,
}

/// It is a form and no link: what is looked for can be an address, which belongs in no history
/// and no log of requests.
pub(super) async fn search(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<SearchForm>,
) -> Result<Response, ApiError> {
    match support::search(&ctx, &form.q).await {
        Ok(result) => Ok(match only(&result) {
            Some(path) => Redirect::to(&path).into_response(),
            None => reply(&state, ctx, parts, FormOutcome::SupportFound(result)).await,
        }),
        Err(error) => refusal(&state, ctx, parts, error, vec![("q".into(), form.q)]).await,
    }
}

/// The page of the one thing that was found, with what the text was taken for.
fn only(result: &SearchResult) -> Option<String> {
    let [found] = result.found.as_slice() else {
        return None;
    };
    let by = result.understood.as_str().replace(' ', "-");
    Some(format!("{}?by={by}", path_of(found.subject)))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct DeskForm {
    text: String,
    reason: String,
    to: String,
    /// `ask` or `enter`.
    r#do: String,
    step_up_code: Option<String>,
}

impl DeskForm {
    async fn fresh(&self, ctx: &Ctx, action: StepUp) -> Result<Ctx, Error> {
        fresh(ctx.clone(), action, self.step_up_code.as_deref()).await
    }

    fn values(self) -> Vec<(String, String)> {
        vec![
            ("text".into(), self.text),
            ("reason".into(), self.reason),
            ("to".into(), self.to),
        ]
    }
}

async fn answer(
    state: &AppState,
    ctx: Ctx,
    parts: Parts,
    form: DeskForm,
    done: Result<String, Error>,
) -> Result<Response, ApiError> {
    match done {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(error) => refusal(state, ctx, parts, error, form.values()).await,
    }
}

pub(super) async fn note(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(subject): Path<String>,
    parts: Parts,
    Form(form): Form<DeskForm>,
) -> Result<Response, ApiError> {
    let subject = subject_of(&subject)?;
    let done = support::add_note(&ctx, subject, &form.text).await;
    let done = done.map(|()| format!("{}#notes", path_of(subject)));
    answer(&state, ctx, parts, form, done).await
}

pub(super) async fn hand_over(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(subject): Path<String>,
    parts: Parts,
    Form(form): Form<DeskForm>,
) -> Result<Response, ApiError> {
    let subject = subject_of(&subject)?;
    let done = async {
        let to = form.to.parse();
        let to = to.map_err(|_| Error::invalid("to", "Choose one of your colleagues."))?;
        support::hand_over(&ctx, subject, to, &form.reason).await
    };
    let done = done.await.map(|()| format!("{}#notes", path_of(subject)));
    answer(&state, ctx, parts, form, done).await
}

pub(super) async fn close(Visitor(ctx): Visitor, Path(note): Path<String>) -> Result<Redirect, ApiError> {
    let done = support::close(&ctx, id(&note, "The open hand-over")?).await;
    onward(done, DESK)
}

/// Asks an organisation to let support in, or goes in.
pub(super) async fn look(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(subject): Path<String>,
    parts: Parts,
    Form(form): Form<DeskForm>,
) -> Result<Response, ApiError> {
    let organisation: OrganisationId = id(&subject, "The organisation")?;
    let done = async {
        if form.r#do == "ask" {
            support::ask(&ctx, organisation, &form.reason).await?;
            return Ok(path_of(Subject::Organisation(organisation)));
        }
        let ctx = form.fresh(&ctx, StepUp::Support).await?;
        support::enter(&ctx, organisation, &form.reason).await?;
        Ok("/".to_owned())
    };
    let done = done.await;
    answer(&state, ctx, parts, form, done).await
}

/// Begins the recovery of a person's account, by the rules of recovery.
pub(super) async fn recovery(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(subject): Path<String>,
    parts: Parts,
    Form(form): Form<DeskForm>,
) -> Result<Response, ApiError> {
    let user = id(&subject, "The account")?;
    let done = async {
        let ctx = form.fresh(&ctx, StepUp::Staff).await?;
        recovery::start_for_account(&ctx, user).await
    };
    let done = done.await.map(|()| path_of(Subject::Person(user)));
    answer(&state, ctx, parts, form, done).await
}

/// Out of the organisation again, back to its page at the desk.
pub(super) async fn leave(Visitor(ctx): Visitor) -> Result<Redirect, ApiError> {
    let to = match ctx.actor().organisation() {
        Some(organisation) => path_of(Subject::Organisation(organisation)),
        None => DESK.to_owned(),
    };
    onward(support::leave(&ctx).await, &to)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct AccessForm {
    /// `give`, `refuse` or `withdraw`.
    r#do: String,
    hours: String,
    step_up_code: Option<String>,
}

/// What an organisation decides about support.
pub(super) async fn access(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<AccessForm>,
) -> Result<Response, ApiError> {
    match decide(&ctx, &form).await {
        Ok(said) => {
            let saved = FormOutcome::Saved(said.to_owned());
            Ok(reply(&state, ctx, parts, saved).await)
        }
        Err(error) => refusal(&state, ctx, parts, error, vec![("hours".into(), form.hours)]).await,
    }
}

async fn decide(ctx: &Ctx, form: &AccessForm) -> Result<&'static str, Error> {
    match form.r#do.as_str() {
        "refuse" => {
            support::refuse(ctx).await?;
            Ok("The request was refused.")
        }
        "withdraw" => {
            support::withdraw(ctx).await?;
            Ok("The consent was withdrawn. Nobody looks in any more.")
        }
        _ => {
            let hours = form.hours.trim().parse().unwrap_or_default();
            let ctx = fresh(ctx.clone(), StepUp::Support, form.step_up_code.as_deref()).await?;
            support::give(&ctx, hours).await?;
            Ok("Support can look in now.")
        }
    }
}
