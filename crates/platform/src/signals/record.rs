//! Writing a signal down.

use types::{ReportId, UserId, security::SignalKind};
use vault::Aad;
use zeroize::Zeroizing;

use super::store;
use crate::{
    Ctx, Result,
    audit::Tx,
    keyring::{INSTALLATION, Purpose},
    sessions,
};

/// A signal yet to be written.
pub(super) struct Signal {
    /// What it is.
    pub(super) kind: SignalKind,
    /// The account that it is about, if it is known.
    pub(super) user: Option<UserId>,
    /// The same cause never makes a second one.
    pub(super) cause: String,
    /// In plain words. It may hold what is personal: it is sealed.
    pub(super) text: String,
}

/// Writes the signal with the change that causes it; `None` if its cause had made one already.
///
/// # Errors
/// If the database fails.
pub(super) async fn record(ctx: &Ctx, tx: &mut Tx, signal: Signal) -> Result<Option<ReportId>> {
    let id = ReportId::at(ctx.now(), ctx.event_sequence(ctx.now()), ctx.rng());
    let user = signal.user.map(|user| user.to_string());
    let subject = user.as_deref().unwrap_or(INSTALLATION);
    let key = ctx.data_key(tx, Purpose::Personal, subject).await?;
    let place = id.to_string();
    let plain = Zeroizing::new(signal.text.into_bytes());
    let row = store::NewSignal {
        sealed: key
            .key
            .seal(ctx.rng(), &aad(subject, &place, key.version), &plain)?,
        data_key_id: key.id,
        id: place,
        kind: signal.kind.as_str(),
        cause: signal.cause,
        user_id: user,
    };
    let new = store::insert_signal(tx, &row, ctx.now()).await?;
    Ok(new.then_some(id))
}

/// Where a signal's words are sealed.
pub(super) const fn aad<'a>(subject: &'a str, id: &'a str, key_version: u32) -> Aad<'a> {
    Aad {
        tenant: subject,
        table: "signals",
        row: id,
        column: "sealed",
        key_version,
    }
}

/// Tells staff that an account was opened by recovery; the person is told by the recovery itself.
///
/// # Errors
/// If the database fails.
pub(crate) async fn recovery_used(ctx: &Ctx, tx: &mut Tx, user: UserId, recovery: &str) -> Result<()> {
    let address = ctx.origin().address.map(|address| address.to_string());
    let signal = Signal {
        kind: SignalKind::RecoveryUsed,
        user: Some(user),
        cause: format!("recovery_used/{recovery}"),
        text: format!(
            "The account was opened by recovery, from {} at {}. Its ways to sign in were replaced.",
            sessions::device(ctx.origin().user_agent.as_deref()),
            address.as_deref().unwrap_or("an unknown address"),
        ),
    };
    record(ctx, tx, signal).await.map(drop)
}
