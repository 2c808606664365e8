//! The page of staff access.

use types::{
    Permission, StaffRole, Timestamp, UserId,
    team::{StaffPage, StaffRow},
};

use super::{covers, page_read, read, store};
use crate::{Actor, Ctx, Error, Result, elevations};

/// Who is staff, requests for elevation, and what the viewer may give and ask for.
///
/// # Errors
/// `Forbidden` without [`Permission::StaffRead`].
pub async fn page(ctx: &Ctx) -> Result<StaffPage> {
    let page = load(ctx).await?;
    let shown = format!(
        "{} people, {} elevations",
        page.staff.len(),
        page.open.len() + page.past.len()
    );
    page_read(ctx, "access", &shown).await?;
    Ok(page)
}

async fn load(ctx: &Ctx) -> Result<StaffPage> {
    ctx.require(Permission::StaffRead).await?;
    let lasting = lasting(ctx);
    let mut read = ctx.read().await?;
    let elevated = store::elevated(&mut read, ctx.now()).await?;
    let staff = store::all(&mut read).await?;
    drop(read);
    let staff = staff
        .into_iter()
        .map(|record| {
            let role = record.role()?;
            let higher = elevated.iter().find(|(user, ..)| *user == record.id);
            let higher = match higher {
                Some((_, role, until)) => Some((role.parse()?, Timestamp::from_millis(*until))),
                None => None,
            };
            Ok(StaffRow {
                id: record.id.parse()?,
                name: record.name,
                email: record.email,
                role,
                elevated: higher,
                changeable: may_give(lasting, role),
            })
        })
        .collect::<Result<_>>()?;
    let (open, past) = elevations::list(ctx).await?;
    let all = StaffRole::ALL.iter().copied();
    let gives_more = |role: &StaffRole| lasting.is_some() && !covers(lasting, role.permissions());
    Ok(StaffPage {
        staff,
        open,
        past,
        grantable: all.clone().filter(|role| may_give(lasting, *role)).collect(),
        askable: all.filter(gives_more).collect(),
        delay: ctx.settings().elevation_delay,
    })
}

/// One of the staff.
///
/// # Errors
/// `Forbidden` without [`Permission::StaffRead`]; `NotFound`.
pub async fn person(ctx: &Ctx, user: UserId) -> Result<(StaffRow, Vec<StaffRole>)> {
    let page = load(ctx).await?;
    let row = page.staff.into_iter().find(|row| row.id == user);
    let row = row.ok_or(Error::NotFound("The staff member"))?;
    ctx.record(read::event("access", "one person").target(user))
        .await?;
    Ok((row, page.grantable))
}

/// The viewer's staff role for good, as the session knows it: what a page shows.
fn lasting(ctx: &Ctx) -> Option<StaffRole> {
    match ctx.actor() {
        Actor::User { staff_role, .. } => *staff_role,
        _ => None,
    }
}

fn may_give(lasting: Option<StaffRole>, role: StaffRole) -> bool {
    covers(lasting, &[Permission::StaffManage]) && covers(lasting, role.permissions())
}
