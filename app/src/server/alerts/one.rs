use leptos::prelude::*;
use types::{AlertRuleId, alerts::AlertPage};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "alerts/one")]
pub async fn one(id: AlertRuleId, after: Option<String>) -> Result<AlertPage, PageError> {
    use platform::alerts;

    use crate::server::ctx::{ctx, refuse};

    alerts::one(&ctx()?, id, after.as_deref()).await.map_err(refuse)
}
