//! The certificate that new connections are shown, changed while the server runs.

use std::sync::{Arc, PoisonError, RwLock};

use rustls::{
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use types::Timestamp;

use super::{Certificate, certificate::day};

const DAY: i64 = 24 * 60 * 60;
/// From when on the log says that a certificate is about to expire.
const WARNING: i64 = 14 * DAY;

/// What is shown; nothing until there is a first certificate. Clones show the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown(Arc<RwLock<State>>);

#[derive(Debug, Default)]
struct State {
    certificate: Option<Certificate>,
    /// When the log last said that it is about to expire.
    warned: Option<Timestamp>,
}

impl Shown {
    /// From now on new connections see this one. Those that are open go on as they are.
    pub(super) fn put(&self, certificate: Certificate) {
        // As a number of 32 bits, seconds last until the year 2106, and are exact as a float.
        let until = u32::try_from(certificate.not_after.as_seconds()).unwrap_or(u32::MAX);
        metrics::gauge!("loomwire_tls_certificate_expiry_timestamp_seconds").set(f64::from(until));
        let mut state = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *state = State {
            certificate: Some(certificate),
            warned: None,
        };
    }

    pub(super) fn current(&self) -> Option<Certificate> {
        let state = self.0.read().unwrap_or_else(PoisonError::into_inner);
        state.certificate.clone()
    }

    /// Says once a day that the certificate is about to expire, if it is.
    pub(super) fn remind(&self, now: Timestamp) {
        let mut state = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Some(until) = state
            .certificate
            .as_ref()
            .map(|certificate| certificate.not_after)
        else {
            return;
        };
        let soon = until <= now.plus_seconds(WARNING);
        let said = state.warned.is_some_and(|said| now < said.plus_seconds(DAY));
        if !soon || said {
            return;
        }
        state.warned = Some(now);
        let days = until
            .as_seconds()
            .saturating_sub(now.as_seconds())
            .div_euclid(DAY);
        let until = day(until);
        if days < 0 {
            tracing::error!(
                until,
                "the certificate has expired: browsers refuse this server; give a fresh one"
            );
        } else {
            tracing::warn!(
                until,
                days,
                "the certificate expires soon: see that it is renewed"
            );
        }
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.current().map(|certificate| certificate.shown)
    }
}
