//! What an invitation offers.

use std::{fmt, str::FromStr};

use db::Conn;
use types::{CustomRoleId, Permission, Role};

use super::store;
use crate::{Actor, Ctx, Error, Result};

/// The role that is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// One of those that every organisation has.
    Role(Role),
    /// One of the organisation's own.
    Custom(CustomRoleId),
}

/// As a form sends it: a role's word, or a custom role's id.
impl FromStr for Offer {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let role = text.parse().map(Self::Role).ok();
        let custom = || text.parse().map(Self::Custom).ok();
        role.or_else(custom)
            .ok_or_else(|| Error::invalid("role", "Choose a role from the list."))
    }
}

impl fmt::Display for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(role) => f.write_str(role.as_str()),
            Self::Custom(id) => fmt::Display::fmt(id, f),
        }
    }
}

impl Offer {
    /// The role of a membership: beside a custom one the least, see migration 0003.
    pub(super) const fn role(self) -> Role {
        match self {
            Self::Role(role) => role,
            Self::Custom(_) => Role::Support,
        }
    }

    pub(super) fn custom(self) -> Option<String> {
        match self {
            Self::Role(_) => None,
            Self::Custom(id) => Some(id.to_string()),
        }
    }

    /// The name of what is offered, if the actor may offer it.
    ///
    /// # Errors
    /// `Invalid` if the actor has not got all of it, or it is not this organisation's.
    pub(super) async fn check(self, ctx: &Ctx, conn: &mut Conn) -> Result<String> {
        let (name, permissions) = match self {
            Self::Role(role) => (word(role).to_owned(), role.permissions().to_vec()),
            Self::Custom(id) => {
                let tenant = ctx.tenant()?.to_string();
                let row = store::custom_role(conn, &tenant, &id.to_string()).await?;
                let row = row.ok_or_else(|| Error::invalid("role", "Choose a role from the list."))?;
                (row.name.clone(), row.permissions())
            }
        };
        if may_offer(ctx, self, &permissions) {
            return Ok(name);
        }
        Err(Error::invalid(
            "role",
            "You cannot give what you do not have. Choose a role with no more permissions than yours, \
             or ask an owner to invite.",
        ))
    }
}

/// Whether the actor has everything that would be given.
pub(super) fn may_offer(ctx: &Ctx, offer: Offer, permissions: &[Permission]) -> bool {
    let own = ctx.permissions();
    let within = permissions.iter().all(|one| own.contains(one));
    let owner = match ctx.actor() {
        Actor::User { role, standing, .. } => *role == Role::Owner && standing.custom.is_none(),
        _ => false,
    };
    within && (owner || offer != Offer::Role(Role::Owner))
}

/// The name of a built-in role.
pub(super) const fn word(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner",
        Role::Admin => "Admin",
        Role::Developer => "Developer",
        Role::Billing => "Billing",
        Role::Auditor => "Auditor",
        Role::Support => "Support",
    }
}
