//! Who asks, through what, and with which means.
//!
//! **Invariant**: `Db`, clock and random source are reached only through here.

mod actor;
mod means;
mod outside;
mod require;
mod settings;
mod writes;

use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use db::{Db, Listener, Read};
use tokio::sync::Notify;
use tracing::Instrument;
use types::{Clock, Entropy, OrganisationId, Timestamp};
use vault::KeyProvider;
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::{
    Error, Result, SPANS,
    api_keys::Refusals,
    audit::Tx,
    identity::Hasher,
    keyring::Keyring,
    leaks,
    limits::Limits,
    mail::Mailer,
    metering::Meter,
    recall::{Generations, Remembered},
    signals::Geo,
    streams::Carrier,
    verification::{
        Gathering,
        figures::{self, Recall},
    },
    webhooks::Courier,
};

pub use actor::{Actor, Look, Origin, Standing};
pub use settings::Settings;

/// What somebody is told who looks into an organisation and tries to do something.
pub(crate) const LOOKING: &str = "You look into an organisation as its support, so nothing can be changed, exported or \
                       confirmed, and pages of staff stay closed. Leave the organisation first.";

/// The installation: made once at start, shared by all.
#[derive(Clone)]
pub struct Platform(Arc<Shared>);

struct Shared {
    db: Db,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    keyring: Keyring,
    webauthn: Webauthn,
    settings: Settings,
    hasher: Hasher,
    limits: Limits,
    meter: Meter,
    generations: Generations,
    remembered: Remembered,
    /// The millisecond of the last audit event, and how many it had before.
    last_event: Mutex<(Timestamp, u16)>,
    recall: Recall,
    gathering: Gathering,
    /// Refusals that are told once in a while, however often they come.
    told: require::Told,
    refusals: Refusals,
    /// The keys that sign reports of leaked keys.
    leak_keys: leaks::Remembered,
    geo: Option<Arc<Geo>>,
    /// Whoever carries mails; nobody, and they stay in the local outbox.
    mailer: OnceLock<Arc<dyn Mailer>>,
    /// Whoever carries streams of audit events; nobody, and they wait.
    carrier: OnceLock<Arc<dyn Carrier>>,
    /// Whoever carries deliveries of webhooks; nobody, and they wait.
    courier: OnceLock<Arc<dyn Courier>>,
    /// Rung when an event was written: it waits for its place in the ledger.
    written: Notify,
}

impl Shared {
    fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        keyring: Keyring,
        webauthn: Webauthn,
        settings: Settings,
        geo: Option<Arc<Geo>>,
    ) -> Self {
        let gathering = Gathering::new(db.kind());
        Self {
            db,
            geo,
            hasher: Hasher::new(settings.password_cost),
            limits: Limits::new(settings.limits),
            clock,
            entropy,
            keyring,
            webauthn,
            settings,
            meter: Meter::default(),
            generations: Generations::default(),
            remembered: Remembered::default(),
            last_event: Mutex::default(),
            recall: Recall::default(),
            gathering,
            told: require::Told::default(),
            refusals: Refusals::default(),
            leak_keys: leaks::Remembered::default(),
            mailer: OnceLock::new(),
            carrier: OnceLock::new(),
            courier: OnceLock::new(),
            written: Notify::new(),
        }
    }
}

impl Platform {
    /// Takes the means together and reads the keys.
    ///
    /// # Errors
    /// If the database was sealed under another master key, or was set up for another public
    /// URL.
    pub async fn open(
        db: Db,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        keys: Arc<dyn KeyProvider>,
        settings: Settings,
    ) -> Result<Self> {
        let platform = Self::assemble(db, clock, entropy, keys, settings)?;
        crate::keyring::start(&platform.system()).await?;
        crate::access::hold_public_url(&platform.system()).await?;
        crate::ledger::start(&platform.system()).await?;
        crate::backups::tell_of_restore(&platform.system()).await?;
        figures::backfill(&platform.system()).await?;
        Ok(platform)
    }

    /// The same for somebody who only looks: nothing is written. `None` if the database, whose
    /// schema must be there, holds nothing yet.
    ///
    /// # Errors
    /// As [`Platform::open`].
    pub async fn look(
        db: Db,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        keys: Arc<dyn KeyProvider>,
        settings: Settings,
    ) -> Result<Option<Self>> {
        let platform = Self::assemble(db, clock, entropy, keys, settings)?;
        let fits = crate::keyring::fits(&platform.system()).await?;
        crate::access::is_public_url_noted(&platform.system()).await?;
        Ok(fits.then_some(platform))
    }

    fn assemble(
        db: Db,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        keys: Arc<dyn KeyProvider>,
        settings: Settings,
    ) -> Result<Self> {
        let host = settings
            .public_url
            .host_str()
            .ok_or_else(|| Error::internal("no host in the public URL"))?;
        let webauthn = WebauthnBuilder::new(host, &settings.public_url)?
            .rp_name("Loomwire")
            .build()?;
        let keyring = Keyring::new(keys);
        let geo = settings.geo_database.as_deref().map(Geo::open).transpose()?;
        Ok(Self(Arc::new(Shared::new(
            db,
            clock,
            entropy,
            keyring,
            webauthn,
            settings,
            geo.map(Arc::new),
        ))))
    }

