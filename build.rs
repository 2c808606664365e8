//! A release embeds `target/site`: when that changes, the embedding is done anew. A debug build
//! reads the folder at run time.

use std::{env, fs, io};

fn main() -> io::Result<()> {
    let release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if release {
        // Watching a folder that is missing would rebuild every time.
        fs::create_dir_all("target/site")?;
        println!("cargo:rerun-if-changed=target/site");
    }
    println!("cargo:rerun-if-changed=build.rs");
    Ok(())
}
