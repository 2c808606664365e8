//! Which limits a call takes from.

use std::{net::IpAddr, num::NonZeroU32};

use types::{
    ApiKeyId, LimitId, OrganisationId,
    limits::{LimitedCall, NamedLimit},
};

use super::gcra::Rate;
use crate::{Actor, guard::first_of_network};

const MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);

/// What the operator allows, in calls a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// A key, of verifications.
    pub key: NonZeroU32,
    /// All keys of an organisation together, of anything.
    pub tenant: NonZeroU32,
    /// A client's address, whatever key it sends, or none.
    pub address: NonZeroU32,
}

impl Policy {
    /// More than anybody can make.
    pub const NONE: Self = Self {
        key: NonZeroU32::MAX,
        tenant: NonZeroU32::MAX,
        address: NonZeroU32::MAX,
    };
}

/// Whose bucket it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// A client's address: IPv4 as it is, IPv6 by its /64.
    Address(IpAddr),
    /// A key's.
    Key(ApiKeyId),
    /// An organisation's.
    Tenant(OrganisationId),
    /// A limit of an organisation's own; of one key, if each has it for itself.
    Named(LimitId, Option<ApiKeyId>),
}

impl Bucket {
    /// What kind it is, as it is counted.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Address(_) => "address",
            Self::Key(_) => "key",
            Self::Tenant(_) => "tenant",
            Self::Named(..) => "named",
        }
    }
}

/// A bucket, how it fills, and what the call takes from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Whose.
    pub bucket: Bucket,
    /// How fast.
    pub rate: Rate,
    /// What the call costs, in units of the rate; 1 or more.
    pub cost: u32,
}

impl Limit {
    const fn a_minute(bucket: Bucket, calls: NonZeroU32) -> Self {
        Self {
            bucket,
            rate: Rate::new(calls, MINUTE, calls),
            cost: 1,
        }
    }

    /// The address's own.
    pub(crate) fn of_address(address: IpAddr, policy: &Policy) -> Self {
        Self::a_minute(Bucket::Address(first_of_network(address)), policy.address)
    }
}

/// What a call of this actor takes from, all of them or none. A key's own limit is below that of
/// every key, and of anything that the key calls; keys that took over one from another have one
/// bucket.
pub(crate) fn of_actor(actor: &Actor, call: Option<LimitedCall>, policy: &Policy) -> Vec<Limit> {
    let Actor::ApiKey {
        family,
        organisation,
        calls_per_minute,
        limits,
        ..
    } = actor
    else {
        return Vec::new();
    };
    let own = calls_per_minute.and_then(NonZeroU32::new);
    let usual = call.filter(|call| call.is_verify()).map(|_| policy.key);
    let tightest = own.into_iter().chain(usual).min();
    let key = tightest.map(|calls| Limit::a_minute(Bucket::Key(*family), calls));
    let tenant = Limit::a_minute(Bucket::Tenant(*organisation), policy.tenant);
    let named = limits.iter().filter_map(|limit| of_named(limit, *family, call));
    key.into_iter().chain([tenant]).chain(named).collect()
}

/// `None` if the call takes nothing from it.
fn of_named(limit: &NamedLimit, family: ApiKeyId, call: Option<LimitedCall>) -> Option<Limit> {
    let terms = &limit.terms;
    let cost = call.map_or(1, |call| terms.costs.of(call));
    let (units, seconds) = (NonZeroU32::new(terms.units)?, NonZeroU32::new(terms.seconds)?);
    (cost > 0).then(|| Limit {
        bucket: Bucket::Named(limit.id, terms.per_key.then_some(family)),
        rate: Rate::new(units, seconds, units),
        cost,
    })
}
