//! Looking through failed sign-ins: many accounts from one network, or one account from many.
//!
//! It runs as a job behind every failure, whether or not the account exists, so that nobody can
//! tell by the time that an answer takes.

use types::{UserId, security::SignalKind};

use super::{Signal, record, store};
use crate::{
    Ctx, Result,
    audit::Tx,
    calendar, guard,
    mail::{self, Message},
    notices,
};

/// So many accounts from one network within the hour are no slip.
const ACCOUNTS: i64 = 10;
/// So many networks for one account within the hour are not its owner.
const NETWORKS: i64 = 10;

/// Finds guessing by many or of many within the last hour, and tells of it: once a day for each
/// network and each account.
///
/// # Errors
/// If the database fails.
pub(crate) async fn inspect(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    let sprayed = guard::sprayed(ctx, tx, ACCOUNTS).await?;
    let guessed = guard::guessed(ctx, tx, NETWORKS).await?;
    if sprayed.is_empty() && guessed.is_empty() {
        return Ok(());
    }
    let day = calendar::rfc3339(ctx.now())?.chars().take(10).collect::<String>();
    let known = accounts(ctx, tx).await?;
    for spray in sprayed {
        let text = format!(
            "Sign-ins to {} accounts failed within an hour, all from one network. Whoever does this tries \
             common passwords on many accounts.",
            spray.accounts.len()
        );
        let signal = Signal {
            kind: SignalKind::PasswordSpraying,
            user: None,
            cause: format!("password_spraying/{}/{day}", hex::encode(&spray.network)),
            text: text.clone(),
        };
        record(ctx, tx, signal).await?;
        for user in whose(&known, &spray.accounts) {
            let cause = format!("password_spraying/{user}/{day}");
            tell(ctx, tx, user, &cause, format!("{text} Yours is one of them.")).await?;
        }
    }
    for (account, networks) in guessed {
        let text = format!("Sign-ins to one account failed from {networks} networks within an hour.");
        let user = whose(&known, std::slice::from_ref(&account)).into_iter().next();
        let cause = format!("distributed_guessing/{}/{day}", hex::encode(&account));
        let signal = Signal {
            kind: SignalKind::DistributedGuessing,
            user,
            cause: cause.clone(),
            text,
        };
        record(ctx, tx, signal).await?;
        if let Some(user) = user {
            let text = format!(
                "Sign-ins to your account failed from {networks} different networks within an hour: somebody is \
                 trying passwords from many places."
            );
            tell(ctx, tx, user, &cause, text).await?;
        }
    }
    Ok(())
}

/// Every account with the keyed hash that failures know it by.
async fn accounts(ctx: &Ctx, tx: &mut Tx) -> Result<Vec<([u8; 32], UserId)>> {
    let mut known = Vec::new();
    for (id, email) in store::accounts(tx).await? {
        known.push((guard::account_digest(ctx, tx, &email).await?, id.parse()?));
    }
    Ok(known)
}

fn whose(known: &[([u8; 32], UserId)], digests: &[Vec<u8>]) -> Vec<UserId> {
    let among = |(digest, _): &&([u8; 32], UserId)| digests.iter().any(|one| one == digest);
    known.iter().filter(among).map(|(_, user)| *user).collect()
}

/// Tells the person, unless this cause has told them before.
async fn tell(ctx: &Ctx, tx: &mut Tx, user: UserId, cause: &str, text: String) -> Result<()> {
    if mail::was_queued(tx, cause).await? {
        return Ok(());
    }
    let message = Message::new(
        "sign_in.guessing",
        cause,
        "Somebody is guessing passwords at your account",
    )
    .text(text)
    .text(
        "Further tries are slowed down more and more. Nobody is known to have got in. A passkey cannot be \
         guessed: if you sign in with a password, adding one and removing the password ends this for good.",
    );
    notices::tell(ctx, tx, user, message).await
}
