//! Slowing down whoever guesses: tries are counted by account and by network, and what follows
//! one try too many is a delay that grows with each further one (OWASP ASVS 5.0.0, 6.3.1; NIST
//! SP 800-63B-4, 3.2.2).
//!
//! It is not the count of failures that disables a password (that is `identity`'s), and not a
//! rate limit for programs (`limits`). Passkeys are not guarded by it: they cannot be guessed,
//! and so whoever keeps an account's guard closed keeps its owner out of nothing.
//!
//! **Invariant**: a try is counted before it is made. [`check`] takes it from the allowance,
//! and only [`succeeded`] gives it back, so any number of tries at the same moment get no more
//! than the allowance.
//!
//! **Invariant**: an account that does not exist is guarded like one that does; neither its
//! name nor an address is kept, only keyed hashes that expire.

mod delay;
mod store;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv6Addr};

use db::Conn;
use types::Timestamp;

use self::delay::Scope;
use crate::{
    Ctx, Error, Result,
    audit::{Housekeeping, Tx},
    codec,
    jobs::{self, Job},
    keyring::{INSTALLATION, Purpose},
};

/// What is guarded. Tries at one do not count for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuardKind {
    /// Signing in with a password, and the code behind it.
    SignIn,
    /// Confirming a dangerous action with a code.
    StepUp,
    /// Starting a recovery, and the codes within it.
    Recovery,
    /// Asking for an account: it sends mail to whatever address is given.
    SignUp,
    /// Reporting something suspicious: it sends mail to staff.
    Report,
    /// Reporting a key that was found.
    Leak,
}

impl GuardKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::StepUp => "step_up",
            Self::Recovery => "recovery",
            Self::SignUp => "sign_up",
            Self::Report => "report",
            Self::Leak => "leak",
        }
    }
}

/// A try. The network that it comes from is the context's.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// At what.
    pub what: GuardKind,
    /// On which account: its e-mail address as it was typed, or its id.
    pub account: Option<&'a str>,
}

/// How long failures are remembered for telling guessing by many from a slip, in seconds.
const WINDOW: i64 = 3600;
/// Failures are looked through so many seconds after one: many at once are looked at once.
const INSPECTED: i64 = 10;

/// The counts that a try belongs to, in the order in which they are locked.
struct Counts(Vec<(Scope, [u8; 32])>);

impl Counts {
    async fn of(ctx: &Ctx, conn: &mut Conn, attempt: &Attempt<'_>) -> Result<Self> {
        let what = attempt.what.as_str();
        let mut counts = Vec::new();
        if let Some(account) = attempt.account {
            let digest = digest(ctx, conn, what, "account", &folded(account)).await?;
            counts.push((Scope::Account, digest));
        }
        if let Some(address) = ctx.origin().address {
            counts.push((
                Scope::Network,
                digest(ctx, conn, what, "network", &network(address)).await?,
            ));
        }
        Ok(Self(counts))
    }

    fn only(&self, scope: Scope) -> Option<&[u8; 32]> {
        self.0
            .iter()
            .find(|(one, _)| *one == scope)
            .map(|(_, digest)| digest)
    }
}

/// An account as all ways of typing it have it.
fn folded(account: &str) -> String {
    account.trim().to_lowercase()
}

/// The network of an address: an IPv6 address stands for its /64, since whoever has one has all
/// of those (RFC 6177); an IPv4 address for itself.
pub(crate) fn network(address: IpAddr) -> String {
    match first_of_network(address) {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{address}/64"),
    }
}

/// The first address of that network.
pub(crate) fn first_of_network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & !u128::from(u64::MAX)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// The keyed hash under which something is counted.
pub(crate) async fn digest(
    ctx: &Ctx,
    conn: &mut Conn,
    what: &str,
    scope: &str,
    value: &str,
) -> Result<[u8; 32]> {
    let key = ctx.data_key(conn, Purpose::Abuse, INSTALLATION).await?;
    let message = ["guard", what, scope, value].join("\0");
    Ok(codec::hmac_sha256(key.key.bytes(), message.as_bytes()))
}

/// The keyed hash of an account's name, as failures to sign in have it.
pub(crate) async fn account_digest(ctx: &Ctx, conn: &mut Conn, account: &str) -> Result<[u8; 32]> {
    digest(ctx, conn, GuardKind::SignIn.as_str(), "account", &folded(account)).await
}

