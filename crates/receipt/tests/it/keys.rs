use receipt::{Jwk, Jwks, VerifyingKey};

use super::signing_key;

fn jwk() -> Jwk {
    signing_key(1).jwk()
}

#[test]
fn a_published_key_comes_back() {
    let published: Jwks = [signing_key(1).verifying_key(), signing_key(2).verifying_key()]
        .iter()
        .collect();
    let json = serde_json::to_value(&published).unwrap();
    assert_eq!(
        json["keys"][0],
        serde_json::json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "x": "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w",
            "kid": signing_key(1).kid(),
            "alg": "EdDSA",
            "use": "sig",
        })
    );
    let read: Jwks = serde_json::from_value(json).unwrap();
    assert_eq!(
        read.verifying_keys(),
        [signing_key(1).verifying_key(), signing_key(2).verifying_key()]
    );
}

#[test]
fn a_key_of_another_kind_is_passed_over() {
    let text = format!(
        r#"{{"keys":[{{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}},{{"kty":"RSA","n":"AA","e":"AQAB"}},{}]}}"#,
        serde_json::to_string(&jwk()).unwrap()
    );
    let set: Jwks = serde_json::from_str(&text).unwrap();
    assert_eq!(set.verifying_keys(), [signing_key(1).verifying_key()]);
}

#[test]
fn an_unsound_key_is_refused() {
    let some = |text: &str| Some(text.to_owned());
    let (good, other) = (jwk(), signing_key(2));
    // The neutral element: anybody could sign for it.
    let neutral = format!("AQ{}", "A".repeat(41));
    for bad in [
        Jwk {
            kty: "EC".to_owned(),
            ..good.clone()
        },
        Jwk {
            crv: some("X25519"),
            ..good.clone()
        },
        Jwk {
            crv: None,
            ..good.clone()
        },
        Jwk {
            alg: some("ES256"),
            ..good.clone()
        },
        Jwk {
            usage: some("enc"),
            ..good.clone()
        },
        Jwk {
            kid: some(other.kid()),
            ..good.clone()
        },
        Jwk {
            x: None,
            ..good.clone()
        },
        Jwk {
            x: some("AAAA"),
            ..good.clone()
        },
        Jwk {
            x: good.x.as_ref().map(|x| format!("{x}=")),
            ..good.clone()
        },
        Jwk {
            x: Some(neutral),
            kid: None,
            ..good.clone()
        },
    ] {
        assert!(VerifyingKey::try_from(&bad).is_err(), "{bad:?}");
    }
    let bare = Jwk {
        alg: None,
        usage: None,
        kid: None,
        ..good
    };
    assert!(VerifyingKey::try_from(&bare).is_ok());
}
