//! Address arithmetic: prefixes, pools and the next free address.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpAddrRange, IpNet, Ipv4AddrRange, Ipv6AddrRange};

/// An IP prefix, as in `10.0.0.0/24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Prefix(IpNet);

impl Prefix {
    /// Reads a prefix; host bits are cleared, as network does.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(|prefix: IpNet| Self(prefix.trunc()))
    }

    pub(crate) fn is_v4(self) -> bool {
        matches!(self.0, IpNet::V4(_))
    }

    /// Returns the first address, that of the network itself.
    pub(crate) fn first(self) -> IpAddr {
        self.0.network()
    }

    /// Returns the last address: the broadcast address of an IPv4 prefix.
    pub(crate) fn last(self) -> IpAddr {
        self.0.broadcast()
    }

    /// Returns the address that many after the first.
    pub(crate) fn nth(self, offset: u128) -> IpAddr {
        make(number(self.first()) + offset, self.is_v4())
    }

    /// Whether half of its addresses' bits are left to hosts.
    pub(crate) fn takes_eui64(self) -> bool {
        self.0.prefix_len() == 64
    }

    /// Returns the address of an IPv6 prefix that a host with this MAC address makes itself
    /// (RFC 4291, appendix A).
    pub(crate) fn eui64(self, mac: &str) -> Option<IpAddr> {
        let bytes: Vec<u8> = mac
            .split([':', '-'])
            .map(|pair| u8::from_str_radix(pair, 16).ok())
            .collect::<Option<_>>()?;
        let mac: [u8; 6] = bytes.try_into().ok()?;
        let host = [mac[0] ^ 2, mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5]];
        let host = u64::from_be_bytes(host);
        (!self.is_v4()).then(|| self.nth(u128::from(host)))
    }

    pub(crate) fn contains(self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }

    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.0.contains(&other.0) || other.0.contains(&self.0)
    }

    /// Returns the pools that network chooses: all hosts but the gateway.
    pub(crate) fn pools(self, gateway: Option<IpAddr>) -> Vec<(IpAddr, IpAddr)> {
        let (first, last) = (number(self.first()), number(self.last()));
        let (low, high) = match (last - first, self.is_v4()) {
            (0 | 1, _) => (first, last),
            (_, true) => (first + 1, last - 1),
            (_, false) => (first + 1, last),
        };
        let mut ranges = vec![(low, high)];
        if let Some(gateway) = gateway.map(number).filter(|g| *g >= low && *g <= high) {
            ranges = vec![(low, gateway.wrapping_sub(1)), (gateway + 1, high)];
        }
        ranges
            .into_iter()
            .filter(|(start, end)| start <= end && *end <= high)
            .map(|(start, end)| (make(start, self.is_v4()), make(end, self.is_v4())))
            .collect()
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Returns the first address of the pools that is not taken.
pub(crate) fn free(pools: &[(IpAddr, IpAddr)], taken: impl Fn(IpAddr) -> bool) -> Option<IpAddr> {
    let addresses = pools.iter().filter_map(|pool| match *pool {
        (IpAddr::V4(start), IpAddr::V4(end)) => Some(Ipv4AddrRange::new(start, end).into()),
        (IpAddr::V6(start), IpAddr::V6(end)) => Some(Ipv6AddrRange::new(start, end).into()),
        _ => None,
    });
    addresses.flat_map(|range: IpAddrRange| range).find(|address| !taken(*address))
}

/// Whether an address lies in one of the pools.
pub(crate) fn within(pools: &[(IpAddr, IpAddr)], address: IpAddr) -> bool {
    pools.iter().any(|(start, end)| *start <= address && address <= *end)
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "an IPv4 number has 32 bits")]
fn make(number: u128, v4: bool) -> IpAddr {
    if v4 { Ipv4Addr::from(number as u32).into() } else { Ipv6Addr::from(number).into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn host_bits_are_cleared_and_pools_leave_the_gateway_out() {
        let prefix = Prefix::parse("10.0.0.7/29").unwrap();
        assert_eq!(prefix.to_string(), "10.0.0.0/29");
        assert_eq!(prefix.pools(Some(ip("10.0.0.1"))), [(ip("10.0.0.2"), ip("10.0.0.6"))]);
        assert_eq!(
            prefix.pools(Some(ip("10.0.0.3"))),
            [(ip("10.0.0.1"), ip("10.0.0.2")), (ip("10.0.0.4"), ip("10.0.0.6"))]
        );
    }

    #[test]
    fn a_host_makes_its_address_of_its_mac() {
        let prefix = Prefix::parse("2001:db8::/64").unwrap();
        let address = prefix.eui64("fa:16:3e:01:02:03");
        assert_eq!(address, Some(ip("2001:db8::f816:3eff:fe01:203")));
        assert_eq!(prefix.eui64("fa:16"), None);
        assert_eq!(Prefix::parse("10.0.0.0/8").unwrap().eui64("fa:16:3e:01:02:03"), None);
    }

    #[test]
    fn the_next_free_address_is_the_lowest() {
        let pools = Prefix::parse("fd00::/126").unwrap().pools(Some(ip("fd00::1")));
        assert_eq!(free(&pools, |a| a == ip("fd00::2")), Some(ip("fd00::3")));
        assert_eq!(free(&pools, |_| true), None);
    }

    #[test]
    fn what_is_no_prefix_is_refused_and_the_widest_one_is_taken() {
        for text in ["", "10.0.0.0", "10.0.0.0/33", "x/8"] {
            assert_eq!(Prefix::parse(text), None, "{text}");
        }
        assert!(Prefix::parse("::/0").unwrap().contains(ip("ffff::1")));
    }

    #[test]
    fn prefixes_overlap_when_one_holds_the_other() {
        let prefix = |text| Prefix::parse(text).unwrap();
        assert!(prefix("10.0.0.0/8").overlaps(prefix("10.1.0.0/16")));
        assert!(!prefix("10.0.0.0/16").overlaps(prefix("10.1.0.0/16")));
    }
}
