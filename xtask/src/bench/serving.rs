//! Requests a second: the product's routes against bare ones in the same process, by wrk.

use super::Figure;
use crate::site::{self, Profile};
use crate::workspace::Workspace;
use crate::{command, server, system};
use anyhow::{Context as _, Result, bail};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

/// Seconds of each measurement, and how often each is taken; the middle one counts.
const SECONDS: &str = "2s";
const TIMES: usize = 3;
/// Verifications of the demo that pages are measured on.
const DEMO: u64 = 24_000;
/// What growth is measured at; `XTASK_BENCH_LARGEST` sets another end.
const SIZES: [u64; 3] = [10_000, 1_000_000, 10_000_000];

/// A server of `benches/serve.rs`; it ends when this is dropped.
struct Served {
    child: Child,
    hold: Option<ChildStdin>,
    port: String,
    session: String,
    key: String,
    decided: String,
    open: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.hold.take());
        // It ends by itself; there is nothing to do about one that was gone already.
        let _ended = self.child.wait();
    }
}

/// One request, again and again.
pub(super) struct Asked {
    pub(super) per_second: f64,
    median: String,
    pub(super) slowest: String,
}

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let (program, bench) = prepare(workspace)?;
    let served = on_demo(workspace, &program, &bench, DEMO)?;
    let status = |id: &str| format!("/verify/status?verificationId={id}");
    let key = format!("x-tenant-api-key: {}", served.key);
    let cookie = format!("cookie: lw_session={}", served.session);
    let bare = ask(&served, "/bare", None)?;
    let decided = ask(&served, &status(&served.decided), Some(&key))?;
    let open = ask(&served, &status(&served.open), Some(&key))?;
    let page = ask(&served, "/sign-in", None)?;
    let framed = ask(&served, "/organisations/new", Some(&cookie))?;
    let overview = ask(&served, "/", Some(&cookie))?;
    Ok(vec![
        figure("a bare route", &bare, &bare, "itself"),
        figure("GET /verify/status, decided", &decided, &bare, "a bare route"),
        figure("GET /verify/status, open", &open, &bare, "a bare route"),
        figure("a static page (/sign-in)", &page, &page, "itself"),
        figure("one in the console", &framed, &page, "/sign-in"),
        figure("the overview", &overview, &framed, "a static page in the console"),
        figure("the overview", &overview, &page, "/sign-in"),
    ])
}

/// The same calls and pages at growing numbers of verifications.
pub(super) fn growth(workspace: &Workspace) -> Result<Vec<Figure>> {
    let largest = std::env::var("XTASK_BENCH_LARGEST").ok();
    let largest: u64 = largest.map_or(Ok(1_000_000), |text| text.parse())?;
    let (program, bench) = prepare(workspace)?;
    let mut figures = Vec::new();
    let mut first: Vec<f64> = Vec::new();
    for size in SIZES.into_iter().filter(|size| *size <= largest) {
        let served = on_demo(workspace, &program, &bench, size)?;
        let cookie = format!("cookie: lw_session={}", served.session);
        let key = format!("x-tenant-api-key: {}", served.key);
        let status = format!("/verify/status?verificationId={}", served.open);
        let paths = [
            ("status", status.as_str(), &key),
            ("overview", "/", &cookie),
            ("verifications", "/verifications", &cookie),
            (
                "filtered",
                "/verifications?status=denied&environment=live",
                &cookie,
            ),
            ("audit", "/audit", &cookie),
        ];
        for (index, (name, path, header)) in paths.into_iter().enumerate() {
            let asked = ask(&served, path, Some(header))?;
            if first.len() <= index {
                first.push(asked.per_second);
            }
            let before = first.get(index).copied().unwrap_or(asked.per_second);
            figures.push(Figure {
                name: format!("{name} at {size}"),
                value: format!("{:.0} /s", asked.per_second),
                beside: format!(
                    "{:.2} of the smallest; median {}",
                    asked.per_second / before,
                    asked.median
                ),
            });
        }
    }
    Ok(figures)
}

fn figure(name: &str, asked: &Asked, against: &Asked, what: &str) -> Figure {
    Figure {
        name: name.to_owned(),
        value: format!("{:.0} /s", asked.per_second),
        beside: format!(
            "{:.2} of {what}; median {}, 99 % within {}",
            asked.per_second / against.per_second,
            asked.median,
            asked.slowest
        ),
    }
}

fn prepare(workspace: &Workspace) -> Result<(PathBuf, PathBuf)> {
    system::provide(&[&system::CC, &system::WRK])?;
    site::build(workspace, Profile::Release)?;
    let program = server::build(workspace, Profile::Release)?;
    Ok((program, built_bench(workspace, "serve")?))
}