/// Lets a try through and counts it, or says how long to wait. While one must wait, tries are
/// refused unseen and count for nothing: nobody can make the wait longer for somebody else by
/// knocking on.
///
/// # Errors
/// `Throttled`.
pub async fn check(ctx: &Ctx, attempt: &Attempt<'_>) -> Result<()> {
    let now = ctx.now();
    let mut tx = ctx.begin().await?;
    let counts = Counts::of(ctx, &mut tx, attempt).await?;
    let mut rows = Vec::with_capacity(counts.0.len());
    let mut wait = 0;
    for (scope, digest) in &counts.0 {
        let row = store::lock(&mut tx, digest, now).await?;
        let row = if row.expires_at <= now.as_millis() {
            store::GuardRow::default()
        } else {
            row
        };
        wait = wait.max(Timestamp::from_millis(row.blocked_until).millis_since(now));
        rows.push((*scope, digest, row));
    }
    if wait > 0 {
        return Err(Error::Throttled {
            // Rounded up: a second too early is refused again.
            seconds: wait.saturating_add(999) / 1000,
        });
    }
    for (scope, digest, row) in rows {
        let tries = row.tries.saturating_add(1);
        store::count(&mut tx, digest, &counted(scope, tries, now)).await?;
    }
    ctx.commit_housekeeping(tx, Housekeeping::GuardCounted).await
}

/// The row after so many tries, the last one at this time.
fn counted(scope: Scope, tries: i64, at: Timestamp) -> store::GuardRow {
    store::GuardRow {
        tries,
        last_try_at: at.as_millis(),
        blocked_until: at.plus_seconds(scope.delay(tries)).as_millis(),
        expires_at: at.plus_seconds(delay::REMEMBERED).as_millis(),
    }
}

/// Notes that a try that was let through did not hold. It was counted before; this is for
/// telling guessing by many, or of many, from a slip.
///
/// # Errors
/// If the database fails.
pub async fn failed(ctx: &Ctx, attempt: &Attempt<'_>) -> Result<()> {
    if attempt.what != GuardKind::SignIn {
        return Ok(());
    }
    let mut tx = ctx.begin().await?;
    let counts = Counts::of(ctx, &mut tx, attempt).await?;
    if let (Some(network), Some(account)) = (counts.only(Scope::Network), counts.only(Scope::Account)) {
        store::note_failure(&mut tx, network, account, ctx.now()).await?;
        let soon = ctx.now().plus_seconds(INSPECTED);
        jobs::enqueue(ctx, &mut tx, &Job::InspectFailures, soon).await?;
    }
    ctx.commit_housekeeping(tx, Housekeeping::GuardCounted).await
}

/// Gives a try that held back: the account's count ends, the network's has one fewer. It does
/// not end, or whoever has one account could go on guessing others'.
///
/// # Errors
/// If the database fails.
pub async fn succeeded(ctx: &Ctx, attempt: &Attempt<'_>) -> Result<()> {
    let now = ctx.now();
    let mut tx = ctx.begin().await?;
    let counts = Counts::of(ctx, &mut tx, attempt).await?;
    for (scope, digest) in &counts.0 {
        match scope {
            Scope::Account => store::forget(&mut tx, digest).await?,
            Scope::Network => {
                let row = store::lock(&mut tx, digest, now).await?;
                let last = Timestamp::from_millis(row.last_try_at);
                let tries = row.tries.saturating_sub(1).max(0);
                store::count(&mut tx, digest, &counted(*scope, tries, last)).await?;
            }
        }
    }
    ctx.commit_housekeeping(tx, Housekeeping::GuardCounted).await
}

/// Accounts for which sign-ins failed from one network, by their keyed hashes.
pub(crate) struct Spray {
    /// The network's.
    pub(crate) network: Vec<u8>,
    /// The accounts'.
    pub(crate) accounts: Vec<Vec<u8>>,
}

/// Networks from which sign-ins to at least so many accounts failed within the window.
pub(crate) async fn sprayed(ctx: &Ctx, conn: &mut Conn, at_least: i64) -> Result<Vec<Spray>> {
    let since = ctx.now().plus_seconds(-WINDOW);
    let mut found = Vec::new();
    for network in store::sprayed(conn, since, at_least).await? {
        let accounts = store::failed_from(conn, &network, since).await?;
        found.push(Spray { network, accounts });
    }
    Ok(found)
}

/// Accounts for which sign-ins failed from at least so many networks within the window, each
/// with how many those were.
pub(crate) async fn guessed(ctx: &Ctx, conn: &mut Conn, at_least: i64) -> Result<Vec<(Vec<u8>, i64)>> {
    let since = ctx.now().plus_seconds(-WINDOW);
    Ok(store::guessed(conn, since, at_least).await?)
}

/// Removes counts whose time is over.
pub(crate) async fn sweep(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    let now = ctx.now();
    Ok(store::sweep(tx, now, now.plus_seconds(-WINDOW)).await?)
}
