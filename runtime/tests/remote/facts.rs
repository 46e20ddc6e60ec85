//! What is asked of a guest, asked of this machine through its SSH server: with its own
//! programs, and with busybox's.

use squall::remote::{Guest, linux};

use crate::server::Server;
use crate::setting::Setting;

async fn guest(server: Server) -> (Setting, Server, Guest) {
    let setting = Setting::new().await;
    let guest = server.login().connect(&setting.ctx).await.unwrap();
    (setting, server, guest)
}

fn here(path: &str) -> String {
    std::fs::read_to_string(path).unwrap().trim().to_owned()
}

#[tokio::test]
#[ignore = "needs sshd: `.ci/sshd` gets it"]
async fn a_file_of_any_bytes_comes_back_as_it_was() {
    files(Server::start()).await;
    files(Server::start_busybox()).await;
}

async fn files(server: Server) {
    let (setting, server, guest) = guest(server).await;
    let bytes: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).chain([0, 255, 10]).collect();
    linux::write_file(&guest, "it's a file", bytes.clone()).await.unwrap();
    assert_eq!(std::fs::read(server.home().join("it's a file")).unwrap(), bytes);
    assert!(linux::read_file(&guest, "it's a file").await.unwrap() == bytes);
    linux::write_file(&guest, "it's a file", "").await.unwrap();
    let empty = linux::md5(&guest, "it's a file").await.unwrap();
    assert_eq!(empty, "d41d8cd98f00b204e9800998ecf8427e");
    linux::write_file(&guest, "abc", "abc").await.unwrap();
    assert_eq!(
        linux::sha256(&guest, "abc").await.unwrap(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    let error = linux::read_file(&guest, "none").await.unwrap_err();
    assert!(
        error.to_string().contains("No such file") || error.to_string().contains("none"),
        "{error}"
    );
    setting.finish().await;
}

#[tokio::test]
#[ignore = "needs sshd: `.ci/sshd` gets it"]
async fn what_the_guest_is_is_what_its_kernel_says() {
    system(Server::start()).await;
    system(Server::start_busybox()).await;
}

async fn system(server: Server) {
    let (setting, _server, guest) = guest(server).await;
    assert_eq!(linux::hostname(&guest).await.unwrap(), here("/proc/sys/kernel/hostname"));
    assert_eq!(linux::boot_id(&guest).await.unwrap(), here("/proc/sys/kernel/random/boot_id"));
    let online = std::thread::available_parallelism().unwrap().get();
    assert!(linux::cpus(&guest).await.unwrap() >= online);
    let memory = linux::memory(&guest).await.unwrap();
    assert!(here("/proc/meminfo").contains(&format!("{} kB", memory / 1024)), "{memory}");
    let uptime = linux::uptime(&guest).await.unwrap();
    let since = linux::booted_at(&guest).await.unwrap();
    assert!(!uptime.is_zero() && since < jiff::Timestamp::now());
    linux::name_servers(&guest).await.unwrap();
    for disk in linux::disks(&guest).await.unwrap() {
        let size = here(&format!("/sys/block/{}/size", disk.name));
        assert_eq!(disk.bytes, size.parse::<u64>().unwrap() * 512, "{disk:?}");
    }
    setting.finish().await;
}

#[tokio::test]
#[ignore = "needs sshd: `.ci/sshd` gets it"]
async fn interfaces_are_those_of_the_kernel() {
    let (setting, _server, guest) = guest(Server::start_busybox()).await;
    let help = guest.check("ip --help 2>&1").await.unwrap().text();
    assert!(help.starts_with("BusyBox"), "{help}");
    let all = linux::interfaces(&guest).await.unwrap();
    let mut names: Vec<&str> = all.iter().map(|nic| nic.name.as_str()).collect();
    let folders = std::fs::read_dir("/sys/class/net").unwrap().map(|entry| entry.unwrap());
    let folders = folders.filter(|entry| entry.path().is_dir());
    let mut wanted: Vec<_> =
        folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(names, wanted);
    let lo = all.iter().find(|nic| nic.name == "lo").unwrap();
    assert!(lo.is_up && lo.mac.as_deref() == Some("00:00:00:00:00:00"), "{lo:?}");
    assert_eq!((lo.addresses[0].ip.to_string(), lo.addresses[0].prefix), ("127.0.0.1".into(), 8));
    for nic in &all {
        let mtu = here(&format!("/sys/class/net/{}/mtu", nic.name));
        assert_eq!(nic.mtu.map(|mtu| mtu.to_string()), Some(mtu), "{nic:?}");
    }
    setting.finish().await;
}
