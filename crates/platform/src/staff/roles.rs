//! Giving, changing and taking staff roles.

use types::{Permission, StaffRole, StepUp, UserId};

use super::{covers, store};
use crate::{
    Actor, Ctx, Error, Result,
    access::refuse,
    audit::{Action, Event, Tx},
    elevations,
    mail::{self, Message},
    recall::Topic,
    support,
};

const BEYOND: &str = "You can give only staff roles whose permissions you have for good, and change only staff \
                      who have no more than that. Ask an operator admin.";
const LAST: Error = Error::Conflict(
    "This is the last operator admin who can sign in. Make somebody else operator admin first.",
);
const NO_PASSKEY: &str = "Staff sign in with a passkey, and this person has none. Ask them to add one first.";

/// Makes the person with this address staff.
///
/// # Errors
/// As [`set_role`]; `Invalid` if nobody has this address.
pub async fn give(ctx: &Ctx, email: &str, role: StaffRole) -> Result<()> {
    ctx.require(Permission::StaffManage).await?;
    ctx.require_fresh(StepUp::Staff).await?;
    let found = store::by_email(&mut *ctx.read().await?, &email.trim().to_lowercase()).await?;
    let Some((user, passkey)) = found else {
        return Err(Error::invalid(
            "email",
            "Nobody has an account with this address. Invite them to an organisation first.",
        ));
    };
    if !passkey {
        return Err(Error::invalid("email", NO_PASSKEY));
    }
    set_role(ctx, user.parse()?, Some(role)).await
}

/// Gives somebody a staff role, or takes it; it holds on their next request. With the role goes
/// every elevation of theirs.
///
/// # Errors
/// `Forbidden` without [`Permission::StaffManage`]; `StepUp`; `Refused` by a rule; `NotFound`;
/// `Invalid` for who has no passkey; `Conflict` for the last operator admin.
pub async fn set_role(ctx: &Ctx, user: UserId, role: Option<StaffRole>) -> Result<()> {
    ctx.require(Permission::StaffManage).await?;
    ctx.require_fresh(StepUp::Staff).await?;
    let Actor::User { id: me, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let mut tx = ctx.begin().await?;
    store::hold(&mut tx).await?;
    let mine = store::role(&mut tx, &me.to_string()).await?;
    let id = user.to_string();
    if crate::identity::user(&mut tx, &id).await?.is_none() {
        return Err(Error::NotFound("The account"));
    }
    let before = store::role(&mut tx, &id).await?;
    let concerned = before.iter().chain(&role).flat_map(|role| role.permissions());
    let mut needed = vec![Permission::StaffManage];
    needed.extend(concerned);
    if !covers(mine, &needed) {
        return Err(refuse(ctx, tx, BEYOND).await);
    }
    if before == role {
        return Ok(());
    }
    if role.is_some() && !store::has_passkey(&mut tx, &id).await? {
        return Err(Error::invalid("role", NO_PASSKEY));
    }
    if before == Some(StaffRole::OperatorAdmin) && !another_admin(&mut tx, &id).await? {
        return Err(LAST);
    }
    write(ctx, tx, user, before, role).await
}

/// Whether somebody else is operator admin and can sign in.
async fn another_admin(tx: &mut Tx, except: &str) -> Result<bool> {
    for record in store::all(tx).await? {
        if record.id != except && record.has_passkey && record.role()? == StaffRole::OperatorAdmin {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn write(
    ctx: &Ctx,
    mut tx: Tx,
    user: UserId,
    before: Option<StaffRole>,
    role: Option<StaffRole>,
) -> Result<()> {
    tx.changes(Topic::Sessions);
    store::set_role(&mut tx, &user.to_string(), role).await?;
    let mut ended = Vec::new();
    if role.is_none() {
        ended = elevations::end_all(ctx, &mut tx, user).await?;
    }
    if !covers(role, &[Permission::SupportLook]) {
        ended.extend(support::end_of_staff(ctx, &mut tx, user).await?);
    }
    let word = |role: Option<StaffRole>| role.map_or("none", StaffRole::as_str);
    let title = |role: Option<StaffRole>| role.map_or("none", StaffRole::title);
    let cause = format!("staff.role_changed:{user}:{}", ctx.now().as_millis());
    let text = format!(
        "Your staff role on this installation is now {}; it was {}.",
        title(role),
        title(before)
    );
    let message = Message::new("staff.role_changed", cause, "Your staff role changed").text(text);
    mail::to_user(ctx, &mut tx, user, message).await?;
    let event = Event::new(Action::StaffRoleChanged)
        .target(user)
        .detail("from", word(before))
        .detail("to", word(role));
    ctx.commit_all(tx, event, ended).await
}
