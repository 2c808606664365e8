//! Verifications as a file.

use types::console::AuditFilter;

use crate::app::App;

const PATH: &str = "/verifications/export";

async fn start(app: &App, key: &str, reference: &str) {
    let body = serde_json::json!({ "reference": reference });
    let reply = app.post("/verify/start").key(key).json(&body).send().await;
    assert_eq!(reply.status, 201, "{reply:?}");
}

#[tokio::test]
async fn the_file_holds_what_the_list_shows() {
    let app = App::new().await;
    let (user, session) = app.first_person().await;
    let key = app.test_key(&user).await;
    for reference in ["=HYPERLINK(1)", "a \"b\", c", "plain"] {
        start(&app, &key, reference).await;
        app.home.clock.advance(1);
    }
    let reply = app.post(PATH).session(&session).form(&[]).send().await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(
        reply.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    assert_eq!(
        reply.header("content-disposition"),
        "attachment; filename=\"verifications-2026-11-23.csv\""
    );
    assert_eq!(reply.header("cache-control"), "no-store");
    let text = reply.text();
    let lines: Vec<&str> = text.split("\r\n").collect();
    let [head, plain, quoted, formula, end] = lines.as_slice() else {
        panic!("{text}")
    };
    assert_eq!(
        *head,
        "id,environment,status,reference,key,created_at,completed_at,assurance,reason"
    );
    let key = platform::api_keys::list(&user).await.unwrap().remove(0).id;
    let at = "2026-11-23T12:00:02.000Z";
    assert!(plain.starts_with("ver_") && plain.ends_with(&format!(",test,started,plain,{key},{at},,,")));
    assert!(quoted.contains(",\"a \"\"b\"\", c\","), "{quoted}");
    assert!(formula.contains(",'=HYPERLINK(1),"), "{formula}");
    assert_eq!(*end, "");
    let log = platform::audit::list(&user, &AuditFilter::default())
        .await
        .unwrap();
    let told: Vec<_> = log.rows.iter().take(2).map(|row| row.sentence.as_str()).collect();
    assert_eq!(
        told,
        [
            "Ada Lovelace was given the last of 3 exported verifications.",
            "Ada Lovelace exported verifications (all).",
        ]
    );
}

#[tokio::test]
async fn the_query_is_that_of_the_list() {
    let app = App::new().await;
    let (user, session) = app.first_person().await;
    let key = app.test_key(&user).await;
    for reference in ["one", "two", "two"] {
        start(&app, &key, reference).await;
    }
    let lines = async |query: &str| {
        let path = format!("{PATH}?{query}");
        let reply = app.post(&path).session(&session).form(&[]).send().await;
        assert_eq!(reply.status, 200, "{query}: {}", reply.text());
        reply.text().lines().count() - 1
    };
    assert_eq!(
        lines("reference=two&status=&environment=&key=&from=&to=").await,
        2
    );
    assert_eq!(
        lines("status=started&environment=test&from=2026-11-23&to=2026-11-23").await,
        3
    );
    assert_eq!(lines("environment=live").await, 0);
    assert_eq!(lines("to=2026-11-22").await, 0);
    for wrong in [
        "status=done",
        "key=x",
        "from=soon",
        "from=2026-11-24&to=2026-11-23",
    ] {
        let path = format!("{PATH}?{wrong}");
        let reply = app.post(&path).session(&session).form(&[]).send().await;
        assert_eq!(reply.status, 400, "{wrong}: {}", reply.text());
    }
}

#[tokio::test]
async fn the_file_is_for_members_of_that_organisation() {
    let app = App::new().await;
    let (user, session) = app.first_person().await;
    let key = app.test_key(&user).await;
    start(&app, &key, "mine").await;
    let nobody = app.get(PATH).send().await;
    assert_eq!(nobody.status, 303);
    assert_eq!(
        nobody.header("location"),
        "/sign-in?next=%2Fverifications%2Fexport"
    );
    let by_key = app.post(PATH).key(&key).form(&[]).send().await;
    assert_eq!(by_key.status, 303, "a key is no session");
    let other = platform::access::create_organisation(&user, "Other", "UTC")
        .await
        .unwrap();
    let there = app.post("/organisations/switch").session(&session);
    there.form(&[("organisation", &other.to_string())]).send().await;
    let reply = app.post(PATH).session(&session).form(&[]).send().await;
    assert_eq!((reply.status.as_u16(), reply.text().lines().count()), (200, 1));
    let demote = format!("UPDATE memberships SET role = 'billing' WHERE organisation_id = '{other}'");
    let mut tx = app.home.db.begin().await.unwrap();
    db::execute!(tx, sqlx::query(sqlx::AssertSqlSafe(demote.clone()))).unwrap();
    tx.commit().await.unwrap();
    app.home.clock.advance(1);
    for call in [app.post(PATH).form(&[]), app.get(PATH)] {
        assert_eq!(call.session(&session).send().await.status, 403);
    }
}

#[tokio::test]
async fn the_setup_page_greets_somebody_who_is_known() {
    let app = App::new().await;
    let plan = platform::demo::Plan {
        verifications: 1,
        ..Default::default()
    };
    let system = app.home.platform.system();
    let report = platform::demo::seed(&system, &plan, &mut |_| {}).await.unwrap();
    let link = platform::identity::enrolment_link(&system, report.owner)
        .await
        .unwrap();
    let page = app.get(&format!("/setup/{link}")).send().await;
    let text = page.text();
    assert_eq!(page.status, 200, "{text}");
    assert!(text.contains("Imogen Farrow") && text.contains("Aldermoor Exchange"));
    assert!(!text.contains("name=\"organisation\""), "no form to fill in");
}

#[tokio::test]
async fn a_broken_off_download_of_the_log_is_continued_from_any_byte() {
    use platform::audit;
    use sha2::Digest as _;
    let app = App::new().await;
    let (user, session) = app.first_person().await;
    let system = app.home.platform.system();
    let mut sequencer = platform::ledger::Sequencer::new(&system);
    while matches!(
        sequencer.step(&system).await.unwrap(),
        platform::ledger::Step::Grown { .. }
    ) {}
    sequencer.end(&system).await.unwrap();
    while audit::index(&system).await.unwrap() {}
    let format = types::audit::ExportFormat::JsonLines;
    let id = audit::ask_export(&user, false, &AuditFilter::default(), format)
        .await
        .unwrap();
    let path = format!("/audit/exports/{id}/file");
    let early = app.get(&path).session(&session).send().await;
    assert_eq!(early.status, 409, "{early:?}");
    assert!(audit::make_due(&system).await.unwrap());
    let get = async |headers: &[(&str, &str)]| {
        let mut call = app.get(&path).session(&session);
        for (name, value) in headers {
            call = call.header(name, value);
        }
        call.send().await
    };
    let whole = get(&[]).await;
    assert_eq!(
        (whole.status.as_u16(), whole.header("accept-ranges")),
        (200, "bytes")
    );
    let length = whole.body.len();
    assert_eq!(whole.header("content-length"), length.to_string());
    let tag = whole.header("etag").to_owned();
    assert_eq!(
        tag,
        format!("\"{}\"", hex::encode(sha2::Sha256::digest(&whole.body)))
    );

    let half = length / 2;
    let first = get(&[("range", &format!("bytes=0-{}", half - 1))]).await;
    let rest = get(&[("range", &format!("bytes={half}-")), ("if-range", &tag)]).await;
    for (part, range) in [
        (&first, format!("bytes 0-{}/{length}", half - 1)),
        (&rest, format!("bytes {half}-{}/{length}", length - 1)),
    ] {
        assert_eq!(part.status, 206, "{part:?}");
        assert_eq!(part.header("content-range"), range);
        assert_eq!(part.header("content-length"), part.body.len().to_string());
    }
    assert!(
        [first.body, rest.body].concat() == whole.body,
        "two halves are the whole"
    );
    let end = get(&[("range", "bytes=-7")]).await;
    assert_eq!(
        (end.status.as_u16(), end.body.as_slice()),
        (206, &whole.body[length - 7..])
    );

    for beyond in [
        format!("bytes={length}-"),
        format!("bytes={}-{}", length + 5, length + 9),
    ] {
        let reply = get(&[("range", &beyond)]).await;
        assert_eq!(reply.status, 416, "{beyond}");
        assert_eq!(reply.header("content-range"), format!("bytes */{length}"));
    }
    // What is there now is not what was begun with: all of it, and no part to put behind that.
    let other = get(&[("range", "bytes=5-"), ("if-range", "\"other\"")]).await;
    assert_eq!((other.status.as_u16(), other.body.len()), (200, length));
    let nobody = app.get(&path).header("range", "bytes=0-1").send().await;
    assert_eq!(nobody.status, 401);
}
