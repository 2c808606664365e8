use std::{fs, num::NonZeroU32, path::PathBuf, time::Duration};

use platform::limits::{Asked, Decision, Rate, SharedError, SharedLimits};
use tempfile::TempDir;
use testkit::Redis;

use super::Valkey;
use crate::{
    config::{Redis as Settings, RedisUrl},
    tls::tests::Pki,
};

/// Longer than a busy machine takes; what a server has is shorter.
const LONG: Duration = Duration::from_secs(20);

fn store(url: &str, ca_file: Option<PathBuf>) -> Valkey {
    let url = RedisUrl::parse(url).unwrap();
    Valkey::new(&Settings { url, ca_file }, LONG).unwrap()
}

fn rate(calls: u32, seconds: u32, burst: u32) -> Rate {
    let [calls, seconds, burst] = [calls, seconds, burst].map(|n| NonZeroU32::new(n).unwrap());
    Rate::new(calls, seconds, burst)
}

fn asked(name: &str, rate: Rate, cost: u32) -> Asked {
    Asked {
        name: format!("loomwire:limit:{name}"),
        tolerance: rate.tolerance(),
        price: rate.price(cost),
    }
}

/// The script and the function say the same: the function is told the store's own times.
#[tokio::test]
async fn the_script_counts_as_the_function_does() {
    let Some(redis) = Redis::start_or_skip(&[]) else {
        return;
    };
    let store = store(&redis.url(), None);
    store.reach().await.unwrap();
    let rates = [
        rate(1000, 1, 7),
        rate(60, 60, 60),
        rate(u32::MAX, u32::MAX, u32::MAX),
    ];
    let names = ["a", "b", "c"];
    let mut tats = [0_i64; 3];
    let (mut admitted, mut refused) = (0, 0);
    for turn in 0..400_u32 {
        let cost = 1 + turn % 3;
        let all: Vec<Asked> = (0..3).map(|i| asked(names[i], rates[i], cost)).collect();
        let taken = store.take(&all).await.unwrap();
        let ours: Vec<_> = (0..3)
            .map(|i| platform::limits::gcra(tats[i], taken.now, rates[i], cost))
            .collect();
        let expected = ours.iter().all(|(_, decision)| *decision == Decision::Admitted);
        assert_eq!(taken.admitted, expected, "{turn}");
        for i in 0..3 {
            let before = tats[i].clamp(taken.now, taken.now + rates[i].tolerance());
            tats[i] = if expected { ours[i].0 } else { before };
            assert_eq!(taken.used[i], tats[i] - taken.now, "{turn} {i}");
        }
        *(if expected { &mut admitted } else { &mut refused }) += 1;
    }
    assert!(admitted > 20 && refused > 20, "{admitted} {refused}");
}

#[tokio::test]
async fn buckets_go_by_themselves_and_other_programs_values_are_no_trap() {
    let Some(redis) = Redis::start_or_skip(&[]) else {
        return;
    };
    let store = store(&redis.url(), None);
    store.reach().await.unwrap();
    let slow = asked("slow", rate(60, 60, 60), 5);
    store.take(std::slice::from_ref(&slow)).await.unwrap();
    let (mut connection, _) = store.current().unwrap();
    let mut ask = redis::cmd("PTTL");
    let lasts: i64 = ask.arg(&slow.name).query_async(&mut connection).await.unwrap();
    assert!((1..=5000).contains(&lasts), "{lasts}");
    let text: String = redis::cmd("GET")
        .arg(&slow.name)
        .query_async(&mut connection)
        .await
        .unwrap();
    assert!(
        text.len() == 16 && text.bytes().all(|b| b.is_ascii_digit()),
        "{text}"
    );

    let mut set = redis::cmd("SET");
    let () = set
        .arg(&slow.name)
        .arg("nonsense")
        .query_async(&mut connection)
        .await
        .unwrap();
    let taken = store.take(std::slice::from_ref(&slow)).await.unwrap();
    assert_eq!((taken.admitted, taken.used), (true, vec![5_000_000]));
    // A script that the store forgot is given again.
    let () = redis::cmd("SCRIPT")
        .arg("FLUSH")
        .query_async(&mut connection)
        .await
        .unwrap();
    assert!(store.take(&[slow]).await.unwrap().admitted);
}

#[tokio::test]
async fn a_password_is_wanted_and_is_not_repeated() {
    let Some(redis) = Redis::start_or_skip(&["--requirepass", "hunter2"]) else {
        return;
    };
    let port = redis.port();
    for (who, good) in [
        (":hunter2@", true),
        ("default:hunter2@", true),
        (":hunter3@", false),
        ("", false),
    ] {
        let store = store(&format!("redis://{who}127.0.0.1:{port}/2"), None);
        let reached = store.reach().await;
        assert_eq!(reached.is_ok(), good, "{who} {reached:?}");
        if let Err(error) = reached {
            assert!(matches!(error, SharedError::Refused(_)), "{error}");
            assert!(!format!("{error} {error:?}").contains("hunter"), "{error}");
        }
    }
}

#[tokio::test]
async fn over_tls_only_with_a_certificate_that_holds() {
    let (pki, folder) = (Pki::new(), TempDir::new().unwrap());
    let issued = pki.issue(&["localhost"], (2020, 1, 1), (2100, 1, 1));
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let chain = file("chain.pem", &issued.chain());
    let key = file("key.pem", &issued.key);
    let root = file("root.pem", &pki.root());
    let another = file("another.pem", &Pki::new().root());
    let Some(redis) = Redis::start_or_skip(&[
        "--tls-port",
        "{port}",
        "--tls-auth-clients",
        "no",
        "--tls-cert-file",
        chain.to_str().unwrap(),
        "--tls-key-file",
        key.to_str().unwrap(),
        "--tls-ca-cert-file",
        root.to_str().unwrap(),
    ]) else {
        return;
    };
    let port = redis.port();
    let by_name = format!("rediss://localhost:{port}");
    store(&by_name, Some(root.clone())).reach().await.unwrap();
    for (url, ca) in [
        (by_name.clone(), Some(another)),
        (by_name.clone(), None),
        (format!("rediss://127.0.0.1:{port}"), Some(root)),
    ] {
        let error = store(&url, ca).reach().await.unwrap_err();
        assert!(error.to_string().contains("TLS"), "{url}: {error}");
    }
    let empty = file("empty.pem", "nothing");
    let settings = Settings {
        url: RedisUrl::parse(&by_name).unwrap(),
        ca_file: Some(empty),
    };
    assert!(Valkey::new(&settings, LONG).is_err());
}

#[tokio::test]
async fn a_call_opens_no_connection_and_a_lost_one_is_opened_again() {
    let Some(mut redis) = Redis::start_or_skip(&[]) else {
        return;
    };
    let store = store(&redis.url(), None);
    let one = [asked("one", rate(60, 60, 60), 1)];
    assert!(matches!(store.take(&one).await, Err(SharedError::Unreachable(_))));
    store.reach().await.unwrap();
    assert!(store.take(&one).await.is_ok());
    redis.kill();
    assert!(store.take(&one).await.is_err());
    assert!(store.current().is_none(), "it is not tried again");
    assert!(store.reach().await.is_err());
    redis.start_again();
    store.reach().await.unwrap();
    assert!(store.take(&one).await.is_ok());
}
