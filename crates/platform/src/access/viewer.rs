//! Who is looking, for the shell of the console.

use types::console::{OrganisationChoice, Viewer};

use super::store;
use crate::{Actor, Ctx, Error, Result, identity};

/// The signed-in user, the organisations to choose from, and the permissions.
///
/// # Errors
/// `Unauthenticated` if nobody is signed in.
pub async fn viewer(ctx: &Ctx) -> Result<Viewer> {
    let Actor::User {
        id,
        organisation,
        staff_role,
        ..
    } = ctx.actor()
    else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let mut read = ctx.read().await?;
    let user = identity::user(&mut read, &id.to_string()).await?;
    let user = user.ok_or(Error::Unauthenticated("This account is gone. Sign in again."))?;
    let organisations = store::organisations_of(&mut read, &id.to_string())
        .await?
        .into_iter()
        .map(|row| {
            Ok(OrganisationChoice {
                id: row.id.parse()?,
                name: row.name,
                role: row.role.parse()?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let here = organisations
        .iter()
        .find(|choice| choice.id == *organisation)
        .cloned();
    Ok(Viewer {
        user_id: *id,
        name: user.name,
        email: user.email,
        staff_role: *staff_role,
        organisation: here.ok_or(Error::NotFound("The organisation"))?,
        organisations,
        permissions: ctx.permissions(),
    })
}
