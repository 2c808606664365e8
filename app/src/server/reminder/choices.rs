use leptos::prelude::*;
use types::security::ReminderChoice;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "reminder/choices")]
pub async fn choices() -> Result<Vec<ReminderChoice>, PageError> {
    use platform::reminders;

    use crate::server::ctx::{ctx, refuse};

    reminders::choices(&ctx()?).await.map_err(refuse)
}
