//! https without a proxy: the certificate, the handshake, and keeping the certificate fresh.
//!
//! A certificate comes from two files that somebody else renews, or is ordered from an authority
//! over ACME (RFC 8555). Either way it is changed while the server runs: new connections see the
//! new one, open ones go on. It is not what decides whether a request is secure: that is the
//! public URL, with or without a proxy.
//!
//! **Invariant**: once there is a certificate, one that cannot be used never takes its place.

mod accept;
mod acme;
mod certificate;
mod error;
mod files;
mod keep;
pub mod look;
mod ourselves;
mod redirect;
mod shown;

#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

use axum::Router;
use types::{Clock, Entropy};

pub use accept::Acceptor;
pub use certificate::Certificate;
pub use error::Error;
pub use keep::Keeper;
pub use ourselves::shake_hands;

use crate::config::{CertificateSource, Tls};
use acme::{Authority, Challenges};
use files::Files;
use shown::Shown;

/// What https is made of.
pub struct Https {
    /// The handshake.
    pub acceptor: Acceptor,
    /// What is answered over plain http.
    pub redirect: Router,
    source: Source,
    shown: Shown,
    clock: Arc<dyn Clock>,
}

enum Source {
    Files(Files),
    Acme(Authority),
}

impl Https {
    /// Reads the certificate. One in files must be there and fit; one that is ordered may come
    /// later, and until then no handshake succeeds. `host` is what people type, `origin` where
    /// they get.
    pub async fn open(
        tls: &Tls,
        origin: &str,
        host: &str,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, Error> {
        let shown = Shown::default();
        let challenges = Challenges::default();
        let source = match &tls.source {
            CertificateSource::Files(paths) => {
                let hosts = vec![host.to_owned()];
                Source::Files(Files::open(paths.clone(), hosts, shown.clone(), clock.now()).await?)
            }
            CertificateSource::Acme(acme) => {
                let over_http = tls.redirect_listen.is_some();
                let clock = Arc::clone(&clock);
                let authority = Authority::open(
                    acme.clone(),
                    over_http,
                    challenges.clone(),
                    shown.clone(),
                    clock,
                    entropy,
                )?;
                Source::Acme(authority)
            }
        };
        let proving = matches!(source, Source::Acme(_)).then(|| challenges.clone());
        Ok(Self {
            acceptor: Acceptor::new(tls.minimum, shown.clone(), proving, origin.to_owned())?,
            redirect: redirect::routes(origin.to_owned(), challenges),
            source,
            shown,
            clock,
        })
    }

    /// Starts to keep the certificate fresh: while serving, since an authority comes to look.
    pub fn keep(self) -> Result<Keeper, Error> {
        Keeper::start(self.source, self.shown, self.clock)
    }
}
