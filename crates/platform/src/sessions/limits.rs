//! How long a session may last: the strictest of what the installation says for customers, what
//! it says for staff, and what the organisations of its user say.
//!
//! Those of *all* the user's organisations: a session reaches each of them by switching, so the
//! one that asks for more would otherwise be entered through one that asks for less.

use types::{Timestamp, security::SessionLimits};

use crate::ctx::Settings;

/// What decides on a session's limits beside the operator's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Asked {
    /// Whether the user has a staff role.
    pub(super) staff: bool,
    /// The shortest of the user's organisations' own, in minutes.
    pub(super) idle_minutes: Option<i64>,
    pub(super) absolute_minutes: Option<i64>,
}

/// The strictest (NIST SP 800-63B-4, 2.2.3 and 2.3.3; OWASP ASVS 5.0.0, 7.3.1 and 7.3.2).
pub(super) fn of(settings: &Settings, asked: Asked) -> SessionLimits {
    let strictest = |customers: i64, staff: i64, minutes: Option<i64>| {
        let organisation = minutes.map_or(i64::MAX, |minutes| minutes.saturating_mul(60));
        let ours = if asked.staff {
            customers.min(staff)
        } else {
            customers
        };
        ours.min(organisation)
    };
    let (customers, staff) = (settings.session, settings.staff_session);
    SessionLimits {
        idle: strictest(customers.idle, staff.idle, asked.idle_minutes),
        absolute: strictest(customers.absolute, staff.absolute, asked.absolute_minutes),
    }
}

/// The two ends of a session: if nothing more comes, and in any case. The session is over *at*
/// either of them.
pub(super) fn ends(
    limits: SessionLimits,
    (created_at, last_seen_at, expires_at): (Timestamp, Timestamp, Timestamp),
) -> (Timestamp, Timestamp) {
    let absolute = expires_at.min(created_at.plus_seconds(limits.absolute));
    (last_seen_at.plus_seconds(limits.idle).min(absolute), absolute)
}