/// Builds the bench and asks cargo where it is.
pub(super) fn built_bench(workspace: &Workspace, name: &str) -> Result<PathBuf> {
    let mut build = workspace.cargo("bench");
    build.args(["--locked", "--package", "loomwire", "--bench", name, "--no-run"]);
    build.args(["--message-format", "json-render-diagnostics"]);
    let text = command::read(&mut build)?;
    let found = text
        .lines()
        .filter(|line| line.contains(&format!("\"name\":\"{name}\"")))
        .find_map(|line| {
            let (_, rest) = line.split_once("\"executable\":\"")?;
            rest.split_once('"').map(|(path, _)| PathBuf::from(path))
        });
    found.context("cargo did not say where the bench is")
}

/// A server on a demo of this size, invented anew.
fn on_demo(workspace: &Workspace, program: &Path, bench: &Path, size: u64) -> Result<Served> {
    let folder = workspace.target(format!("bench-data/{size}"));
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let mut demo = Command::new(program);
    demo.args(["demo", "--scale", &size.to_string()]);
    if size > 100_000 {
        // With them the disk would hold four times as much.
        demo.args(["--audit-days", "1"]);
    }
    let told = command::read(demo.current_dir(&folder).env("LOOMWIRE_DATA", &folder))?;
    let link = told.split_once("/setup/").map(|(_, rest)| rest.trim());
    let link = link.context("the demo printed no link")?;
    start(bench, &folder, link)
}

fn start(bench: &Path, folder: &Path, secret: &str) -> Result<Served> {
    let mut child = Command::new(bench)
        .arg(folder)
        .arg(secret)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("the bench could not be started")?;
    let hold = child.stdin.take();
    let output = child.stdout.take().context("the bench has no output")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let value = |name: &str| {
        let (_, rest) = line.split_once(&format!("\"{name}\":"))?;
        let end = rest.find([',', '}'])?;
        Some(rest.get(..end)?.trim_matches('"').to_owned())
    };
    let all = || {
        Some((
            value("port")?,
            value("session")?,
            value("key")?,
            value("decided")?,
            value("open")?,
        ))
    };
    let Some((port, session, key, decided, open)) = all() else {
        bail!("the bench did not say what to ask for: {line}");
    };
    Ok(Served {
        child,
        hold,
        port,
        session,
        key,
        decided,
        open,
    })
}

/// The middle of several measurements.
fn ask(served: &Served, path: &str, header: Option<&str>) -> Result<Asked> {
    let url = format!("http://127.0.0.1:{}{path}", served.port);
    check(&url, header)?;
    let header = header.map_or(Vec::new(), |header| vec!["-H", header]);
    wrk(&url, &[&["-c32"], header.as_slice()].concat())
}

/// The middle of several measurements by wrk, with these further arguments.
pub(super) fn wrk(url: &str, arguments: &[&str]) -> Result<Asked> {
    let mut all = Vec::new();
    for _ in 0..TIMES {
        let mut wrk = Command::new("wrk");
        wrk.args(["-t1", "-d", SECONDS, "--latency"]).args(arguments);
        all.push(read(&command::read(wrk.arg(url))?)?);
    }
    all.sort_by(|one, other| one.per_second.total_cmp(&other.per_second));
    Ok(all.swap_remove(TIMES / 2))
}

/// An error page is quickly served.
fn check(url: &str, header: Option<&str>) -> Result<()> {
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--output", "/dev/null", "--write-out", "%{http_code}"]);
    if let Some(header) = header {
        curl.args(["--header", header]);
    }
    let status = command::read(curl.arg(url))?;
    if status != "200" {
        bail!("{url} answers {status}: there is nothing to measure");
    }
    Ok(())
}

fn read(text: &str) -> Result<Asked> {
    let after = |label: &str| {
        let line = text.lines().find_map(|line| line.trim().strip_prefix(label));
        line.map(|rest| rest.trim().to_owned())
            .with_context(|| format!("wrk printed no `{label}`"))
    };
    if text.contains("Non-2xx") {
        bail!("some of the requests failed:\n{text}");
    }
    Ok(Asked {
        per_second: after("Requests/sec:")?.parse()?,
        median: after("50%")?,
        slowest: after("99%")?,
    })
}

#[cfg(test)]
mod tests {
    use super::read;

    const TEXT: &str = "Running 2s test @ http://127.0.0.1:1/\n  Latency Distribution\n     50%  412.00us\n     \
                        99%    2.10ms\n  100 requests in 2.00s\nRequests/sec:   5000.50\n";

    #[test]
    fn what_wrk_prints_is_read() {
        let asked = read(TEXT).unwrap();
        assert!((asked.per_second - 5000.5).abs() < f64::EPSILON);
        assert_eq!(
            (asked.median.as_str(), asked.slowest.as_str()),
            ("412.00us", "2.10ms")
        );
        assert!(read(&format!("{TEXT}  Non-2xx or 3xx responses: 3\n")).is_err());
        assert!(read("").is_err());
    }
}
