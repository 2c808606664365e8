//! The forms of the audit log: saved searches, and exports with their files.

use axum::{
    Form,
    body::Body,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use bytes::Bytes;
use futures::stream;
use http::{HeaderMap, StatusCode, header, request::Parts};
use platform::{
    Ctx, Error,
    audit::{self, Download},
};
use serde::Deserialize;
use types::{ExportId, SavedSearchId, StepUp, audit::ExportFormat, console::AuditFilter};

use super::{ApiError, AppState, Visitor, id, refusal, step_up::fresh};

/// The pages of the installation's staff, by their path.
fn is_staff(parts: &Parts) -> bool {
    parts.uri.path().starts_with("/staff/")
}

fn log(of_staff: bool) -> &'static str {
    if of_staff { "/staff/audit" } else { "/audit" }
}

/// The query of the page, as a form sends it: what is empty asks for nothing, and what is no
/// filter is passed over.
type Asked = Query<Vec<(String, String)>>;

fn filter(asked: &[(String, String)]) -> AuditFilter {
    let value = |name: &str| {
        let found = asked.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    };
    AuditFilter {
        after: None,
        ..AuditFilter::read(value)
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SaveForm {
    name: String,
}

pub(super) async fn save_search(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Query(asked): Asked,
    Form(form): Form<SaveForm>,
) -> Result<Response, ApiError> {
    let of_staff = is_staff(&parts);
    match audit::save_search(&ctx, of_staff, &form.name, &filter(&asked)).await {
        Ok(()) => {
            let query = parts.uri.query().unwrap_or_default();
            Ok(Redirect::to(&format!("{}?{query}", log(of_staff))).into_response())
        }
        Err(error) => refusal(&state, ctx, parts, error, vec![("name".to_owned(), form.name)]).await,
    }
}

pub(super) async fn remove_search(
    Visitor(ctx): Visitor,
    parts: Parts,
    Path(search): Path<String>,
) -> Result<Redirect, ApiError> {
    let of_staff = is_staff(&parts);
    let search: SavedSearchId = id(&search, "The saved search")?;
    let done = audit::remove_search(&ctx, of_staff, search).await;
    super::onward(done, &format!("{}/searches", log(of_staff)))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ExportForm {
    format: String,
    step_up_code: Option<String>,
}

/// Asks for an export. It is a form and no link: taking data away is confirmed.
pub(super) async fn ask_export(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Query(asked): Asked,
    Form(form): Form<ExportForm>,
) -> Result<Response, ApiError> {
    let of_staff = is_staff(&parts);
    let begun = async {
        let format: ExportFormat = form
            .format
            .parse()
            .map_err(|_| Error::invalid("format", "Choose one of the formats."))?;
        let ctx = fresh(ctx.clone(), StepUp::Export, form.step_up_code.as_deref()).await?;
        audit::ask_export(&ctx, of_staff, &filter(&asked), format).await
    };
    match begun.await {
        Ok(_) => Ok(Redirect::to(&format!("{}/exports", log(of_staff))).into_response()),
        Err(error) => {
            refusal(
                &state,
                ctx,
                parts,
                error,
                vec![("format".to_owned(), form.format)],
            )
            .await
        }
    }
}

/// What of the file is asked for (RFC 9110, section 14): one range, or all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    All,
    Range(u64, u64),
    Beyond,
}

impl Part {
    /// Several ranges, and what cannot be read, are as none: all of it (section 14.2).
    fn of(headers: &HeaderMap, length: u64, tag: &str) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        if text(header::IF_RANGE).is_some_and(|known| known != tag) {
            return Self::All;
        }
        let range = text(header::RANGE).and_then(|range| range.strip_prefix("bytes="));
        let Some((first, last)) = range
            .filter(|range| !range.contains(','))
            .and_then(|r| r.split_once('-'))
        else {
            return Self::All;
        };
        let end = length.saturating_sub(1);
        let range = match (first.trim(), last.trim()) {
            ("", suffix) => suffix
                .parse()
                .ok()
                .map(|suffix: u64| (length.saturating_sub(suffix), end)),
            (first, "") => first.parse().ok().map(|first| (first, end)),
            (first, last) => first
                .parse()
                .ok()
                .zip(last.parse().ok().map(|last: u64| last.min(end))),
        };
        match range {
            Some((first, _)) if first >= length => Self::Beyond,
            Some((first, last)) if first <= last => Self::Range(first, last),
            _ => Self::All,
        }
    }
}

/// The bytes of an export, from any byte on.
pub(super) async fn file(
    Visitor(ctx): Visitor,
    parts: Parts,
    Path(export): Path<String>,
) -> Result<Response, ApiError> {
    let export: ExportId = id(&export, "The export")?;
    given(&ctx, is_staff(&parts), export, &parts.headers).await
}

async fn given(ctx: &Ctx, of_staff: bool, id: ExportId, headers: &HeaderMap) -> Result<Response, ApiError> {
    let mut download = audit::open_export(ctx, of_staff, id).await?;
    let length = download.length();
    let tag = format!("\"{}\"", download.digest());
    let (status, first, last) = match Part::of(headers, length, &tag) {
        Part::All => (StatusCode::OK, 0, length.saturating_sub(1)),
        Part::Range(first, last) => (StatusCode::PARTIAL_CONTENT, first, last),
        Part::Beyond => {
            let range = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, range).into_response());
        }
    };
    download.begin(first, last).await?;
    let (kind, ending) = match download.format() {
        ExportFormat::Csv => ("text/csv; charset=utf-8; header=present", "csv"),
        ExportFormat::JsonLines => ("application/jsonl; charset=utf-8", "jsonl"),
        ExportFormat::Ocsf => ("application/jsonl; charset=utf-8", "ocsf.jsonl"),
    };
    let given = if length == 0 { 0 } else { last - first + 1 };
    let mut headers = vec![
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"audit-{id}.{ending}\""),
        ),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::ETAG, tag),
        (header::CONTENT_LENGTH, given.to_string()),
    ];
    if status == StatusCode::PARTIAL_CONTENT {
        headers.push((header::CONTENT_RANGE, format!("bytes {first}-{last}/{length}")));
    }
    let mut response = (status, Body::from_stream(body(download))).into_response();
    for (name, value) in headers {
        response
            .headers_mut()
            .insert(name, value.parse().map_err(|_| ApiError::internal())?);
    }
    Ok(response)
}

