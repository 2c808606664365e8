//! Further people of a test's installation: as if they had been invited and had enrolled.

use std::sync::atomic::{AtomicU8, Ordering};

use db::execute;
use platform::{Ctx, identity::SetupForm};
use types::{OrganisationId, Role, SignInMethod, StaffRole, StepUp, UserId};

use crate::{Authenticator, Fault, Installation};

/// Tells authenticators apart. A test that makes hundreds of people begins again: they are not of
/// one installation.
static SEED: AtomicU8 = AtomicU8::new(FIRST);
/// Those before are named by tests.
const FIRST: u8 = 20;
const LAST: u8 = 254;

fn seed() -> u8 {
    // 32 times 255 is more than the order of P-256, and so no key.
    let next = |seed: u8| Some(if seed < LAST { seed + 1 } else { FIRST });
    match SEED.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next) {
        Ok(seed) | Err(seed) => seed,
    }
}

/// Somebody with an account and a passkey, signed in.
pub struct Joined {
    /// Their context, every dangerous action confirmed.
    pub ctx: Ctx,
    /// Who.
    pub id: UserId,
    /// **Secret**: what their cookie holds.
    pub secret: String,
}

impl Installation {
    /// Runs a statement beside the domain, as somebody with the database in hand would.
    pub async fn execute(&self, sql: &'static str, values: &[&str]) {
        let mut tx = self.db.begin().await.unwrap();
        let changed = execute!(tx, {
            let mut query = sqlx::query(sql);
            for value in values {
                query = query.bind((*value).to_owned());
            }
            query
        });
        changed.unwrap();
        tx.commit().await.unwrap();
    }

    /// The installation's own audit log, oldest first: codes, and what was hashed.
    pub async fn own_log(&self) -> Vec<(String, String)> {
        let mut read = self.db.read().await.unwrap();
        let rows = db::on!(read, |c| sqlx::query_as(
            "SELECT action, canonical FROM audit_events WHERE organisation_id = '' ORDER BY id"
        )
        .fetch_all(c)
        .await);
        rows.unwrap()
    }

    /// Somebody who joins the organisation with this role, and is staff with that one.
    pub async fn joined(
        &self,
        organisation: OrganisationId,
        name: &str,
        role: Role,
        staff: Option<StaffRole>,
    ) -> Joined {
        let seed = seed();
        let system = self.platform.system();
        let id = platform::demo::guest(&system, organisation, name, role, staff).await;
        let id = id.unwrap();
        let link = platform::identity::enrolment_link(&system, id).await.unwrap();
        let anonymous = self.anonymous();
        let ceremony = platform::identity::setup_begin(&anonymous, &link, SetupForm::default()).await;
        let ceremony = ceremony.unwrap();
        let answer =
            Authenticator::new("http://localhost:3000", seed).register(&ceremony.options, Fault::None);
        let session = platform::identity::setup_finish(&anonymous, &ceremony.ceremony, answer).await;
        let secret = session.unwrap().secret;
        Joined {
            ctx: self.signed_in(&secret).await,
            id,
            secret,
        }
    }

    /// Makes every session of this person one that has confirmed every dangerous action, for good.
    pub async fn confirm_all(&self, user: UserId) {
        let sql = "INSERT INTO step_ups (session_id, action, expires_at)
                   SELECT id, $2, 9000000000000000 FROM sessions WHERE user_id = $1
                   ON CONFLICT (session_id, action) DO UPDATE SET expires_at = excluded.expires_at";
        for action in StepUp::ALL {
            self.execute(sql, &[&user.to_string(), action.as_str()]).await;
        }
        // Longer than anything is remembered.
        self.clock.advance(1);
    }

    /// Makes every session of this person one that began like this.
    pub async fn began(&self, user: UserId, method: SignInMethod) {
        let sql = "UPDATE sessions SET method = $2 WHERE user_id = $1";
        self.execute(sql, &[&user.to_string(), method.as_str()]).await;
        self.clock.advance(1);
    }
}

/// The id of whoever acts, and their organisation.
pub fn who(ctx: &Ctx) -> (UserId, OrganisationId) {
    match ctx.actor() {
        platform::Actor::User { id, organisation, .. } => (*id, *organisation),
        other => unreachable!("no user: {other:?}"),
    }
}
