//! The scheduled backups and drills, and the end of old ones.

use std::{path::Path, time::Duration};

use backup::{BackupError, Identities, Stop};
use platform::{
    Ctx,
    backups::{self, Claim},
};
use tokio::{sync::watch, task::JoinHandle, time::timeout};
use types::backup::BackupKind;

use crate::{config::Config, metrics::names, start::Failure};

/// Between two looks at what is due.
const PAUSE: Duration = Duration::from_mins(1);
/// How long a run under way may take to hear that it has to stop.
const GRACE: Duration = Duration::from_secs(10);

/// A running worker.
pub struct Worker {
    stop: watch::Sender<bool>,
    halt: Stop,
    task: JoinHandle<()>,
}

impl Worker {
    /// Starts to look.
    pub fn start(ctx: Ctx, config: &Config) -> Self {
        let (stop, stopped) = watch::channel(false);
        let halt = Stop::default();
        let task = tokio::spawn(work(ctx, config.clone(), halt.clone(), stopped));
        Self { stop, halt, task }
    }

    /// Ends it. A backup under way is given up: the next one is whole again.
    pub async fn stop(mut self) {
        self.halt.now();
        self.stop.send_replace(true);
        match timeout(GRACE, &mut self.task).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => tracing::error!("the backup worker ended by a panic"),
            Err(_) => {
                tracing::warn!("a backup did not stop in time; what it left is removed at the next start");
                self.task.abort();
            }
        }
    }
}

async fn work(ctx: Ctx, config: Config, halt: Stop, mut stopped: watch::Receiver<bool>) {
    super::sweep(&ctx, &config).await;
    while !*stopped.borrow() {
        if let Err(error) = round(&ctx, &config, &halt).await {
            tracing::error!(%error, "backups cannot be looked after at the moment");
        }
        show_last(&ctx).await;
        // Whichever is first: the time is over, or the word to stop.
        drop(timeout(PAUSE, stopped.changed()).await);
    }
}

/// Whichever server has made it.
async fn show_last(ctx: &Ctx) {
    // What keeps it from being read has been logged by the round before.
    let Ok(last) = backups::last_success(ctx).await else {
        return;
    };
    let seconds = last.map_or(0, |at| at.as_millis() / 1000);
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds stay below 2^52 for long enough"
    )]
    metrics::gauge!(names::BACKUP.name).set(seconds as f64);
}

/// Makes what is due and removes what had its time.
pub(super) async fn round(ctx: &Ctx, config: &Config, halt: &Stop) -> Result<(), Failure> {
    if let Some(claim) = backups::due(ctx, super::name(config)).await? {
        let result = run(config, &claim, halt).await;
        let kind = claim.kind.as_str();
        match super::record(ctx, &claim, result).await {
            Ok(made) => {
                tracing::info!(
                    kind,
                    file = claim.file,
                    bytes = made.bytes,
                    events = made.events,
                    "a scheduled backup or drill is done"
                );
            }
            Err(error) => {
                tracing::error!(kind, file = claim.file, %error, "a scheduled backup or drill failed");
            }
        }
    }
    for expired in backups::expired(ctx).await? {
        backup::remove(&config.backup.folder, &expired.file)?;
        backups::removed(ctx, &expired).await?;
    }
    Ok(())
}

async fn run(config: &Config, claim: &Claim, halt: &Stop) -> Result<backups::Made, BackupError> {
    match claim.kind {
        BackupKind::Backup => super::make_file(config, claim.file.clone(), claim.started_at, halt).await,
        BackupKind::Drill => {
            let identities = config.backup.drill_identity_file.as_deref().map(Identities::open);
            let identities = identities.transpose()?.ok_or_else(|| {
                BackupError::Configuration("backup.drill_identity_file is not set".to_owned())
            })?;
            let file = config.backup.folder.join(Path::new(&claim.file));
            let restored = super::hold_drill(config, &file, identities, claim.started_at, halt).await;
            restored.map(super::found)
        }
    }
}
