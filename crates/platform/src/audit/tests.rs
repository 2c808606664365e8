//! What the log holds by construction.

use super::{Action, Housekeeping};

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
        DemoSeeded,
    ]
    ");
}

#[test]
fn every_code_is_listed() {
    let codes: Vec<_> = Action::ALL.iter().map(|action| action.code()).collect();
    insta::assert_snapshot!(codes.join("\n"));
}
