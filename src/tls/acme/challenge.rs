//! What an authority finds when it looks whether this server is the domain's.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::{
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use crate::tls::certificate::provider;

/// The answers for as long as an order is open. Clones have the same.
#[derive(Clone, Debug, Default)]
pub(in crate::tls) struct Challenges(Arc<Mutex<Answers>>);

#[derive(Debug, Default)]
struct Answers {
    /// By token.
    http: BTreeMap<String, String>,
    /// By domain.
    tls: BTreeMap<String, Arc<CertifiedKey>>,
}

impl Challenges {
    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What stands at `/.well-known/acme-challenge/{token}`.
    pub(in crate::tls) fn answer(&self, token: &str) -> Option<String> {
        self.answers().http.get(token).cloned()
    }

    /// http-01, RFC 8555, section 8.3.
    pub(in crate::tls) fn over_http(&self, token: &str, authorization: &str) {
        self.answers()
            .http
            .insert(token.to_owned(), authorization.to_owned());
    }

    /// tls-alpn-01, RFC 8737, section 3: a certificate for the domain that holds the digest of the
    /// key authorization.
    pub(in crate::tls) fn over_tls(
        &self,
        domain: &str,
        digest: &[u8; 32],
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let mut params = CertificateParams::new(vec![domain.to_owned()])?;
        params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
        let key = KeyPair::generate()?;
        let certificate = params.self_signed(&key)?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        // Not `from_der`, which reads the certificate and refuses what is critical and not known.
        let key = provider().key_provider.load_private_key(key)?;
        let certified = CertifiedKey::new(vec![certificate.der().clone()], key);
        self.answers().tls.insert(domain.to_owned(), Arc::new(certified));
        Ok(())
    }

    /// The order is done with, well or not.
    pub(in crate::tls) fn clear(&self) {
        *self.answers() = Answers::default();
    }
}

impl ResolvesServerCert for Challenges {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.answers().tls.get(hello.server_name()?).cloned()
    }
}
