//! Which limits a call takes from.

use std::{net::IpAddr, num::NonZeroU32};

use types::{ApiKeyId, OrganisationId};

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

/// What a call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calls {
    /// `/verify/*`: what the contract limits by key.
    Verify,
    /// Anything else with a key: limited by organisation and by address.
    Other,
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
}

impl Bucket {
    /// What kind it is, as it is counted.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Address(_) => "address",
            Self::Key(_) => "key",
            Self::Tenant(_) => "tenant",
        }
    }
}

/// A bucket and how it fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Whose.
    pub bucket: Bucket,
    /// How fast.
    pub rate: Rate,
}

impl Limit {
    const fn a_minute(bucket: Bucket, calls: NonZeroU32) -> Self {
        Self {
            bucket,
            rate: Rate::new(calls, MINUTE, calls),
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
///
/// **The seam** for named limits: one is one more [`Limit`] with a bucket of its own (a further
/// variant of [`Bucket`], and its name in the shared store in `Sharing::name`); what a call takes
/// from it is the `cost` of [`super::take`].
pub(crate) fn of_actor(actor: &Actor, calls: Calls, policy: &Policy) -> Vec<Limit> {
    let Actor::ApiKey {
        family,
        organisation,
        calls_per_minute,
        ..
    } = actor
    else {
        return Vec::new();
    };
    let own = calls_per_minute.and_then(NonZeroU32::new);
    let usual = matches!(calls, Calls::Verify).then_some(policy.key);
    let tightest = own.into_iter().chain(usual).min();
    let key = tightest.map(|calls| Limit::a_minute(Bucket::Key(*family), calls));
    let tenant = Limit::a_minute(Bucket::Tenant(*organisation), policy.tenant);
    key.into_iter().chain([tenant]).collect()
}
