//! Which addresses may be spoken to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// What may be spoken to beside the public internet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Networks that the operator allows.
    pub allowed: Vec<IpNet>,
    /// Whether this is its developer's machine: then that machine too, also without TLS.
    pub development: bool,
}

impl Policy {
    /// The address as it would be connected to, if it may be.
    pub fn admit(&self, address: IpAddr) -> Option<IpAddr> {
        // `::ffff:10.0.0.1` is 10.0.0.1 (RFC 4291, section 2.5.5.2), and is judged as that.
        let address = address.to_canonical();
        // Where clouds keep the keys of a machine: never, whatever is allowed.
        if is_link_local(address) {
            return None;
        }
        let own = self.development && address.is_loopback();
        let allowed = self.allowed.iter().any(|network| network.contains(&address));
        (own || allowed || is_public(address)).then_some(address)
    }

    /// Whether http without TLS may be spoken with this address.
    pub fn admits_plain(&self, address: IpAddr) -> bool {
        self.development && address.to_canonical().is_loopback()
    }
}

fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// Networks of IPv4 that are not of the public internet, as IANA's special-purpose registry has
/// them (RFC 6890 and its updates), multicast and what is reserved: address and prefix length.
const SPECIAL_V4: [([u8; 4], u8); 15] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = u32::from(address);
    !SPECIAL_V4.iter().any(|(network, length)| {
        let shift = 32 - u32::from(*length);
        bits >> shift == u32::from(Ipv4Addr::from(*network)) >> shift
    })
}

/// Within the global unicast addresses (`2000::/3`), those that are not of the public internet or
/// that carry an address of IPv4 to somebody who unpacks it (Teredo, 6to4). Everything outside
/// of `2000::/3` is refused anyway: `::1`, `fc00::/7`, `fe80::/10`, NAT64's `64:ff9b::/96`.
const SPECIAL_V6: [([u16; 3], u8); 4] = [
    // IETF protocol assignments, Teredo among them (RFC 2928, RFC 4380)
    ([0x2001, 0, 0], 23),
    // Documentation (RFC 3849, RFC 9637)
    ([0x2001, 0xdb8, 0], 32),
    ([0x3fff, 0, 0], 20),
    // 6to4 (RFC 3056)
    ([0x2002, 0, 0], 16),
];

fn is_public_v6(address: Ipv6Addr) -> bool {
    let bits = u128::from(address);
    if bits >> 125 != 0b001 {
        return false;
    }
    !SPECIAL_V6.iter().any(|([one, two, three], length)| {
        let network = u128::from(Ipv6Addr::new(*one, *two, *three, 0, 0, 0, 0, 0));
        let shift = 128 - u32::from(*length);
        bits >> shift == network >> shift
    })
}
