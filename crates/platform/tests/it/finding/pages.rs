//! Searches that take several pages.

use std::collections::BTreeSet;

use platform::audit;
use testkit::Installation;
use types::console::AuditFilter;

use super::ids;

#[tokio::test]
async fn a_search_that_has_looked_at_enough_says_so_and_goes_on() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    let seed = "INSERT INTO audit_events (id, organisation_id, occurred_at, action, actor_kind, actor_id, target_id, result, canonical, leaf_hash, leaf_index)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
        SELECT 'evt_00' || substr('000000' || i, -6) || '000000000000000000', $1, 0, 'session.signed_in', 'user', 'usr_1', 'usr_1', 'denied',
        '{\"schema\":2,\"id\":\"evt_00' || substr('000000' || i, -6) || '000000000000000000\",\"action\":\"session.signed_in\",\"result\":\"denied\",\"actor\":{\"kind\":\"user\",\"id\":\"usr_1\"},\"organisation\":\"' || $1 || '\"}', x'00', i + 1000 FROM n";
    let tenant = ada.tenant().unwrap().to_string();
    home.execute(seed, &[&tenant]).await;
    home.execute(
        "UPDATE ledger_state SET tree_size = 20000 WHERE id = $1",
        &["ledger"],
    )
    .await;
    while audit::index(&home.platform.system()).await.unwrap() {}
    // One that is wanted, that no index knows yet, and that lies below where the first page stops.
    let late = "INSERT INTO audit_events (id, organisation_id, occurred_at, action, actor_kind, actor_id, target_id, result, canonical, leaf_hash)
        SELECT 'evt_00000100000000000000000001', $1, 0, 'session.signed_in', 'user', 'usr_1', 'usr_1', 'success',
        '{\"schema\":2,\"id\":\"evt_00000100000000000000000001\",\"action\":\"session.signed_in\",\"result\":\"success\",\"actor\":{\"kind\":\"user\",\"id\":\"usr_1\"},\"organisation\":\"' || $1 || '\"}', x'00'";
    home.execute(late, &[&tenant]).await;
    let mut filter = AuditFilter {
        q: Some("signed".into()),
        result: Some("success".into()),
        from: Some("1970-01-01".into()),
        to: Some("2020-01-01".into()),
        ..AuditFilter::default()
    };
    let (mut pages, mut stopped, mut found) = (0, 0, Vec::new());
    loop {
        let page = audit::list(&ada, &filter).await.unwrap();
        assert!(page.rows.is_empty() || pages > 0, "it lies further back");
        found.extend(page.rows);
        pages += 1;
        stopped += usize::from(page.searched_to.is_some());
        match page.next {
            Some(next) => filter.after = Some(next),
            None => break,
        }
    }
    assert_eq!((pages > 2, stopped, found.len()), (true, pages - 1, 1));
    // From page to page of a list of its own, each is there once.
    filter.result = Some("denied".into());
    (filter.q, filter.after) = (None, None);
    let mut told = BTreeSet::new();
    for page in 1..=3 {
        let found = audit::list(&ada, &filter).await.unwrap();
        told.extend(ids(&found.rows));
        assert_eq!(told.len(), 50 * page);
        filter.after = found.next;
    }
    // What has a list of its own is found empty at once.
    filter.result = Some("failed".into());
    (filter.q, filter.after) = (Some("signed".into()), None);
    let page = audit::list(&ada, &filter).await.unwrap();
    assert!(page.rows.is_empty() && page.next.is_none());
}
