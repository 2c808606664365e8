//! From what a form says to a stream.

use types::streams::{StreamDraft, StreamFormat, StreamKind};
use url::Host;

use super::{Destination, Secrets, target::Stored};
use crate::{Ctx, Result, outward, search::Problems, standard_webhooks};

/// Characters of a name.
const NAME: usize = 60;
/// Characters of an address, a host, a bucket with its prefix.
const LONGEST: usize = 500;
/// Characters of certificates.
const AUTHORITIES: usize = 20_000;
/// An address, as a form would have it.
const EXAMPLE: &str = "https://siem.example.com/events";

pub(super) struct Checked {
    pub(super) name: String,
    pub(super) format: StreamFormat,
    pub(super) stored: Stored,
    pub(super) secrets: Secrets,
}

/// # Errors
/// `Invalid`, a field each.
pub(super) fn checked(ctx: &Ctx, draft: &StreamDraft) -> Result<Checked> {
    let mut problems = Problems::default();
    let name = draft.name.trim();
    if name.is_empty() || name.chars().count() > NAME {
        problems.add("name", "Give a name of 1 to 60 characters.");
    }
    let format = draft.format.parse::<StreamFormat>().unwrap_or_else(|_| {
        problems.add("format", "Choose one of the formats.");
        StreamFormat::Json
    });
    let mut secrets = Secrets::default();
    let destination = match draft.kind.parse() {
        Ok(StreamKind::Webhook) => {
            secrets.signing = standard_webhooks::secret(ctx.rng());
            webhook(ctx, &mut problems, draft)
        }
        Ok(StreamKind::Syslog) => syslog(&mut problems, draft),
        Ok(StreamKind::S3) => {
            draft.secret_access_key.trim().clone_into(&mut secrets.access_key);
            s3(ctx, &mut problems, draft)
        }
        Err(_) => {
            problems.add("kind", "Choose where the events go.");
            None
        }
    };
    let authorities = authorities(&mut problems, &draft.authorities);
    problems.settle()?;
    let destination = destination.ok_or_else(|| crate::Error::internal("no destination and no problem"))?;
    Ok(Checked {
        name: name.to_owned(),
        format,
        stored: Stored {
            destination,
            authorities,
        },
        secrets,
    })
}

fn webhook(ctx: &Ctx, problems: &mut Problems, draft: &StreamDraft) -> Option<Destination> {
    outward::address(ctx, problems, "url", &draft.url, EXAMPLE).map(|url| Destination::Webhook { url })
}

fn syslog(problems: &mut Problems, draft: &StreamDraft) -> Option<Destination> {
    let host = draft.host.trim().trim_matches(['[', ']']);
    let bracketed = if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    };
    let host = Host::parse(&bracketed).ok().filter(|_| host.len() <= 253);
    if host.is_none() {
        problems.add(
            "host",
            "Give a host name or an address, such as logs.example.com.",
        );
    }
    let port = draft.port.trim();
    let port = if port.is_empty() { "6514" } else { port };
    let port = port.parse::<u16>().ok().filter(|port| *port > 0);
    if port.is_none() {
        problems.add("port", "Give a port from 1 to 65535, or leave it empty for 6514.");
    }
    let text = match host? {
        Host::Domain(name) => name,
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => address.to_string(),
    };
    Some(Destination::Syslog {
        host: text,
        port: port?,
    })
}

fn s3(ctx: &Ctx, problems: &mut Problems, draft: &StreamDraft) -> Option<Destination> {
    let endpoint = draft.endpoint.trim();
    let endpoint = if endpoint.is_empty() {
        Some(None)
    } else {
        outward::address(ctx, problems, "endpoint", endpoint, EXAMPLE).map(Some)
    };
    let word = |text: &str, extra: &str| {
        let fits = |letter: char| letter.is_ascii_alphanumeric() || extra.contains(letter);
        !text.is_empty() && text.len() <= LONGEST && text.chars().all(fits)
    };
    let region = draft.region.trim();
    if !word(region, "-") || region.len() > 40 {
        problems.add(
            "region",
            "Give the region, such as eu-west-1; stores of your own often take us-east-1.",
        );
    }
    let bucket = draft.bucket.trim();
    // General purpose bucket naming rules of Amazon S3.
    if !word(bucket, "-.") || !(3..=63).contains(&bucket.len()) || bucket.starts_with(['-', '.']) {
        problems.add(
            "bucket",
            "Give the bucket's name: 3 to 63 letters, digits, hyphens and dots.",
        );
    }
    let prefix = draft.prefix.trim().trim_matches('/');
    if !prefix.is_empty()
        && (!word(prefix, "-._/")
            || prefix
                .split('/')
                .any(|part| part.is_empty() || part == "." || part == ".."))
    {
        problems.add(
            "prefix",
            "Use letters, digits, -, _, . and / only, or leave it empty.",
        );
    }
    let key = draft.access_key_id.trim();
    if !word(key, "-_./+=") || key.len() > 128 {
        problems.add("access_key_id", "Give the id of an access key.");
    }
    let secret = draft.secret_access_key.trim();
    if secret.is_empty() || secret.len() > LONGEST || !secret.is_ascii() {
        problems.add("secret_access_key", "Give the secret access key.");
    }
    Some(Destination::S3 {
        endpoint: endpoint?,
        region: region.to_owned(),
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
        access_key_id: key.to_owned(),
    })
}

fn authorities(problems: &mut Problems, text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let fits = text.len() <= AUTHORITIES
        && text.contains("-----BEGIN CERTIFICATE-----")
        && !text.contains("PRIVATE KEY");
    if !fits {
        problems.add(
            "authorities",
            "Give certificates as PEM, from -----BEGIN CERTIFICATE----- on, and no private key; or leave it empty.",
        );
    }
    Some(text.to_owned())
}
