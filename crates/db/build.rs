//! Writes the list of migrations to embed, so that the binary carries its own schema.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../migrations");
    let mut source = String::new();
    for (name, folder) in [("SQLITE", "sqlite"), ("POSTGRES", "postgres")] {
        list(&mut source, name, &root.join(folder))?;
    }
    println!("cargo::rerun-if-changed=build.rs");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("migrations.rs"), source)?;
    Ok(())
}

/// One `static NAME: &[(file name, text)]`; a folder that is not there counts as empty.
fn list(source: &mut String, name: &str, folder: &Path) -> Result<(), Box<dyn Error>> {
    // The folder itself is watched for files that come and go, each file for its text.
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "sql") {
                files.push(path);
            }
        }
    }
    files.sort();
    writeln!(source, "static {name}: &[(&str, &str)] = &[")?;
    for path in files {
        println!("cargo::rerun-if-changed={}", path.display());
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        let stem = stem.ok_or("a migration's name must be UTF-8")?;
        let path = path.to_str().ok_or("a migration's path must be UTF-8")?;
        writeln!(source, "    ({stem:?}, include_str!({path:?})),")?;
    }
    writeln!(source, "];")?;
    Ok(())
}
