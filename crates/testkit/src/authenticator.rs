//! A passkey in software (WebAuthn Level 3, sections 6 and 8.7): ES256, attestation `none`.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use p256::ecdsa::{DerSignature, SigningKey, signature::Signer as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// User present, user verified, attested credential data included (section 6.1).
const UP: u8 = 0x01;
const UV: u8 = 0x04;
const AT: u8 = 0x40;
/// May be copied to other devices, and is.
const BE: u8 = 0x08;
const BS: u8 = 0x10;

/// What the authenticator, or somebody in the middle, does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// It did not verify the user.
    NoUserVerification,
    /// The page was on another origin.
    OtherOrigin,
    /// The signature is of other bytes.
    BogusSignature,
    /// The counter went back.
    FallingCounter,
}

/// One authenticator with one passkey.
pub struct Authenticator {
    key: SigningKey,
    credential_id: Vec<u8>,
    user_handle: Vec<u8>,
    origin: String,
    counter: u32,
    /// Flags BE and BS, if it copies its passkeys.
    copies: u8,
    aaguid: [u8; 16],
}

fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    /// An authenticator with no passkey yet, told apart by its seed.
    pub fn new(origin: &str, seed: u8) -> Self {
        Self {
            key: SigningKey::from_slice(&[seed.max(1); 32]).unwrap(),
            credential_id: vec![seed; 16],
            user_handle: Vec::new(),
            origin: origin.to_owned(),
            counter: 0,
            copies: 0,
            aaguid: [0; 16],
        }
    }

    /// One that copies its passkeys to other devices, of this model.
    #[must_use]
    pub fn synced(mut self, aaguid: u128) -> Self {
        self.copies = BE | BS;
        self.aaguid = aaguid.to_be_bytes();
        self
    }

    fn client_data(&self, kind: &str, challenge: &str, fault: Fault) -> Vec<u8> {
        let origin = match fault {
            Fault::OtherOrigin => "https://evil.example",
            _ => &self.origin,
        };
        json!({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false})
            .to_string()
            .into_bytes()
    }

    fn authenticator_data(&mut self, rp_id: &str, flags: u8, fault: Fault) -> Vec<u8> {
        self.counter = match fault {
            Fault::FallingCounter => 1,
            _ => self.counter + 10,
        };
        let flags = match fault {
            Fault::NoUserVerification => flags & !UV,
            _ => flags,
        } | self.copies;
        let mut data = Sha256::digest(rp_id.as_bytes()).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// Answers `CredentialCreationOptions`.
    pub fn register(&mut self, options: &Value, fault: Fault) -> Value {
        let public = &options["publicKey"];
        assert_eq!(public["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(public["authenticatorSelection"]["userVerification"], "required");
        self.user_handle = URL_SAFE_NO_PAD
            .decode(public["user"]["id"].as_str().unwrap())
            .unwrap();
        let client_data = self.client_data("webauthn.create", public["challenge"].as_str().unwrap(), fault);
        let mut data = self.authenticator_data(public["rp"]["id"].as_str().unwrap(), UP | UV | AT, fault);
        data.extend(self.aaguid);
        data.extend([0, 16]);
        data.extend(&self.credential_id);
        data.extend(self.cose_key());
        // CBOR: {"fmt": "none", "attStmt": {}, "authData": h'..'}
        let mut attestation = vec![0xa3, 0x63];
        attestation.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x58");
        attestation.push(u8::try_from(data.len()).unwrap());
        attestation.extend(&data);
        json!({
            "id": b64(&self.credential_id),
            "rawId": b64(&self.credential_id),
            "type": "public-key",
            "response": {
                "attestationObject": b64(&attestation),
                "clientDataJSON": b64(&client_data),
            },
            "extensions": {},
        })
    }

    /// CBOR: {1: 2, 3: -7, -1: 1, -2: x, -3: y} (RFC 9053, section 7.1.1).
    fn cose_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let mut key = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
        key.extend_from_slice(point.x().unwrap());
        key.extend([0x22, 0x58, 0x20]);
        key.extend_from_slice(point.y().unwrap());
        key
    }

    /// Answers `CredentialRequestOptions`.
    pub fn sign_in(&mut self, options: &Value, fault: Fault) -> Value {
        let public = &options["publicKey"];
        assert_eq!(public["userVerification"], "required");
        let client_data = self.client_data("webauthn.get", public["challenge"].as_str().unwrap(), fault);
        let data = self.authenticator_data(public["rpId"].as_str().unwrap(), UP | UV, fault);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(&client_data));
        if fault == Fault::BogusSignature {
            signed.push(0);
        }
        let signature: DerSignature = self.key.sign(&signed);
        json!({
            "id": b64(&self.credential_id),
            "rawId": b64(&self.credential_id),
            "type": "public-key",
            "response": {
                "authenticatorData": b64(&data),
                "clientDataJSON": b64(&client_data),
                "signature": b64(signature.as_bytes()),
                "userHandle": b64(&self.user_handle),
            },
            "extensions": {},
        })
    }
}
