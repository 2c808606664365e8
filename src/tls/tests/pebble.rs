//! Pebble, the ACME authority that Let's Encrypt makes for tests. It checks every signature and
//! nonce, and comes to look as a real one does. Beside it runs its name server, for which every
//! name is this machine. It is told not to refuse good nonces at random: which request that hits
//! is no two times the same.

use std::{
    io::ErrorKind,
    net::TcpListener,
    process::{Child, Command, Stdio},
};

use super::*;

/// Set where nothing may be skipped.
const REQUIRE: &str = "LOOMWIRE_REQUIRE_PEBBLE";

/// A running authority, ended with this.
pub(super) struct Pebble {
    programs: Vec<Child>,
    folder: TempDir,
    /// Where its directory is.
    pub(super) directory: url::Url,
    /// The file with the root of its own https.
    pub(super) ca_file: PathBuf,
    /// Where it looks for http-01.
    pub(super) http: u16,
    /// Where it looks for tls-alpn-01.
    pub(super) tls: u16,
}

impl Pebble {
    /// One for this test, or the word that it is skipped.
    pub(super) async fn start_or_skip() -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let pki = Pki::new();
        let own = pki.issue(&["localhost", "127.0.0.1"], (2020, 1, 1), (2100, 1, 1));
        let ca_file = file(&folder, "root.pem", &pki.root.pem());
        let [api, management, http, tls, names, orders] = free_ports();
        let config = serde_json::json!({"pebble": {
            "listenAddress": format!("127.0.0.1:{api}"),
            "managementListenAddress": format!("127.0.0.1:{management}"),
            "certificate": file(&folder, "chain.pem", &own.chain()),
            "privateKey": file(&folder, "key.pem", &own.key),
            "httpPort": http,
            "tlsPort": tls,
        }});
        let config = file(&folder, "config.json", &config.to_string());
        let mut pebble = Self {
            programs: Vec::new(),
            folder,
            directory: format!("https://localhost:{api}/dir").parse().unwrap(),
            ca_file,
            http,
            tls,
        };
        let mut server = Command::new("pebble");
        server
            .args(["-strict", "-config"])
            .arg(config)
            .args(["-dnsserver", &format!("127.0.0.1:{names}")])
            .envs([("PEBBLE_VA_NOSLEEP", "1"), ("PEBBLE_WFE_NONCEREJECT", "0")]);
        let mut name_server = Command::new("pebble-challtestsrv");
        name_server
            .args([
                "-http01",
                "",
                "-https01",
                "",
                "-tlsalpn01",
                "",
                "-defaultIPv6",
                "",
            ])
            .args(["-dns01", &format!("127.0.0.1:{names}")])
            .args(["-management", &format!("127.0.0.1:{orders}")]);
        if !(pebble.run(server) && pebble.run(name_server)) {
            assert!(std::env::var_os(REQUIRE).is_none(), "pebble is not installed");
            eprintln!("SKIPPED on an ACME authority: apt-get install pebble");
            return None;
        }
        for port in [api, orders] {
            answering(port).await;
        }
        Some(pebble)
    }

    fn run(&mut self, mut program: Command) -> bool {
        let log = std::fs::File::create(self.folder.path().join("log")).unwrap();
        program.stdin(Stdio::null()).stdout(log).stderr(Stdio::null());
        match program.spawn() {
            Ok(child) => {
                self.programs.push(child);
                true
            }
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            Err(error) => panic!("{error}"),
        }
    }
}

impl Drop for Pebble {
    fn drop(&mut self) {
        for program in &mut self.programs {
            // Nothing is left to do about one that is gone already.
            drop(program.kill());
            drop(program.wait());
        }
    }
}

fn free_ports<const N: usize>() -> [u16; N] {
    let listeners = [(); N].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}

async fn answering(port: u16) {
    let answers = async {
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), answers)
        .await
        .unwrap();
}
