//! Roots and proofs from tiles against the recursive definition.

use ledger::{
    EMPTY_ROOT, Hash, leaf_hash,
    proof::{ProofError, verify_consistency, verify_inclusion},
    tile::{self, LedgerError, TileSet},
};
use proptest::prelude::*;

use crate::{fetched, grown, leaf, leaves, naive};

/// The eight inputs and the roots that Certificate Transparency's implementations share.
#[test]
fn the_roots_are_those_of_certificate_transparency() {
    let inputs = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut tiles = TileSet::new();
    assert_eq!(tile::root(0, &tiles), Ok(EMPTY_ROOT));
    for ((size, input), expected) in (0..).zip(inputs).zip(roots) {
        let input = (0..input.len() / 2).map(|i| u8::from_str_radix(&input[2 * i..2 * i + 2], 16).unwrap());
        let leaf = leaf_hash(&input.collect::<Vec<u8>>());
        for (tile, hashes) in tile::append(size, &tiles, &[leaf]).unwrap() {
            tiles.insert(tile.level, tile.index, hashes);
        }
        assert_eq!(tile::root(size + 1, &tiles).unwrap().to_string(), expected);
    }
}

/// Every size, leaf and pair of sizes up to beyond a full tile.
#[test]
fn small_trees_are_as_defined() {
    let all = leaves(270);
    let tiles = grown(&[270]);
    for size in (1..=270_u64).filter(|size| *size < 40 || size % 16 < 2) {
        let tree = &all[..usize::try_from(size).unwrap()];
        let root = naive::root(tree);
        assert_eq!(
            tile::root(size, &fetched(&tiles, &tile::root_needs(size))),
            Ok(root)
        );
        for index in (0..size).filter(|index| size < 40 || index % 31 == 0 || size - index < 3) {
            let some = fetched(&tiles, &tile::inclusion_needs(index, size));
            let proof = tile::inclusion(index, size, &some).unwrap();
            assert_eq!(proof, naive::path(usize::try_from(index).unwrap(), tree));
            assert_eq!(verify_inclusion(&leaf(index), index, size, &proof, &root), Ok(()));
        }
        for old in (1..=size).filter(|old| size < 40 || old % 29 == 0 || size - old < 3) {
            let some = fetched(&tiles, &tile::consistency_needs(old, size));
            let proof = tile::consistency(old, size, &some).unwrap();
            let before = usize::try_from(old).unwrap();
            assert_eq!(proof, naive::growth(before, tree, true), "{old} to {size}");
            let old_root = naive::root(&all[..before]);
            assert_eq!(
                verify_consistency((old, &old_root), (size, &root), &proof),
                Ok(())
            );
        }
    }
}

/// Three levels of tiles: whatever stands in a higher tile is made from those below it.
#[test]
fn a_tree_of_three_levels_is_as_defined() {
    let size = 65_536 + 256 + 77;
    let all = leaves(size);
    let tiles = grown(&[65_000, 536, 1, 332]);
    let root = naive::root(&all);
    assert_eq!(tiles.get(2, 0).map(<[Hash]>::len), Some(1));
    assert_eq!(tile::edge(size).len(), 3);
    assert_eq!(tile::root(size, &fetched(&tiles, &tile::edge(size))), Ok(root));
    for index in [0, 255, 256, 40_000, 65_535, 65_536, size - 1] {
        let needs = tile::inclusion_needs(index, size);
        assert!(needs.len() <= 6, "{needs:?}");
        let proof = tile::inclusion(index, size, &fetched(&tiles, &needs)).unwrap();
        assert_eq!(proof, naive::path(usize::try_from(index).unwrap(), &all));
        assert_eq!(verify_inclusion(&leaf(index), index, size, &proof, &root), Ok(()));
    }
    for old in [1, 255, 256, 257, 65_535, 65_536, 65_537, size - 1] {
        let needs = tile::consistency_needs(old, size);
        let proof = tile::consistency(old, size, &fetched(&tiles, &needs)).unwrap();
        let before = usize::try_from(old).unwrap();
        assert_eq!(proof, naive::growth(before, &all, true));
        let old_root = naive::root(&all[..before]);
        assert_eq!(
            verify_consistency((old, &old_root), (size, &root), &proof),
            Ok(())
        );
    }
}

#[test]
fn questions_that_have_no_answer_are_refused() {
    let tiles = grown(&[300]);
    assert_eq!(
        tile::inclusion(300, 300, &tiles),
        Err(LedgerError::NotInTree {
            index: 300,
            size: 300
        })
    );
    assert_eq!(
        tile::consistency(301, 300, &tiles),
        Err(LedgerError::Shrunk { old: 301, new: 300 })
    );
    let short = fetched(&tiles, &tile::edge(299));
    let missing = tile::append(300, &short, &[leaf(300)]);
    assert!(matches!(missing, Err(LedgerError::MissingTile(tile)) if tile.path() == "tile/0/001.p/44"));
    assert!(matches!(
        tile::root(300, &TileSet::new()),
        Err(LedgerError::MissingTile(_))
    ));
    assert_eq!(tile::append(u64::MAX, &tiles, &[leaf(0)]), Err(LedgerError::Full));
    assert_eq!(tile::append(300, &TileSet::new(), &[]), Ok(Vec::new()));
}

