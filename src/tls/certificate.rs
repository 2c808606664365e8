//! A certificate with its key, as it is shown to clients.

use std::sync::Arc;

use rustls::{
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
    server::ParsedCertificate,
    sign::CertifiedKey,
};
use types::Timestamp;
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use super::Error;

/// A chain and its key that fit each other.
#[derive(Clone, Debug)]
pub struct Certificate {
    pub(super) shown: Arc<CertifiedKey>,
    /// From when it is valid.
    pub not_before: Timestamp,
    /// Until when it is valid.
    pub not_after: Timestamp,
}

/// The one provider of cryptography for TLS, the same that the database driver uses.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

impl Certificate {
    /// From PEM. One that is expired, or whose parts do not belong together, is refused.
    pub fn from_pem(chain: &[u8], key: &[u8], now: Timestamp) -> Result<Self, Error> {
        let chain = CertificateDer::pem_slice_iter(chain).collect::<Result<Vec<_>, _>>();
        let chain = chain.map_err(|_| Error::Damaged)?;
        let own = chain.first().ok_or(Error::NoCertificate)?;
        let (not_before, not_after) = validity(own)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| Error::NoKey)?;
        let shown = fit(&chain, key)?;
        in_order(&chain)?;
        if not_after <= now {
            return Err(Error::Expired(day(not_after)));
        }
        Ok(Self {
            shown: Arc::new(shown),
            not_before,
            not_after,
        })
    }

    /// Whether this is what a server has shown.
    pub fn is(&self, shown: &CertificateDer<'_>) -> bool {
        self.shown.cert.first() == Some(shown)
    }

    /// Those of the hosts that the certificate is not for.
    pub fn lacks(&self, hosts: &[String]) -> Vec<String> {
        let own = self.shown.end_entity_cert().ok();
        let parsed = own.and_then(|own| ParsedCertificate::try_from(own).ok());
        let covers = |host: &String| {
            let name = ServerName::try_from(host.as_str());
            match (&parsed, name) {
                (Some(parsed), Ok(name)) => rustls::client::verify_server_name(parsed, &name).is_ok(),
                _ => false,
            }
        };
        hosts.iter().filter(|host| !covers(host)).cloned().collect()
    }
}

/// A moment's day, for people.
pub(super) fn day(moment: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(moment.as_millis()).map_or_else(
        |_| "an unknown day".to_owned(),
        |moment| moment.strftime("%Y-%m-%d").to_string(),
    )
}

fn parsed<'a>(der: &'a CertificateDer<'_>) -> Result<X509Certificate<'a>, Error> {
    X509Certificate::from_der(der)
        .map(|(_, parsed)| parsed)
        .map_err(|_| Error::Damaged)
}

fn validity(own: &CertificateDer<'_>) -> Result<(Timestamp, Timestamp), Error> {
    let validity = parsed(own)?.validity().clone();
    let moment = |seconds: i64| Timestamp::from_millis(0).plus_seconds(seconds);
    Ok((
        moment(validity.not_before.timestamp()),
        moment(validity.not_after.timestamp()),
    ))
}

/// The key with the chain, if it is the first certificate's.
fn fit(chain: &[CertificateDer<'static>], key: PrivateKeyDer<'static>) -> Result<CertifiedKey, Error> {
    let key = provider()
        .key_provider
        .load_private_key(key)
        .map_err(|_| Error::NoKey)?;
    let pair = CertifiedKey::new(chain.to_vec(), Arc::clone(&key));
    if pair.keys_match().is_ok() {
        return Ok(pair);
    }
    let is_own = |certificate: &CertificateDer<'static>| {
        CertifiedKey::new(vec![certificate.clone()], Arc::clone(&key))
            .keys_match()
            .is_ok()
    };
    Err(match chain.iter().position(is_own) {
        Some(place) => Error::NotFirst(place.saturating_add(1)),
        None => Error::OtherKey,
    })
}

/// RFC 8446, section 4.4.2: each certificate certifies the one before it. Clients forgive much of
/// what is not so, but not all of them, and not the same.
fn in_order(chain: &[CertificateDer<'_>]) -> Result<(), Error> {
    for (place, (one, next)) in chain.iter().zip(chain.iter().skip(1)).enumerate() {
        if parsed(one)?.issuer() != parsed(next)?.subject() {
            return Err(Error::Chain(place.saturating_add(1)));
        }
    }
    Ok(())
}
