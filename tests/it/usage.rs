//! Pages and files of usage, and the quota as a program meets it.

use platform::{Ctx, metering};
use serde_json::json;
use types::Environment;

use crate::app::App;

/// The first person, who has a live and a test key that called: the person, a session, the live key.
async fn called(app: &App) -> (Ctx, String, String) {
    let (user, session) = app.first_person().await;
    let (live, _) = app.home.api_key(&user, Environment::Live).await;
    let test = app.test_key(&user).await;
    app.started(&live).await;
    app.started(&live).await;
    app.started(&test).await;
    let lost = app
        .get("/verify/status?verificationId=ver_x")
        .key(&test)
        .send()
        .await;
    assert_eq!(lost.status, 404);
    metering::flush(&app.home.platform.system()).await.unwrap();
    (user, session, live)
}

async fn page(app: &App, session: &str, path: &str) -> String {
    let reply = app.get(path).session(session).send().await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.text()
}

#[tokio::test]
async fn the_report_shows_figures_a_chart_and_groups() {
    let app = App::new().await;
    let (_, session, _) = called(&app).await;
    let text = page(&app, &session, "/usage/report").await;
    for part in [
        "<title>Usage · Loomwire</title>",
        "Days are UTC",
        "aria-current=\"page\"",
        "Last 7 days",
        "/usage/report?from=2026-10-01&amp;to=2026-10-31",
        "Latency, p99",
        "Calls by day",
        "chart-day",
        "Rate limited (429)",
        "/usage/report?view=table#by-day",
        "November 2026",
        "There is no quota",
        "By API key",
        "/usage/report.csv",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let table = page(&app, &session, "/usage/report?view=table&groupBy=status").await;
    assert!(table.contains("figures-table") && !table.contains("chart-day"));
    assert!(table.contains("/usage/requests?status=404") && table.contains("By status"));
    let hours = page(&app, &session, "/usage/report?from=2026-11-23&to=2026-11-23").await;
    assert!(
        hours.contains("Calls by hour") && hours.contains("vs the day before")
            || hours.contains("Mon 23 Nov, 12:00")
    );
    let mine = page(
        &app,
        &session,
        "/usage/report?environment=test&endpoint=%2Fverify%2Fstart",
    )
    .await;
    assert!(mine.contains("Remove filter ") && mine.contains("/usage/report.csv?environment=test"));
}

#[tokio::test]
async fn a_report_of_nothing_says_what_to_do() {
    let app = App::new().await;
    let (_, session) = app.first_person().await;
    let text = page(&app, &session, "/usage/report").await;
    assert!(text.contains("No call yet") && text.contains("x-tenant-api-key"));
    let text = page(&app, &session, "/usage/report?environment=live").await;
    assert!(text.contains("No call in this period") && text.contains("Clear filters"));
    let text = page(&app, &session, "/usage/requests").await;
    assert!(text.contains("No request yet"));
}

#[tokio::test]
async fn filters_that_cannot_be_are_told_at_their_fields() {
    let app = App::new().await;
    let (_, session, _) = called(&app).await;
    let wrong = "/usage/report?environment=both&key=key_1&groupBy=colour";
    let text = page(&app, &session, wrong).await;
    for part in [
        "environment-error",
        "key-error",
        "groupBy-error",
        "Nothing was added up",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let text = page(
        &app,
        &session,
        "/usage/report?from=2026-02-30&endpoint=%2Fnowhere",
    )
    .await;
    assert!(text.contains("from-error") && text.contains("Nothing was added up"));
    let text = page(&app, &session, "/usage/report?from=2020-01-01").await;
    assert!(text.contains("more than 366 days") && !text.contains("/usage/report.csv"));
    let text = page(&app, &session, "/usage/requests?status=teapot&id=req_1").await;
    for part in ["status-error", "id-error", "Nothing was searched"] {
        assert!(text.contains(part), "{part}");
    }
    for path in [
        "/usage/report.csv?environment=both",
        "/usage/report.csv?from=soon",
        "/usage/requests.csv?status=teapot",
    ] {
        let reply = app.get(path).session(&session).send().await;
        assert_eq!(reply.status, 400, "{path}");
    }
}

#[tokio::test]
async fn requests_are_listed_found_and_shown() {
    let app = App::new().await;
    let (user, session, _) = called(&app).await;
    let list = page(&app, &session, "/usage/requests").await;
    for part in [
        "GET /verify/status",
        "NOT_FOUND",
        "404 Client error",
        "201 Success",
    ] {
        assert!(list.contains(part), "{part}");
    }
    let failed = page(&app, &session, "/usage/requests?status=client").await;
    assert!(failed.contains("NOT_FOUND") && !failed.contains("201 Success"));
    let filter = types::usage::RequestFilter {
        status: Some("client".into()),
        ..Default::default()
    };
    let row = platform::usage::requests(&user, &filter)
        .await
        .unwrap()
        .rows
        .remove(0);
    let one = page(&app, &session, &format!("/usage/requests/{}", row.id)).await;
    let log = format!("/audit?request={}", row.id);
    for part in [
        row.id.to_string().as_str(),
        &log,
        &format!("/keys#{}", row.key),
        "NOT_FOUND",
    ] {
        assert!(one.contains(part), "{part}");
    }
    let found = page(&app, &session, &format!("/usage/requests?id={}", row.id)).await;
    assert!(found.contains("1 row on this page"));

    let unknown = types::RequestId::from_u128(5);
    for path in [
        format!("/usage/requests/{unknown}"),
        "/usage/requests/nonsense".into(),
    ] {
        let reply = app.get(&path).session(&session).send().await;
        assert_eq!(reply.status, 404, "{path}");
        let text = reply.text();
        assert!(
            text.contains("kept for 7 days") && text.contains("five seconds"),
            "{text}"
        );
    }
    let none = page(&app, &session, &format!("/usage/requests?id={unknown}")).await;
    assert!(none.contains("No request matches") && none.contains("kept for 7 days"));

    // Another organisation has none of it.
    let other = platform::access::create_organisation(&user, "Other", "UTC")
        .await
        .unwrap();
    let moved = app.post("/organisations/switch").session(&session);
    moved.form(&[("organisation", &other.to_string())]).send().await;
    let reply = app
        .get(&format!("/usage/requests/{}", row.id))
        .session(&session)
        .send()
        .await;
    assert_eq!(reply.status, 404);
    assert!(
        page(&app, &session, "/usage/requests")
            .await
            .contains("No request yet")
    );
    assert!(
        page(&app, &session, "/usage/report")
            .await
            .contains("No call yet")
    );
}

#[tokio::test]
async fn whoever_may_not_see_usage_sees_none_of_it() {
    let app = App::new().await;
    let (user, _, _) = called(&app).await;
    let organisation = testkit::who(&user).1;
    let helper = app
        .home
        .joined(organisation, "Hal Helper", types::Role::Support, None)
        .await;
    for path in [
        "/usage/report",
        "/usage/report.csv",
        "/usage/requests",
        "/usage/requests.csv",
    ] {
        let reply = app.get(path).session(&helper.secret).send().await;
        assert_eq!(reply.status, 403, "{path}");
        assert!(reply.text().contains("usage:read"), "{path}");
    }
    let overview = page(&app, &helper.secret, "/").await;
    assert!(!overview.contains("/usage/report"), "it is not in the navigation");
    for path in ["/usage/report", "/usage/requests"] {
        let reply = app.get(path).send().await;
        assert_eq!(reply.status, 303, "{path}");
    }
    // The call of the API is where it was.
    let reply = app.get("/usage").send().await;
    assert_eq!(
        (reply.status.as_u16(), reply.code().as_str()),
        (401, "AUTH_INVALID_KEY")
    );
}

#[tokio::test]
async fn files_hold_what_the_pages_show_and_no_formula() {
    let app = App::new().await;
    let (user, session, _) = called(&app).await;
    let evil = platform::api_keys::create(
        &user,
        Environment::Test,
        &types::keys::KeyTerms::usual("=HYPERLINK(1)"),
    )
    .await
    .unwrap()
    .key;
    app.started(&evil).await;
    metering::flush(&app.home.platform.system()).await.unwrap();
    let reply = app.get("/usage/requests.csv").session(&session).send().await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(
        reply.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    assert_eq!(
        reply.header("content-disposition"),
        "attachment; filename=\"requests-2026-11-23.csv\""
    );
    let text = reply.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 6, "{text}");
    assert!(
        text.contains(",'=HYPERLINK(1),POST,/verify/start,201,,"),
        "{text}"
    );
    let reply = app
        .get("/usage/requests.csv?status=404")
        .session(&session)
        .send()
        .await;
    assert_eq!(reply.text().lines().count(), 2);
    let reply = app.get("/usage/report.csv").session(&session).send().await;
    let text = reply.text();
    assert!(text.starts_with("part,group,name,begins,requests,"), "{text}");
    assert!(
        text.contains("\r\nperiod,,,2026-10-25,5,4,1,0,0,") && text.contains(",'=HYPERLINK(1),"),
        "{text}"
    );
    assert_eq!(text.matches("\r\npoint,").count(), 30);
    let log = platform::audit::list(&user, &types::console::AuditFilter::default())
        .await
        .unwrap();
    let told: Vec<_> = log.rows.iter().take(5).map(|row| row.sentence.as_str()).collect();
    assert_eq!(
        told,
        [
            "Ada Lovelace exported the usage report as CSV (from 2026-10-25, to 2026-11-23, grouped by key).",
            "Ada Lovelace was given the last of 1 exported requests.",
            "Ada Lovelace exported requests as CSV (status 404).",
            "Ada Lovelace was given the last of 5 exported requests.",
            "Ada Lovelace exported requests as CSV (all).",
        ]
    );
}

#[tokio::test]
async fn a_start_beyond_the_quota_is_403_with_its_code() {
    let app = App::new().await;
    let (user, session, live) = called(&app).await;
    let organisation = testkit::who(&user).1;
    let path = format!("/staff/organisations/{organisation}/quota");
    let text = page(&app, &session, &path).await;
    assert!(text.contains("No limit") && text.contains("Used this month"));
    let wrong = [("units", "many"), ("reason", "As agreed on the telephone")];
    let reply = app.post(&path).session(&session).form(&wrong).send().await;
    assert_eq!(reply.status, 422);
    assert!(reply.text().contains("units-error") && reply.text().contains("As agreed"));
    let price = |why| {
        [
            ("intent", "price"),
            ("minor", "250"),
            ("currency", "EUR"),
            ("why", why),
        ]
    };
    let reply = app.post(&path).session(&session).form(&price("no")).send().await;
    assert!(reply.status == 422 && reply.text().contains("why-error"));
    let form = price("As agreed on the telephone");
    let reply = app.post(&path).session(&session).form(&form).send().await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    let text = page(&app, &session, &path).await;
    assert!(text.contains("Price of a unit") && text.contains("2.50 EUR"));
    let form = [("units", "3"), ("reason", "As agreed on the telephone")];
    let reply = app.post(&path).session(&session).form(&form).send().await;
    assert_eq!(reply.status, 303, "{}", reply.text());

    app.started(&live).await;
    let refused = app.post("/verify/start").key(&live).json(&json!({})).send().await;
    assert_eq!(
        (refused.status.as_u16(), refused.code().as_str()),
        (403, "QUOTA_EXCEEDED")
    );
    let usage = app.get("/usage").key(&live).send().await.json();
    assert_eq!(usage["quota"], json!({"limit": 3, "used": 3}));
    let text = page(&app, &session, "/usage/report").await;
    assert!(text.contains("The quota is used up") && text.contains("3 of the quota of 3"));
    metering::flush(&app.home.platform.system()).await.unwrap();
    let list = page(&app, &session, "/usage/requests?status=403").await;
    assert!(list.contains("QUOTA_EXCEEDED"));
    let staff = page(&app, &session, "/staff/organisations").await;
    assert!(staff.contains(&path) && staff.contains("Quota, a month"));
}
