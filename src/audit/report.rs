//! Findings in words.

use ledger::{checkpoint::NoteKey, verify::Fault};
use platform::audit::walk::{Sound, Trust};

/// 1234567 as 1,234,567.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// What is wrong, and where first.
pub(super) fn bad(fault: &Fault) -> String {
    let row = fault
        .row()
        .map_or_else(String::new, |row| format!("First bad row: {row}\n"));
    format!(
        "The log is not what it was.\n{row}{}.\n",
        sentence(&fault.to_string())
    )
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// A database without a fault.
pub(super) fn sound(sound: &Sound, trust: &Trust, sealed: &str) -> String {
    let verdict = &sound.verdict;
    let behind = verdict.rows.saturating_sub(verdict.signed);
    let mut lines = vec![
        format!(
            "The log is whole: {} entries, {} of them retired by policy.",
            thousands(verdict.rows),
            thousands(verdict.retired)
        ),
        format!("  root hash    {}", verdict.root.to_base64()),
        format!(
            "  signed       {} entries by {} checkpoints, each of which the rows fit; {} wait for the next",
            thousands(verdict.signed),
            thousands(verdict.checkpoints),
            thousands(behind)
        ),
    ];
    lines.push(if trust.quorum == 0 {
        "  witnessed    not asked: give --witness".to_owned()
    } else {
        format!(
            "  witnessed    {} entries, by at least {} of {}",
            thousands(verdict.witnessed),
            trust.quorum,
            names(&trust.witnesses)
        )
    });
    lines.push(match sound.opened {
        Some(opened) => format!(
            "  personal     {} sealed values open their commitments, {} are erased",
            thousands(opened),
            thousands(sound.erased)
        ),
        None => format!("  personal     not opened: {sealed}"),
    });
    lines.push(format!(
        "  waiting      {} events have no place yet",
        thousands(sound.waiting)
    ));
    if trust.remembered.is_empty() {
        lines.push("  remembered   no checkpoint from earlier was given: give --checkpoint".to_owned());
    } else {
        lines.push(format!(
            "  remembered   {} checkpoints from earlier are in it",
            trust.remembered.len()
        ));
    }
    if trust.logs.is_empty() {
        lines.push(
            "The key is the one that the database names. Hold it against the one that you keep:".to_owned(),
        );
        lines.extend(sound.logs.iter().map(|key| format!("  {key}")));
    }
    lines.join("\n") + "\n"
}

/// Who, in one line.
pub(super) fn names(keys: &[NoteKey]) -> String {
    let names: Vec<&str> = keys.iter().map(NoteKey::name).collect();
    names.join(", ")
}
