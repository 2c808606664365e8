//! The mapping to OCSF, held to what the pinned release asks for.

use std::collections::BTreeMap;

use ledger::bundle::{Bundle, Opened};
use serde_json::{Value, json};

use super::{line, ocsf};
use crate::audit::{Action, find::Facts};

fn rules() -> Value {
    serde_json::from_str(include_str!("ocsf-1.5.0.json")).unwrap()
}

fn has(object: &Value, names: &Value, any: bool) -> bool {
    let mut names = names.as_array().unwrap().iter();
    let there = |name: &Value| {
        object
            .get(name.as_str().unwrap())
            .is_some_and(|value| !value.is_null())
    };
    if any { names.any(there) } else { names.all(there) }
}

/// Holds an event to the rules of its class.
fn hold(event: &Value) {
    let rules = rules();
    let uid = event["class_uid"].as_u64().unwrap();
    let class = &rules["classes"][uid.to_string()];
    assert!(class.is_object(), "no class {uid}");
    assert!(has(event, &rules["base"]["required"], false), "{event:#}");
    assert!(has(&event["metadata"], &rules["base"]["metadata"], false));
    assert!(has(event, &class["required"], false), "{event:#}");
    assert_eq!(event["category_uid"], class["category_uid"]);
    for (field, allowed) in [
        ("activity_id", &class["activity_id"]),
        ("severity_id", &rules["base"]["severity_id"]),
        ("status_id", &rules["base"]["status_id"]),
    ] {
        assert!(
            allowed.as_array().unwrap().contains(&event[field]),
            "{field}: {event:#}"
        );
    }
    assert_eq!(
        event["type_uid"].as_u64().unwrap(),
        uid * 100 + event["activity_id"].as_u64().unwrap()
    );
    if let Some(some) = class.get("at_least_one") {
        assert!(has(event, some, true), "{event:#}");
    }
    for (name, rule) in rules["objects"].as_object().unwrap() {
        let Some(object) = event.get(name) else { continue };
        assert!(
            rule.get("at_least_one")
                .is_none_or(|some| has(object, some, true)),
            "{name}: {event:#}"
        );
        assert!(
            rule.get("required").is_none_or(|all| has(object, all, false)),
            "{name}: {event:#}"
        );
    }
}

fn bundle(code: &str, kind: &str, id: Option<&str>, result: &str, opened: bool) -> Bundle {
    let mut actor = json!({ "kind": kind });
    if let Some(id) = id {
        actor["id"] = json!(id);
    }
    let canonical = json!({
        "schema": 2, "id": "evt_00000000000000000000000001", "time": 1_795_435_200_123_i64, "action": code,
        "version": 1, "result": result, "reason": "=cmd", "actor": actor, "targets": [],
        "context": { "request": "req_1" }, "metadata": { "role": "security" }, "commitments": {},
    });
    let value = |value: &str| Opened {
        value: value.into(),
        salt: "00".repeat(32),
    };
    Bundle {
        canonical: canonical.to_string(),
        leaf_index: 7,
        opened: if opened {
            BTreeMap::from([("address".into(), value("203.0.113.9"))])
        } else {
            BTreeMap::new()
        },
        proof: "c2sp.org/tlog-proof@v1\nindex 7\n".into(),
    }
}

#[test]
fn every_action_by_everybody_is_an_event_of_the_pinned_release() {
    let people = [
        ("user", Some("usr_1")),
        ("staff", Some("usr_1")),
        ("api_key", Some("key_1")),
        ("person", None),
        ("system", None),
        ("anonymous", None),
    ];
    for action in Action::ALL {
        for (kind, id) in people {
            for result in ["success", "denied", "failed"] {
                for opened in [true, false] {
                    let bundle = bundle(action.code(), kind, id, result, opened);
                    let event = ocsf::event(&Facts::read(&bundle.canonical).unwrap(), &bundle).unwrap();
                    hold(&event);
                    assert_eq!(event.to_string().matches("203.0.113.9").count() > 0, opened);
                    assert_eq!(
                        event["unmapped"]["loomwire"]["canonical"],
                        json!(bundle.canonical)
                    );
                }
            }
        }
    }
}

#[test]
fn a_csv_file_has_no_formula_and_can_be_read_back() {
    let mut out = Vec::new();
    let format = types::audit::ExportFormat::Csv;
    line::head(format, &mut out).unwrap();
    let bundle = bundle("session.sign_in_failed", "anonymous", None, "denied", true);
    line::write(format, &bundle, &mut out).unwrap();
    let mut reader = csv::Reader::from_reader(out.as_slice());
    assert_eq!(reader.headers().unwrap().len(), line::COLUMNS.len());
    let row = reader.records().next().unwrap().unwrap();
    let cell = |name: &str| {
        row.get(line::COLUMNS.iter().position(|column| *column == name).unwrap())
            .unwrap()
    };
    assert_eq!(
        (cell("reason"), cell("time")),
        ("'=cmd", "2026-11-23T12:00:00.123Z")
    );
    assert_eq!(
        (cell("canonical"), cell("proof")),
        (bundle.canonical.as_str(), bundle.proof.as_str())
    );
    assert_eq!((cell("leafIndex"), cell("address")), ("7", "203.0.113.9"));
}

/// The table in `docs/AUDIT.md`.
#[test]
fn the_table_of_codes_is_current() {
    let mut table = "| code | says | OCSF class | activity |\n| --- | --- | --- | --- |\n".to_owned();
    for action in Action::ALL {
        let (class, activity) = ocsf::class_of(*action);
        let told = action.told().replace('|', "\\|");
        let line = format!(
            "| `{}` | {told} | {} {} | {} {activity} |\n",
            action.code(),
            class.name(),
            class.uid(),
            class.activity(activity)
        );
        table.push_str(&line);
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/audit/codes.md");
    let head = "# Codes of the audit log\n\nMade from the code: `LOOMWIRE_UPDATE=1 cargo nextest run -p platform the_table_of_codes`.\n\n";
    let whole = format!("{head}{table}");
    if std::env::var_os("LOOMWIRE_UPDATE").is_some() {
        std::fs::write(path, &whole).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(path).unwrap(),
        whole,
        "run the test with LOOMWIRE_UPDATE=1"
    );
}
