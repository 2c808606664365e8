//! A transaction that cannot be committed without saying why.

use std::ops::{Deref, DerefMut};

use db::{Conn, DbError};
use metrics::Counter;
use tracing::Instrument;

use crate::recall::{CHANNEL, Generations, Topic};

/// A write under way. It can be committed by [`Ctx::commit`](crate::Ctx::commit) or
/// [`Ctx::commit_housekeeping`](crate::Ctx::commit_housekeeping) and by nothing else; dropped,
/// it leaves nothing behind.
pub struct Tx {
    inner: db::Tx,
    changed: Vec<Topic>,
    /// What goes up by one with the commit.
    counters: Vec<Counter>,
}

impl Tx {
    pub(crate) const fn new(inner: db::Tx) -> Self {
        Self {
            inner,
            changed: Vec::new(),
            counters: Vec::new(),
        }
    }

    /// Says that this write makes untrue what servers may remember of the topic.
    pub(crate) fn changes(&mut self, topic: Topic) {
        if !self.changed.contains(&topic) {
            self.changed.push(topic);
        }
    }

    /// Counts one more of something for whoever watches the installation, once it is committed.
    pub(crate) fn count(&mut self, counter: Counter) {
        self.counters.push(counter);
    }

    /// Commits, and tells every server what it must not remember any more. An error too ends
    /// the memory: a connection lost during COMMIT leaves open whether it was done. Only for
    /// this module: what is committed here has its audit event, or its reason.
    pub(super) async fn finish(mut self, generations: &Generations) -> Result<(), DbError> {
        for topic in &self.changed {
            self.inner.notify(CHANNEL, topic.as_str()).await?;
        }
        let span = tracing::info_span!(target: crate::SPANS, "database.commit");
        let done = self.inner.commit().instrument(span).await;
        for topic in self.changed {
            generations.advance(topic);
        }
        if done.is_ok() {
            for counter in &self.counters {
                counter.increment(1);
            }
        }
        done
    }
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.inner
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.inner
    }
}

/// Writes that need no audit event of their own: the closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Housekeeping {
    /// A session was seen again.
    SessionSeen,
    /// The digest of an API key that was used was made anew under the newest pepper.
    ApiKeyRedigested,
    /// A passkey ceremony was begun; its end is audited.
    CeremonyBegun,
    /// A worker took, gave back or gave up a job; what the job does is audited.
    JobClaim,
    /// Ceremonies, sessions and keyed hashes past their time were removed.
    Swept,
    /// The public URL was noted at first start.
    InstallationNoted,
    /// Calls of the API were counted, or what was counted of them was packed.
    CallsCounted,
    /// Figures were folded; what they count is audited.
    FiguresFolded,
    /// A try at something that can be guessed was counted; what it came to is audited.
    GuardCounted,
    /// People were reminded, or told what failed sign-ins look like; the mail is the record.
    PeopleTold,
    /// Invented data was written to an empty database, with its own events.
    DemoSeeded,
    /// A mail was handed over; what caused it is audited.
    MailSent,
    /// What somebody asked for in the name of an address was answered by mail; what comes of
    /// it is audited.
    AddressAnswered,
    /// A stream's cursor, or its next try, moved on; what changes of a stream is audited.
    StreamMoved,
    /// A delivery of a webhook was taken, tried or given up: its log is the record; what changes of
    /// an endpoint is audited.
    WebhookMoved,
    /// An alert was evaluated without an edge, or a message of one was taken, tried or given up: its
    /// history is the record; edges and what changes of an alert are audited.
    AlertMoved,
    /// Events were put into the index that finds them.
    EventsIndexed,
    /// An export was taken to be made, or could not be; that it was asked for is audited.
    ExportMoved,
    /// Events were given their places in the ledger; the checkpoint is the record.
    Sequenced,
    /// A witness signed a checkpoint, or did not.
    CosignatureKept,
    /// Of old checkpoints one an hour was left.
    CheckpointsThinned,
    /// A password that was right is kept at today's cost; nothing else about it changed.
    PasswordRehashed,
    /// A look that was over was left; its end is audited.
    LookLeft,
    /// A key that somebody found elsewhere was noted; what follows is audited.
    LeakNoted,
    /// A start of a name that was used before was answered as before; the start was audited.
    StartAnsweredAgain,
}

impl Housekeeping {
    /// Every reason.
    pub const ALL: &'static [Self] = &[
        Self::SessionSeen,
        Self::ApiKeyRedigested,
        Self::CeremonyBegun,
        Self::JobClaim,
        Self::Swept,
        Self::InstallationNoted,
        Self::CallsCounted,
        Self::FiguresFolded,
        Self::GuardCounted,
        Self::PeopleTold,
        Self::DemoSeeded,
        Self::MailSent,
        Self::AddressAnswered,
        Self::StreamMoved,
        Self::WebhookMoved,
        Self::AlertMoved,
        Self::EventsIndexed,
        Self::ExportMoved,
        Self::Sequenced,
        Self::CosignatureKept,
        Self::CheckpointsThinned,
        Self::PasswordRehashed,
        Self::LookLeft,
        Self::StartAnsweredAgain,
        Self::LeakNoted,
    ];
}
