//! What the log holds by construction.

use super::{Action, Concerned, Housekeeping, desk};
use crate::search::tests::{databases, hold_served};

#[tokio::test]
async fn an_index_serves_what_the_support_desk_asks_for() {
    let (databases, _cluster) = databases().await;
    for db in databases {
        for concerned in [
            Concerned::Tenant("org_1"),
            Concerned::Tenant(""),
            Concerned::Target("usr_1"),
            Concerned::TargetIn("org_1", "ver_1"),
            Concerned::ActorIn("org_1", "key_1"),
            Concerned::Request("req_1"),
        ] {
            hold_served(&db, desk::search(concerned, "evt_9")).await;
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
        ApiKeyRedigested,
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
        StreamMoved,
        WebhookMoved,
        AlertMoved,
        EventsIndexed,
        ExportMoved,
        Sequenced,
        CosignatureKept,
        CheckpointsThinned,
        PasswordRehashed,
        LookLeft,
        StartAnsweredAgain,
        LeakNoted,
    ]
    ");
}

#[test]
fn every_code_is_listed() {
    let codes: Vec<_> = Action::ALL.iter().map(|action| action.code()).collect();
    insta::assert_snapshot!(codes.join("\n"));
}
