//! Files that are not what they were.

use std::{fs, path::Path};

use backup::{BackupError, Identities};

use crate::home::{Home, RESTORED};

async fn refused(home: &Home, path: &Path) -> BackupError {
    let target = home.path("target.db");
    let url = format!("sqlite://{}", target.display());
    let result = backup::restore(path, home.identities(), &url, &home.path("scratch"), RESTORED).await;
    assert!(!target.exists(), "nothing may appear");
    assert!(home.listing("scratch").is_empty());
    result.unwrap_err()
}

#[tokio::test]
async fn a_flipped_byte_anywhere_is_refused() {
    let home = Home::on_sqlite().await;
    let (path, _) = home.make(0).await;
    let whole = fs::read(&path).unwrap();
    let bad = home.path("bad.age");
    // The header's every kind of line, the nonce, and the body from end to end.
    let step = whole.len() / 40;
    let places = (0..220).step_by(11).chain((220..whole.len()).step_by(step));
    for place in places.chain([whole.len() - 1]) {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        fs::write(&bad, bytes).unwrap();
        let error = refused(&home, &bad).await;
        assert!(
            matches!(
                error,
                BackupError::Damaged | BackupError::WrongIdentity | BackupError::Unknown(_)
            ),
            "byte {place}: {error}"
        );
    }
}

#[tokio::test]
async fn a_file_that_was_cut_or_grew_is_refused() {
    let home = Home::on_sqlite().await;
    let (path, _) = home.make(0).await;
    let whole = fs::read(&path).unwrap();
    let bad = home.path("bad.age");
    for length in [
        0,
        10,
        150,
        300,
        whole.len() / 2,
        whole.len() - 16,
        whole.len() - 1,
    ] {
        fs::write(&bad, &whole[..length]).unwrap();
        let error = refused(&home, &bad).await;
        assert!(matches!(error, BackupError::Damaged), "{length}: {error}");
    }
    fs::write(&bad, [&whole[..], b"x"].concat()).unwrap();
    assert!(matches!(refused(&home, &bad).await, BackupError::Damaged));
}

#[tokio::test]
async fn another_key_and_what_is_no_key_say_so() {
    let home = Home::on_sqlite().await;
    let (path, _) = home.make(0).await;
    let other = home.path("other.txt");
    backup::keygen(&other).unwrap();
    let url = format!("sqlite://{}", home.path("target.db").display());
    let identities = Identities::open(&other).unwrap();
    let error = backup::restore(&path, identities, &url, &home.path("scratch"), RESTORED).await;
    assert!(matches!(error, Err(BackupError::WrongIdentity)), "{error:?}");

    assert!(
        backup::keygen(&other)
            .unwrap_err()
            .to_string()
            .contains("left as it is")
    );
    let secret = fs::read_to_string(&other).unwrap();
    let secret = secret.lines().last().unwrap();
    let wrong = secret.parse::<backup::Recipient>().unwrap_err().to_string();
    assert!(
        wrong.contains("secret half") && !wrong.contains(secret),
        "{wrong}"
    );
    fs::write(&other, format!("{secret}x\n")).unwrap();
    let wrong = Identities::open(&other).err().unwrap().to_string();
    assert!(
        wrong.contains("no identity file") && !wrong.contains(secret),
        "{wrong}"
    );
}
