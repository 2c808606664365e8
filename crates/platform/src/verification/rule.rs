//! What a verification is held to: the organisation's policy and its calendar.

use db::Conn;
use jiff::civil::Date;
use types::{Environment, OrganisationId};
use verify::decision::Rule;

use super::store::VerificationRow;
use crate::{Ctx, Error, Result, access, calendar};

/// The part of an organisation that a verification needs.
pub(super) struct Business {
    /// Its name: the person sees it.
    pub(super) name: String,
    accept_self_asserted_live: bool,
    /// Today, in its time zone.
    pub(super) today: Date,
}

impl Business {
    pub(super) async fn load(ctx: &Ctx, conn: &mut Conn, id: OrganisationId) -> Result<Self> {
        let row = access::organisation(conn, &id.to_string()).await?;
        let row = row.ok_or(Error::NotFound("The organisation"))?;
        let today = calendar::day_of(ctx.now(), &access::zone(&row.time_zone)?)?;
        Ok(Self {
            name: row.name,
            accept_self_asserted_live: row.accept_self_asserted_live,
            today,
        })
    }

    /// Whether typed lines may decide here: always on test keys, on live keys only if the
    /// organisation's policy says so.
    pub(super) fn accepts_self_asserted(&self, environment: Environment) -> bool {
        environment == Environment::Test || self.accept_self_asserted_live
    }

    pub(super) const fn rule(&self, row: &VerificationRow) -> Rule {
        Rule {
            minimum_age: row.minimum_age,
            today: self.today,
        }
    }
}
