//! The network interfaces of a guest and their addresses.

use std::net::IpAddr;

use super::{Guest, RemoteError, read};

/// A network interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkInterface {
    /// Its name, as in `eth0`.
    pub name: String,
    /// Its hardware address in lower case, if it has one.
    pub mac: Option<String>,
    /// The largest packet it sends, in bytes.
    pub mtu: Option<u32>,
    /// Whether it is up (its carrier may still be missing).
    pub is_up: bool,
    /// Its addresses, in the kernel's order.
    pub addresses: Vec<Address>,
}

/// An address of an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// The address.
    pub ip: IpAddr,
    /// The length of its network prefix in bits.
    pub prefix: u8,
}

/// Returns the interfaces, including the loopback (`ip addr`).
pub async fn interfaces(guest: &Guest) -> Result<Vec<NetworkInterface>, RemoteError> {
    // A user's PATH may lack the folder that `ip` is in.
    read(guest, "PATH=$PATH:/sbin:/usr/sbin ip addr", parse).await
}

/// Parses the output of `ip addr` of iproute2 or busybox; none if it lists no interface,
/// since every guest has one.
fn parse(text: &str) -> Option<Vec<NetworkInterface>> {
    let mut all: Vec<NetworkInterface> = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [_, name, flags, rest @ ..] if line.starts_with(|c: char| c.is_ascii_digit()) => {
                let name = name.trim_end_matches(':');
                // A VLAN's name has that of the interface below it added.
                let name = name.split('@').next().unwrap_or(name).to_owned();
                let flags = flags.trim_matches(['<', '>']);
                let is_up = flags.split(',').any(|flag| flag == "UP");
                let mtu = after("mtu", rest).and_then(|mtu| mtu.parse().ok());
                all.push(NetworkInterface { name, mac: None, mtu, is_up, addresses: Vec::new() });
            }
            [link, mac, ..] if link.starts_with("link/") => {
                let last = all.last_mut()?;
                last.mac = (mac.split(':').count() == 6).then(|| mac.to_ascii_lowercase());
            }
            ["inet" | "inet6", own, rest @ ..] => {
                let (ip, own_prefix) = split(own)?;
                let peer = after("peer", rest).and_then(split).and_then(|(_, prefix)| prefix);
                let whole = if ip.is_ipv4() { 32 } else { 128 };
                let prefix = own_prefix.or(peer).unwrap_or(whole);
                all.last_mut()?.addresses.push(Address { ip, prefix });
            }
            _ => {}
        }
    }
    (!all.is_empty()).then_some(all)
}

fn after<'a>(word: &str, words: &[&'a str]) -> Option<&'a str> {
    words.iter().skip_while(|found| **found != word).nth(1).copied()
}

fn split(text: &str) -> Option<(IpAddr, Option<u8>)> {
    match text.split_once('/') {
        Some((ip, prefix)) => Some((ip.parse().ok()?, Some(prefix.parse().ok()?))),
        None => Some((text.parse().ok()?, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IPROUTE2: &str = "\
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
2: ens3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1442 qdisc fq_codel state UP group default qlen 1000
    link/ether FA:16:3e:0a:0b:0c brd ff:ff:ff:ff:ff:ff
    altname enp0s3
    inet 10.1.0.5/26 metric 100 brd 10.1.0.63 scope global dynamic ens3
       valid_lft 42941sec preferred_lft 42941sec
    inet6 fe80::f816:3eff:fe0a:b0c/64 scope link 
       valid_lft forever preferred_lft forever
3: ens3.7@ens3: <BROADCAST,MULTICAST> mtu 1442 qdisc noop state DOWN group default
    link/ether fa:16:3e:0a:0b:0d brd ff:ff:ff:ff:ff:ff
4: tun0: <POINTOPOINT,NOARP,UP,LOWER_UP> mtu 1400 qdisc fq_codel state UNKNOWN
    link/none 
    inet 10.8.0.2 peer 10.8.0.1/32 scope global tun0
";

    const BUSYBOX: &str = "\
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host 
       valid_lft forever preferred_lft forever
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1442 qdisc pfifo_fast qlen 1000
    link/ether fa:16:3e:aa:bb:cc brd ff:ff:ff:ff:ff:ff
    inet 192.168.233.11/24 brd 192.168.233.255 scope global eth0
       valid_lft forever preferred_lft forever
";

    fn address(ip: &str, prefix: u8) -> Address {
        Address { ip: ip.parse().unwrap(), prefix }
    }

    #[test]
    fn iproute2_is_read() {
        let all = parse(IPROUTE2).unwrap();
        let names: Vec<&str> = all.iter().map(|nic| nic.name.as_str()).collect();
        assert_eq!(names, ["lo", "ens3", "ens3.7", "tun0"]);
        assert_eq!(
            all[1],
            NetworkInterface {
                name: "ens3".to_owned(),
                mac: Some("fa:16:3e:0a:0b:0c".to_owned()),
                mtu: Some(1442),
                is_up: true,
                addresses: vec![address("10.1.0.5", 26), address("fe80::f816:3eff:fe0a:b0c", 64)],
            }
        );
        assert!(!all[2].is_up);
        assert_eq!(
            (all[3].mac.as_deref(), &*all[3].addresses),
            (None, &[address("10.8.0.2", 32)][..])
        );
    }

    #[test]
    fn busybox_is_read() {
        let all = parse(BUSYBOX).unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].addresses, [address("127.0.0.1", 8), address("::1", 128)]);
        assert_eq!(all[1].mac.as_deref(), Some("fa:16:3e:aa:bb:cc"));
        assert_eq!(all[1].addresses, [address("192.168.233.11", 24)]);
        assert!(all[1].is_up);
    }

    #[test]
    fn what_tells_of_no_interface_is_not_read_as_none() {
        for text in ["", "sh: ip: not found", "    inet 10.1.0.5/26 scope global eth0"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
