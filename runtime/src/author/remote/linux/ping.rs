//! What a guest can reach, by ICMP.

use std::net::IpAddr;
use std::time::Duration;

use super::{Command, Guest, RemoteError};

/// The result of some echo requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ping {
    /// How many were sent.
    pub sent: u32,
    /// How many came back.
    pub received: u32,
    /// Their average round trip; none if none came back.
    pub average: Option<Duration>,
}

/// Has the guest ping an address so many times, a second apart.
///
/// No answer is no error: the result says how many came back.
pub async fn ping(guest: &Guest, address: IpAddr, count: u32) -> Result<Ping, RemoteError> {
    // The first busyboxes have a program of its own for IPv6.
    let program = "PATH=$PATH:/sbin:/usr/sbin; p=ping; ";
    let six = "command -v ping6 >/dev/null && p=ping6; ";
    let six = if address.is_ipv6() { six } else { "" };
    let patience = Duration::from_secs(10) + 2 * Duration::from_secs(1) * count;
    let command = Command::shell(format!("{program}{six}exec $p -c {count} -W 2 {address}"));
    let command = command.within(patience);
    let named = command.to_string();
    let output = guest.run(command).await?;
    parse(&output.text()).ok_or_else(|| guest.unread(&named, &output))
}

/// Parses the summary of `ping` of iputils or busybox.
fn parse(text: &str) -> Option<Ping> {
    let line = text.lines().find(|line| line.contains("packets transmitted"))?;
    let mut numbers = line.split(',').map(|part| part.split_whitespace().next()?.parse().ok());
    let (sent, received) = (numbers.next()??, numbers.next()??);
    let times = text.lines().find(|line| {
        line.starts_with("rtt min/avg/max") || line.starts_with("round-trip min/avg/max")
    });
    let average = times.and_then(|line| {
        let millis: f64 = line.split_once('=')?.1.split('/').nth(1)?.trim().parse().ok()?;
        Duration::try_from_secs_f64(millis / 1000.0).ok()
    });
    Some(Ping { sent, received, average })
}

#[cfg(test)]
mod tests {
    use super::*;

    const IPUTILS: &str = "\
PING 10.1.0.1 (10.1.0.1) 56(84) bytes of data.
64 bytes from 10.1.0.1: icmp_seq=1 ttl=64 time=0.412 ms

--- 10.1.0.1 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 2003ms
rtt min/avg/max/mdev = 0.250/0.500/0.750/0.040 ms
";

    const BUSYBOX: &str = "\
PING 10.1.0.1 (10.1.0.1): 56 data bytes
64 bytes from 10.1.0.1: seq=0 ttl=64 time=1.215 ms

--- 10.1.0.1 ping statistics ---
3 packets transmitted, 2 packets received, 33% packet loss
round-trip min/avg/max = 1.000/1.500/2.000 ms
";

    #[test]
    fn iputils_and_busybox_are_read() {
        let average = |micros| Some(Duration::from_micros(micros));
        assert_eq!(parse(IPUTILS), Some(Ping { sent: 3, received: 3, average: average(500) }));
        assert_eq!(parse(BUSYBOX), Some(Ping { sent: 3, received: 2, average: average(1500) }));
    }

    #[test]
    fn no_answer_is_a_result_and_no_statistics_are_none() {
        let lost = "2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 1001ms";
        assert_eq!(parse(lost), Some(Ping { sent: 2, received: 0, average: None }));
        assert_eq!(parse("ping: bad address 'x'"), None);
        assert_eq!(parse(""), None);
    }
}
