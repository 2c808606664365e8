//! The work on the ledger beside the requests: giving events their places, and having checkpoints
//! cosigned by witnesses.
//!
//! **Invariant**: a witness that hangs holds up nothing but its own cosignatures.

mod feed;
mod sequence;

#[cfg(test)]
mod tests;

use platform::Ctx;
use tokio::{sync::watch, task::JoinHandle};

use crate::{config::Ledger, outbound::Outbound, start::Failure};

/// Running work.
pub struct Worker {
    stop: watch::Sender<bool>,
    sequencer: JoinHandle<()>,
    feeders: Vec<JoinHandle<()>>,
}

impl Worker {
    /// Starts it.
    pub fn start(ctx: &Ctx, config: &Ledger) -> Result<Self, Failure> {
        let outbound = Outbound::new(config.ca_file.as_deref())
            .map_err(|error| Failure::Certificates(error.to_string()))?;
        let (stop, stopped) = watch::channel(false);
        let (published, size) = watch::channel(0);
        let feeders = config.policy.witnesses.iter().map(|witness| {
            let feeder = feed::Feeder::new(ctx, witness, &outbound);
            tokio::spawn(feeder.run(size.clone()))
        });
        Ok(Self {
            feeders: feeders.collect(),
            sequencer: tokio::spawn(sequence::run(ctx.clone(), published, stopped)),
            stop,
        })
    }

    /// Gives places to what was written last, and ends. What witnesses have not signed they sign
    /// after the next start.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if self.sequencer.await.is_err() {
            tracing::error!("the sequencer ended by a panic");
        }
        for feeder in self.feeders {
            feeder.abort();
        }
    }
}
