//! What an export was asked for, as its record keeps it: the filter, but for what is personal.

use jiff::tz::TimeZone;
use types::console::AuditFilter;

use crate::{
    Error, Result,
    audit::find::{NeedsOrganisation, Plan, Scope, Wanted},
};

/// Before the name of a personal field whose blind index is kept.
const BLIND: &str = "blind.";
/// In whose log is looked.
const SCOPE: &str = "scope";

/// The zone is written out: the organisation may choose another before the file is read.
pub(super) fn write(filter: &AuditFilter, plan: &Plan, scope: &Scope, zone: &TimeZone) -> String {
    let mut filter = filter.clone();
    (filter.address, filter.agent, filter.organisation, filter.after) = (None, None, None, None);
    if filter.actor.as_deref().is_some_and(|actor| actor.contains('@')) {
        filter.actor = plan.actor();
    }
    if filter.from.is_some() || filter.to.is_some() {
        let own = || zone.iana_name().map(ToOwned::to_owned);
        filter.zone = filter.zone.or_else(own);
    }
    let blind = plan
        .blind()
        .map(|(field, blind)| (format!("{BLIND}{field}"), hex::encode(blind)));
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(filter.set())
        .extend_pairs(blind)
        .append_pair(SCOPE, scope.as_str())
        .finish()
}

/// The plan of a record's query.
///
/// # Errors
/// If another version wrote what this one does not know.
pub(super) fn read(query: &str) -> Result<Plan> {
    let mut filter = AuditFilter::default();
    let (mut blind, mut scope) = (Vec::new(), None);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if let Some(field) = name.strip_prefix(BLIND) {
            let field = match field {
                "address" => "address",
                "userAgent" => "userAgent",
                _ => return Err(Error::internal("an export by a field that is not known")),
            };
            blind.push((field, hex::decode(value.as_bytes()).map_err(Error::internal)?));
        } else if name == SCOPE {
            scope = Some(match value.as_ref() {
                "*" => Scope::Everywhere,
                tenant => Scope::Tenant(tenant.to_owned()),
            });
        } else {
            let part = filter.part(&name);
            *part.ok_or_else(|| Error::internal("an export by a filter that is not known"))? =
                Some(value.into_owned());
        }
    }
    let scope = scope.ok_or_else(|| Error::internal("an export of no log"))?;
    let wanted = Wanted::of(&filter, &TimeZone::UTC)?;
    Plan::of(scope, wanted, blind)
        .map_err(|NeedsOrganisation(field)| Error::internal(format!("an export of all by {field}")))
}
