//! Syslog over TLS: messages as RFC 5424 has them, framed by their length (RFC 5425, 4.3).
//!
//! Syslog acknowledges nothing. What comes nearest is TLS's own end: we say that nothing more
//! comes (`close_notify`) and wait until the other side has ended too, which it does once it has
//! read everything. A connection that breaks, or that is left open, has taken nothing: the batch
//! is sent again.

use std::{fmt::Write as _, io, time::Duration};

use platform::streams::{Line, Parcel, StreamError};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};
use types::console::AuditResult;

use super::told;
use crate::guarded::{Guarded, Protection, Wire};

/// For writing a batch, and for the other side to end.
const PATIENCE: Duration = Duration::from_secs(15);
/// Facility 13, "log audit" (RFC 5424, section 6.2.1).
const FACILITY: u8 = 13;
/// The structured data's name: ours at a private enterprise number. Loomwire has none of its own;
/// 32473 is the one that is kept for examples (RFC 5612).
const NAME: &str = "loomwire@32473";

/// Sends the batch.
pub(super) async fn send(
    guarded: &Guarded,
    (host, port): (&str, u16),
    authorities: Option<&str>,
    parcel: &Parcel,
) -> Result<(), StreamError> {
    let mut bytes = Vec::new();
    for line in &parcel.lines {
        let message = message(line, &parcel.host)?;
        bytes.extend_from_slice(format!("{} ", message.len()).as_bytes());
        bytes.extend_from_slice(message.as_bytes());
    }
    let mut wire = guarded
        .connect(host, port, Protection::Tls(authorities))
        .await
        .map_err(|error| told(&error))?;
    timeout(PATIENCE, hand_over(&mut *wire, &bytes))
        .await
        .unwrap_or_else(|_| {
            Err(StreamError::TimedOut(
                "the server did not end the connection, so nothing shows that it has read everything".into(),
            ))
        })
}

async fn hand_over(wire: &mut dyn Wire, bytes: &[u8]) -> Result<(), StreamError> {
    const BROKE: &str = "the connection broke before everything was read";
    let broke = |_: io::Error| StreamError::Unreachable(BROKE.into());
    wire.write_all(bytes).await.map_err(broke)?;
    wire.flush().await.map_err(broke)?;
    wire.shutdown().await.map_err(broke)?;
    let mut rest = [0; 512];
    loop {
        match wire.read(&mut rest).await {
            Ok(0) => return Ok(()),
            // Syslog servers say nothing; what one says anyway is passed over.
            Ok(_) => {}
            // Its socket was closed with everything read, though without TLS's last word: with
            // something left unread it would have been reset.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(broke(error)),
        }
    }
}

const fn severity(result: AuditResult) -> u8 {
    match result {
        // Informational, warning, error (RFC 5424, section 6.2.1).
        AuditResult::Success => 6,
        AuditResult::Denied => 4,
        AuditResult::Failed => 3,
    }
}

/// One message (RFC 5424, section 6). Its text is ASCII, so it needs no mark of its encoding.
pub(super) fn message(line: &Line, host: &str) -> Result<String, StreamError> {
    let moment = jiff::Timestamp::from_millisecond(line.occurred_at.as_millis())
        .map_err(|_| StreamError::Unusable("An event has no moment that syslog can write.".into()))?;
    let mut text = String::with_capacity(line.json.len() + 300);
    let priority = FACILITY * 8 + severity(line.result);
    // Writing to a String does not fail.
    let _ = write!(
        text,
        "<{priority}>1 {moment:.3} {} loomwire - {} [{NAME} eventId=\"{}\" result=\"{}\"",
        word(host, 255),
        word(&line.action, 32),
        value(&line.id),
        value(line.result.as_str()),
    );
    if let Some(leaf) = line.leaf {
        let _ = write!(text, " leafIndex=\"{leaf}\"");
    }
    text.push_str("] ");
    text.push_str(&line.json);
    Ok(text)
}

/// A field of the header: printable ASCII, up to so many letters.
fn word(text: &str, longest: usize) -> String {
    let word: String = text
        .chars()
        .filter(char::is_ascii_graphic)
        .take(longest)
        .collect();
    if word.is_empty() { "-".to_owned() } else { word }
}

/// A parameter's value: `"`, `\` and `]` are escaped (section 6.3.3).
fn value(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '"' | '\\' | ']') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}
