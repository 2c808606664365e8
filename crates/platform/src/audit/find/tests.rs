//! Every source is served by an index. What is found is in `tests/it/finding.rs`.

use super::{
    Scope,
    plan::Source,
    store::{Around, query},
};
use crate::search::tests::{databases, hold_served};

#[tokio::test]
async fn an_index_serves_every_source() {
    let (databases, _cluster) = databases().await;
    let term = |everywhere| Source::Term {
        everywhere,
        term: "request:req_1".into(),
    };
    let sources = [
        Source::All,
        Source::Action("setup.completed"),
        Source::Actor("usr_1".into()),
        Source::Target("ver_1".into()),
        Source::Event("evt_1".into()),
        term(true),
        term(false),
    ];
    for db in databases {
        let tenant = Scope::Tenant("org_1".into());
        for from in [None, Some("evt_0")] {
            for source in &sources {
                hold_served(&db, query(&tenant, source, (from, "evt_9")).unwrap()).await;
            }
            for source in [Source::All, Source::Target("ver_1".into()), term(true)] {
                let query = query(&Scope::Everywhere, &source, (from, "evt_9")).unwrap();
                hold_served(&db, query).await;
            }
        }
        for around in [Around::Target("ver_1".into()), Around::Actor("usr_1".into())] {
            hold_served(&db, around.after("org_1", "evt_1")).await;
        }
    }
}
