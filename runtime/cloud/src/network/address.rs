//! Address arithmetic: prefixes, pools and the next free address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An IP prefix, as in `10.0.0.0/24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Prefix {
    first: u128,
    bits: u32,
    width: u32,
}

impl Prefix {
    /// Reads a prefix; host bits are cleared, as network does.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        let address: IpAddr = address.parse().ok()?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits: u32 = bits.parse().ok().filter(|bits| *bits <= width)?;
        let host = Self::ones(width - bits);
        Some(Self { first: number(address) & !host, bits, width })
    }

    pub(crate) fn is_v4(self) -> bool {
        self.width == 32
    }

    /// Gives the first address, that of the network itself.
    pub(crate) fn first(self) -> IpAddr {
        self.address(self.first)
    }

    /// Gives the last address: the broadcast address of an IPv4 prefix.
    pub(crate) fn last(self) -> IpAddr {
        self.address(self.first + Self::ones(self.width - self.bits))
    }

    /// Gives the address that many after the first.
    pub(crate) fn nth(self, offset: u128) -> IpAddr {
        self.address(self.first + offset)
    }

    pub(crate) fn contains(self, address: IpAddr) -> bool {
        address.is_ipv4() == self.is_v4()
            && number(address) >= self.first
            && number(address) <= number(self.last())
    }

    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.width == other.width && (self.contains(other.first()) || other.contains(self.first()))
    }

    /// Gives the pools that network chooses: all hosts but the gateway.
    pub(crate) fn pools(self, gateway: Option<IpAddr>) -> Vec<(IpAddr, IpAddr)> {
        let size = Self::ones(self.width - self.bits);
        let (low, high) = match (size, self.is_v4()) {
            (0 | 1, _) => (self.first, self.first + size),
            (_, true) => (self.first + 1, self.first + size - 1),
            (_, false) => (self.first + 1, self.first + size),
        };
        let mut ranges = vec![(low, high)];
        if let Some(gateway) = gateway.map(number).filter(|g| *g >= low && *g <= high) {
            ranges = vec![(low, gateway.wrapping_sub(1)), (gateway + 1, high)];
        }
        ranges
            .into_iter()
            .filter(|(start, end)| start <= end && *end <= high)
            .map(|(start, end)| (self.address(start), self.address(end)))
            .collect()
    }

    fn ones(bits: u32) -> u128 {
        1_u128.checked_shl(bits).map_or(u128::MAX, |power| power - 1)
    }

    #[expect(clippy::cast_possible_truncation, reason = "an IPv4 number has 32 bits")]
    fn address(self, number: u128) -> IpAddr {
        if self.is_v4() {
            Ipv4Addr::from(number as u32).into()
        } else {
            Ipv6Addr::from(number).into()
        }
    }
}

impl std::fmt::Display for Prefix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.first(), self.bits)
    }
}

/// Gives the first address of the pools that is not taken.
pub(crate) fn free(pools: &[(IpAddr, IpAddr)], taken: impl Fn(IpAddr) -> bool) -> Option<IpAddr> {
    pools
        .iter()
        .flat_map(|(start, end)| {
            let v4 = start.is_ipv4();
            (number(*start)..=number(*end)).map(move |n| make(n, v4))
        })
        .find(|address| !taken(*address))
}

/// Tells whether an address lies in one of the pools.
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
