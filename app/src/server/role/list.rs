use leptos::prelude::*;
use types::team::CustomRoleRow;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "role/list")]
pub async fn list() -> Result<Vec<CustomRoleRow>, PageError> {
    use platform::access::roles;

    use crate::server::ctx::{ctx, refuse};

    roles::list(&ctx()?).await.map_err(refuse)
}
