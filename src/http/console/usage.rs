//! Usage as files: CSV (RFC 4180). They are links, as no form stands before them: what they hold is
//! metadata. The links are marked as downloads, which no browser fetches ahead.

use axum::{body::Body, extract::Query, response::Response};
use bytes::Bytes;
use futures::stream;
use platform::{
    Error,
    usage::{self, RequestExport},
};
use serde::Deserialize;
use types::usage::{CallFigures, Latency, RequestFilter, RequestRow, UsageQuery, UsageReport, UsageTotals};

use super::{
    ApiError, Visitor,
    export::{csv_file, csv_writer, escaped, rfc3339, word, written},
};

/// The query of a page, as a form sends it: what is empty asks for nothing.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Asked {
    from: String,
    to: String,
    group_by: String,
    environment: String,
    key: String,
    endpoint: String,
    id: String,
    status: String,
    after: String,
}

impl Asked {
    fn query(self) -> Result<UsageQuery, Error> {
        Ok(UsageQuery {
            from: Some(self.from),
            to: Some(self.to),
            group_by: word("groupBy", &self.group_by)?,
            environment: word("environment", &self.environment)?,
            key: word("key", &self.key)?,
            endpoint: Some(self.endpoint),
        })
    }

    fn filter(self) -> Result<RequestFilter, Error> {
        Ok(RequestFilter {
            id: Some(self.id),
            key: word("key", &self.key)?,
            endpoint: Some(self.endpoint),
            status: Some(self.status),
            after: Some(self.after),
        })
    }
}

/// The columns of the report, in their order. Its parts are the period, the one before it, its
/// stretches and its groups.
const REPORT: [&str; 18] = [
    "part",
    "group",
    "name",
    "begins",
    "requests",
    "succeeded",
    "client_errors",
    "rate_limited",
    "server_errors",
    "p50_us",
    "p95_us",
    "p99_us",
    "verifications",
    "approved",
    "denied",
    "rejected",
    "open",
    "billable",
];

pub(super) async fn report(Visitor(ctx): Visitor, Query(asked): Query<Asked>) -> Result<Response, ApiError> {
    let report = usage::export_report(&ctx, &asked.query()?).await?;
    let file = report_file(&report).map_err(Error::internal)?;
    Ok(csv_file(&ctx, "usage", Body::from(file)))
}

fn report_file(report: &UsageReport) -> Result<Bytes, std::io::Error> {
    let mut writer = csv_writer();
    writer.write_record(REPORT)?;
    writer.write_record(total("period", &report.from, &report.totals))?;
    writer.write_record(total("before", "", &report.before))?;
    for point in &report.points {
        let place = ["point", "", "", &point.begins].map(str::to_owned);
        writer.write_record(line(place, point.calls, None))?;
    }
    for group in &report.groups {
        let place = [
            "group".to_owned(),
            escaped(&group.group),
            escaped(&group.name),
            String::new(),
        ];
        writer.write_record(line(place, group.calls, group.latency))?;
    }
    written(writer)
}

/// A line without verifications.
fn line(place: [String; 4], calls: CallFigures, latency: Option<Latency>) -> Vec<String> {
    let counts = [
        calls.requests,
        calls.succeeded,
        calls.client_errors,
        calls.rate_limited,
        calls.server_errors,
    ];
    let lengths = latency.map_or_else(Vec::new, |latency| vec![latency.p50, latency.p95, latency.p99]);
    let mut fields = Vec::from(place);
    fields.extend(counts.iter().chain(&lengths).map(u64::to_string));
    fields.resize(REPORT.len(), String::new());
    fields
}

fn total(part: &str, begins: &str, totals: &UsageTotals) -> Vec<String> {
    let place = [part, "", "", begins].map(str::to_owned);
    let mut fields = line(place, totals.calls, totals.latency);
    let verifications = totals.verifications;
    let last = [
        verifications.started,
        verifications.approved,
        verifications.denied,
        verifications.rejected,
        verifications.open,
        totals.billable,
    ];
    fields.truncate(REPORT.len() - last.len());
    fields.extend(last.iter().map(u64::to_string));
    fields
}

/// The columns of a file of requests, in their order.
const REQUESTS: [&str; 10] = [
    "id",
    "at",
    "environment",
    "key",
    "key_name",
    "method",
    "endpoint",
    "status",
    "code",
    "duration_us",
];

pub(super) async fn requests(
    Visitor(ctx): Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let export = usage::export_requests(&ctx, &asked.filter()?).await?;
    Ok(csv_file(&ctx, "requests", Body::from_stream(body(export))))
}

/// A piece of the file for each step. After an error nothing more comes, and the connection is
/// closed without the end of the body: a part is not taken for the whole.
fn body(export: RequestExport) -> impl futures::Stream<Item = Result<Bytes, std::io::Error>> {
    stream::try_unfold((export, true), |(mut export, first)| async move {
        let Some(rows) = export.next().await.map_err(std::io::Error::other)? else {
            return Ok(None);
        };
        let piece = write(&rows, first)?;
        Ok(Some((piece, (export, false))))
    })
}

fn write(rows: &[RequestRow], with_head: bool) -> Result<Bytes, std::io::Error> {
    let mut writer = csv_writer();
    if with_head {
        writer.write_record(REQUESTS)?;
    }
    for row in rows {
        writer.write_record([
            &row.id.to_string(),
            &rfc3339(row.at.as_millis()),
            row.environment.as_str(),
            &row.key.to_string(),
            &escaped(row.key_name.as_deref().unwrap_or_default()),
            &escaped(&row.method),
            &escaped(&row.endpoint),
            &row.status.to_string(),
            row.code.as_deref().unwrap_or_default(),
            &row.duration.to_string(),
        ])?;
    }
    written(writer)
}

#[cfg(test)]
mod tests {
    use types::usage::{UsageGroup, UsageGrouping};

    use super::*;

    #[test]
    fn a_report_is_a_table_whose_names_are_no_formulas() {
        let calls = CallFigures {
            requests: 3,
            succeeded: 2,
            client_errors: 1,
            ..CallFigures::default()
        };
        let report = UsageReport {
            from: "2026-11-01".into(),
            to: "2026-11-23".into(),
            resolution: "day".into(),
            totals: UsageTotals {
                calls,
                billable: 2,
                ..UsageTotals::default()
            },
            before: UsageTotals::default(),
            forecast: None,
            quota: None,
            points: Vec::new(),
            grouped_by: UsageGrouping::Key,
            groups: vec![UsageGroup {
                group: "key_1".into(),
                name: "=1+1".into(),
                calls,
                latency: Some(Latency {
                    p50: 5,
                    p95: 6,
                    p99: 7,
                }),
            }],
        };
        let file = report_file(&report).unwrap();
        let text = std::str::from_utf8(&file).unwrap();
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(
            lines,
            [
                "part,group,name,begins,requests,succeeded,client_errors,rate_limited,server_errors,p50_us,p95_us,p99_us,verifications,approved,denied,rejected,open,billable",
                "period,,,2026-11-01,3,2,1,0,0,,,,0,0,0,0,0,2",
                "before,,,,0,0,0,0,0,,,,0,0,0,0,0,0",
                "group,key_1,'=1+1,,3,2,1,0,0,5,6,7,,,,,,",
                "",
            ]
        );
    }
}
