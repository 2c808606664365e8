use leptos::prelude::*;
use types::{AlertRuleId, alerts::AlertChoices};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "alerts/choices")]
pub async fn choices(id: Option<AlertRuleId>) -> Result<AlertChoices, PageError> {
    use platform::alerts;

    use crate::server::ctx::{ctx, refuse};

    alerts::choices(&ctx()?, id).await.map_err(refuse)
}
