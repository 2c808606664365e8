use leptos::prelude::*;
use types::{StaffRole, UserId, team::StaffRow};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "staff/person")]
pub async fn person(id: UserId) -> Result<(StaffRow, Vec<StaffRole>), PageError> {
    use platform::staff;

    use crate::server::ctx::{ctx, refuse};

    staff::person(&ctx()?, id).await.map_err(refuse)
}
