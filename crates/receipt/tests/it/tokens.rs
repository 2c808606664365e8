use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer, SigningKey as Ed25519};
use proptest::prelude::*;
use receipt::{Claims, Refusal, VerifyingKey, check, issue};
use types::Timestamp;

use super::{ISSUED, ISSUER, claims, organisation, signing_key};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1000)
}

fn keys() -> Vec<VerifyingKey> {
    vec![signing_key(9).verifying_key(), signing_key(1).verifying_key()]
}

fn check_now(token: &str) -> Result<Claims, Refusal> {
    check(
        token,
        &keys(),
        at(ISSUED + 5),
        ISSUER,
        &organisation().to_string(),
    )
}

/// Any header and payload, properly signed with key 1.
fn signed(header: &str, payload: &str) -> String {
    let message = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload)
    );
    let signature = Ed25519::from_bytes(&[1; 32]).sign(message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

fn header() -> String {
    format!(
        r#"{{"alg":"EdDSA","typ":"JWT","kid":"{}"}}"#,
        signing_key(1).kid()
    )
}

fn payload() -> String {
    serde_json::to_string(&claims()).unwrap()
}

#[test]
fn an_issued_token_is_accepted_and_says_the_same() {
    let token = issue(&signing_key(1), &claims());
    assert_eq!(check_now(&token), Ok(claims()));
    assert_eq!(issue(&signing_key(1), &claims()), token);
    assert_eq!(signed(&header(), &payload()), token);
}

#[test]
fn the_claims_are_those_of_the_contract() {
    assert_eq!(
        payload(),
        concat!(
            r#"{"iss":"https://id.example","sub":"ver_00000000000000000000000001","#,
            r#""aud":"org_00000000000000000000000007","iat":1767225600,"exp":1767312000,"#,
            r#""jti":"tok_00000000000000000000000002","over18":true,"assurance":"self_asserted","#,
            r#""checks":[{"check":"document_consistent","result":"passed"}]}"#
        )
    );
}

#[test]
fn it_expires_exactly_at_exp() {
    let token = issue(&signing_key(1), &claims());
    let aud = organisation().to_string();
    let end = claims().exp;
    let last = Timestamp::from_millis(end * 1000 - 1);
    assert!(check(&token, &keys(), last, ISSUER, &aud).is_ok());
    assert_eq!(
        check(&token, &keys(), at(end), ISSUER, &aud),
        Err(Refusal::Expired)
    );
    assert_eq!(
        check(&token, &keys(), at(i64::MAX / 1000), ISSUER, &aud),
        Err(Refusal::Expired)
    );
}

#[test]
fn a_clock_behind_by_a_minute_is_borne_and_no_more() {
    let token = issue(&signing_key(1), &claims());
    let aud = organisation().to_string();
    assert!(check(&token, &keys(), at(ISSUED - 60), ISSUER, &aud).is_ok());
    assert_eq!(
        check(&token, &keys(), at(ISSUED - 61), ISSUER, &aud),
        Err(Refusal::NotYetValid)
    );
}

#[test]
fn another_issuer_or_audience_is_refused() {
    let token = issue(&signing_key(1), &claims());
    let now = at(ISSUED);
    let aud = organisation().to_string();
    for iss in ["https://id.example/", "https://other.example", ""] {
        assert_eq!(check(&token, &keys(), now, iss, &aud), Err(Refusal::Issuer));
    }
    for aud in ["org_00000000000000000000000008", ""] {
        assert_eq!(check(&token, &keys(), now, ISSUER, aud), Err(Refusal::Audience));
    }
}

#[test]
fn no_other_algorithm_is_accepted_however_it_is_signed() {
    let kid = signing_key(1).kid().to_owned();
    for alg in [
        "none", "None", "NONE", "", "HS256", "ES256", "RS256", "eddsa", "Ed25519", "EdDSA ",
    ] {
        let header = format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"{kid}"}}"#);
        let token = signed(&header, &payload());
        assert_eq!(check_now(&token), Err(Refusal::Algorithm), "{alg}");
        let (message, _) = token.rsplit_once('.').unwrap();
        assert_eq!(
            check_now(&format!("{message}.")),
            Err(Refusal::Algorithm),
            "{alg}"
        );
    }
    for header in [
        format!(r#"{{"typ":"JWT","kid":"{kid}"}}"#),
        format!(r#"{{"alg":null,"typ":"JWT","kid":"{kid}"}}"#),
        format!(r#"{{"alg":["EdDSA"],"typ":"JWT","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"none","alg":"EdDSA","typ":"JWT","kid":"{kid}"}}"#),
    ] {
        assert_eq!(
            check_now(&signed(&header, &payload())),
            Err(Refusal::Malformed),
            "{header}"
        );
    }
}

#[test]
fn a_header_that_asks_for_more_is_refused() {
    let kid = signing_key(1).kid().to_owned();
    for more in [
        r#""typ":"JWT","crit":["b64"],"b64":false"#,
        r#""typ":"JWT","crit":[]"#,
        r#""typ":"JWT","crit":null"#,
        r#""typ":"JOSE""#,
        r#""cty":"JWT""#,
    ] {
        let header = format!(r#"{{"alg":"EdDSA","kid":"{kid}",{more}}}"#);
        assert_eq!(
            check_now(&signed(&header, &payload())),
            Err(Refusal::Header),
            "{more}"
        );
    }
}

#[test]
fn a_token_does_not_bring_its_own_key() {
    let stranger = signing_key(5);
    assert_eq!(check_now(&issue(&stranger, &claims())), Err(Refusal::UnknownKey));
    // A known name on a stranger's signature.
    let token = issue(&stranger, &claims());
    let parts: Vec<_> = token.split('.').collect();
    let own = URL_SAFE_NO_PAD.encode(header());
    let forged = [own.as_str(), parts[1], parts[2]].join(".");
    assert_eq!(check_now(&forged), Err(Refusal::Signature));
    // Key 9 is known, but it did not sign.
    let named = header().replace(signing_key(1).kid(), signing_key(9).kid());
    assert_eq!(check_now(&signed(&named, &payload())), Err(Refusal::Signature));
    let jwk = serde_json::to_string(&stranger.jwk()).unwrap();
    let header = format!(r#"{{"alg":"EdDSA","typ":"JWT","jwk":{jwk}}}"#);
    assert_eq!(check_now(&signed(&header, &payload())), Err(Refusal::UnknownKey));
    let none = check(&issue(&signing_key(1), &claims()), &[], at(ISSUED), ISSUER, "");
    assert_eq!(none, Err(Refusal::UnknownKey));
}

#[test]
fn only_three_parts_of_exact_base64url_are_a_token() {
    let token = issue(&signing_key(1), &claims());
    let parts: Vec<_> = token.split('.').collect();
    let (head, body, tail) = (parts[0], parts[1], parts[2]);
    for (bad, why) in [
        (String::new(), Refusal::Malformed),
        (".".to_owned(), Refusal::Malformed),
        ("..".to_owned(), Refusal::Malformed),
        (format!("{head}.{body}"), Refusal::Malformed),
        (format!("{head}.{body}."), Refusal::Signature),
        (format!("{head}..{tail}"), Refusal::Signature),
        (format!(".{body}.{tail}"), Refusal::Malformed),
        (format!("{token}.{tail}"), Refusal::Signature),
        (format!("{head}.{token}"), Refusal::Signature),
        (format!("{token}="), Refusal::Malformed),
        (format!("{token}\n"), Refusal::Malformed),
        (format!(" {token}"), Refusal::Malformed),
        (format!("{head}.{body}.{tail}AAAA"), Refusal::Signature),
        (format!("{head}.{body}.+/{}", &tail[2..]), Refusal::Malformed),
        (token.replace('.', ". "), Refusal::Malformed),
        (
            format!("{head}.{body}.{tail}{}", "A".repeat(9000)),
            Refusal::Malformed,
        ),
    ] {
        assert_eq!(check_now(&bad), Err(why), "{bad}");
    }
    // The last character holds four bits of the signature and two that must be zero.
    let last = tail.chars().next_back().unwrap();
    for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars() {
        let changed = format!("{}{other}", &token[..token.len() - 1]);
        assert_eq!(check_now(&changed).is_ok(), other == last, "{other}");
    }
}

#[test]
fn every_changed_character_is_noticed() {
    let token = issue(&signing_key(1), &claims());
    for index in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(check_now(&changed).is_err(), "{index}");
    }
}

#[test]
fn signed_claims_of_another_shape_are_refused() {
    let good = payload();
    for bad in [
        good.replace("ver_", "key_"),
        good.replace(r#""over18":true"#, r#""over18":"true""#),
        good.replace(r#""over18":true,"#, ""),
        good.replace(r#""over18":true"#, r#""over18":false,"over18":true"#),
        good.replace("self_asserted", "certain"),
        good.replace(
            r#""aud":"org_00000000000000000000000007""#,
            r#""aud":["org_00000000000000000000000007"]"#,
        ),
        good.replace("1767312000", "1767312000.5"),
        good.replace("1767312000", "1767225600"),
        good.replace("1767312000", "99999999999999999999"),
        "null".to_owned(),
        "{}".to_owned(),
        format!("{good} {{}}"),
    ] {
        assert_ne!(bad, good);
        assert_eq!(check_now(&signed(&header(), &bad)), Err(Refusal::Claims), "{bad}");
    }
    let later = good
        .replace('}', r#","region":"eu"}"#)
        .replacen(r#","region":"eu"}]"#, "}]", 1);
    assert_eq!(check_now(&signed(&header(), &later)), Ok(claims()));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn no_text_is_taken_for_a_token(text in "[A-Za-z0-9_.=-]{0,200}|.{0,60}") {
        prop_assert!(check_now(&text).is_err());
    }
}
