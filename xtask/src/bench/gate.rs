//! What a call of the API costs before its route is reached: against a bare route in the same
//! process, and from ten keys to a hundred thousand.

use super::Figure;
use super::serving::{Asked, built_bench, wrk};
use crate::system;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, ensure};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

const SIZES: [u64; 4] = [10, 1_000, 10_000, 100_000];
/// Keys that are used where it is not all of them.
const FEW: u64 = SIZES[0];
/// Each request with the next of the first `COUNT` keys.
const SCRIPT: &str = "\
local keys, last = {}, 0
for line in io.lines(FILE) do keys[#keys + 1] = line end
request = function()
  last = last % math.min(#keys, COUNT) + 1
  return wrk.format('GET', nil, { ['x-tenant-api-key'] = keys[last] })
end
";

/// A server of `benches/gate.rs`; it ends when this is dropped.
struct Served {
    child: Child,
    hold: Option<ChildStdin>,
    port: String,
    folder: PathBuf,
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.hold.take());
        // It ends by itself; there is nothing to do about one that was gone already.
        let _ended = self.child.wait();
    }
}

impl Served {
    fn start(bench: &Path, folder: &Path, keys: u64) -> Result<Self> {
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
        std::fs::create_dir_all(folder)?;
        let mut child = Command::new(bench)
            .arg(folder)
            .arg(keys.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("the bench could not be started")?;
        let hold = child.stdin.take();
        let output = child.stdout.take().context("the bench has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let port = line.trim().to_owned();
        ensure!(!port.is_empty(), "the bench did not say its port");
        Ok(Self {
            child,
            hold,
            port,
            folder: folder.to_owned(),
        })
    }

    /// Asks with so many of its keys in turn.
    fn ask(&self, path: &str, keys: u64) -> Result<Asked> {
        let script = self.folder.join("keys.lua");
        let file = format!("'{}'", self.folder.join("keys.txt").display());
        let text = SCRIPT.replace("FILE", &file).replace("COUNT", &keys.to_string());
        std::fs::write(&script, text)?;
        let url = format!("http://127.0.0.1:{}{path}", self.port);
        wrk(&url, &["-c8", "-s", &script.to_string_lossy()])
    }
}

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    system::provide(&[&system::CC, &system::WRK])?;
    let bench = built_bench(workspace, "gate")?;
    let mut figures = Vec::new();
    let mut first = None;
    for size in SIZES {
        let folder = workspace.target(format!("bench-data/gate-{size}"));
        let served = Served::start(&bench, &folder, size)?;
        let bare = served.ask("/bare", FEW)?;
        let few = served.ask("/framed", FEW)?;
        if first.is_none() {
            figures.push(against("a bare route", &bare, &bare)?);
            figures.push(against("behind the gate", &served.ask("/gated", FEW)?, &bare)?);
            figures.push(against("behind the gate, in the frame", &few, &bare)?);
        }
        let of_bare = |asked: &Asked| asked.per_second / bare.per_second;
        let first = *first.get_or_insert(of_bare(&few));
        let mut among = |used: &str, asked: &Asked| {
            figures.push(Figure {
                name: format!("a call among {size} keys, {used}"),
                value: format!("{:.1} us", 1e6 / asked.per_second),
                beside: format!(
                    "{:.2} of a bare route in the same run; {:.2} of that with {FEW} keys",
                    of_bare(asked),
                    of_bare(asked) / first
                ),
            });
        };
        among("a few used", &few);
        if size > FEW {
            among("all in turn", &served.ask("/framed", size)?);
        }
    }
    Ok(figures)
}

fn against(name: &str, asked: &Asked, bare: &Asked) -> Result<Figure> {
    let added = millis(&asked.slowest)? - millis(&bare.slowest)?;
    Ok(Figure {
        name: name.to_owned(),
        value: format!("{:.0} /s", asked.per_second),
        beside: format!(
            "{:.2} of a bare route (aim: 0.70); 99 % within {}, {added:+.2} ms (aim: 1.00)",
            asked.per_second / bare.per_second,
            asked.slowest
        ),
    })
}

/// A time as wrk prints it.
fn millis(text: &str) -> Result<f64> {
    let split = text
        .find(|letter: char| letter.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let number: f64 = number.parse().with_context(|| format!("`{text}` is no time"))?;
    Ok(match unit {
        "us" => number / 1000.0,
        "ms" => number,
        _ => number * 1000.0,
    })
}

#[cfg(test)]
mod tests {
    use super::millis;

    #[test]
    fn times_of_wrk_are_read() {
        for (text, value) in [("412.00us", 0.412), ("2.10ms", 2.1), ("1.02s", 1020.0)] {
            assert!((millis(text).unwrap() - value).abs() < 1e-9, "{text}");
        }
        assert!(millis("fast").is_err());
    }
}
