//! Where a request comes from, proxies looked through.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
    sync::Arc,
};

use axum::extract::ConnectInfo;
use http::{Extensions, HeaderMap};
use ipnet::IpNet;

const FOR: &str = "x-forwarded-for";
const PROTO: &str = "x-forwarded-proto";

/// Where a request comes from. In the request's extensions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The address: of the peer, or what a trusted proxy says of whom it serves.
    pub address: Option<IpAddr>,
    /// Whether a trusted proxy says that it was reached over https.
    pub https: bool,
}

/// The proxies whose word is believed.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Arc<[IpNet]>);

impl Proxies {
    /// These networks.
    pub fn new(networks: &[IpNet]) -> Self {
        Self(networks.into())
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Whether the peer of a request is a trusted proxy.
    pub(crate) fn is_behind_one(&self, extensions: &Extensions) -> bool {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>();
        peer.is_some_and(|peer| self.trusts(peer.0.ip().to_canonical()))
    }

    /// The client behind a request.
    pub(crate) fn client(&self, extensions: &Extensions, headers: &HeaderMap) -> Client {
        let peer = extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|info| info.0.ip().to_canonical());
        let Some(peer) = peer.filter(|peer| self.trusts(*peer)) else {
            return Client {
                address: peer,
                https: false,
            };
        };
        let proto = headers.get_all(PROTO).iter().next_back();
        let https = proto.and_then(|value| value.to_str().ok()).is_some_and(|value| {
            value
                .rsplit(',')
                .next()
                .is_some_and(|last| last.trim().eq_ignore_ascii_case("https"))
        });
        Client {
            address: Some(self.behind(peer, headers)),
            https,
        }
    }

    /// Each proxy appends whom it serves, so the last entries are true as long as trusted
    /// proxies wrote them. The first that none of ours wrote could be anything: what it says is
    /// the client, and what stands before it is not read. An entry that is no address ends it.
    fn behind(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut nearest = peer;
        for value in headers.get_all(FOR).iter().rev() {
            for entry in value.to_str().unwrap_or("-").rsplit(',') {
                let Some(address) = parse(entry.trim()) else {
                    return nearest;
                };
                nearest = address;
                if !self.trusts(address) {
                    return nearest;
                }
            }
        }
        nearest
    }
}

/// An address, with or without a port.
fn parse(entry: &str) -> Option<IpAddr> {
    let bare = entry
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(entry);
    let address = IpAddr::from_str(bare).or_else(|_| SocketAddr::from_str(entry).map(|address| address.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn client(peer: &str, forwarded: &[&str], proto: &[&str]) -> Client {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap());
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::from((
            IpAddr::from_str(peer).unwrap(),
            1,
        ))));
        let mut headers = HeaderMap::new();
        for (name, values) in [(FOR, forwarded), (PROTO, proto)] {
            for value in values {
                headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
            }
        }
        Proxies::new(&trusted).client(&extensions, &headers)
    }

    fn address(peer: &str, forwarded: &[&str]) -> String {
        client(peer, forwarded, &[]).address.unwrap().to_string()
    }

    #[test]
    fn a_stranger_cannot_name_another_address() {
        let found = client("203.0.113.9", &["198.51.100.1"], &["https"]);
        assert_eq!(
            found,
            Client {
                address: "203.0.113.9".parse().ok(),
                https: false
            }
        );
    }

    #[test]
    fn a_trusted_proxy_says_whom_it_serves() {
        assert_eq!(address("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(address("::ffff:10.0.0.1", &["198.51.100.1:4444"]), "198.51.100.1");
        assert_eq!(address("fd00::1", &["[2001:db8::1]:4444"]), "2001:db8::1");
        assert_eq!(address("fd00::1", &["[2001:db8::1]"]), "2001:db8::1");
        assert_eq!(address("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn what_the_client_itself_put_before_is_not_believed() {
        assert_eq!(address("10.0.0.1", &["192.0.2.7, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            address("10.0.0.1", &["192.0.2.7", "198.51.100.1, 10.0.0.2"]),
            "198.51.100.1"
        );
        assert_eq!(
            address("10.0.0.1", &["198.51.100.1, nonsense, 10.0.0.2"]),
            "10.0.0.2"
        );
        assert_eq!(address("10.0.0.1", &["nonsense"]), "10.0.0.1");
        assert_eq!(address("10.0.0.1", &["\u{e9}"]), "10.0.0.1");
    }

    #[test]
    fn the_last_word_on_https_counts() {
        assert!(client("10.0.0.1", &[], &["https"]).https);
        assert!(client("10.0.0.1", &[], &["http, HTTPS"]).https);
        assert!(!client("10.0.0.1", &[], &["https, http"]).https);
        assert!(!client("10.0.0.1", &[], &["https", "http"]).https);
        assert!(!client("10.0.0.1", &[], &[]).https);
    }
}
