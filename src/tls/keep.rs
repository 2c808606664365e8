//! Keeping the certificate fresh while the server runs.

use std::{sync::Arc, time::Duration};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    task::JoinHandle,
    time::sleep,
};
use types::Clock;

use super::{
    Error, Source,
    acme::Authority,
    files::{Files, Look},
    shown::Shown,
};

/// How often the files are looked at.
const PAUSE: Duration = Duration::from_secs(5);

/// The task that does it. Dropped, it ends.
pub struct Keeper(JoinHandle<()>);

impl Keeper {
    pub(super) fn start(source: Source, shown: Shown, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let asked = signal(SignalKind::hangup())?;
        Ok(Self(match source {
            Source::Files(files) => tokio::spawn(watch(files, shown, clock, asked)),
            Source::Acme(authority) => tokio::spawn(renew(authority, shown, clock, asked)),
        }))
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Done when the time is over (`false`), or when the operator asks with SIGHUP (`true`).
async fn wait(pause: Duration, asked: &mut Signal) -> bool {
    tokio::select! {
        () = sleep(pause) => false,
        _ = asked.recv() => true,
    }
}

async fn watch(mut files: Files, shown: Shown, clock: Arc<dyn Clock>, mut asked: Signal) {
    loop {
        shown.remind(clock.now());
        let hangup = wait(PAUSE, &mut asked).await;
        report(&files.look(hangup, clock.now()).await);
    }
}

/// What a look at the files says in the log.
pub(super) fn report(look: &Look) {
    match look {
        Look::Same | Look::Changing => {}
        Look::Taken => {
            metrics::counter!("loomwire_tls_reloads_total", "outcome" => "taken").increment(1);
            tracing::info!("the certificate was read again: new connections get it");
        }
        Look::Refused(error) => {
            metrics::counter!("loomwire_tls_reloads_total", "outcome" => "refused").increment(1);
            tracing::error!(error = %error, "the new certificate cannot be used: the old one is kept");
        }
    }
}

async fn renew(mut authority: Authority, shown: Shown, clock: Arc<dyn Clock>, mut asked: Signal) {
    loop {
        let pause = authority.turn().await;
        shown.remind(clock.now());
        if wait(pause, &mut asked).await {
            authority.hurry();
        }
    }
}
