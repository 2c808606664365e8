//! What a customer's log does not show of the operator's staff: from where, and with what, a
//! member of staff did what they did. That they did it, and who they are, it shows.
//!
//! Nor is it told by looking for an address: whoever does not see a value finds no event by it.

use std::collections::BTreeMap;

use ledger::bundle::Opened;
use types::Permission;

use super::list::committed;
use crate::{Actor, Ctx, Result};

/// What stands in place of a value.
pub(super) const WITHHELD: &str = "not shown: a member of the operator's staff";

/// Whether somebody acted as the operator's staff.
pub(super) fn is_staff(kind: &str) -> bool {
    kind == "staff"
}

/// Whether the personal fields of what this actor did are kept from whoever reads. Staff who read
/// every log see them, and everybody sees their own.
pub(super) fn is_withheld(ctx: &Ctx, kind: &str, actor: Option<&str>) -> bool {
    let reader = match ctx.actor() {
        Actor::User { id, .. } => Some(id.to_string()),
        _ => None,
    };
    is_staff(kind)
        && !ctx.actor().may(Permission::AuditReadAll)
        && (reader.is_none() || reader.as_deref() != actor)
}

/// What a page says of the fields of such an event.
pub(super) fn said(canonical: &str) -> Result<Vec<(String, String)>> {
    let names = committed(canonical)?.into_iter();
    Ok(names.map(|name| (name, WITHHELD.to_owned())).collect())
}

/// The values, if they are not kept from whoever reads.
pub(super) fn shown(opened: BTreeMap<String, Opened>, is_withheld: bool) -> BTreeMap<String, Opened> {
    if is_withheld { BTreeMap::new() } else { opened }
}
