//! The server in a process of its own.

use std::{
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{net::TcpStream, time::timeout};

use super::load;

/// In which a server has to be ready: it also cleans up after the kill.
const PATIENCE: Duration = Duration::from_mins(1);

pub(super) struct Server {
    child: Child,
    pub(super) address: SocketAddr,
}

impl Server {
    pub(super) async fn start(url: &str, folder: &TempDir) -> Self {
        // Given back at once; nobody else on this machine is looking for one.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_loomwire"))
            .arg("serve")
            .current_dir(folder.path())
            .env_clear()
            .env("LOOMWIRE_DATA", folder.path())
            .env("LOOMWIRE_DATABASE_URL", url)
            .env("LOOMWIRE_MASTER_KEY_FILE", folder.path().join("master.key"))
            .env("LOOMWIRE_LISTEN", address.to_string())
            .env("LOOMWIRE_LIMITS__CALLS_PER_MINUTE", "1000000")
            .env("LOOMWIRE_LOG__FILTER", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Self { child, address };
        timeout(PATIENCE, server.ready())
            .await
            .expect("the server is ready");
        server
    }

    async fn ready(&mut self) {
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("the server ended with {status}");
            }
            if TcpStream::connect(self.address).await.is_ok() && load::is_ready(self.address).await {
                return;
            }
            tokio::task::yield_now().await;
        }
    }

    /// SIGKILL: nothing of it runs any more afterwards.
    pub(super) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
