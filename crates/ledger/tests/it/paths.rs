//! Tiles' paths: one for each tile, as C2SP tlog-tiles writes them.

use ledger::tile::Tile;
use proptest::prelude::*;

const fn tile(level: u8, index: u64, width: u16) -> Tile {
    Tile { level, index, width }
}

#[test]
fn paths_are_as_the_specification_writes_them() {
    let known = [
        (tile(0, 1_234_067, 256), "tile/0/x001/x234/067"),
        (tile(0, 1_234_067, 8), "tile/0/x001/x234/067.p/8"),
        (tile(1, 0, 1), "tile/1/000.p/1"),
        (tile(0, 999, 256), "tile/0/999"),
        (tile(0, 1000, 255), "tile/0/x001/000.p/255"),
        (
            tile(63, u64::MAX, 256),
            "tile/63/x018/x446/x744/x073/x709/x551/615",
        ),
    ];
    for (tile, path) in known {
        assert_eq!(tile.path(), path);
        assert_eq!(Tile::parse(path), Some(tile));
    }
}

#[test]
fn other_spellings_are_refused() {
    let wrong = [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/1",
        "tile/0/01",
        "tile/0/0001",
        "tile/00/001",
        "tile/64/001",
        "tile/-1/001",
        "tile/+1/001",
        "tile/0/x001",
        "tile/0/001/002",
        "tile/0/x000/001",
        "tile/0/x01/002",
        "tile/0/+01",
        "tile/0/001.p",
        "tile/0/001.p/",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/257",
        "tile/0/001.p/08",
        "tile/0/001.p/8/",
        "tile/0/001/.p/8",
        "tile/0/001.p/8.p/8",
        "/tile/0/001",
        "tile/0/001 ",
        "tile/0/٠٠١",
        "tile/data/001",
        "tile/entries/001",
        "tile/8/0/001",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
    ];
    for path in wrong {
        assert_eq!(Tile::parse(path), None, "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: prop::test_runner::RngSeed::Fixed(8), ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn a_path_is_read_back(level in 0..64_u8, index in any::<u64>(), shift in 0..64_u32, width in 1..=256_u16) {
        let tile = tile(level, index >> shift, width);
        prop_assert_eq!(Tile::parse(&tile.path()), Some(tile));
    }

    #[test]
    fn what_parses_is_its_own_spelling(path in "tile/[0-9]{1,2}/(x[0-9]{2,3}/){0,2}[0-9]{2,4}(\\.p/[0-9]{1,3})?") {
        if let Some(tile) = Tile::parse(&path) {
            prop_assert_eq!(tile.path(), path);
        }
    }
}
