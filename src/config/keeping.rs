//! The keys of `[retention]` and `[outbound]`.

use std::str::FromStr;

use ipnet::IpNet;
use platform::retention::{Limits, Span};

use super::{
    check::{quoted, whole},
    read::{Given, Reader},
};

/// Longer than anybody is asked to keep anything.
const LONGEST: i64 = 36_500;

/// For how many days things may be kept.
pub(super) fn retention(reader: &mut Reader) -> Option<Limits> {
    let default = Limits::default();
    let audit_events = span(
        reader,
        ("retention.audit_min_days", "retention.audit_max_days"),
        default.audit_events,
    );
    let verifications = span(
        reader,
        (
            "retention.verification_min_days",
            "retention.verification_max_days",
        ),
        default.verifications,
    );
    let calls = span(
        reader,
        ("retention.call_min_days", "retention.call_max_days"),
        default.calls,
    );
    Some(Limits {
        audit_events: audit_events?,
        verifications: verifications?,
        calls: calls?,
    })
}

fn span(reader: &mut Reader, (least, most): (&'static str, &'static str), default: Span) -> Option<Span> {
    let shortest = reader.one(least, &default.least.to_string(), whole(1..=LONGEST, "days"));
    let longest = reader.one(most, &default.most.to_string(), whole(1..=LONGEST, "days"));
    let span = Span {
        least: shortest?,
        most: longest?,
    };
    if span.least > span.most {
        reader.problem(format!("{least}: give at most what {most} is"));
    }
    Some(span)
}

/// Networks beside the public internet that addresses which customers give may lead to.
pub(super) fn outbound(reader: &mut Reader) -> Option<Vec<IpNet>> {
    reader.any("outbound.allow_networks", "", |given| {
        let entries = match given {
            Given::One(text) => text.split(',').map(|entry| entry.trim().to_owned()).collect(),
            Given::Many(entries) => entries,
            Given::Tables(_) => return Err("give a list of texts, not of tables".to_owned()),
        };
        let mut networks = Vec::new();
        for entry in entries.iter().filter(|entry| !entry.is_empty()) {
            let network = IpNet::from_str(entry)
                .map_err(|_| format!("{entry:?} is no network; give networks such as 10.20.0.0/16"))?;
            if network.prefix_len() < 8 {
                return Err(format!(
                    "{entry} is too much: give what streams and webhooks need"
                ));
            }
            networks.push(network);
        }
        let shown = networks.iter().map(quoted).collect::<Vec<_>>().join(", ");
        Ok((networks, format!("[{shown}]")))
    })
}
