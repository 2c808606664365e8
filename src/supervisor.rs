//! Telling systemd how this process is: `Type=notify` and `WatchdogSec=`, `sd_notify(3)`.
//!
//! Without systemd nothing is said. A word that does not arrive is not worth failing for: then
//! systemd does what it would do with a process that says nothing.

use std::{
    future::Future,
    io,
    os::{
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr, UnixDatagram},
    },
    sync::Arc,
    time::Duration,
};

use tokio::time::{MissedTickBehavior, interval};

use crate::config::{self, Environment};

/// So often within the time after which systemd takes a process for dead.
const SIGNS: u32 = 3;

/// Whoever started this process and wants to know how it is.
#[derive(Debug)]
pub struct Supervisor {
    socket: Option<UnixDatagram>,
    patience: Option<Duration>,
}

impl Supervisor {
    /// The one that the environment names; `process` is our own id.
    pub fn find(environment: &Environment, process: u32) -> Self {
        let socket = environment.get("NOTIFY_SOCKET").and_then(|name| {
            connect(name)
                .inspect_err(|error| tracing::warn!(%error, "systemd cannot be told how this process is"))
                .ok()
        });
        Self {
            socket,
            patience: patience(environment, process),
        }
    }

    /// The one that started this process.
    pub fn of_this_process() -> Self {
        Self::find(&config::environment(), std::process::id())
    }

    /// Says that requests are answered from now on, that the process lives, and, when the signal
    /// to stop has come, that no new ones are. Call it inside the runtime.
    pub fn announce(self, stop: impl Future<Output = ()>) -> impl Future<Output = ()> {
        let this = Arc::new(self);
        this.tell("READY=1");
        // A task of its own: it stands still when the runtime does, and goes on while draining.
        tokio::spawn(Arc::clone(&this).keep_alive());
        async move {
            stop.await;
            this.tell("STOPPING=1");
        }
    }

    /// Signs of life, if any are wanted.
    async fn keep_alive(self: Arc<Self>) {
        let Some(patience) = self.patience else { return };
        let mut ticks = interval(patience / SIGNS);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.tell("WATCHDOG=1");
        }
    }

    fn tell(&self, word: &str) {
        if let Some(socket) = &self.socket
            && let Err(error) = socket.send(word.as_bytes())
        {
            tracing::warn!(%error, word, "systemd could not be told");
        }
    }
}

fn connect(name: &str) -> io::Result<UnixDatagram> {
    let address = match name.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(name)?,
    };
    let socket = UnixDatagram::unbound()?;
    socket.connect_addr(&address)?;
    // Should nobody read there, a word is dropped: no request waits for it.
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// How long systemd waits for a sign of life, if the wish is meant for this very process.
fn patience(environment: &Environment, process: u32) -> Option<Duration> {
    let ours = environment
        .get("WATCHDOG_PID")
        .is_none_or(|id| *id == process.to_string());
    let micros = environment.get("WATCHDOG_USEC")?.parse().ok()?;
    (ours && micros > 0).then(|| Duration::from_micros(micros))
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const US: u32 = 7;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn heard(socket: &UnixDatagram) -> String {
        let mut word = [0; 64];
        let length = socket.recv(&mut word).unwrap();
        String::from_utf8(word[..length].to_vec()).unwrap()
    }

    #[tokio::test]
    async fn start_and_stop_are_told_where_the_environment_says() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        let supervisor = Supervisor::find(&environment(&[("NOTIFY_SOCKET", path.to_str().unwrap())]), US);
        let stop = supervisor.announce(std::future::ready(()));
        assert_eq!(heard(&socket), "READY=1");
        stop.await;
        assert_eq!(heard(&socket), "STOPPING=1");
    }

    #[test]
    fn an_abstract_address_is_one_too() {
        let name = format!("loomwire-test-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(&name).unwrap();
        let socket = UnixDatagram::bind_addr(&address).unwrap();
        let name = format!("@{name}");
        Supervisor::find(&environment(&[("NOTIFY_SOCKET", name.as_str())]), US).tell("READY=1");
        assert_eq!(heard(&socket), "READY=1");
    }

    #[tokio::test(start_paused = true)]
    async fn signs_of_life_come_three_times_as_often_as_they_must() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_nonblocking(true).unwrap();
        let pairs = [
            ("NOTIFY_SOCKET", path.to_str().unwrap()),
            ("WATCHDOG_USEC", "30000000"),
            ("WATCHDOG_PID", "7"),
        ];
        let supervisor = Arc::new(Supervisor::find(&environment(&pairs), US));
        let watched = Duration::from_secs(29);
        assert!(
            tokio::time::timeout(watched, supervisor.keep_alive())
                .await
                .is_err()
        );
        let mut signs = 0;
        while socket.recv(&mut [0; 64]).is_ok() {
            signs += 1;
        }
        assert_eq!(signs, 3);
    }

    #[tokio::test]
    async fn nobody_asked_is_nothing_said() {
        let nobody = Arc::new(Supervisor::find(&Environment::new(), US));
        nobody.tell("READY=1");
        nobody.keep_alive().await;
        let gone = Supervisor::find(&environment(&[("NOTIFY_SOCKET", "/nowhere/notify")]), US);
        gone.tell("READY=1");
        let others = environment(&[("WATCHDOG_USEC", "1000"), ("WATCHDOG_PID", "8")]);
        assert_eq!(patience(&others, US), None);
        assert_eq!(patience(&environment(&[("WATCHDOG_USEC", "soon")]), US), None);
    }
}
