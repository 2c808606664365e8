//! Sign-ins a second with a password, at the cost that a server's hashes have, beside those with a
//! passkey.

use super::Figure;
use crate::command;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result};

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let mut bench = workspace.cargo("bench");
    bench.args([
        "--locked",
        "--quiet",
        "--package",
        "loomwire",
        "--bench",
        "sign_in",
    ]);
    let text = command::read(&mut bench)?;
    let passkeys = rate(&text, "passkey 1 ")?;
    [1, 16]
        .into_iter()
        .map(|callers| {
            let passwords = rate(&text, &format!("password {callers} "))?;
            Ok(Figure {
                name: format!("sign-ins, password, {callers} callers"),
                value: format!("{passwords:.1} /s"),
                beside: format!(
                    "Argon2id, 64 MiB, 3 passes, 2 at once; with a passkey {passkeys:.0} /s, 1 caller"
                ),
            })
        })
        .collect()
}

fn rate(text: &str, prefix: &str) -> Result<f64> {
    let value = text.lines().find_map(|line| line.strip_prefix(prefix));
    value
        .and_then(|value| value.parse().ok())
        .with_context(|| format!("the bench printed no figure for `{prefix}`"))
}
