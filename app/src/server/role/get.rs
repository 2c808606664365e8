use leptos::prelude::*;
use types::{CustomRoleId, team::CustomRoleRow};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "role/get")]
pub async fn get(id: CustomRoleId) -> Result<CustomRoleRow, PageError> {
    use platform::access::roles;

    use crate::server::ctx::{ctx, refuse};

    roles::get(&ctx()?, id).await.map_err(refuse)
}
