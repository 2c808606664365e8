//! Zero retention: unique values go in wherever a person's data can, and must be nowhere after.

use std::{
    io::Write,
    path::Path,
    sync::{Arc, LazyLock, Mutex},
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE},
};
use loomwire::{
    config::{Log, LogFormat},
    telemetry,
};
use serde_json::json;
use testkit::Installation;
use tracing_subscriber::util::SubscriberInitExt;
use types::console::AuditFilter;
use verify::mrz::{Document, Format, compose};

use crate::app::{App, Reply};

/// What a person brings. Each value is made up and stands nowhere else.
const FAMILY: &str = "QUETZALCOATLUS";
const GIVEN: &str = "WOLFRAMINA";
const NUMBER: &str = "XK7J2QV9Z";
const PERSONAL_NUMBER: &str = "ZQ81WX55TT31";
const BIRTH: &str = "690317";
const AGENT: &str = "CanaryBrowser/7.31 (Phoenix; rv:88)";
const LANGUAGE: &str = "tlh-canary-KL";
const FORWARDED: &str = "203.0.113.177";
const REFERER: &str = "https://canary.example/inbox/4711";
const QUERY: &str = "canaryquery5521";
const COOKIE: &str = "canarycookie99183";
const EXTRA: &str = "canaryextrafield77120";
const TOLD_AGENT: &str = "ToldBrowser/9.0 canary";
const TOLD_IP: &str = "203.0.113.201";

fn document() -> Document {
    let mut document = Document::specimen(Format::Td3);
    document.primary = FAMILY.into();
    document.secondary = GIVEN.into();
    document.number = NUMBER.into();
    document.optional = PERSONAL_NUMBER.into();
    document.birth = BIRTH.into();
    document.expiry = "350415".into();
    document
}

/// Everything that must not be found.
fn canaries() -> Vec<String> {
    let lines = compose(&document()).unwrap();
    let second = lines[1].clone();
    let mut values: Vec<String> = [
        FAMILY,
        GIVEN,
        NUMBER,
        PERSONAL_NUMBER,
        AGENT,
        LANGUAGE,
        FORWARDED,
        REFERER,
        QUERY,
        COOKIE,
        EXTRA,
        TOLD_AGENT,
        TOLD_IP,
    ]
    .map(ToOwned::to_owned)
    .to_vec();
    // The birth date as the lines have it, its check digit and sex beside it.
    values.push(second[13..21].to_owned());
    values.push("1969-03-17".to_owned());
    values.extend(lines);
    values
}

/// The forms in which a value can hide.
fn forms(value: &str) -> Vec<Vec<u8>> {
    let bytes = value.as_bytes();
    let hexed = hex::encode(bytes);
    let mut forms = vec![
        value.into(),
        value.to_lowercase().into(),
        hexed.to_uppercase().into_bytes(),
        hexed.into_bytes(),
        serde_urlencoded::to_string([("", value)])
            .unwrap()
            .split_off(1)
            .into_bytes(),
        value.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    ];
    // In base64 a value can begin at any of three offsets: what whole groups it fills shows.
    for skipped in 0..3 {
        let rest = bytes.get(skipped..).unwrap_or_default();
        let whole = &rest[..rest.len() - rest.len() % 3];
        forms.push(STANDARD.encode(whole).into_bytes());
        forms.push(URL_SAFE.encode(whole).into_bytes());
    }
    // Shorter than this, chance finds it.
    forms.retain(|form| form.len() >= 6);
    forms
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(haystack, needle).is_some()
}

/// Every canary with its forms, made once.
static HUNTED: LazyLock<Vec<(String, Vec<Vec<u8>>)>> = LazyLock::new(|| {
    canaries()
        .into_iter()
        .map(|value| (value.clone(), forms(&value)))
        .collect()
});

/// Which canaries are in these bytes.
pub(crate) fn found_in(place: &str, bytes: &[u8]) -> Vec<String> {
    let found = HUNTED
        .iter()
        .filter(|(_, forms)| forms.iter().any(|form| contains(bytes, form)));
    found.map(|(value, _)| format!("{value} in {place}")).collect()
}

/// All files under a folder.
fn found_under(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(found_under(&path));
        } else {
            found.extend(found_in(&name, &std::fs::read(&path).unwrap()));
        }
    }
    found
}

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// As the person's own browser would send it.
async fn as_person(call: crate::app::Call<'_>) -> Reply {
    call.header("user-agent", AGENT)
        .header("accept-language", LANGUAGE)
        .header("x-forwarded-for", FORWARDED)
        .header("referer", REFERER)
        .header("cookie", &format!("tracker={COOKIE}"))
        .send()
        .await
}

