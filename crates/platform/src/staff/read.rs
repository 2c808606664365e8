//! That staff read a page which tells of people or customers is an event, in the installation's
//! own log.

use crate::{
    Ctx, Result,
    audit::{Action, Event},
};

/// Notes that this page was read, and what of it was shown.
///
/// # Errors
/// If it cannot be written: then nothing is shown.
pub(crate) async fn page_read(ctx: &Ctx, page: &str, shown: &str) -> Result<()> {
    ctx.record(event(page, shown)).await
}

/// The event, for a page that is about somebody.
pub(super) fn event(page: &str, shown: &str) -> Event {
    Event::new(Action::StaffPageRead)
        .as_staff()
        .in_installation()
        .detail("page", page)
        .detail("shown", shown)
}
