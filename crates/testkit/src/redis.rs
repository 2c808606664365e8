//! A real Valkey or Redis, for one test.

use std::{
    io::{BufRead as _, BufReader, Lines},
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use tempfile::TempDir;

/// Where Debian has the program. The last two are the same program under another name, from a
/// package that starts no service.
const PROGRAMS: [&str; 4] = [
    "/usr/bin/valkey-server",
    "/usr/bin/redis-server",
    "/usr/bin/valkey-check-rdb",
    "/usr/bin/redis-check-rdb",
];
/// It goes when its standard input ends, so also when the test is killed.
const GUARD: &str = "\"$@\" & echo $!; cat >/dev/null; kill -9 $!";
/// Ports that are tried: another program can be quicker.
const TRIES: u32 = 20;

/// A server, ended with this.
pub struct Redis {
    folder: TempDir,
    arguments: Vec<String>,
    port: u16,
    running: Option<Running>,
}

struct Running {
    guard: Child,
    pid: String,
    /// Kept open: it must be able to go on saying what it does.
    said: Lines<BufReader<ChildStdout>>,
}

impl Redis {
    /// One for this test with these further arguments, or the word that it is skipped.
    /// `{port}` in an argument stands for its port, which it listens on without TLS unless the
    /// arguments have the word.
    pub fn start_or_skip(arguments: &[&str]) -> Option<Self> {
        let Some(program) = PROGRAMS.iter().find(|program| Path::new(program).exists()) else {
            eprintln!("SKIPPED on a shared store of limits: apt-get install redis-tools");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        // It goes by its own name.
        symlink(program, folder.path().join("redis-server")).unwrap();
        let mut redis = Self {
            folder,
            arguments: arguments.iter().map(ToString::to_string).collect(),
            port: 0,
            running: None,
        };
        for _ in 0..TRIES {
            redis.port = free_port();
            redis.running = redis.run();
            if redis.running.is_some() {
                return Some(redis);
            }
        }
        panic!("it did not start on any of {TRIES} ports");
    }

    /// Its port on this machine.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Ends it at once.
    pub fn kill(&mut self) {
        self.running = None;
    }

    /// Starts it again on the same port. What it held is gone.
    pub fn start_again(&mut self) {
        self.running = None;
        self.running = self.run();
        assert!(self.running.is_some(), "it did not start again");
    }

    /// It keeps its connections, and does nothing.
    pub fn hang(&self) {
        self.signal("-STOP");
    }

    /// It does again.
    pub fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, name: &str) {
        let running = self.running.as_ref().expect("it runs");
        let done = Command::new("kill").args([name, &running.pid]).status().unwrap();
        assert!(done.success());
    }

    fn run(&self) -> Option<Running> {
        let folder: PathBuf = self.folder.path().into();
        let port = self.port.to_string();
        let mut guard = Command::new("sh")
            .args(["-c", GUARD, "guard"])
            .arg(folder.join("redis-server"))
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .args(["--port", if self.has_port() { "0" } else { &port }])
            .args(self.arguments.iter().map(|one| one.replace("{port}", &port)))
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(guard.stdout.take().unwrap()).lines();
        let pid = said.next().unwrap().unwrap();
        let mut running = Running { guard, pid, said };
        let up = running
            .said
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| match line {
                line if line.contains("Ready to accept connections") => Some(true),
                line if line.contains("Failed listening") || line.contains("FATAL") => Some(false),
                _ => None,
            });
        (up == Some(true)).then_some(running)
    }

    fn has_port(&self) -> bool {
        self.arguments.iter().any(|argument| argument.contains("{port}"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        // Nothing is left to do about one that is gone already.
        drop(self.guard.wait());
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
