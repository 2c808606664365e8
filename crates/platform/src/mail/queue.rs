//! Queueing a mail with the change that causes it.

use db::Conn;
use serde::{Deserialize, Serialize};
use types::{MailId, UserId};
use vault::Aad;
use zeroize::Zeroizing;

use super::store;
use crate::{
    Ctx, Error, Result,
    audit::Tx,
    identity,
    jobs::{self, Job},
    keyring::{INSTALLATION, NamedKey, Purpose},
};

/// What a mail says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Message {
    /// Which text it is, such as `credential.changed`; no personal data.
    #[serde(skip)]
    pub(crate) kind: &'static str,
    /// The same cause never makes a second mail: the event's id, or what else is unique.
    #[serde(skip)]
    pub(crate) cause: String,
    /// The subject line.
    pub(crate) subject: String,
    /// Paragraphs of plain text, in order.
    pub(crate) paragraphs: Vec<String>,
    /// Buttons: a label, and a path on this installation, such as `/invitations/..`.
    pub(crate) links: Vec<(String, String)>,
}

impl Message {
    /// A mail without text yet.
    pub(crate) fn new(kind: &'static str, cause: impl Into<String>, subject: impl Into<String>) -> Self {
        Self {
            kind,
            cause: cause.into(),
            subject: subject.into(),
            paragraphs: Vec::new(),
            links: Vec::new(),
        }
    }

    /// One more paragraph.
    #[must_use]
    pub(crate) fn text(mut self, paragraph: impl Into<String>) -> Self {
        self.paragraphs.push(paragraph.into());
        self
    }

    /// A button to a path on this installation.
    #[must_use]
    pub(crate) fn link(mut self, label: impl Into<String>, path: impl Into<String>) -> Self {
        self.links.push((label.into(), path.into()));
        self
    }
}

/// A mail as it is sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct Letter {
    pub(super) to: String,
    pub(super) message: Message,
}

/// Queues a mail to an account's address.
///
/// # Errors
/// `NotFound` if there is no such account.
pub(crate) async fn to_user(ctx: &Ctx, tx: &mut Tx, user: UserId, message: Message) -> Result<()> {
    let id = user.to_string();
    let row = identity::user(tx, &id)
        .await?
        .ok_or(Error::NotFound("The account"))?;
    queue(ctx, tx, Some(&id), row.email, message).await
}

/// Queues a mail to an address that is no account's yet, or not any more.
///
/// # Errors
/// If the database fails.
pub(crate) async fn to_address(ctx: &Ctx, tx: &mut Tx, address: &str, message: Message) -> Result<()> {
    queue(ctx, tx, None, address.to_owned(), message).await
}

async fn queue(ctx: &Ctx, tx: &mut Tx, user: Option<&str>, to: String, message: Message) -> Result<()> {
    let subject = user.unwrap_or(INSTALLATION);
    let key = ctx.data_key(tx, Purpose::Personal, subject).await?;
    queue_under(ctx, tx, user, to, &key, message).await
}

/// Queues a mail to an account's address under a key of its person's that is not committed yet.
///
/// # Errors
/// `NotFound` if there is no such account.
pub(crate) async fn to_user_under(
    ctx: &Ctx,
    tx: &mut Tx,
    user: UserId,
    key: &NamedKey,
    message: Message,
) -> Result<()> {
    let id = user.to_string();
    let row = identity::user(tx, &id)
        .await?
        .ok_or(Error::NotFound("The account"))?;
    queue_under(ctx, tx, Some(&id), row.email, key, message).await
}

async fn queue_under(
    ctx: &Ctx,
    tx: &mut Tx,
    user: Option<&str>,
    to: String,
    key: &NamedKey,
    message: Message,
) -> Result<()> {
    let subject = user.unwrap_or(INSTALLATION);
    let mail = MailId::at(ctx.now(), ctx.event_sequence(ctx.now()), ctx.rng());
    let id = mail.to_string();
    let (kind, cause) = (message.kind, message.cause.clone());
    let plain = Zeroizing::new(serde_json::to_vec(&Letter { to, message })?);
    let row = store::MailRow {
        sealed: key.key.seal(ctx.rng(), &aad(subject, &id, key.version), &plain)?,
        data_key_id: key.id.clone(),
        user_id: user.map(str::to_owned),
        id,
    };
    if store::insert(tx, &row, kind, &cause, ctx.now()).await? {
        jobs::enqueue(ctx, tx, &Job::SendMail(mail), ctx.now()).await?;
    }
    Ok(())
}

/// Whether this cause has made a mail already.
///
/// # Errors
/// If the database fails.
pub(crate) async fn was_queued(tx: &mut Tx, cause: &str) -> Result<bool> {
    Ok(store::exists(tx, cause).await?)
}

/// What a stored mail says; `None` once its person's key was destroyed.
pub(super) async fn open(ctx: &Ctx, conn: &mut Conn, row: &store::StoredRow) -> Result<Option<Letter>> {
    let Some(key) = ctx.data_key_by_id(conn, &row.data_key_id).await? else {
        return Ok(None);
    };
    let subject = row.user_id.as_deref().unwrap_or(INSTALLATION);
    let plain = key.key.open(&aad(subject, &row.id, key.version), &row.sealed)?;
    Ok(Some(serde_json::from_slice(&plain)?))
}

/// Where a mail is sealed.
pub(super) fn aad<'a>(subject: &'a str, id: &'a str, key_version: u32) -> Aad<'a> {
    Aad {
        tenant: subject,
        table: "mails",
        row: id,
        column: "sealed",
        key_version,
    }
}
