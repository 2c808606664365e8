//! Console sessions: a random secret in a cookie, its SHA-256 in the database, and two limits,
//! one since the last request and one since the start. Where it is used from is sealed.
//!
//! It is not the cookie (that is the server's) and not the sign-in (that is `identity`).

mod device;
mod everybody;
mod limits;
mod own;
mod place;
mod store;

use std::sync::Arc;

use types::{
    LookId, MfaRequirement, OrganisationId, Role, SessionId, SignInMethod, StaffRole, StepUp, Timestamp,
    UserId, security::SessionLimits,
};

use crate::{
    Actor, Ctx, Error, Result, Standing,
    access::permissions_of,
    audit::{Housekeeping, Tx},
    codec,
    recall::{LONGEST, Mark, Topic},
    support::{self, KnownLook},
};

pub(crate) use device::device;
pub use everybody::{EVERYBODY, end_everybodys, open};
pub(crate) use own::end_all;
pub use own::{page, revoke, revoke_others};

/// A session is noted as seen at most this often, in milliseconds.
const SEEN_STEP: i64 = 60_000;
/// A confirmation of a dangerous action counts this long, in seconds.
pub(crate) const CONFIRMED: i64 = 300;

/// A session just made.
pub struct NewSession {
    /// **Secret**: what the cookie holds.
    pub secret: String,
    /// When it ends in any case.
    pub expires_at: Timestamp,
}

/// Makes a session for a user who has just proven who they are.
pub(crate) async fn create(
    ctx: &Ctx,
    tx: &mut Tx,
    user: UserId,
    organisation: OrganisationId,
    method: SignInMethod,
) -> Result<NewSession> {
    let now = ctx.now();
    let secret = codec::secret(ctx.rng());
    let user_id = user.to_string();
    let asked = store::asked(tx, &user_id)
        .await?
        .ok_or(Error::NotFound("The account"))?;
    let expires_at = now.plus_seconds(limits::of(ctx.settings(), asked).absolute);
    let id = SessionId::new(ctx.clock(), ctx.rng()).to_string();
    let place = place::seal(ctx, tx, &user_id, &id).await?;
    let row = store::NewRow {
        id,
        user_id,
        organisation_id: organisation.to_string(),
        method: method.as_str(),
        expires_at: expires_at.as_millis(),
        place,
    };
    store::insert(tx, &row, &codec::digest(&secret), now).await?;
    crate::signals::signed_in(ctx, tx, user, method).await?;
    Ok(NewSession { secret, expires_at })
}

/// Gives a session a fresh secret; the one before is of no use from then on (OWASP ASVS 5.0.0,
/// 7.2.4). For whenever its user has proven anew who they are, or comes to be allowed more.
///
/// # Errors
/// `Unauthenticated` if there is no such session any more.
pub(crate) async fn rotate(ctx: &Ctx, tx: &mut Tx, session: SessionId) -> Result<NewSession> {
    tx.changes(Topic::Sessions);
    let secret = codec::secret(ctx.rng());
    let expires_at = store::set_digest(tx, &session.to_string(), &codec::digest(&secret)).await?;
    let expires_at = expires_at.ok_or(Error::Unauthenticated("This session has ended. Sign in again."))?;
    Ok(NewSession {
        secret,
        expires_at: Timestamp::from_millis(expires_at),
    })
}

/// Whom a session stands for, as it is remembered.
#[derive(Clone)]
pub(crate) struct Known {
    actor: Actor,
    id: SessionId,
    user: UserId,
    created_at: Timestamp,
    last_seen_at: Timestamp,
    expires_at: Timestamp,
    limits: SessionLimits,
    elevation: Option<Elevation>,
    look: Option<KnownLook>,
}

/// A higher staff role within a time.
#[derive(Clone, Copy)]
struct Elevation {
    role: StaffRole,
    from: Timestamp,
    until: Timestamp,
}

impl Known {
    async fn read(ctx: &Ctx, row: store::SessionRow) -> Result<Self> {
        let mut read = ctx.read().await?;
        let confirmed = store::confirmed(&mut read, &row.id, ctx.now()).await?;
        let elevation = match &row.staff_role {
            Some(_) => store::elevation(&mut read, &row.user_id, ctx.now()).await?,
            None => None,
        };
        let method: SignInMethod = row.method.parse()?;
        let look = match &row.look_id {
            Some(look) => support::look_of_session(&mut read, look, method).await?,
            None => None,
        };
        drop(read);
        let requirement: MfaRequirement = row.requirement.parse()?;
        let standing = Standing {
            method,
            limited: (!requirement.is_met_by(method)).then_some(requirement),
            custom: row
                .custom
                .as_deref()
                .map(|words| permissions_of(Role::Billing, Some(words))),
            elevated: None,
            look: None,
            confirmed: confirmed
                .into_iter()
                .map(|(action, until)| Ok((action.parse()?, Timestamp::from_millis(until))))
                .collect::<Result<_>>()?,
            ends_at: Timestamp::default(),
        };
        let (id, user) = (row.id.parse()?, row.user_id.parse()?);
        let limits = limits::of(ctx.settings(), row.asked);
        let actor = Actor::User {
            id: user,
            session: id,
            organisation: row.organisation_id.parse()?,
            role: row.role.parse()?,
            staff_role: row.staff_role.as_deref().map(str::parse).transpose()?,
            standing: Arc::new(standing),
        };
        Ok(Self {
            actor,
            id,
            user,
            created_at: Timestamp::from_millis(row.created_at),
            last_seen_at: Timestamp::from_millis(row.last_seen_at),
            expires_at: Timestamp::from_millis(row.expires_at),
            limits,
            elevation: elevation.map(elevation_of).transpose()?,
            look,
        })
    }

