//! What the log holds by construction.

use super::{
    Action, Housekeeping,
    filter::{Actor, Bounds},
    store::search,
};
use crate::search::tests::{databases, hold_served};

#[tokio::test]
async fn an_index_serves_every_combination_of_filters() {
    let (databases, _cluster) = databases().await;
    for db in databases {
        for set in 0..16_u8 {
            for actor in [None, Some(Actor::Id("usr_1".into())), Some(Actor::Kind("person"))] {
                let is = |bit: u8| set & (1 << bit) != 0;
                let bounds = Bounds {
                    from: is(0).then(|| "evt_1".into()),
                    before: if is(1) { "evt_9".into() } else { "z".into() },
                    actor,
                    target: is(2).then(|| "ver_1".into()),
                    actions: None,
                };
                let action = is(3).then_some("setup.completed");
                hold_served(&db, search("org_1", &bounds, action)).await;
            }
        }
    }
}

#[test]
fn codes_are_unique_and_read_back() {
    for action in Action::ALL {
        assert_eq!(action.code().parse(), Ok(*action));
        assert_eq!(
            Action::ALL.iter().filter(|a| a.code() == action.code()).count(),
            1
        );
    }
}

#[test]
fn the_list_of_unaudited_writes_is_closed() {
    insta::assert_debug_snapshot!(Housekeeping::ALL, @r"
    [
        SessionSeen,
        ApiKeyUsed,
        CeremonyBegun,
        JobClaim,
        Swept,
        InstallationNoted,
        CallsCounted,
        FiguresFolded,
        GuardCounted,
        PeopleTold,
        DemoSeeded,
        MailSent,
        AddressAnswered,
    ]
    ");
}

#[test]
fn every_code_is_listed() {
    let codes: Vec<_> = Action::ALL.iter().map(|action| action.code()).collect();
    insta::assert_snapshot!(codes.join("\n"));
}
