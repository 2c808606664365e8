//! Telling an organisation that support asks to look into it.

use types::{ConsentId, OrganisationId, Permission, UserId};

use crate::{Ctx, Error, Result, access, audit::Tx, identity, mail, mail::Message};

/// A mail to everybody there who may decide.
pub(super) async fn tell_deciders(
    ctx: &Ctx,
    tx: &mut Tx,
    organisation: OrganisationId,
    by: UserId,
    id: ConsentId,
) -> Result<()> {
    let tenant = organisation.to_string();
    let row = access::organisation(tx, &tenant).await?;
    let name = row.ok_or(Error::NotFound("The organisation"))?.name;
    let asker = identity::user(tx, &by.to_string()).await?;
    let asker = asker.ok_or(Error::NotFound("The account"))?.name;
    for member in access::who_may(tx, &tenant, Permission::SupportConsent).await? {
        let cause = format!("support.consent_asked:{id}:{member}");
        let message = Message::new(
            "support.consent_asked",
            cause,
            format!("Support asks to look into {name}"),
        )
        .text(format!(
            "{asker} of this installation's support asks to look into {name}, to help. Nobody looks \
                 without your consent."
        ))
        .text(
            "You choose for how long, and can take it back at any time. Support can read then, and \
                 change nothing; every page that is read is in your audit log.",
        )
        .link("Read why, and decide", "/support-access");
        mail::to_user(ctx, tx, member, message).await?;
    }
    Ok(())
}
