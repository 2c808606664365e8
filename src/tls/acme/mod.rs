//! Ordering a certificate over ACME, RFC 8555, and renewing it in time.
//!
//! The authority proves that the server is the domain's over the plain-http listener (http-01) if
//! there is one, and else on the https port (tls-alpn-01, RFC 8737). Both look at this server
//! only: several servers behind one name leave the certificate to what stands before them.

mod challenge;
mod client;
mod folder;
mod order;
mod schedule;

use std::{sync::Arc, time::Duration};

use instant_acme::ChallengeType;
use types::{Clock, Entropy, Timestamp};

pub(super) use challenge::Challenges;

use super::{Certificate, Error, certificate::day, shown::Shown};
use crate::config::Acme;
use client::Client;
use folder::Folder;

/// An authority, and what we have from it.
pub(super) struct Authority {
    acme: Acme,
    client: Client,
    folder: Folder,
    kind: ChallengeType,
    challenges: Challenges,
    shown: Shown,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    plan: Plan,
}

/// When to order next.
#[derive(Clone, Copy, Debug)]
struct Plan {
    next: Timestamp,
    failures: u32,
}

/// The certificate that is kept, if one was issued already. Nothing is made.
pub(super) fn kept(acme: &Acme, now: Timestamp) -> Result<Option<Certificate>, Error> {
    Folder::at(&acme.folder, &acme.directory).certificate(now)
}

impl Authority {
    /// Shows the certificate that is kept, if there is one.
    pub(super) fn open(
        acme: Acme,
        over_http: bool,
        challenges: Challenges,
        shown: Shown,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, Error> {
        let client = Client::new(acme.ca_file.as_deref())?;
        let folder = Folder::open(&acme.folder, &acme.directory)?;
        let now = clock.now();
        let mut authority = Self {
            acme,
            client,
            folder,
            kind: if over_http {
                ChallengeType::Http01
            } else {
                ChallengeType::TlsAlpn01
            },
            challenges,
            shown,
            clock,
            entropy,
            plan: Plan {
                next: now,
                failures: 0,
            },
        };
        authority.begin(now);
        Ok(authority)
    }

    fn begin(&mut self, now: Timestamp) {
        let kept = match self.folder.certificate(now) {
            Ok(kept) => kept,
            Err(error) => {
                tracing::warn!(error = %error, "the certificate that is kept cannot be used: a fresh one is ordered");
                None
            }
        };
        let Some(kept) = kept else {
            tracing::info!("there is no certificate yet: until it is issued, no https connection succeeds");
            return;
        };
        if kept.lacks(&self.acme.domains).is_empty() {
            self.plan.next = schedule::renewal(&kept, &*self.entropy);
        }
        self.shown.put(kept);
    }

    /// Orders if it is time to, and says how long to wait before the next turn.
    pub(super) async fn turn(&mut self) -> Duration {
        if self.clock.now() >= self.plan.next {
            match self.order().await {
                Ok(certificate) => self.issued(certificate),
                Err(error) => self.failed(&error),
            }
        }
        schedule::pause(self.clock.now(), self.plan.next)
    }

    /// What has failed is tried again now, and not when it would be its time.
    pub(super) fn hurry(&mut self) {
        if self.plan.failures > 0 {
            self.plan.next = self.clock.now();
        }
    }

    fn issued(&mut self, certificate: Certificate) {
        metrics::counter!("loomwire_tls_orders_total", "outcome" => "issued").increment(1);
        self.plan = Plan {
            next: schedule::renewal(&certificate, &*self.entropy),
            failures: 0,
        };
        let until = day(certificate.not_after);
        let renewal = day(self.plan.next);
        tracing::info!(
            until,
            renewal,
            "the authority issued a certificate: new connections get it"
        );
        self.shown.put(certificate);
    }

    fn failed(&mut self, error: &order::Failure) {
        metrics::counter!("loomwire_tls_orders_total", "outcome" => "failed").increment(1);
        let pause = schedule::back_off(self.plan.failures, &*self.entropy);
        self.plan.failures = self.plan.failures.saturating_add(1);
        self.plan.next = self.clock.now().plus_seconds(pause);
        tracing::error!(error = %error, again_in_seconds = pause, "the authority did not issue a certificate");
    }
}