/// The whole story, every way in which it can go; gives every answer but the person's own.
pub(crate) async fn story(app: &App) -> Vec<Reply> {
    let (user, session) = app.first_person().await;
    let key = app.test_key(&user).await;
    let lines = compose(&document()).unwrap();
    let mut broken = lines.clone();
    broken[1].replace_range(27..28, "<");
    let lower: Vec<String> = lines.iter().map(|line| line.to_lowercase()).collect();
    let mut seen = Vec::new();
    let body = json!({"userAgent": TOLD_AGENT, "ip": TOLD_IP, "minimumAge": 18});
    for given in [&lower, &broken, &lines] {
        let start = app.post("/verify/start").key(&key).json(&body).send().await;
        let url = start.json()["sessionUrl"].as_str().unwrap().to_owned();
        let id = start.json()["verificationId"].as_str().unwrap().to_owned();
        let path = url.strip_prefix(crate::app::ORIGIN).unwrap();
        seen.push(start);
        as_person(app.get(&format!("{path}?{QUERY}={QUERY}"))).await;
        seen.push(as_person(app.post(&format!("{path}/consent")).form(&[("x", EXTRA)])).await);
        let fields = [
            ("line1", given[0].as_str()),
            ("line2", given[1].as_str()),
            ("more", EXTRA),
        ];
        let page = as_person(app.post(&format!("{path}/lines?{QUERY}")).form(&fields)).await;
        assert_eq!(page.header("cache-control"), "no-store", "the person's own page");
        // Only where it was refused may the person's own answer hold what was typed.
        if page.status == 422 {
            let typed = given[1].replace('<', "&lt;");
            assert!(page.text().contains(&typed));
        } else {
            seen.push(page);
        }
        let evidence = json!({"verificationId": id, "evidence": {"mrz": given}});
        seen.push(
            app.post("/verify/complete")
                .key(&key)
                .json(&evidence)
                .send()
                .await,
        );
        let odd = json!({"verificationId": id, "evidence": {"mrz": given, FAMILY: GIVEN}});
        let odd = app.post("/verify/complete").key(&key).json(&odd).send().await;
        assert_eq!(odd.status, 400);
        let status = format!("/verify/status?verificationId={id}");
        seen.push(app.get(&status).key(&key).send().await);
        seen.push(
            app.get(&format!("/verifications/{id}"))
                .session(&session)
                .send()
                .await,
        );
        seen.push(as_person(app.get(path)).await);
    }
    for page in ["/", "/verifications", "/audit", "/keys", "/staff/jobs"] {
        seen.push(app.get(page).session(&session).send().await);
    }
    let log = platform::audit::list(&user, &AuditFilter::default())
        .await
        .unwrap();
    assert!(log.rows.iter().any(|row| row.action == "verification.decided"));
    seen
}

#[tokio::test]
async fn nothing_keeps_what_the_person_brought() {
    let logs = Captured::default();
    let log = Log {
        format: LogFormat::Json,
        filter: "trace".into(),
    };
    let writer = logs.clone();
    let _guard = telemetry::subscriber(&log, move || writer.clone()).set_default();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("canary.db").display());
    let app = App::on(Installation::at(&url).await);
    let replies = story(&app).await;

    let mut found = found_under(folder.path());
    let captured = logs.0.lock().unwrap().clone();
    assert!(contains(&captured, b"answered"), "the logs were captured");
    found.extend(found_in("the logs", &captured));
    for (index, reply) in replies.iter().enumerate() {
        found.extend(found_in(&format!("answer {index}"), &reply.body));
        found.extend(found_in(
            &format!("headers {index}"),
            format!("{:?}", reply.headers).as_bytes(),
        ));
    }
    assert!(found.is_empty(), "{found:#?}");

    // A test that cannot find a leak proves nothing: plant one in each form.
    let planted = tempfile::tempdir().unwrap();
    for (value, forms) in HUNTED.iter() {
        for form in forms {
            let leak = [b"noise".as_slice(), form, b"noise"].concat();
            std::fs::write(planted.path().join("leak"), leak).unwrap();
            assert!(!found_under(planted.path()).is_empty(), "{value}");
        }
    }
}

#[tokio::test]
async fn a_leak_into_the_database_is_found_in_its_write_ahead_log() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("canary.db").display());
    let app = App::on(Installation::at(&url).await);
    let (user, _) = app.first_person().await;
    platform::api_keys::create(
        &user,
        types::Environment::Test,
        &types::keys::KeyTerms::usual(FAMILY),
    )
    .await
    .unwrap();
    assert!(!found_under(folder.path()).is_empty());
}