/// A proof between two trees says nothing of trees of other sizes, even where the hashes are right.
#[test]
fn sizes_that_are_not_the_proofs_own_are_refused() {
    let (all, tiles) = (leaves(40), grown(&[40]));
    for new in 2..=20_u64 {
        let root = naive::root(&all[..usize::try_from(new).unwrap()]);
        for old in 1..new {
            let old_root = naive::root(&all[..usize::try_from(old).unwrap()]);
            let proof = tile::consistency(old, new, &tiles).unwrap();
            for claimed in (new * 2..=40).step_by(3) {
                let judged = verify_consistency((old, &old_root), (claimed, &root), &proof);
                assert_eq!(
                    judged,
                    Err(ProofError::WrongLength),
                    "{old} to {new} as {claimed}"
                );
            }
            let proof = tile::inclusion(old, new, &tiles).unwrap();
            for claimed in (new * 2..=40).step_by(3) {
                let judged = verify_inclusion(&leaf(old), old, claimed, &proof, &root);
                assert!(judged.is_err(), "{old} in {new} as {claimed}");
            }
        }
    }
}

#[test]
fn the_empty_tree_grows_into_any_and_equal_trees_are_equal() {
    let (a, b) = (leaf(1), leaf(2));
    assert_eq!(verify_consistency((0, &EMPTY_ROOT), (1, &a), &[]), Ok(()));
    assert_eq!(
        verify_consistency((0, &a), (1, &a), &[]),
        Err(ProofError::WrongRoot)
    );
    assert_eq!(
        verify_consistency((0, &EMPTY_ROOT), (1, &a), &[b]),
        Err(ProofError::WrongLength)
    );
    assert_eq!(verify_consistency((5, &a), (5, &a), &[]), Ok(()));
    assert_eq!(verify_consistency((5, &a), (5, &b), &[]), Err(ProofError::Forked));
    assert_eq!(
        verify_consistency((5, &a), (5, &a), &[b]),
        Err(ProofError::WrongLength)
    );
    assert_eq!(
        verify_consistency((5, &a), (6, &b), &[]),
        Err(ProofError::WrongLength)
    );
    let shrunk = ProofError::Shrunk { old: 6, new: 5 };
    assert_eq!(verify_consistency((6, &a), (5, &b), &[]), Err(shrunk));
    assert_eq!(
        verify_inclusion(&a, 0, 0, &[], &a),
        Err(ProofError::NotInTree { index: 0, size: 0 })
    );
}

/// A proof with any one hash changed, left out, doubled or swapped.
fn damaged(proof: &[Hash]) -> Vec<Vec<Hash>> {
    let mut all = vec![[proof, &[leaf(9)]].concat(), [&[leaf(9)], proof].concat()];
    for at in 0..proof.len() {
        let mut flipped = proof.to_vec();
        flipped[at].0[at % 32] ^= 1 << (at % 8);
        let mut shorter = proof.to_vec();
        shorter.remove(at);
        let mut longer = proof.to_vec();
        longer.insert(at, proof[at]);
        all.extend([flipped, shorter, longer]);
        if at > 0 {
            let mut swapped = proof.to_vec();
            swapped.swap(at - 1, at);
            all.push(swapped);
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: prop::test_runner::RngSeed::Fixed(6962), ..ProptestConfig::with_cases(120) })]

    #[test]
    fn how_a_tree_was_appended_does_not_matter(batches in prop::collection::vec(0..400_u64, 1..6)) {
        let size = batches.iter().sum();
        let (once, often) = (grown(&[size]), grown(&batches));
        for tile in tile::edge(size) {
            prop_assert_eq!(once.get(tile.level, tile.index), often.get(tile.level, tile.index));
        }
        prop_assert_eq!(tile::root(size, &often), Ok(naive::root(&leaves(size))));
    }

    #[test]
    fn a_damaged_proof_convinces_nobody(size in 1..900_u64, index in any::<prop::sample::Index>(), old in any::<prop::sample::Index>()) {
        let (all, tiles) = (leaves(size), grown(&[size]));
        let root = naive::root(&all);
        let index = u64::try_from(index.index(all.len())).unwrap();
        let proof = tile::inclusion(index, size, &tiles).unwrap();
        prop_assert_eq!(verify_inclusion(&leaf(index), index, size, &proof, &root), Ok(()));
        for wrong in damaged(&proof) {
            prop_assert!(verify_inclusion(&leaf(index), index, size, &wrong, &root).is_err());
        }
        prop_assert!(verify_inclusion(&leaf(size), index, size, &proof, &root).is_err());
        prop_assert!(verify_inclusion(&leaf(index), index ^ 1, size, &proof, &root).is_err());

        let old = old.index(all.len()) + 1;
        let old_root = naive::root(&all[..old]);
        let old = u64::try_from(old).unwrap();
        let proof = tile::consistency(old, size, &tiles).unwrap();
        prop_assert_eq!(verify_consistency((old, &old_root), (size, &root), &proof), Ok(()));
        for wrong in damaged(&proof) {
            prop_assert!(verify_consistency((old, &old_root), (size, &root), &wrong).is_err());
        }
        prop_assert!(verify_consistency((old, &leaf(size)), (size, &root), &proof).is_err());
        prop_assert!(verify_consistency((old, &old_root), (size, &leaf(size)), &proof).is_err());
    }
}
