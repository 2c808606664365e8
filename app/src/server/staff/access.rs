use leptos::prelude::*;
use types::team::StaffPage;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "staff/access")]
pub async fn access() -> Result<StaffPage, PageError> {
    use platform::staff;

    use crate::server::ctx::{ctx, refuse};

    staff::page(&ctx()?).await.map_err(refuse)
}
