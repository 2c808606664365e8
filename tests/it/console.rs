//! Pages and forms of the console.

use crate::app::{App, Call};

#[tokio::test]
async fn pages_answer_with_their_own_title_and_policy() {
    let app = App::new().await;
    let (user, session) = app.first_person().await;
    let key = app.test_key(&user).await;
    let (id, _) = app.started(&key).await;
    let verification = format!("/verifications/{id}");
    let pages = [
        "/",
        "/verifications",
        &verification,
        "/keys",
        "/audit",
        "/settings",
        "/organisations/new",
        "/staff/jobs",
        "/staff/backups",
        "/staff/ledger",
    ];
    for path in pages {
        let reply = app.get(path).session(&session).send().await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        let text = reply.text();
        assert!(text.contains("<title>") && text.contains("<main"), "{path}");
        let policy = reply.header("content-security-policy");
        assert!(
            policy.contains("'nonce-") && !policy.contains("unsafe-inline"),
            "{path}: {policy}"
        );
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        assert!(reply.header("x-request-id").starts_with("req_"), "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_and_what_is_another_s_is_404() {
    let app = App::new().await;
    let (user, session) = app.first_person().await;
    let key = app.test_key(&user).await;
    let (id, _) = app.started(&key).await;
    let other = platform::access::create_organisation(&user, "Other", "UTC")
        .await
        .unwrap();
    let organisation = other.to_string();
    let moved = app.post("/organisations/switch").session(&session);
    let moved = moved.form(&[("organisation", &organisation)]).send().await;
    assert_eq!(moved.status, 303);
    for path in [
        format!("/verifications/{id}"),
        "/verifications/nonsense".into(),
        "/nothing".into(),
    ] {
        let reply = app.get(&path).session(&session).send().await;
        assert_eq!(reply.status, 404, "{path}");
    }
    let stranger = types::OrganisationId::from_u128(5).to_string();
    let refused = app.post("/organisations/switch").session(&session);
    let refused = refused.form(&[("organisation", &stranger)]).send().await;
    assert_eq!(refused.status, 404);
}

#[tokio::test]
async fn a_key_is_shown_once_and_a_refused_form_keeps_what_was_typed() {
    let app = App::new().await;
    let (user, session) = app.first_person().await;
    let form = [
        ("name", "Staging"),
        ("environment", "test"),
        ("scopes", "verifications:write"),
    ];
    let made = app.post("/keys/new").session(&session).form(&form).send().await;
    assert_eq!(made.status, 200, "{}", made.text());
    let row = platform::api_keys::list(&user).await.unwrap().remove(0);
    let text = made.text();
    let key = text
        .split("lw_test_")
        .map(|rest| rest.chars().take(36).collect::<String>());
    let key = key
        .map(|rest| format!("lw_test_{rest}"))
        .find(|key| platform::api_keys::parse(key).is_ok());
    let key = key.expect("the key is on the page");
    assert!(key.ends_with(&row.last_four));
    assert_eq!(made.header("cache-control"), "no-store");
    let listed = app.get("/keys").session(&session).send().await;
    assert!(!listed.text().contains(&key) && listed.text().contains(&row.prefix));
    let long = "x".repeat(101);
    let form = [("name", long.as_str()), ("environment", "live")];
    let refused = app.post("/keys/new").session(&session).form(&form).send().await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains(&long) && refused.text().contains("at most 100 characters"));
}

#[tokio::test]
async fn a_filter_that_cannot_be_is_told_at_its_field_and_kept() {
    let app = App::new().await;
    let (user, session) = app.first_person().await;
    let key = app.test_key(&user).await;
    app.started(&key).await;
    let wrong = "/verifications?status=lost&from=2026-02-30&reference=order-1";
    let text = app.get(wrong).session(&session).send().await.text();
    for part in [
        "status-error",
        "from-error",
        "2026-02-30",
        "Nothing was searched",
        "There is no such day",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains("to-error") && !text.contains("/verifications/export"));

    let sound = "/verifications?status=started&environment=test&to=2999-01-01";
    let text = app.get(sound).session(&session).send().await.text();
    let file = "/verifications/export?status=started&amp;environment=test&amp;to=2999-01-01";
    let without = "/verifications?environment=test&amp;to=2999-01-01";
    for part in [file, without, "Remove filter ", "ver_"] {
        assert!(text.contains(part), "{part}");
    }
}

#[tokio::test]
async fn the_chart_is_also_a_table_at_an_address_of_its_own() {
    let app = App::new().await;
    let (user, session) = app.first_person().await;
    let key = app.test_key(&user).await;
    app.started(&key).await;
    let chart = app.get("/").session(&session).send().await.text();
    assert!(chart.contains("chart-day") && !chart.contains("figures-table"));
    assert!(chart.contains("/?view=table#by-day"));
    let table = app.get("/?view=table").session(&session).send().await.text();
    assert!(table.contains("figures-table") && !table.contains("chart-day"));
}

#[tokio::test]
async fn what_is_read_is_compressed_and_what_is_shown_once_is_not() {
    let app = App::new().await;
    let (user, session) = app.first_person().await;
    let key = app.test_key(&user).await;
    let (id, link) = app.started(&key).await;
    let fetch = async |call: Call<'_>, site: &str| {
        let call = call.session(&session).header("accept-encoding", "gzip, zstd");
        let reply = call.header("sec-fetch-site", site).send().await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let (vary, encoding) = (reply.header("vary"), reply.header("content-encoding"));
        assert_eq!(vary.contains("accept-encoding"), !encoding.is_empty());
        encoding.to_owned()
    };
    for path in ["/", "/verifications?reference=guess", "/audit"] {
        assert_eq!(fetch(app.get(path), "same-origin").await, "zstd", "{path}");
        assert_eq!(fetch(app.get(path), "cross-site").await, "", "{path}");
    }
    assert_eq!(fetch(app.get(&link), "cross-site").await, "zstd");
    let form = [
        ("name", "Staging"),
        ("environment", "test"),
        ("scopes", "verifications:write"),
    ];
    let made = app.post("/keys/new").form(&form);
    assert_eq!(fetch(made, "same-origin").await, "", "it shows the key");
    let status = format!("/verify/status?verificationId={id}");
    assert_eq!(fetch(app.get(&status).key(&key), "same-origin").await, "");
}