    /// When it ends if nothing more comes. Both limits are over at their very moment.
    fn end(&self) -> Timestamp {
        limits::ends(self.limits, (self.created_at, self.last_seen_at, self.expires_at)).0
    }

    /// The actor at this moment: an elevation begins and ends by itself, and so does a look.
    fn actor_at(self, now: Timestamp) -> Actor {
        let end = self.end();
        let mut actor = self.actor;
        if let Actor::User { standing, .. } = &mut actor
            && standing.ends_at != end
        {
            Arc::make_mut(standing).ends_at = end;
        }
        let higher = self.elevation.filter(|one| one.from <= now && now < one.until);
        if let (Some(higher), Actor::User { standing, .. }) = (higher, &mut actor) {
            Arc::make_mut(standing).elevated = Some(higher.role);
        }
        match self.look {
            Some(look) => look.actor(actor, now),
            None => actor,
        }
    }
}

fn elevation_of((role, from, until): (String, i64, i64)) -> Result<Elevation> {
    Ok(Elevation {
        role: role.parse()?,
        from: Timestamp::from_millis(from),
        until: Timestamp::from_millis(until),
    })
}

/// Notes that the session's user has just confirmed this action with a passkey or a code. The
/// caller has checked that.
pub(crate) async fn confirm(ctx: &Ctx, tx: &mut Tx, session: SessionId, action: StepUp) -> Result<()> {
    tx.changes(Topic::Sessions);
    let until = ctx.now().plus_seconds(CONFIRMED);
    Ok(store::confirm(tx, &session.to_string(), action.as_str(), until).await?)
}

/// Who the session's secret stands for; `None` if it is unknown, ended or past a limit.
///
/// # Errors
/// If the database does not answer.
pub async fn authenticate(ctx: &Ctx, secret: &str) -> Result<Option<Actor>> {
    let digest = codec::sha256(secret.as_bytes());
    let (Some(mut known), mark) = recall(ctx, digest).await? else {
        return Ok(None);
    };
    let now = ctx.now();
    if now >= known.end() {
        return Ok(None);
    }
    if now.millis_since(known.last_seen_at) >= SEEN_STEP {
        known.last_seen_at = now;
        // First, so that requests at the same moment do not all write.
        ctx.remembered().sessions.put(digest, Some(known.clone()), mark);
        let mut tx = ctx.begin().await?;
        let (id, user) = (known.id.to_string(), known.user.to_string());
        let place = place::seal(ctx, &mut tx, &user, &id).await?;
        store::seen(&mut tx, &id, &place, now).await?;
        ctx.commit_housekeeping(tx, Housekeeping::SessionSeen).await?;
    }
    Ok(Some(known.actor_at(now)))
}

/// How many milliseconds the session has left if nothing more comes, without counting this as
/// a sign of life; `None` if it is unknown, ended or past a limit.
///
/// # Errors
/// If the database does not answer.
pub async fn remaining(ctx: &Ctx, secret: &str) -> Result<Option<i64>> {
    let (known, _) = recall(ctx, codec::sha256(secret.as_bytes())).await?;
    let left = known.map(|known| known.end().millis_since(ctx.now()));
    Ok(left.filter(|left| *left > 0))
}

/// The session with this digest, from memory or from the database.
async fn recall(ctx: &Ctx, digest: [u8; 32]) -> Result<(Option<Known>, Mark)> {
    let mark = ctx.mark(Topic::Sessions);
    let memory = &ctx.remembered().sessions;
    if let Some(found) = memory.get(&digest, mark, LONGEST) {
        return Ok(found);
    }
    let row = store::by_digest(&mut *ctx.read().await?, &digest).await?;
    let known = match row {
        Some(row) => Some(Known::read(ctx, row).await?),
        None => None,
    };
    memory.put(digest, known.clone(), mark);
    Ok((known, mark))
}

/// Ends a session.
pub(crate) async fn end(tx: &mut Tx, session: SessionId) -> Result<()> {
    tx.changes(Topic::Sessions);
    Ok(store::delete(tx, &session.to_string()).await?)
}

/// Ends every session that the user has in the organisation.
pub(crate) async fn end_of_member(tx: &mut Tx, tenant: OrganisationId, user: UserId) -> Result<()> {
    tx.changes(Topic::Sessions);
    Ok(store::delete_of_member(tx, &tenant.to_string(), &user.to_string()).await?)
}

/// Moves a session to another organisation; the caller has checked that its user belongs there.
pub(crate) async fn move_to(tx: &mut Tx, session: SessionId, to: OrganisationId) -> Result<()> {
    tx.changes(Topic::Sessions);
    Ok(store::set_organisation(tx, &session.to_string(), &to.to_string()).await?)
}

/// A session that was last seen before is over: this is the longest that any may idle, and a
/// shorter limit is held when the session is used.
fn idle_since(ctx: &Ctx) -> Timestamp {
    let settings = ctx.settings();
    let longest = settings.session.idle.max(settings.staff_session.idle);
    ctx.now().plus_seconds(-longest)
}

/// Puts a session into a look, or out of it.
pub(crate) async fn set_look(tx: &mut Tx, session: SessionId, look: Option<LookId>) -> Result<()> {
    tx.changes(Topic::Sessions);
    let look = look.map(|look| look.to_string());
    Ok(store::set_look(tx, &session.to_string(), look.as_deref()).await?)
}

/// Removes what is past its limits.
pub(crate) async fn sweep(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    let now = ctx.now();
    Ok(store::sweep(tx, now, idle_since(ctx)).await?)
}
