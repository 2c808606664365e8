//! What the machine itself must have: programs that are neither crates nor npm packages.
//!
//! On Debian as root they are installed; anywhere else the error says exactly what is wanted.

use crate::command;
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

/// A program, the Debian package that has it, and what to get elsewhere.
pub(crate) struct Program {
    /// The file whose presence means that it is there: a name on the `PATH`, or a whole path.
    pub(crate) file: &'static str,
    /// Debian's packages.
    pub(crate) packages: &'static [&'static str],
    /// The advice for any other machine.
    pub(crate) elsewhere: &'static str,
}

/// Node runs Tailwind, wasm-opt and the browser tests.
pub(crate) const NODE: Program = Program {
    file: "node",
    packages: &["nodejs"],
    elsewhere: "install Node.js 20 or newer",
};

/// npm brings what package-lock.json names.
pub(crate) const NPM: Program = Program {
    file: "npm",
    packages: &["npm"],
    elsewhere: "install npm, which comes with Node.js",
};

/// The SQLite that is built in, and ring, are C.
pub(crate) const CC: Program = Program {
    file: "cc",
    packages: &["gcc", "libc6-dev"],
    elsewhere: "install a C compiler (Xcode's command line tools, build-essential, gcc)",
};

/// The browser of the browser tests.
pub(crate) const CHROMIUM: Program = Program {
    file: "chromium",
    packages: &["chromium"],
    elsewhere: "install Chromium and name it in XTASK_CHROMIUM",
};

/// The browser tests bring about what no page can.
pub(crate) const SQLITE: Program = Program {
    file: "sqlite3",
    packages: &["sqlite3"],
    elsewhere: "install SQLite's command line tool, sqlite3",
};

/// pip brings the spelling checker, which its wheel has ready made.
pub(crate) const PYTHON: Program = Program {
    file: "python3",
    packages: &["python3", "python3-pip"],
    elsewhere: "install Python 3 with pip",
};

/// systemd looks at its own units, and ranks them.
pub(crate) const SYSTEMD: Program = Program {
    file: "systemd-analyze",
    packages: &["systemd", "dbus"],
    elsewhere: "install systemd",
};

/// The firewall's rules are read by what would load them.
pub(crate) const NFT: Program = Program {
    file: "nft",
    packages: &["nftables"],
    elsewhere: "install nftables",
};

/// Lays wires between network namespaces.
pub(crate) const IP: Program = Program {
    file: "ip",
    packages: &["iproute2"],
    elsewhere: "install iproute2",
};

/// wrk sends the requests that are measured.
pub(crate) const WRK: Program = Program {
    file: "wrk",
    packages: &["wrk"],
    elsewhere: "install wrk, the load generator",
};

/// Makes sure of several programs with at most one call of apt-get.
pub(crate) fn provide(programs: &[&Program]) -> Result<()> {
    let missing: Vec<&Program> = programs
        .iter()
        .copied()
        .filter(|program| !is_there(program.file))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !is_debian_as_root() {
        let advice: Vec<String> = missing
            .iter()
            .map(|program| format!("  {}: {}", program.file, program.elsewhere))
            .collect();
        bail!(
            "this machine lacks what the build needs; please\n{}",
            advice.join("\n")
        );
    }
    let packages: Vec<&str> = missing
        .iter()
        .flat_map(|program| program.packages.iter().copied())
        .collect();
    install(&packages)
}

/// Installs Debian packages.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    println!("installing {}", packages.join(" "));
    command::quietly(Command::new("apt-get").arg("update"))?;
    let mut install = Command::new("apt-get");
    install
        .args(["install", "--yes", "--no-install-recommends"])
        .args(packages);
    install.env("DEBIAN_FRONTEND", "noninteractive");
    command::quietly(&mut install)
}

/// Whether apt-get may be used here.
pub(crate) fn is_debian_as_root() -> bool {
    Path::new("/etc/debian_version").exists()
        && command::find("apt-get").is_some()
        && command::read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn is_there(file: &str) -> bool {
    if file.starts_with('/') {
        Path::new(file).exists()
    } else {
        command::find(file).is_some()
    }
}
