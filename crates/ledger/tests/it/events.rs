//! What single events say: commitments, and the columns that stand beside them.

use ledger::{
    event::{Plain, commitment},
    verify::opens,
};
use serde_json::{Value, json};

#[test]
fn a_sealed_value_must_open_its_commitment() {
    let salt = [7; 32];
    let hex = hex::encode(commitment(&salt, "address", "192.0.2.7"));
    let canonical = json!({"commitments": {"address": hex}});
    assert_eq!(opens(8, &canonical, "address", "192.0.2.7", &salt), Ok(()));
    let wrong = [
        ("address", "192.0.2.8", salt),
        ("address", "192.0.2.7", [8; 32]),
        ("userAgent", "192.0.2.7", salt),
    ];
    for (field, value, salt) in wrong {
        let fault = opens(8, &canonical, field, value, &salt).unwrap_err();
        assert_eq!(fault.row(), Some(8));
    }
}

#[test]
fn columns_are_compared_with_the_text() {
    let canonical: Value = json!({
        "schema": 2, "id": "evt_1", "time": 5, "action": "a.b", "version": 1, "result": "success",
        "actor": {"kind": "user", "id": "usr_1"}, "organisation": "org_1",
        "targets": [{"kind": "user", "id": "usr_2"}, {"kind": "user", "id": "usr_3"}],
        "context": {"request": "req_1"}, "metadata": {}, "commitments": {},
    });
    let plain = Plain::of(&canonical).unwrap();
    assert_eq!(plain.target.as_deref(), Some("usr_2"));
    assert_eq!(plain.differs(&plain), None);
    let changed = |change: fn(&mut Plain)| {
        let mut other = plain.clone();
        change(&mut other);
        plain.differs(&other)
    };
    assert_eq!(changed(|p| p.id.push('x')), Some("id"));
    assert_eq!(changed(|p| p.organisation.clear()), Some("organisation_id"));
    assert_eq!(changed(|p| p.time = 6), Some("occurred_at"));
    assert_eq!(changed(|p| p.action.push('x')), Some("action"));
    assert_eq!(changed(|p| p.result.push('x')), Some("result"));
    assert_eq!(changed(|p| p.actor_kind.push('x')), Some("actor_kind"));
    assert_eq!(changed(|p| p.actor_id = None), Some("actor_id"));
    assert_eq!(changed(|p| p.target = None), Some("target_id"));
    assert_eq!(changed(|p| p.request = None), Some("request_id"));
    // Schema 1.
    let first: Value = json!({
        "schema": 1, "id": "evt_1", "time": 5, "action": "a.b", "result": "success", "actor": {"kind": "system"},
        "target": "usr_2", "request": "req_1", "details": {}, "commitments": {},
    });
    let plain = Plain::of(&first).unwrap();
    assert_eq!(
        (plain.target.as_deref(), plain.request.as_deref()),
        (Some("usr_2"), Some("req_1"))
    );
    assert_eq!(plain.organisation, "");
    assert_eq!(Plain::of(&json!({})), None);
}