    /// A context for this actor.
    pub fn ctx(&self, actor: Actor, origin: Origin) -> Ctx {
        Ctx {
            shared: Arc::clone(&self.0),
            actor,
            origin,
        }
    }

    /// A context for background work.
    pub fn system(&self) -> Ctx {
        self.ctx(Actor::System, Origin::default())
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.0.db.ping().await?)
    }

    /// Which database this is: `sqlite` or `postgres`.
    pub fn database(&self) -> &'static str {
        match self.0.db.kind() {
            db::Kind::Sqlite => "sqlite",
            db::Kind::Postgres => "postgres",
        }
    }

    /// For how long the database has not finished a write, if that is longer than it should be.
    pub fn write_stalled(&self) -> Option<Duration> {
        self.0.db.stalled()
    }

    /// What the database has counted since it was opened.
    pub fn database_stats(&self) -> db::Stats {
        self.0.db.stats()
    }

    /// How many password hashes were computed since the start.
    pub fn password_hashes(&self) -> u64 {
        self.0.hasher.runs()
    }

    /// Ends the database's work in good order.
    pub async fn close(&self) {
        self.0.db.close().await;
    }
}

/// What a domain function is given: who asks, and the means to answer. Cheap to clone.
#[derive(Clone)]
pub struct Ctx {
    shared: Arc<Shared>,
    actor: Actor,
    origin: Origin,
}

impl Ctx {
    /// Who asks.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The request behind it.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The same request, now known to come from this actor.
    #[must_use]
    pub fn acting_as(&self, actor: Actor) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            actor,
            origin: self.origin.clone(),
        }
    }

    /// The same actor, coming from elsewhere.
    pub(crate) fn coming_from(&self, origin: Origin) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            actor: self.actor.clone(),
            origin,
        }
    }

    /// The same installation at another time, with other randomness: for an invented past.
    pub(crate) fn with_means(&self, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        let shared = Shared::new(
            self.shared.db.clone(),
            clock,
            entropy,
            self.shared.keyring.another(),
            self.shared.webauthn.clone(),
            self.shared.settings.clone(),
            self.shared.geo.clone(),
        );
        Self {
            shared: Arc::new(shared),
            actor: self.actor.clone(),
            origin: self.origin.clone(),
        }
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// The clock, for making ids.
    pub fn clock(&self) -> &dyn Clock {
        &*self.shared.clock
    }

    /// The source of random bytes.
    pub fn rng(&self) -> &dyn Entropy {
        &*self.shared.entropy
    }

    /// Where addresses are, if the operator has a file that tells.
    pub(crate) fn geo(&self) -> Option<&Geo> {
        self.shared.geo.as_deref()
    }

    /// The operator's settings.
    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// Counts up within a millisecond, so that the ids of this server's events keep the order
    /// in which they happened.
    pub(crate) fn event_sequence(&self, now: Timestamp) -> u16 {
        let mut last = self
            .shared
            .last_event
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *last = if last.0 == now {
            (now, last.1.saturating_add(1).min(4095))
        } else {
            (now, 0)
        };
        last.1
    }

    /// Hears what other servers on this database tell.
    pub(crate) async fn listen(&self, channel: &'static str) -> Result<Listener> {
        Ok(self.shared.db.listen(channel).await?)
    }

    /// Figures that were just put together.
    pub(crate) fn recalled_figures(&self) -> &Recall {
        &self.shared.recall
    }

    pub(crate) fn webauthn(&self) -> &Webauthn {
        &self.shared.webauthn
    }

    /// The tenant, which every store function is given.
    ///
    /// # Errors
    /// `Unauthenticated` if the actor acts in none.
    pub fn tenant(&self) -> Result<OrganisationId> {
        self.actor
            .organisation()
            .ok_or(Error::Unauthenticated("Sign in first."))
    }

    /// A view of the database that cannot write.
    pub async fn read(&self) -> Result<Read> {
        let span = tracing::info_span!(target: SPANS, "database.read.wait");
        Ok(self.shared.db.read().instrument(span).await?)
    }

    /// Begins a write. Dropped without a commit, it leaves nothing behind.
    ///
    /// # Errors
    /// `Refused` in a look: it only reads.
    pub async fn begin(&self) -> Result<Tx> {
        if self.actor.look().is_some() {
            return Err(Error::Refused(LOOKING));
        }
        self.begin_aside().await
    }

    /// Begins a write that a look allows: its audit events, and its end.
    pub(crate) async fn begin_aside(&self) -> Result<Tx> {
        let span = tracing::info_span!(target: SPANS, "database.write.wait");
        Ok(Tx::new(self.shared.db.begin().instrument(span).await?))
    }
}
