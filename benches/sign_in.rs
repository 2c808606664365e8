//! Sign-ins a second: `cargo xtask bench sign-in` runs it.
//!
//! One line a figure, `what callers value`. With a password each costs an Argon2id hash as a
//! server makes it; they are for accounts that do not exist, which take the same work (and cannot
//! be told apart by it), each from another network, so that no guard slows them down. Passkeys,
//! answered by a software authenticator, are beside.
#![expect(
    clippy::print_stdout,
    reason = "its figures are read from its standard output"
)]
#![expect(clippy::expect_used, reason = "what cannot be set up ends the measurement")]

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use db::{Db, Options};
use loomwire::source::{OsEntropy, SystemClock};
use platform::{
    Actor, Origin, Platform, Settings,
    identity::{self, PasswordCost},
};
use tempfile::TempDir;
use testkit::{people, settings};
use tokio::task::JoinSet;
use vault::FileKeys;

const MEASURED: Duration = Duration::from_secs(3);
const CALLERS: [u32; 2] = [1, 16];

#[tokio::main]
async fn main() {
    let folder = TempDir::new().expect("a folder");
    let platform = open(&folder).await;
    let (_, mut passkey) = people::set_up(&platform).await;
    let begun = Instant::now();
    let mut done = 0;
    while begun.elapsed() < MEASURED {
        people::sign_in(&platform, &mut passkey).await;
        done += 1;
    }
    println!("passkey 1 {:.1}", f64::from(done) / begun.elapsed().as_secs_f64());
    let network = Arc::new(AtomicU32::new(0x0a00_0000));
    for callers in CALLERS {
        let rate = passwords(&platform, callers, &network).await;
        println!("password {callers} {rate:.1}");
    }
    platform.close().await;
}

async fn open(folder: &TempDir) -> Platform {
    let url = format!("sqlite://{}/loomwire.db", folder.path().display());
    let db = Db::connect(&url, &Options::default()).await.expect("it opens");
    db.migrate().await.expect("it has a schema");
    let keys = FileKeys::create(folder.path().join("master.key"), &OsEntropy);
    let settings = Settings {
        password_cost: PasswordCost::default(),
        ..settings()
    };
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(OsEntropy));
    let keys = Arc::new(keys.expect("a key"));
    let platform = Platform::open(db, clock, entropy, keys, settings).await;
    platform.expect("an installation")
}

/// Sign-ins a second by so many callers at once.
async fn passwords(platform: &Platform, callers: u32, network: &Arc<AtomicU32>) -> f64 {
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..callers {
        let (platform, network) = (platform.clone(), Arc::clone(network));
        tasks.spawn(async move {
            let mut done = 0;
            while begun.elapsed() < MEASURED {
                let number = network.fetch_add(1, Ordering::Relaxed);
                let origin = Origin {
                    address: Some(IpAddr::V4(Ipv4Addr::from(number))),
                    ..Origin::default()
                };
                let ctx = platform.ctx(Actor::Anonymous, origin);
                let email = format!("nobody-{number}@example.com");
                let refused =
                    identity::sign_in_with_password(&ctx, &email, "correct walrus bagpipe", "000000");
                assert!(refused.await.is_err(), "there is no such account");
                done += 1;
            }
            done
        });
    }
    let done: u32 = tasks.join_all().await.into_iter().sum();
    f64::from(done) / begun.elapsed().as_secs_f64()
}
