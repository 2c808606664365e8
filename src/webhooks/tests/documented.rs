//! The code of `docs/WEBHOOKS.md`, run on what we send.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::{Value, json};
use testkit::Installation;

use super::{Business, double::server, oracle::folder};

const WEBHOOKS: &str = include_str!("../../../docs/WEBHOOKS.md");

/// Runs the receiver as it stands, with the two names that it leaves to the reader, at the moment of
/// the message. Answers what it says to the message, to one with another body, and what it took.
const RECEIVER: &str = r#"
import datetime, json, os, sys
import standardwebhooks.webhooks as library
asked = json.load(sys.stdin)
class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromtimestamp(int(asked["headers"]["webhook-timestamp"]), tz)
library.datetime = Clock
os.environ["WEBHOOK_SECRET"] = asked["secret"]
taken = []
names = {"__name__": "receiver", "is_new": lambda id: True, "queue": taken.append}
exec(asked["code"], names)
client = names["app"].test_client()
headers = {name: value for name, value in asked["headers"].items() if "webhook" in name}
said = [
    client.post("/your/path", data=body, headers=headers).status_code
    for body in (asked["body"], asked["body"] + " ")
]
print(json.dumps({"said": said, "taken": taken}))
"#;

/// Asks the function for the contract's header about the message, and about one with another body.
const FUNCTION: &str = r#"
import json, sys
asked = json.load(sys.stdin)
names = {}
exec(asked["code"], names)
header = asked["headers"]["x-webhook-signature"]
said = [
    names["is_ours"](body.encode(), header, asked["secret"])
    for body in (asked["body"], asked["body"] + " ")
]
print(json.dumps(said))
"#;

/// The block of code in this language that has this text in it.
fn code(language: &str, with: &str) -> &'static str {
    let start = format!("```{language}\n");
    let blocks = WEBHOOKS
        .split(start.as_str())
        .skip(1)
        .filter_map(|rest| rest.split("\n```").next());
    blocks
        .into_iter()
        .find(|block| block.contains(with))
        .unwrap_or_else(|| panic!("docs/WEBHOOKS.md has no {language} with {with}"))
}

fn python(program: &str, asked: &Value) -> Option<Value> {
    let mut child = Command::new("python3")
        .args(["-c", program])
        .env("PYTHONPATH", folder()?)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    write!(input, "{asked}").unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

#[tokio::test]
async fn the_code_for_receivers_takes_what_we_send_and_nothing_else() {
    if folder().is_none() {
        eprintln!("SKIPPED the code of docs/WEBHOOKS.md: cargo xtask test installs what it needs");
        return;
    }
    let (url, mut arrived) = server().await;
    let business = Business::new(Installation::in_memory().await, &url).await;
    business.approve().await;
    let sending = business.send().await;
    let sent = arrived.recv().await.unwrap();
    sending.abort();
    let asked = |code: &str| json!({"code": code, "headers": sent.headers, "body": sent.body, "secret": business.secret});
    let receiver = python(RECEIVER, &asked(code("python", "Flask"))).unwrap();
    let event: Value = serde_json::from_str(&sent.body).unwrap();
    assert_eq!(receiver, json!({"said": [204, 400], "taken": [event]}));
    let function = python(FUNCTION, &asked(code("python", "is_ours"))).unwrap();
    assert_eq!(function, json!([true, false]));
}
