//! Whom it concerns when the rules of a log change.

use db::Conn;
use types::{OrganisationId, Permission, UserId};

use crate::{
    Ctx, Result,
    access::members,
    audit::Tx,
    mail::{self, Message},
    staff,
};

/// Everybody who may decide about a log: of an organisation, or of the installation itself.
///
/// # Errors
/// If the database fails.
pub(crate) async fn everybody_of(
    conn: &mut Conn,
    organisation: Option<OrganisationId>,
) -> Result<Vec<UserId>> {
    if let Some(organisation) = organisation {
        return members::who_may(conn, &organisation.to_string(), Permission::AuditManage).await;
    }
    let mut able = Vec::new();
    for person in staff::all(conn).await? {
        if staff::covers(Some(person.role()?), &[Permission::AuditManageAll]) {
            able.push(person.id.parse()?);
        }
    }
    Ok(able)
}

/// Tells all of them, each once for one cause.
///
/// # Errors
/// If the database fails.
pub(super) async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    organisation: Option<OrganisationId>,
    message: &Message,
) -> Result<()> {
    for user in everybody_of(tx, organisation).await? {
        let mut own = message.clone();
        own.kind = message.kind;
        own.cause = format!("{}:{user}", message.cause);
        mail::to_user(ctx, tx, user, own).await?;
    }
    Ok(())
}
