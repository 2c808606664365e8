//! What the desk's queries rest on.

use super::store::sources::{mails_query, signals_query, verifications_query};
use crate::search::tests::{databases, hold_served};

#[tokio::test]
async fn an_index_serves_every_source() {
    let (databases, _cluster) = databases().await;
    for db in databases {
        hold_served(&db, verifications_query("org_1", None, "ver_9")).await;
        hold_served(&db, verifications_query("org_1", Some("key_1"), "ver_9")).await;
        hold_served(&db, mails_query("usr_1", "mai_9")).await;
        hold_served(&db, signals_query("usr_1", "rpt_9")).await;
    }
}