#[tokio::test]
async fn another_site_cannot_send_our_forms() {
    let app = App::new().await;
    let (_, session) = app.first_person().await;
    let body = "name=Evil&environment=live";
    let form = "application/x-www-form-urlencoded";
    for (header, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let call = app
            .post("/keys/new")
            .session(&session)
            .header("content-type", form);
        let reply = call.header(header, value).raw(body).send().await;
        assert_eq!(reply.status, 403, "{header}: {value}");
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_at_once() {
    let app = App::new().await;
    let (_, session) = app.first_person().await;
    let out = app.post("/sign-out").session(&session).form(&[]).send().await;
    assert_eq!((out.status.as_u16(), out.header("location")), (303, "/sign-in"));
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    let reply = app.get("/").session(&session).send().await;
    assert_eq!(reply.header("location"), "/sign-in");
}

#[tokio::test]
async fn settings_are_saved_and_the_theme_goes_back_to_our_pages_only() {
    let app = App::new().await;
    let (user, session) = app.first_person().await;
    let form = [
        ("name", "Renamed"),
        ("time_zone", "Asia/Tokyo"),
        ("accept_self_asserted_live", "on"),
    ];
    let saved = app.post("/settings").session(&session).form(&form).send().await;
    assert_eq!(saved.status, 200);
    let settings = platform::access::settings(&user).await.unwrap();
    assert_eq!(
        (settings.name.as_str(), settings.accept_self_asserted_live),
        ("Renamed", true)
    );
    let form = [("name", "Renamed"), ("time_zone", "Mars/Base")];
    let refused = app.post("/settings").session(&session).form(&form).send().await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("Mars/Base"));
    for (referer, back) in [
        ("http://localhost:3000/keys?a=b", "/keys?a=b"),
        ("https://evil.example/x", "/"),
    ] {
        let reply = app
            .post("/theme")
            .header("referer", referer)
            .form(&[("theme", "dark")])
            .send()
            .await;
        assert_eq!(reply.header("location"), back);
        assert!(reply.header("set-cookie").starts_with("lw_theme=dark"));
    }
    let page = app
        .get("/")
        .header("cookie", &format!("lw_session={session}; lw_theme=dark"))
        .send()
        .await;
    assert!(page.text().contains("data-theme=\"dark\""));
}

#[tokio::test]
async fn the_setup_page_tells_a_dead_link() {
    let app = App::new().await;
    let link = platform::identity::setup_link(&app.home.platform.system())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(app.get(&format!("/setup/{link}")).send().await.status, 200);
    assert_eq!(app.get("/setup/made-up").send().await.status, 409);
    app.home.clock.advance(3600);
    assert_eq!(app.get(&format!("/setup/{link}")).send().await.status, 409);
}
