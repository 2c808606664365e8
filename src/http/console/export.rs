//! Verifications as a file: CSV (RFC 4180), written while it is read.

use axum::{
    Form,
    body::Body,
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::stream;
use http::{header, request::Parts};
use platform::{
    Ctx, Error,
    verification::{self, Export, ExportRow},
};
use serde::Deserialize;
use types::{StepUp, console::VerificationFilter};

use super::{ApiError, AppState, Visitor, refusal, step_up::fresh};

/// The columns, in their order.
const COLUMNS: [&str; 9] = [
    "id",
    "environment",
    "status",
    "reference",
    "key",
    "created_at",
    "completed_at",
    "assurance",
    "reason",
];

/// The query of the list's page, as a form sends it: what is empty asks for nothing.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    status: String,
    environment: String,
    key: String,
    reference: String,
    from: String,
    to: String,
    after: String,
}

impl Asked {
    /// # Errors
    /// `Invalid` for a word that is none of its list: a filter that is passed over would give
    /// more than was asked for.
    fn filter(self) -> Result<VerificationFilter, Error> {
        Ok(VerificationFilter {
            status: word("status", &self.status)?,
            environment: word("environment", &self.environment)?,
            key: word("key", &self.key)?,
            reference: Some(self.reference),
            from: Some(self.from),
            to: Some(self.to),
            after: Some(self.after),
        })
    }
}

pub(super) fn word<T: std::str::FromStr>(field: &str, text: &str) -> Result<Option<T>, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let known = text.parse();
    known
        .map(Some)
        .map_err(|_| Error::invalid(field, format!("The filter {field} does not know this value.")))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Confirmation {
    step_up_code: Option<String>,
}

/// Everything that the filter in the query finds. It is a form and no link: taking data away is
/// confirmed, and what a browser fetches ahead must not be an export.
pub(super) async fn verifications(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Query(asked): Query<Asked>,
    Form(form): Form<Confirmation>,
) -> Result<Response, ApiError> {
    let filter = asked.filter()?;
    let begun = async {
        let ctx = fresh(ctx.clone(), StepUp::Export, form.step_up_code.as_deref()).await?;
        verification::export(&ctx, &filter).await
    };
    match begun.await {
        Ok(export) => Ok(file(&ctx, export)),
        // A filter in the address is mended on the list, not here.
        Err(error @ Error::Invalid { .. }) if !concerns_code(&error) => Err(error.into()),
        Err(error) => refusal(&state, ctx, parts, error, Vec::new()).await,
    }
}

fn concerns_code(error: &Error) -> bool {
    matches!(error, Error::Invalid { fields } if fields.iter().any(|(name, _)| name == "step_up_code"))
}

fn file(ctx: &Ctx, export: Export) -> Response {
    csv_file(ctx, "verifications", Body::from_stream(body(export)))
}

/// An answer that is saved under a name and the day's date.
pub(super) fn csv_file(ctx: &Ctx, name: &str, body: Body) -> Response {
    let today = rfc3339(ctx.now().as_millis());
    let name = format!(
        "attachment; filename=\"{name}-{}.csv\"",
        today.get(..10).unwrap_or_default()
    );
    let kind = "text/csv; charset=utf-8; header=present".to_owned();
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)];
    (headers, body).into_response()
}

/// What every file is written with: lines end as RFC 4180 has it.
pub(super) fn csv_writer() -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new())
}

/// What a writer has written.
pub(super) fn written(writer: csv::Writer<Vec<u8>>) -> Result<Bytes, std::io::Error> {
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(Bytes::from(bytes))
}

/// A piece of the file for each step. After an error nothing more comes, and the connection is
/// closed without the end of the body: a part is not taken for the whole.
fn body(export: Export) -> impl futures::Stream<Item = Result<Bytes, std::io::Error>> {
    stream::try_unfold((export, true), |(mut export, first)| async move {
        let Some(rows) = export.next().await.map_err(std::io::Error::other)? else {
            return Ok(None);
        };
        let piece = write(&rows, first)?;
        Ok(Some((piece, (export, false))))
    })
}

fn write(rows: &[ExportRow], with_head: bool) -> Result<Bytes, std::io::Error> {
    let mut writer = csv_writer();
    if with_head {
        writer.write_record(COLUMNS)?;
    }
    for ExportRow {
        row,
        key,
        assurance,
        reason,
    } in rows
    {
        let completed = row.completed_at.map(|at| rfc3339(at.as_millis()));
        writer.write_record([
            &row.id.to_string(),
            row.environment.as_str(),
            row.status.as_str(),
            &escaped(row.reference.as_deref().unwrap_or_default()),
            key,
            &rfc3339(row.created_at.as_millis()),
            completed.as_deref().unwrap_or_default(),
            assurance.as_deref().unwrap_or_default(),
            &escaped(reason.as_deref().unwrap_or_default()),
        ])?;
    }
    written(writer)
}

/// Spreadsheets take a cell that begins like this for a formula, which could reach out of the
/// file; an apostrophe before it makes it text (OWASP, CSV injection).
pub(super) fn escaped(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

pub(super) fn rfc3339(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis).map_or_else(|_| String::new(), |at| format!("{at:.3}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_could_be_formulas_are_text() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(escaped(formula), format!("'{formula}"));
        }
        for text in ["", "order 7", "a=b", "'x"] {
            assert_eq!(escaped(text), text);
        }
    }

    #[test]
    fn moments_are_rfc_3339_in_utc() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(1_795_435_200_123), "2026-11-23T12:00:00.123Z");
    }
}
