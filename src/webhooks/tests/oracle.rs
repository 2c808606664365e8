//! Against `standardwebhooks`, the standard's own library for Python: `cargo xtask test` installs it.

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::json;
use testkit::Installation;

use super::{Business, double::Arrived, double::server};

/// The folder in which it is installed.
const FOLDER: &str = "XTASK_ORACLES";

/// Verifies each line's message; its clock is set to the message's own moment and so many seconds
/// more, since the library holds it to five minutes.
const PROGRAM: &str = r#"
import datetime, json, sys
import standardwebhooks.webhooks as library
for line in sys.stdin:
    asked = json.loads(line)
    moment = int(asked["headers"]["webhook-timestamp"]) + asked["late"]
    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.datetime.fromtimestamp(moment, tz)
    library.datetime = Clock
    try:
        told = library.Webhook(asked["secret"]).verify(asked["body"], asked["headers"])
        print("good " + told["type"])
    except library.WebhookVerificationError as error:
        print("bad " + str(error))
"#;

/// Where it is installed, if it is.
pub(super) fn folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

fn asked(request: &Arrived, secret: &str, body: &str, late: i64) -> String {
    json!({"headers": request.headers, "secret": secret, "body": body, "late": late}).to_string()
}

#[tokio::test]
async fn the_standard_s_own_library_takes_our_signatures() {
    let Some(folder) = folder() else {
        eprintln!("SKIPPED against standardwebhooks: cargo xtask test installs it and says where");
        return;
    };
    let (url, mut arrived) = server().await;
    let business = Business::new(Installation::in_memory().await, &url).await;
    let (old, webhook) = (business.secret.clone(), business.webhook);
    business.approve().await;
    let sending = business.send().await;
    let first = &arrived.recv().await.unwrap();
    // Whether it is answered is nothing to the signature.
    sending.abort();
    let new = platform::webhooks::rotate(&business.user, webhook)
        .await
        .unwrap()
        .secret;
    business.approve().await;
    let sending = business.send().await;
    let second = &arrived.recv().await.unwrap();
    sending.abort();
    let questions = [
        (asked(first, &old, &first.body, 0), "good verification.completed"),
        (
            asked(first, &new, &first.body, 0),
            "bad No matching signature found",
        ),
        (
            asked(second, &old, &second.body, 0),
            "good verification.completed",
        ),
        (
            asked(second, &new, &second.body, 0),
            "good verification.completed",
        ),
        (
            asked(first, &old, &format!("{} ", first.body), 0),
            "bad No matching signature found",
        ),
        (
            asked(first, &old, &first.body, 301),
            "bad Message timestamp too old",
        ),
    ];
    let mut program = Command::new("python3")
        .args(["-c", PROGRAM])
        .env("PYTHONPATH", folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = program.stdin.take().unwrap();
    for (question, _) in &questions {
        writeln!(input, "{question}").unwrap();
    }
    drop(input);
    let output = program.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let expected: Vec<_> = questions.iter().map(|(_, answer)| *answer).collect();
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
}
