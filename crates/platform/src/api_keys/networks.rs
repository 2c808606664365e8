//! From where a key may be used.

use std::{fmt, net::IpAddr};

use ipnet::IpNet;

/// Networks that a key has at most.
const MOST: usize = 50;

/// A list of networks; an empty one lets everybody in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Networks(Vec<IpNet>);

impl Networks {
    /// Reads networks in CIDR notation; a bare address is a network of one, and an IPv4 address
    /// within IPv6 (`::ffff:192.0.2.1`) is that IPv4 address.
    ///
    /// # Errors
    /// What is wrong, for whoever typed it.
    pub(super) fn read<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut networks = Vec::new();
        let mut given = 0_usize;
        for text in texts.into_iter().map(str::trim).filter(|text| !text.is_empty()) {
            given += 1;
            let network = one(text).ok_or_else(|| {
                format!("“{text}” is no network. Write one such as 192.0.2.0/24, 2001:db8::/32, or a single address.")
            })?;
            if network.prefix_len() == 0 {
                return Err(format!(
                    "“{text}” is every address. Leave the list empty, if the key may be used from everywhere."
                ));
            }
            if !networks.contains(&network) {
                networks.push(network);
            }
        }
        if given > MOST {
            return Err(format!("A key has at most {MOST} networks. Use wider ones."));
        }
        Ok(Self(networks))
    }

    /// Whether it lets everybody in.
    pub(super) const fn is_open(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a call may come from here; whoever cannot be placed is let in by an empty list only.
    pub(super) fn admit(&self, address: Option<IpAddr>) -> bool {
        let within = |address: IpAddr| {
            self.0
                .iter()
                .any(|network| network.contains(&address.to_canonical()))
        };
        self.is_open() || address.is_some_and(within)
    }

    /// Whether everybody whom the others let in is let in.
    pub(super) fn cover(&self, others: &Self) -> bool {
        let covered = |other: &IpNet| self.0.iter().any(|network| network.contains(other));
        self.is_open() || (!others.is_open() && others.0.iter().all(covered))
    }

    /// Each, in CIDR notation.
    pub(super) fn list(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }
}

impl fmt::Display for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.list().join(" "))
    }
}

fn one(text: &str) -> Option<IpNet> {
    let network = match text.parse::<IpNet>() {
        Ok(network) => network,
        Err(_) => IpNet::from(text.parse::<IpAddr>().ok()?),
    };
    Some(canonical(network).trunc())
}

/// A network of IPv4 addresses within IPv6 as the IPv4 network that it is.
fn canonical(network: IpNet) -> IpNet {
    const MAPPED: u8 = 96;
    let IpAddr::V4(address) = network.addr().to_canonical() else {
        return network;
    };
    let prefix = match network {
        IpNet::V4(_) => Some(network.prefix_len()),
        IpNet::V6(_) => network.prefix_len().checked_sub(MAPPED),
    };
    prefix
        .and_then(|prefix| IpNet::new(IpAddr::V4(address), prefix).ok())
        .unwrap_or(network)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::Networks;

    fn networks(texts: &[&str]) -> Networks {
        Networks::read(texts.iter().copied()).unwrap()
    }

    fn from(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_call_is_let_in_from_within() {
        let some = networks(&["192.0.2.77/24", " 2001:db8::/32", "198.51.100.7", ""]);
        assert_eq!(some.to_string(), "192.0.2.0/24 2001:db8::/32 198.51.100.7/32");
        for inside in [
            "192.0.2.1",
            "::ffff:192.0.2.1",
            "2001:db8:ffff::1",
            "198.51.100.7",
        ] {
            assert!(some.admit(Some(from(inside))), "{inside}");
        }
        for outside in ["192.0.3.1", "2001:db9::1", "198.51.100.8", "::1"] {
            assert!(!some.admit(Some(from(outside))), "{outside}");
        }
        assert!(!some.admit(None));
        assert!(Networks::default().admit(None));
    }

    #[test]
    fn ipv4_within_ipv6_is_ipv4() {
        assert_eq!(networks(&["::ffff:192.0.2.0/120"]), networks(&["192.0.2.0/24"]));
        assert_eq!(
            networks(&["::ffff:192.0.2.1", "192.0.2.1"]).list(),
            ["192.0.2.1/32"]
        );
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in [
            "example.com",
            "192.0.2.0/33",
            "192.0.2",
            "0.0.0.0/0",
            "::/0",
            "::ffff:0.0.0.0/96",
        ] {
            assert!(Networks::read([text]).is_err(), "{text}");
        }
        let many: Vec<String> = (0..51).map(|last| format!("192.0.2.{last}")).collect();
        assert!(Networks::read(many.iter().map(String::as_str)).is_err());
    }

    #[test]
    fn one_list_covers_another() {
        let wide = networks(&["192.0.2.0/24", "2001:db8::/32"]);
        assert!(wide.cover(&networks(&["192.0.2.128/25"])));
        assert!(!wide.cover(&networks(&["192.0.2.128/25", "203.0.113.1"])));
        assert!(
            !wide.cover(&Networks::default()),
            "everywhere is more than somewhere"
        );
        assert!(Networks::default().cover(&wide));
    }
}
