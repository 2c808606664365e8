//! From starting the release binary to its first answer that it is ready.

use super::Figure;
use crate::server;
use crate::site::Profile;
use crate::stopwatch::Stopwatch;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(20);
/// After which an idle server does no more of its first work.
const SETTLED: Duration = Duration::from_secs(2);

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let program = server::build(workspace, Profile::Release)?;
    let data = workspace.target("bench-data");
    if data.exists() {
        std::fs::remove_dir_all(&data)?;
    }
    std::fs::create_dir_all(&data)?;
    let bare = answer_version(&program)?;
    // Given back at once; nobody else on this machine is looking for one. The same for both: a
    // database is bound to its public URL.
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let (first, _) = until_ready(&program, &data, port)?;
    let (again, idle) = until_ready(&program, &data, port)?;
    let figure = |name: &str, time: Duration| Figure {
        name: name.to_owned(),
        value: format!("{} ms", time.as_millis()),
        beside: format!(
            "{:.1} times `loomwire --version`",
            time.as_secs_f64() / bare.as_secs_f64()
        ),
    };
    Ok(vec![
        figure("start to ready, new database", first),
        figure("start to ready, again", again),
        Figure {
            name: "memory of an idle server".to_owned(),
            value: format!("{} MB", idle / 1024),
            beside: "resident, two seconds after it was ready".to_owned(),
        },
    ])
}

/// What starting a process costs, whatever it does.
fn answer_version(program: &Path) -> Result<Duration> {
    let stopwatch = Stopwatch::start();
    crate::command::quietly(Command::new(program).arg("--version"))?;
    Ok(stopwatch.read())
}

/// How long until it was ready, and the kibibytes that it holds a little later.
fn until_ready(program: &Path, data: &Path, port: u16) -> Result<(Duration, u64)> {
    let mut start = Command::new(program);
    start
        .arg("serve")
        .current_dir(data)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    start
        .env("LOOMWIRE_DATA", data)
        .env("LOOMWIRE_LISTEN", format!("127.0.0.1:{port}"));
    start.env("LOOMWIRE_PUBLIC_URL", format!("http://localhost:{port}"));
    let stopwatch = Stopwatch::start();
    let mut server = start.spawn().context("the server could not be started")?;
    let ready = wait(&mut server, port, &stopwatch);
    settle();
    let resident = resident(&server);
    server.kill()?;
    server.wait()?;
    Ok((ready?, resident))
}

#[expect(
    clippy::disallowed_methods,
    reason = "an idle server has no event to wait for"
)]
fn settle() {
    std::thread::sleep(SETTLED);
}

/// Kibibytes in memory; 0 where the system does not tell.
fn resident(server: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or_default()
}

fn wait(server: &mut Child, port: u16, stopwatch: &Stopwatch) -> Result<Duration> {
    while stopwatch.read() < PATIENCE {
        if is_ready(port) {
            return Ok(stopwatch.read());
        }
        if let Some(status) = server.try_wait()? {
            bail!("the server ended with {status} before it was ready");
        }
        std::thread::yield_now();
    }
    bail!("the server was not ready within {} s", PATIENCE.as_secs())
}

fn is_ready(port: u16) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "GET /readyz HTTP/1.1\r\nhost: localhost:{port}\r\nconnection: close\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}