/// A piece for each step. After an error nothing more comes, and the connection is closed before
/// the length that was said: a part is not taken for the whole.
fn body(download: Download) -> impl futures::Stream<Item = Result<Bytes, std::io::Error>> {
    stream::try_unfold(download, |mut download| async move {
        let piece = download.next().await.map_err(std::io::Error::other)?;
        Ok(piece.map(|piece| (Bytes::from(piece), download)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_understood_and_anything_else_is_all_of_it() {
        let part = |range: &str, if_range: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, range.parse().unwrap());
            if let Some(tag) = if_range {
                headers.insert(header::IF_RANGE, tag.parse().unwrap());
            }
            Part::of(&headers, 100, "\"a\"")
        };
        assert_eq!(part("bytes=10-", None), Part::Range(10, 99));
        assert_eq!(part("bytes=10-19", Some("\"a\"")), Part::Range(10, 19));
        assert_eq!(part("bytes=90-500", None), Part::Range(90, 99));
        assert_eq!(part("bytes=-5", None), Part::Range(95, 99));
        assert_eq!(part("bytes=100-", None), Part::Beyond);
        for all in ["bytes=0-1,5-6", "bytes=x-", "items=0-1", "bytes=9-3"] {
            assert_eq!(part(all, None), Part::All, "{all}");
        }
        assert_eq!(part("bytes=10-", Some("\"b\"")), Part::All);
    }
}
