use proptest::prelude::*;
use vault::{Aad, DataKey, KeyProvider, MasterKeys, VaultError};

use super::seeded;

const PLACE: Aad<'static> = Aad {
    tenant: "org_1",
    table: "secrets",
    row: "row_1",
    column: "value",
    key_version: 3,
};

/// Every place that differs from `PLACE` in one part, and some that differ only in where one
/// part ends and the next begins.
fn other_places() -> Vec<Aad<'static>> {
    vec![
        Aad {
            tenant: "org_2",
            ..PLACE
        },
        Aad {
            table: "keys",
            ..PLACE
        },
        Aad {
            row: "row_2",
            ..PLACE
        },
        Aad {
            column: "old_value",
            ..PLACE
        },
        Aad {
            key_version: 4,
            ..PLACE
        },
        Aad {
            tenant: "org_1s",
            table: "ecrets",
            ..PLACE
        },
        Aad {
            row: "",
            column: "row_1value",
            ..PLACE
        },
        Aad {
            tenant: "secrets",
            table: "org_1",
            ..PLACE
        },
    ]
}

fn refused<T>(result: &Result<T, VaultError>) -> bool {
    matches!(result, Err(VaultError::Refused))
}

#[test]
fn a_secret_opens_where_it_was_sealed_and_nowhere_else() {
    let entropy = seeded(1);
    let key = DataKey::generate(&entropy);
    let sealed = key.seal(&entropy, &PLACE, b"pepper").unwrap();
    assert_eq!(key.open(&PLACE, &sealed).unwrap().as_slice(), b"pepper");
    for place in other_places() {
        assert!(refused(&key.open(&place, &sealed)), "{place:?}");
    }
}

#[test]
fn a_changed_or_cut_value_is_refused() {
    let entropy = seeded(2);
    let key = DataKey::generate(&entropy);
    let sealed = key.seal(&entropy, &PLACE, b"pepper").unwrap();
    for index in 0..sealed.len() {
        for bit in 0..8 {
            let mut changed = sealed.clone();
            changed[index] ^= 1 << bit;
            assert!(refused(&key.open(&PLACE, &changed)), "byte {index}");
        }
        assert!(refused(&key.open(&PLACE, &sealed[..index])), "cut {index}");
    }
    let longer = [sealed.as_slice(), b"\0"].concat();
    assert!(refused(&key.open(&PLACE, &longer)));
}

#[test]
fn another_key_opens_nothing() {
    let entropy = seeded(3);
    let (key, other) = (DataKey::generate(&entropy), DataKey::generate(&entropy));
    let sealed = key.seal(&entropy, &PLACE, b"pepper").unwrap();
    assert!(refused(&other.open(&PLACE, &sealed)));
}

#[test]
fn the_same_secret_never_looks_the_same() {
    let entropy = seeded(4);
    let key = DataKey::generate(&entropy);
    let first = key.seal(&entropy, &PLACE, b"pepper").unwrap();
    let second = key.seal(&entropy, &PLACE, b"pepper").unwrap();
    assert_ne!(first[1..25], second[1..25]);
    assert_ne!(first[25..], second[25..]);
}

#[test]
fn a_wrapped_key_opens_under_its_version_and_place_only() {
    let entropy = seeded(5);
    let masters = MasterKeys::generate(&entropy);
    let key = DataKey::generate(&entropy);
    let sealed = key.seal(&entropy, &PLACE, b"pepper").unwrap();
    let wrapped = masters.wrap(&entropy, &PLACE, &key).unwrap();

    // The version in the place is the provider's business: 3 there does not matter here.
    let again = masters.unwrap(&PLACE, 1, &wrapped).unwrap();
    assert_eq!(again.open(&PLACE, &sealed).unwrap().as_slice(), b"pepper");

    let version = PLACE.key_version;
    let elsewhere = other_places();
    for place in elsewhere.iter().filter(|aad| aad.key_version == version) {
        assert!(refused(&masters.unwrap(place, 1, &wrapped)), "{place:?}");
    }
    let unknown = masters.unwrap(&PLACE, 2, &wrapped).unwrap_err();
    assert!(unknown.to_string().contains("version 2 is not at hand"));
    assert!(unknown.to_string().contains("[1]"));
    let other = MasterKeys::generate(&entropy);
    assert!(refused(&other.unwrap(&PLACE, 1, &wrapped)));
}

#[test]
fn nothing_prints_a_key() {
    struct Fixed;
    impl types::Entropy for Fixed {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(0xab);
        }
    }
    let text = format!(
        "{:?} {:?}",
        DataKey::generate(&Fixed),
        MasterKeys::generate(&Fixed)
    );
    assert_eq!(
        text,
        "DataKey(..) MasterKeys { current: 1, keys: {1: DataKey(..)} }"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn any_secret_comes_back(
        secret in proptest::collection::vec(any::<u8>(), 0..300),
        parts in proptest::array::uniform4("[a-z_:/]{0,12}"),
        key_version in any::<u32>(),
        seed in any::<u64>(),
    ) {
        let entropy = seeded(seed);
        let [tenant, table, row, column] = &parts;
        let place = Aad { tenant, table, row, column, key_version };
        let key = DataKey::generate(&entropy);
        let sealed = key.seal(&entropy, &place, &secret).unwrap();
        prop_assert_eq!(sealed.len(), secret.len() + 41);
        let opened = key.open(&place, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), secret.as_slice());
    }

    #[test]
    fn foreign_bytes_never_open(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let key = DataKey::generate(&seeded(9));
        prop_assert!(refused(&key.open(&PLACE, &bytes)));
    }
}
