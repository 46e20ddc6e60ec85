//! The disks of a guest, and file systems on them.

use super::{Command, Guest, RemoteError, read};

/// A disk; partitions, loop devices and memory devices are not listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disk {
    /// Its name, as in `vdb`; the device is `/dev/vdb`.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Whether it cannot be written.
    pub is_read_only: bool,
    /// Its serial number, where it has one: nova gives a volume's id (of which virtio
    /// shows the first 20 letters).
    pub serial: Option<String>,
}

/// A busybox may lack `lsblk`, and the kernel's files are the same everywhere. An entry
/// without a device behind it is not a disk.
const LIST: &str = r#"for d in /sys/block/*; do
[ -e "$d/device" ] || continue
echo "${d##*/} $(cat "$d/size") $(cat "$d/ro") $(cat "$d/serial" 2>/dev/null)"
done"#;

/// The unit of a disk's size in the kernel, whatever the disk's block size.
const SECTOR: u64 = 512;

/// Returns the disks, sorted by name.
pub async fn disks(guest: &Guest) -> Result<Vec<Disk>, RemoteError> {
    read(guest, LIST, parse).await
}

/// Creates a file system on a device with the guest's `mkfs.<kind>`, as root.
pub async fn make_filesystem(guest: &Guest, kind: &str, device: &str) -> Result<(), RemoteError> {
    let path = "PATH=$PATH:/sbin:/usr/sbin; exec";
    let command = Command::shell(path).arg(format!("mkfs.{kind}")).arg(device).as_root();
    guest.check(command).await.map(drop)
}

/// Mounts a device on a folder, which is created if needed, as root.
pub async fn mount(guest: &Guest, device: &str, folder: &str) -> Result<(), RemoteError> {
    guest.check(Command::new("mkdir").args(["-p", folder]).as_root()).await?;
    guest.check(Command::new("mount").args([device, folder]).as_root()).await.map(drop)
}

/// Unmounts a folder, as root.
pub async fn unmount(guest: &Guest, folder: &str) -> Result<(), RemoteError> {
    guest.check(Command::new("umount").arg(folder).as_root()).await.map(drop)
}

fn parse(text: &str) -> Option<Vec<Disk>> {
    let line = |line: &str| {
        let mut words = line.split_whitespace();
        let name = words.next()?.to_owned();
        let bytes = words.next()?.parse::<u64>().ok()?.checked_mul(SECTOR)?;
        let is_read_only = words.next()? != "0";
        Some(Disk { name, bytes, is_read_only, serial: words.next().map(str::to_owned) })
    };
    text.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disks_have_bytes_and_a_serial_where_there_is_one() {
        let text = "sr0 1024 1 \nvda 2097152 0 \nvdb 4194304 0 0a1b2c3d-4e5f-6071-8\n";
        let disk = |name: &str, bytes, is_read_only, serial: Option<&str>| Disk {
            name: name.to_owned(),
            bytes,
            is_read_only,
            serial: serial.map(str::to_owned),
        };
        assert_eq!(
            parse(text).unwrap(),
            [
                disk("sr0", 524_288, true, None),
                disk("vda", 1 << 30, false, None),
                disk("vdb", 2 << 30, false, Some("0a1b2c3d-4e5f-6071-8")),
            ]
        );
        assert_eq!(parse("").unwrap(), []);
        assert_eq!(parse("vda  0"), None);
    }

    #[test]
    fn the_list_is_made_by_any_shell() {
        let out = std::process::Command::new("sh").args(["-c", LIST]).output().unwrap();
        assert!(out.status.success(), "{out:?}");
        let text = String::from_utf8(out.stdout).unwrap();
        assert!(parse(&text).is_some(), "{text}");
    }
}
