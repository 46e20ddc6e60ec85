//! A guest's DHCP lease.

use std::net::IpAddr;

use super::{Command, Guest, RemoteError, read};

/// Asks the installed client, without releasing the address first: the connection needs it. `$1` is the interface.
const RENEW: &str = r#"PATH=$PATH:/sbin:/usr/sbin
pid=/var/run/udhcpc.$1.pid
if [ -f "$pid" ]; then exec kill -USR1 "$(cat "$pid")"; fi
if command -v dhcpcd >/dev/null; then exec dhcpcd --rebind "$1"; fi
if command -v dhclient >/dev/null; then exec dhclient -1 "$1"; fi
if command -v networkctl >/dev/null; then exec networkctl renew "$1"; fi
echo "no udhcpc runs on $1, and there is no dhcpcd, dhclient or networkctl" >&2
exit 1"#;

/// Has the guest renew its lease on an interface, as root.
///
/// It asks udhcpc (`CirrOS` up to 0.5), dhcpcd (from 0.6), dhclient or systemd-networkd, and
/// does not wait for the server's answer: wait for what should change.
pub async fn renew_lease(guest: &Guest, interface: &str) -> Result<(), RemoteError> {
    let command = Command::new("sh").args(["-c", RENEW, "sh", interface]).as_root();
    guest.check(command).await.map(drop)
}

/// Returns the guest's name servers (`/etc/resolv.conf`).
pub async fn name_servers(guest: &Guest) -> Result<Vec<IpAddr>, RemoteError> {
    read(guest, "cat /etc/resolv.conf", |text| Some(parse(text))).await
}

fn parse(text: &str) -> Vec<IpAddr> {
    let server = |line: &str| {
        let mut words = line.split_whitespace();
        let word = words.next().filter(|word| *word == "nameserver").and(words.next())?;
        word.split('%').next()?.parse().ok()
    };
    text.lines().filter_map(server).collect()
}

#[cfg(test)]
mod tests {
    use std::process::Command as Local;

    use super::*;

    #[test]
    fn name_servers_are_read() {
        let text = "# by resolvconf\nsearch openstacklocal\nnameserver 10.1.0.2\n\
                    nameserver fe80::1%eth0\n;nameserver 10.1.0.3\noptions ndots:1\n";
        let servers: Vec<String> = parse(text).iter().map(ToString::to_string).collect();
        assert_eq!(servers, ["10.1.0.2", "fe80::1"]);
    }

    #[test]
    fn the_client_that_is_there_is_asked() {
        let sh = |before: &str| {
            // Nothing of this machine is found, and what is found says what it was asked.
            let script = RENEW.replace("PATH=$PATH:/sbin:/usr/sbin", "PATH=/nonexistent");
            let script = format!("{before}\n{}", script.replace("exec ", ""));
            Local::new("/bin/sh").args(["-c", &script, "sh", "squall0"]).output().unwrap()
        };
        let none = sh("");
        assert_eq!(none.status.code(), Some(1));
        let said = String::from_utf8(none.stderr).unwrap();
        assert!(said.starts_with("no udhcpc runs on squall0"), "{said}");
        for (client, asked) in [
            ("dhcpcd", "--rebind squall0"),
            ("dhclient", "-1 squall0"),
            ("networkctl", "renew squall0"),
        ] {
            let out = sh(&format!("{client}() {{ echo {client} \"$@\"; exit 0; }}"));
            let out = String::from_utf8(out.stdout).unwrap();
            assert_eq!(out.trim(), format!("{client} {asked}"));
        }
    }
}
