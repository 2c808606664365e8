//! One more invented person, for whoever tries things out.

use types::{OrganisationId, Role, StaffRole, UserId};

use crate::{
    Actor, Ctx, Error, Result, access,
    audit::Housekeeping,
    identity::{self, UserRow},
    keyring::Purpose,
};

/// Invents a person in an organisation: an account without a way to sign in yet, as
/// [`enrolment_link`](crate::identity::enrolment_link) wants it. The address is under
/// `example.com` (RFC 2606), where no mail arrives.
///
/// # Errors
/// `NotFound` unless Loomwire itself acts: nobody else hands out accounts like that.
pub async fn guest(
    ctx: &Ctx,
    organisation: OrganisationId,
    name: &str,
    role: Role,
    staff: Option<StaffRole>,
) -> Result<UserId> {
    if *ctx.actor() != Actor::System {
        return Err(Error::NotFound("The organisation"));
    }
    let id = UserId::new(ctx.clock(), ctx.rng());
    let row = UserRow {
        id: id.to_string(),
        email: format!("{}@example.com", name.to_lowercase().replace(' ', ".")),
        name: name.to_owned(),
        staff_role: staff.map(|staff| staff.to_string()),
    };
    let handle = types::source::random::<16>(ctx.rng());
    let mut tx = ctx.begin().await?;
    identity::insert_user(&mut tx, &row, &handle, ctx.now()).await?;
    ctx.make_data_key(&mut tx, Purpose::Personal, &row.id).await?;
    access::insert_member(&mut tx, &organisation.to_string(), &row.id, role, ctx.now()).await?;
    ctx.commit_housekeeping(tx, Housekeeping::DemoSeeded).await?;
    Ok(id)
}
