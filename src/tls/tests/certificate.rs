//! What is taken for a certificate, and what is said if it is none.

use super::*;

fn refused(chain: &str, key: &str) -> String {
    Certificate::from_pem(chain.as_bytes(), key.as_bytes(), MockClock::START)
        .unwrap_err()
        .to_string()
}

#[test]
fn what_does_not_belong_together_is_refused_with_the_reason() {
    let pki = Pki::new();
    let (one, other) = (pki.usual(), pki.usual());
    let chain = one.chain();
    for (chain, key, word) in [
        ("", one.key.as_str(), "no certificate"),
        (one.key.as_str(), one.key.as_str(), "no certificate"),
        (chain.as_str(), chain.as_str(), "no private key"),
        (chain.as_str(), "", "no private key"),
        (chain.as_str(), other.key.as_str(), "not that of the certificate"),
        (
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            one.key.as_str(),
            "damaged",
        ),
        (
            "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
            one.key.as_str(),
            "damaged",
        ),
    ] {
        let said = refused(chain, key);
        assert!(said.contains(word), "{word}: {said}");
    }
}

#[test]
fn a_chain_in_the_wrong_order_says_which_is_which() {
    let pki = Pki::new();
    let one = pki.usual();
    let said = refused(&format!("{}{}", one.between, one.own), &one.key);
    assert!(said.contains("number 2"), "{said}");
    let said = refused(&format!("{}{}{}", one.own, pki.root.pem(), one.between), &one.key);
    assert!(said.contains("certificate 1 was not issued"), "{said}");
    // The root at the end is superfluous, and not wrong.
    let whole = format!("{}{}{}", one.own, one.between, pki.root.pem());
    Certificate::from_pem(whole.as_bytes(), one.key.as_bytes(), MockClock::START).unwrap();
}

#[test]
fn an_expired_one_says_when() {
    let old = Pki::new().issue(&[HOST], (2020, 1, 1), (2026, 11, 23));
    assert!(refused(&old.chain(), &old.key).contains("2026-11-23"));
}

#[test]
fn hosts_that_it_is_not_for_are_named() {
    let pki = Pki::new();
    let issued = pki.issue(&[HOST, "*.id.example"], (2020, 1, 1), (2100, 1, 1));
    let certificate =
        Certificate::from_pem(issued.chain().as_bytes(), issued.key.as_bytes(), MockClock::START).unwrap();
    let hosts = [HOST, "a.id.example", "id.example", "other.example", "not a host"].map(str::to_owned);
    assert_eq!(
        certificate.lacks(&hosts),
        ["id.example", "other.example", "not a host"]
    );
}

#[test]
fn the_log_says_once_a_day_that_it_is_about_to_expire() {
    let (captured, guard) = crate::telemetry::tests::capture();
    let midnight = Timestamp::from_millis(1_699_920_000_000);
    let day = |number: i64| midnight.plus_seconds(number * 24 * 60 * 60);
    let shown = Shown::default();
    shown.remind(midnight);
    shown.put(Pki::new().lasting(midnight, day(90)));
    for moment in [
        day(0),
        day(75),
        day(76),
        day(76).plus_seconds(3600),
        day(77),
        day(91),
    ] {
        shown.remind(moment);
    }
    drop(guard);
    let text = captured.text();
    let lines: Vec<_> = text.lines().filter(|line| line.contains("certificate")).collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(
        lines[0].contains("\"days\":14") && lines[1].contains("\"days\":13"),
        "{text}"
    );
    assert!(
        lines[2].contains("has expired") && lines[2].contains("ERROR"),
        "{text}"
    );
}
