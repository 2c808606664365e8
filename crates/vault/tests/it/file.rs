use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    thread,
};

use tempfile::TempDir;
use vault::{Aad, DataKey, FileKeys, KeyProvider, VaultError};

use super::seeded;

const PLACE: Aad<'static> = Aad {
    tenant: "org_1",
    table: "data_keys",
    row: "1",
    column: "wrapped",
    key_version: 0,
};
/// 32 bytes of zero.
const ZEROS: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data").join("master.key");
    (folder, path)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn names(path: &Path) -> Vec<String> {
    fs::read_dir(path.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    set_mode(path, 0o600);
}

/// Gives the same name to every file beside.
struct Same;

impl types::Entropy for Same {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
}

#[test]
fn a_new_key_file_is_for_the_owner_only_and_opens_again() {
    let (_folder, path) = folder();
    let entropy = seeded(1);
    let made = FileKeys::create(&path, &entropy).unwrap();
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(names(&path), ["master.key"]);

    let key = DataKey::generate(&entropy);
    let wrapped = made.wrap(&entropy, &PLACE, &key).unwrap();
    let opened = FileKeys::open(&path).unwrap();
    assert_eq!(opened.current_version(), 1);
    opened.unwrap(&PLACE, 1, &wrapped).unwrap();
}

#[test]
fn the_text_is_the_documented_one() {
    let (_folder, path) = folder();
    FileKeys::create(&path, &seeded(1)).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let key = text.strip_prefix("loomwire-master-key v1 ").unwrap();
    assert_eq!(key.len(), 44);
    assert!(key.ends_with('\n'));
}

#[test]
fn a_key_file_is_never_overwritten() {
    let (_folder, path) = folder();
    FileKeys::create(&path, &seeded(1)).unwrap();
    let before = fs::read(&path).unwrap();
    let again = FileKeys::create(&path, &seeded(2)).unwrap_err();
    assert!(matches!(again, VaultError::Exists { .. }), "{again}");
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(names(&path), ["master.key"]);
}

#[test]
fn of_several_who_create_one_wins_and_all_read_the_same() {
    let (_folder, path) = folder();
    let made = thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|seed| {
                scope.spawn({
                    let path = &path;
                    move || FileKeys::create(path, &seeded(seed)).is_ok()
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .filter(|won| *won)
            .count()
    });
    assert_eq!(made, 1);
    assert_eq!(FileKeys::open(&path).unwrap().keys().versions().count(), 1);
    assert_eq!(names(&path), ["master.key"]);
}

#[test]
fn a_missing_file_says_where_it_was_looked_for_and_what_to_do() {
    let (_folder, path) = folder();
    let entropy = seeded(1);
    for error in [
        FileKeys::open(&path).unwrap_err(),
        FileKeys::add_version(&path, &entropy).unwrap_err(),
    ] {
        assert!(matches!(error, VaultError::Missing { .. }));
        let text = error.to_string();
        assert!(
            text.contains(path.to_str().unwrap()) && text.contains("backup"),
            "{text}"
        );
    }
}

#[test]
fn wider_permissions_are_refused_with_the_remedy() {
    let (_folder, path) = folder();
    let entropy = seeded(1);
    FileKeys::create(&path, &entropy).unwrap();
    for wide in [0o640, 0o604, 0o620, 0o666, 0o700, 0o644] {
        set_mode(&path, wide);
        let error = FileKeys::open(&path).unwrap_err().to_string();
        assert!(error.contains(&format!("{wide:04o}")), "{error}");
        assert!(
            error.contains(&format!("chmod 600 {}", path.display())),
            "{error}"
        );
        assert!(FileKeys::add_version(&path, &entropy).is_err());
    }
    for narrow in [0o600, 0o400] {
        set_mode(&path, narrow);
        FileKeys::open(&path).unwrap();
    }
}

#[test]
fn rotation_keeps_what_the_older_key_wrapped() {
    let (_folder, path) = folder();
    let entropy = seeded(1);
    let first = FileKeys::create(&path, &entropy).unwrap();
    let key = DataKey::generate(&entropy);
    let wrapped = first.wrap(&entropy, &PLACE, &key).unwrap();

    assert_eq!(FileKeys::add_version(&path, &entropy).unwrap(), 2);
    assert_eq!(mode(&path), 0o600);
    assert_eq!(names(&path), ["master.key"]);
    let second = FileKeys::open(&path).unwrap();
    assert_eq!(second.current_version(), 2);
    let key = second.unwrap(&PLACE, 1, &wrapped).unwrap();
    let rewrapped = second.wrap(&entropy, &PLACE, &key).unwrap();
    assert!(second.unwrap(&PLACE, 1, &rewrapped).is_err());

    assert_eq!(FileKeys::retire_older(&path, &entropy).unwrap(), [1]);
    let third = FileKeys::open(&path).unwrap();
    assert_eq!(third.keys().versions().collect::<Vec<_>>(), [2]);
    third.unwrap(&PLACE, 2, &rewrapped).unwrap();
    let gone = third.unwrap(&PLACE, 1, &wrapped).unwrap_err();
    assert!(matches!(gone, VaultError::UnknownVersion { version: 1, .. }));
    assert_eq!(FileKeys::add_version(&path, &entropy).unwrap(), 3);
}

#[test]
fn a_process_that_has_the_file_open_goes_on_through_a_rotation() {
    let (_folder, path) = folder();
    let entropy = seeded(1);
    let running = FileKeys::create(&path, &entropy).unwrap();
    let key = DataKey::generate(&entropy);
    for version in [2, 3] {
        FileKeys::add_version(&path, &entropy).unwrap();
        let rotating = FileKeys::open(&path).unwrap();
        let wrapped = rotating.wrap(&entropy, &PLACE, &key).unwrap();
        running.unwrap(&PLACE, version, &wrapped).unwrap();
        running.unwrap(&PLACE, version, &wrapped).unwrap();
    }
    assert_eq!(running.current_version(), 1);
    let own = running.wrap(&entropy, &PLACE, &key).unwrap();
    FileKeys::open(&path).unwrap().unwrap(&PLACE, 1, &own).unwrap();

    let gone = running.unwrap(&PLACE, 9, &own).unwrap_err();
    assert!(matches!(gone, VaultError::UnknownVersion { version: 9, .. }));
    fs::remove_file(&path).unwrap();
    let missing = running.unwrap(&PLACE, 9, &own).unwrap_err();
    assert!(matches!(missing, VaultError::Missing { .. }));
}

#[test]
fn rotations_at_the_same_moment_lose_no_version() {
    let (_folder, path) = folder();
    FileKeys::create(&path, &seeded(0)).unwrap();
    let mut added = thread::scope(|scope| {
        let threads: Vec<_> = (1..9)
            .map(|seed| {
                let path = &path;
                scope.spawn(move || FileKeys::add_version(path, &seeded(seed)).unwrap())
            })
            .collect();
        let versions = threads.into_iter().map(|thread| thread.join().unwrap());
        versions.collect::<Vec<_>>()
    });
    added.sort_unstable();
    assert_eq!(added, (2..10).collect::<Vec<_>>());
    let keys = FileKeys::open(&path).unwrap();
    assert_eq!(
        keys.keys().versions().collect::<Vec<_>>(),
        (1..10).collect::<Vec<_>>()
    );
}

#[test]
fn a_rotation_that_cannot_be_written_leaves_the_file_as_it_was() {
    let (_folder, path) = folder();
    FileKeys::create(&path, &seeded(1)).unwrap();
    let before = fs::read(&path).unwrap();
    // The file beside, under the name that the same seed gives, is in the way.
    let beside = path.with_file_name(".loomwire-master-key-0707070707070707");
    fs::create_dir(&beside).unwrap();
    assert!(FileKeys::add_version(&path, &Same).is_err());
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_rotation_through_a_link_changes_the_file_and_keeps_the_link() {
    let (folder, path) = folder();
    FileKeys::create(&path, &seeded(1)).unwrap();
    let link = folder.path().join("link");
    symlink(&path, &link).unwrap();
    FileKeys::add_version(&link, &seeded(2)).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(FileKeys::open(&path).unwrap().current_version(), 2);
}

#[test]
fn a_file_that_is_not_a_key_file_says_which_line_and_not_what_is_in_it() {
    let (_folder, path) = folder();
    let good = format!("loomwire-master-key v1 {ZEROS}\n");
    for (text, line) in [
        (String::new(), 1),
        (format!("{good}\n"), 2),
        (format!("{good}{good}"), 2),
        (format!("loomwire-master-key v0 {ZEROS}\n"), 1),
        (format!("loomwire-master-key v+1 {ZEROS}\n"), 1),
        (format!("loomwire-master-key 1 {ZEROS}\n"), 1),
        (format!("loomwire-master-key v4294967295 {ZEROS}\n"), 1),
        (format!("loomwire-master-key v1 {ZEROS}AA\n"), 1),
        (format!("loomwire-master-key v1 {}\n", &ZEROS[1..]), 1),
        (format!("loomwire-master-key v1 {}B\n", &ZEROS[1..]), 1),
        (format!("loomwire-master-key v1 {ZEROS}=\n"), 1),
        (format!("loomwire-master-key v1 {ZEROS} old\n"), 1),
        (format!("other-key v1 {ZEROS}\n"), 1),
    ] {
        write(&path, &text);
        let error = FileKeys::open(&path).unwrap_err().to_string();
        assert!(error.contains(&format!("line {line} ")), "{text:?}: {error}");
        assert!(!error.contains("AAAA"), "{error}");
    }
    fs::write(&path, [0xff, 0xfe]).unwrap();
    assert!(FileKeys::open(&path).is_err());
    fs::write(&path, vec![b'a'; 70_000]).unwrap();
    assert!(FileKeys::open(&path).is_err());
    assert!(FileKeys::open(path.parent().unwrap()).is_err());
}
