//! What a reading proves.

use jiff::civil::{Date, date};
use types::verification::{CheckKind, CheckResult, VerificationStatus};
use verify::{
    decision::{Decision, Reason, Rule, decide, has_reached},
    mrz::{Document, Format, compose},
};

use crate::{TODAY, borrow, current, read_on};

fn decide_on(document: &Document, today: Date, minimum_age: Option<u8>) -> Decision {
    let lines = compose(document).unwrap();
    decide(&read_on(&borrow(&lines), today), &Rule { minimum_age, today })
}

fn checks(decision: &Decision) -> Vec<(CheckKind, bool)> {
    decision
        .checks
        .iter()
        .map(|check| (check.check, check.result == CheckResult::Passed))
        .collect()
}

#[test]
fn a_current_document_is_approved_in_every_format() {
    for format in Format::ALL {
        let decision = decide_on(&current(format), TODAY, None);
        assert_eq!(decision.status, VerificationStatus::Approved);
        assert!(decision.over18);
        assert_eq!(decision.reason, None);
        assert_eq!(
            checks(&decision),
            [
                (CheckKind::DocumentConsistent, true),
                (CheckKind::DocumentCurrent, true)
            ]
        );
    }
}

#[test]
fn the_last_day_is_still_current_and_the_next_is_not() {
    for format in Format::ALL {
        let document = current(format).expiring(TODAY);
        assert_eq!(
            decide_on(&document, TODAY, None).status,
            VerificationStatus::Approved
        );
        let late = decide_on(&document, date(2026, 11, 24), None);
        assert_eq!(
            (late.status, late.reason),
            (VerificationStatus::Denied, Some(Reason::Expired))
        );
        assert!(late.over18);
        assert_eq!(checks(&late)[1], (CheckKind::DocumentCurrent, false));
    }
}

#[test]
fn without_a_minimum_age_only_over18_tells_the_age() {
    let child = current(Format::Td3).born(date(2015, 1, 1));
    let decision = decide_on(&child, TODAY, None);
    assert_eq!(decision.status, VerificationStatus::Approved);
    assert!(!decision.over18);
    assert!(
        checks(&decision)
            .iter()
            .all(|(kind, _)| *kind != CheckKind::MinimumAge)
    );
}

#[test]
fn a_minimum_age_decides_and_over18_still_means_18() {
    for (born, minimum, status, over18) in [
        (date(2008, 11, 23), 18, VerificationStatus::Approved, true),
        (date(2008, 11, 24), 18, VerificationStatus::Denied, false),
        (date(2008, 11, 24), 16, VerificationStatus::Approved, false),
        (date(2006, 1, 1), 21, VerificationStatus::Denied, true),
        (date(2005, 11, 23), 21, VerificationStatus::Approved, true),
        (date(2026, 11, 23), 0, VerificationStatus::Approved, false),
        (date(1930, 1, 1), 255, VerificationStatus::Denied, true),
    ] {
        let decision = decide_on(&current(Format::Td1).born(born), TODAY, Some(minimum));
        assert_eq!(
            (decision.status, decision.over18),
            (status, over18),
            "{born} {minimum}"
        );
        let passed = status == VerificationStatus::Approved;
        assert_eq!(checks(&decision)[2], (CheckKind::MinimumAge, passed));
        assert_eq!(decision.reason, (!passed).then_some(Reason::Underage));
    }
}

#[test]
fn born_on_29_february_comes_of_age_on_1_march_in_common_years() {
    let leapling = date(2004, 2, 29);
    assert!(!has_reached(leapling, 18, date(2022, 2, 28)));
    assert!(has_reached(leapling, 18, date(2022, 3, 1)));
    assert!(!has_reached(leapling, 20, date(2024, 2, 28)));
    assert!(has_reached(leapling, 20, date(2024, 2, 29)));
    let document = current(Format::Td3).born(leapling);
    assert!(!decide_on(&document, date(2022, 2, 28), None).over18);
    assert!(decide_on(&document, date(2022, 3, 1), None).over18);
    assert!(!has_reached(Date::MAX, 1, Date::MAX));
    assert!(has_reached(Date::MIN, 255, Date::MAX));
}

#[test]
fn an_unknown_birthday_is_the_last_day_it_can_be() {
    for (birth, adult_on) in [
        ("08<<<<", date(2026, 12, 31)),
        ("080000", date(2026, 12, 31)),
        ("0805<<", date(2026, 5, 31)),
        ("080500", date(2026, 5, 31)),
    ] {
        let document = Document {
            birth: birth.to_owned(),
            ..current(Format::Td3)
        };
        let eve = adult_on.yesterday().unwrap();
        assert!(!decide_on(&document, eve, Some(18)).over18, "{birth}");
        assert!(decide_on(&document, adult_on, Some(18)).over18, "{birth}");
    }
    for birth in ["<<<<<<", "000000", "<<0101"] {
        let document = Document {
            birth: birth.to_owned(),
            ..current(Format::Td3)
        };
        assert_eq!(
            decide_on(&document, TODAY, Some(18)).reason,
            Some(Reason::Underage),
            "{birth}"
        );
    }
}

#[test]
fn contradictory_lines_ask_for_another_try_and_prove_nothing() {
    for format in Format::ALL {
        let mut lines = compose(&current(format).expiring(date(2020, 1, 1))).unwrap();
        let at = if format == Format::Td1 { 3 } else { 16 };
        lines[1].replace_range(at..=at, "9");
        let reading = read_on(&borrow(&lines), TODAY);
        let decision = decide(
            &reading,
            &Rule {
                minimum_age: Some(18),
                today: TODAY,
            },
        );
        assert_eq!(decision.status, VerificationStatus::Resubmission);
        assert_eq!(decision.reason, Some(Reason::Inconsistent));
        assert!(!decision.over18);
        assert_eq!(checks(&decision), [(CheckKind::DocumentConsistent, false)]);
    }
}

#[test]
fn a_fault_that_no_check_digit_covers_is_inconsistent_too() {
    for document in [
        Document {
            nationality: "ZZZ".to_owned(),
            ..current(Format::Td3)
        },
        Document {
            birth: "900231".to_owned(),
            ..current(Format::Td3)
        },
        Document {
            expiry: "301301".to_owned(),
            ..current(Format::Td3)
        },
        Document {
            code: "P7".to_owned(),
            ..current(Format::Td3)
        },
    ] {
        let decision = decide_on(&document, TODAY, None);
        assert_eq!(decision.reason, Some(Reason::Inconsistent), "{document:?}");
    }
}

#[test]
fn a_document_that_states_no_expiry_is_not_approved() {
    let document = Document {
        expiry: "<<<<<<".to_owned(),
        ..current(Format::Td1)
    };
    let decision = decide_on(&document, TODAY, None);
    assert_eq!(decision.status, VerificationStatus::Resubmission);
    assert_eq!(decision.reason, Some(Reason::ExpiryNotStated));
    assert_eq!(checks(&decision)[1], (CheckKind::DocumentCurrent, false));
}

#[test]
fn expiry_outweighs_age_as_the_reason_and_both_checks_are_told() {
    let document = current(Format::Td2)
        .born(date(2015, 1, 1))
        .expiring(date(2020, 1, 1));
    let decision = decide_on(&document, TODAY, Some(18));
    assert_eq!(
        (decision.status, decision.reason),
        (VerificationStatus::Denied, Some(Reason::Expired))
    );
    assert_eq!(
        checks(&decision),
        [
            (CheckKind::DocumentConsistent, true),
            (CheckKind::DocumentCurrent, false),
            (CheckKind::MinimumAge, false)
        ]
    );
}
