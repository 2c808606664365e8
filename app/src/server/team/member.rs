use leptos::prelude::*;
use types::{UserId, team::MemberPage};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "team/member")]
pub async fn member(id: UserId) -> Result<MemberPage, PageError> {
    use platform::access::members;

    use crate::server::ctx::{ctx, refuse};

    members::get(&ctx()?, id).await.map_err(refuse)
}
