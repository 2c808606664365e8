//! What the page of the local outbox shows: for an installation on somebody's own machine,
//! where nothing is sent.

use types::{Timestamp, accounts::OutboxMail};
use url::Host;

use super::{queue, store};
use crate::{Ctx, Error, Result};

/// The newest mails that are kept here, at most fifty.
///
/// # Errors
/// `NotFound` where mails are sent, or where anybody else could look: the public address is not
/// plain http on this machine.
pub async fn outbox(ctx: &Ctx) -> Result<Vec<OutboxMail>> {
    if ctx.mailer().is_some() || !is_local(ctx) {
        return Err(Error::NotFound("The page"));
    }
    let mut read = ctx.read().await?;
    let mut mails = Vec::new();
    for row in store::newest(&mut read).await? {
        let Some(letter) = queue::open(ctx, &mut read, &row).await? else {
            continue;
        };
        mails.push(OutboxMail {
            id: row.id.parse()?,
            to: letter.to,
            subject: letter.message.subject,
            paragraphs: letter.message.paragraphs,
            links: letter.message.links,
            created_at: Timestamp::from_millis(row.created_at),
        });
    }
    Ok(mails)
}

fn is_local(ctx: &Ctx) -> bool {
    let url = &ctx.settings().public_url;
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    url.scheme() == "http" && loopback
}
