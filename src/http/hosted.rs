//! The person's page: `/v/{secret}`. Plain forms, no script needed.
//!
//! **Invariant**: what the person typed goes into [`Evidence`] and into this one answer.

use app::{HostedOutcome, HostedView, LineProblem};
use axum::{
    Form, Router,
    body::Body,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use http::request::Parts;
use http_body_util::BodyExt as _;
use platform::{
    Ctx, Error,
    verification::{self, Evidence, PersonView, Problem, Submission},
};
use serde::Deserialize;
use types::VerificationStatus;

use super::{
    ApiError,
    caller::Stranger,
    render::{Told, render},
    state::AppState,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/v/{secret}", get(page))
        .route("/v/{secret}/consent", post(consent).get(back))
        .route("/v/{secret}/decline", post(decline).get(back))
        .route("/v/{secret}/lines", post(lines).get(back))
}

/// Somebody reloads the answer to a form: the page itself has the present state.
async fn back(Path(secret): Path<String>) -> Redirect {
    Redirect::to(&format!("/v/{secret}"))
}

async fn page(
    State(state): State<AppState>,
    Stranger(ctx): Stranger,
    Path(secret): Path<String>,
    parts: Parts,
) -> Result<Response, ApiError> {
    let view = match verification::open_link(&ctx, &secret).await {
        Ok(link) => shown(verification::view(&link.ctx).await?),
        Err(Error::NotFound(_)) => HostedView::NotFound,
        Err(error) => return Err(error.into()),
    };
    Ok(answer(&state, ctx, parts, view).await)
}

async fn answer(state: &AppState, ctx: Ctx, parts: Parts, view: HostedView) -> Response {
    let told = Told {
        hosted: Some(view),
        ..Told::default()
    };
    without_scripts(render(state, ctx, parts, told).await).await
}

/// Leptos ends every document with scripts that keep its hydration's books. Nothing is
/// hydrated here, so the person's page goes without them.
async fn without_scripts(response: Response) -> Response {
    let (head, body) = response.into_parts();
    let whole = body.collect().await.map(http_body_util::Collected::to_bytes);
    let document = whole.unwrap_or_default();
    let document = String::from_utf8_lossy(&document);
    let mut kept = String::with_capacity(document.len());
    let mut rest = document.as_ref();
    // What was typed is escaped: a tag in the document is one of ours.
    while let Some((before, script)) = rest.split_once("<script") {
        kept.push_str(before);
        rest = script.split_once("</script>").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    Response::from_parts(head, Body::from(kept))
}

/// What became of a step: on to the page, which shows the present state; an unknown link and
/// what is over are states too.
fn on(secret: &str, done: platform::Result<()>) -> Result<Response, ApiError> {
    match done {
        Ok(()) | Err(Error::Conflict(_) | Error::NotFound(_) | Error::Invalid { .. }) => {
            Ok(Redirect::to(&format!("/v/{secret}")).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn consent(Stranger(ctx): Stranger, Path(secret): Path<String>) -> Result<Response, ApiError> {
    let done = async { verification::consent(&verification::open_link(&ctx, &secret).await?.ctx).await };
    on(&secret, done.await)
}

async fn decline(Stranger(ctx): Stranger, Path(secret): Path<String>) -> Result<Response, ApiError> {
    let done = async { verification::decline(&verification::open_link(&ctx, &secret).await?.ctx).await };
    on(&secret, done.await)
}

/// The form's fields. No `Debug`: they are a person's.
#[derive(Default, Deserialize)]
#[serde(default)]
struct LinesForm {
    line1: String,
    line2: String,
    line3: String,
}

async fn lines(
    State(state): State<AppState>,
    Stranger(ctx): Stranger,
    Path(secret): Path<String>,
    parts: Parts,
    Form(form): Form<LinesForm>,
) -> Result<Response, ApiError> {
    let person = match verification::open_link(&ctx, &secret).await {
        Ok(link) => link.ctx,
        Err(error) => return on(&secret, Err(error)),
    };
    let typed = [form.line1, form.line2, form.line3].map(|line| line.trim().to_owned());
    let typed = spread(typed);
    let given = typed.iter().filter(|line| !line.is_empty()).cloned();
    match verification::submit(&person, &Evidence::new(given)).await {
        Ok(Submission::Over) => on(&secret, Ok(())),
        Ok(Submission::Again { problems }) => {
            let view = again(verification::view(&person).await?, typed, problems);
            Ok(answer(&state, ctx, parts, view).await)
        }
        Err(error) => on(&secret, Err(error)),
    }
}

/// All lines pasted into the first field arrive as one: a browser drops the line breaks. The
/// lengths are those of 9303-4 to 9303-7.
fn spread(typed: [String; 3]) -> [String; 3] {
    let [first, second, third] = &typed;
    if !second.is_empty() || !third.is_empty() || !first.is_ascii() {
        return typed;
    }
    let length = match first.len() {
        90 => 30,
        72 => 36,
        88 => 44,
        _ => return typed,
    };
    let (head, rest) = first.split_at(length);
    let (middle, tail) = rest.split_at(length);
    [head, middle, tail].map(ToOwned::to_owned)
}

/// The lines again, with what is wrong.
fn again(view: PersonView, values: [String; 3], problems: Vec<Problem>) -> HostedView {
    match view {
        PersonView::Lines {
            business,
            attempts_left,
            ..
        } => HostedView::Lines {
            business,
            values,
            problems: problems.into_iter().map(told).collect(),
            attempts_left: attempts_left.into(),
        },
        other => shown(other),
    }
}

fn told(problem: Problem) -> LineProblem {
    LineProblem {
        line: u32::try_from(problem.line).unwrap_or_default(),
        position: u32::try_from(problem.position).unwrap_or_default(),
        message: problem.message,
    }
}

fn shown(view: PersonView) -> HostedView {
    match view {
        PersonView::Consent {
            business,
            minimum_age,
            expires_at,
        } => HostedView::Consent {
            business,
            minimum_age,
            expires_at,
        },
        PersonView::Lines {
            business,
            attempts_left,
            ..
        } => HostedView::Lines {
            business,
            values: Default::default(),
            problems: Vec::new(),
            attempts_left: attempts_left.into(),
        },
        PersonView::Done {
            reason: Some(reason), ..
        } if reason == "expired" => HostedView::Expired,
        PersonView::Done {
            business,
            status,
            reason,
            return_url,
        } => HostedView::Done {
            business,
            outcome: match status {
                VerificationStatus::Approved => HostedOutcome::Approved,
                VerificationStatus::Denied => HostedOutcome::Denied,
                _ => HostedOutcome::Rejected,
            },
            reason,
            return_url,
        },
        PersonView::NotAccepted { business, return_url } => HostedView::NotAccepted { business, return_url },
    }
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn lines_pasted_as_one_are_told_apart() {
        for (count, length) in [(3, 30), (2, 36), (2, 44)] {
            let lines: Vec<String> = ["A", "B", "C"]
                .iter()
                .take(count)
                .map(|c| c.repeat(length))
                .collect();
            let pasted = [lines.concat(), String::new(), String::new()];
            let found: Vec<String> = spread(pasted)
                .into_iter()
                .filter(|line| !line.is_empty())
                .collect();
            assert_eq!(found, lines);
        }
        for kept in ["A".repeat(87), "é".repeat(44)] {
            assert_eq!(spread([kept.clone(), String::new(), String::new()])[0], kept);
        }
    }
}
