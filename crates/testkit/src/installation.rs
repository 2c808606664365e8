//! An installation for one test.

use std::sync::Arc;

use db::{Db, Options};
use platform::{
    Ctx, Platform, Settings, demo,
    identity::{self, PasswordCost, SetupForm},
    invitations::Offer,
};
use types::{
    Environment, Role,
    keys::{KeyTerms, Scopes},
    security::SessionLimits,
};
use url::Url;
use vault::MasterKeys;

use crate::{Authenticator, MockClock, SeededEntropy, people};

/// An installation with its own database, clock and randomness.
pub struct Installation {
    /// The installation.
    pub platform: Platform,
    /// Its database.
    pub db: Db,
    /// Its clock.
    pub clock: Arc<MockClock>,
    /// Its master keys.
    pub keys: Arc<MasterKeys>,
}

/// The settings of a test's installation.
pub fn settings() -> Settings {
    Settings {
        public_url: Url::parse("http://localhost:3000").unwrap(),
        token_ttl: 86_400,
        verification_ttl: 86_400,
        elevation_delay: 3_600,
        session: SessionLimits {
            idle: 3_600,
            absolute: 86_400,
        },
        staff_session: SessionLimits {
            idle: 900,
            absolute: 43_200,
        },
        geo_database: None,
        region: None,
        limits: platform::limits::Policy::NONE,
        // The least that Argon2 takes: what is tested is not how long it takes.
        password_cost: PasswordCost {
            memory: 64,
            passes: 1,
        },
        backups: platform::backups::Policy::default(),
        accounts: platform::accounts::Policy::default(),
        retention: platform::retention::Limits::default(),
        ledger: platform::ledger::Policy::default(),
    }
}

impl Installation {
    /// On SQLite in memory.
    pub async fn in_memory() -> Self {
        Self::at("sqlite::memory:").await
    }

    /// On the database at this address, brought up to date.
    pub async fn at(url: &str) -> Self {
        Self::with(url, &Options::default()).await
    }

    /// The same, with options of its own: a small disk, for example.
    pub async fn with(url: &str, options: &Options) -> Self {
        let db = Db::connect(url, options).await.unwrap();
        db.migrate().await.unwrap();
        let clock = Arc::new(MockClock::new());
        let keys = Arc::new(MasterKeys::generate(&SeededEntropy::new(1)));
        Self::open(db, clock, keys).await
    }

    /// On this database, under these keys.
    pub async fn open(db: Db, clock: Arc<MockClock>, keys: Arc<MasterKeys>) -> Self {
        Self::seeded(db, clock, keys, settings(), 2).await
    }

    /// A further server of this installation, on the same database with connections and
    /// randomness of its own.
    pub async fn another_server(&self, url: &str) -> Self {
        let db = Db::connect(url, &Options::default()).await.unwrap();
        Self::seeded(db, self.clock.clone(), self.keys.clone(), settings(), 3).await
    }

    /// With these settings and this seed.
    pub async fn seeded(
        db: Db,
        clock: Arc<MockClock>,
        keys: Arc<MasterKeys>,
        settings: Settings,
        seed: u64,
    ) -> Self {
        let entropy = Arc::new(SeededEntropy::new(seed));
        let platform = Platform::open(db.clone(), clock.clone(), entropy, keys.clone(), settings).await;
        Self {
            platform: platform.unwrap(),
            db,
            clock,
            keys,
        }
    }

    /// Fills it with invented life, and signs the owner of the busiest organisation in.
    pub async fn demo(&self, plan: &demo::Plan) -> (demo::Report, Ctx) {
        let system = self.platform.system();
        let report = demo::seed(&system, plan, &mut |_| {}).await.unwrap();
        let link = identity::enrolment_link(&system, report.owner).await.unwrap();
        let (secret, _) = people::enrol(&self.platform, &link, SetupForm::default()).await;
        (report, self.signed_in(&secret).await)
    }

    /// Nobody's context.
    pub fn anonymous(&self) -> Ctx {
        people::anonymous(&self.platform)
    }

    /// Sets the installation up: the first person, signed in.
    pub async fn first_person(&self) -> (Ctx, Authenticator) {
        let (secret, authenticator) = people::set_up(&self.platform).await;
        (self.signed_in(&secret).await, authenticator)
    }

    /// The same, but of a customer and no staff: the secret of their session beside.
    pub async fn customer(&self) -> (Ctx, Authenticator, String) {
        let (_, mut authenticator) = people::set_up(&self.platform).await;
        let mut tx = self.db.begin().await.unwrap();
        db::execute!(tx, sqlx::query("UPDATE users SET staff_role = NULL")).unwrap();
        tx.commit().await.unwrap();
        let session = people::sign_in(&self.platform, &mut authenticator).await;
        (self.signed_in(&session).await, authenticator, session)
    }

    /// The context of whoever this session stands for, with every dangerous action confirmed.
    pub async fn signed_in(&self, secret: &str) -> Ctx {
        people::confirmed(&people::signed_in(&self.platform, secret).await)
    }

    /// Invites somebody to the user's organisation, who accepts with the passkey of this seed:
    /// their context, with every dangerous action confirmed, and the passkey.
    pub async fn colleague(&self, user: &Ctx, role: Role, email: &str, seed: u8) -> (Ctx, Authenticator) {
        let offer = Offer::Role(role);
        platform::invitations::invite(user, email, offer).await.unwrap();
        let link = self.link_to(email, "/invitations/").await;
        let form = SetupForm {
            name: format!("Colleague {seed}"),
            ..SetupForm::default()
        };
        let (secret, passkey) = people::enrol_with(&self.platform, &link, form, seed).await;
        (self.signed_in(&secret).await, passkey)
    }

    /// A fresh key of the user's organisation, and a context that acts through it.
    pub async fn api_key(&self, user: &Ctx, environment: Environment) -> (String, Ctx) {
        let terms = KeyTerms {
            scopes: Scopes::before_scopes().list(),
            ..KeyTerms::usual("Test")
        };
        let key = platform::api_keys::create(user, environment, &terms)
            .await
            .unwrap()
            .key;
        let ctx = self.anonymous();
        let actor = platform::api_keys::authenticate(&ctx, &key).await.unwrap();
        (key, ctx.acting_as(actor))
    }
}
