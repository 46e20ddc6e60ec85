//! The folder of one connection: the configuration of `ssh`, the keys it logs in with, and
//! its log. It is removed with the connection, and the keys once they were used.

use std::fmt::Write as _;
use std::fs::{File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use secrecy::ExposeSecret as _;
use tempfile::TempDir;

use super::key::Source;
use super::login::Login;

/// The names of the guest, and of the hosts before it, in the configuration.
pub(super) const GUEST: &str = "guest";
const JUMP: &str = "jump";

/// The suffix of a key file's name.
const KEY: &str = "key";

/// The options for every host: the user's configuration is not read, nothing is prompted for,
/// any host key is accepted, and a host that is gone is noticed after 15 s.
const ALWAYS: &str = "\
BatchMode yes
ConnectTimeout 10
EscapeChar none
ForwardAgent no
GlobalKnownHostsFile /dev/null
IdentitiesOnly yes
IdentityAgent none
PreferredAuthentications publickey
ServerAliveCountMax 3
ServerAliveInterval 5
StrictHostKeyChecking no
UserKnownHostsFile /dev/null
";

/// The folder, which only its owner can read.
#[derive(Debug)]
pub(super) struct Folder(TempDir);

impl Folder {
    /// Creates the folder of a login, with its keys in it.
    pub(super) fn make(login: &Login) -> io::Result<Self> {
        let mut made = tempfile::Builder::new();
        made.prefix("squall-ssh-").permissions(Permissions::from_mode(0o700));
        let folder = Self(made.tempdir()?);
        let mut text = ALWAYS.to_owned();
        let mut name = GUEST.to_owned();
        let mut next = Some(login);
        let mut hops = 0;
        while let Some(login) = next {
            let key = folder.key(&name, login)?;
            hops += 1;
            let jump = login.jump.as_ref().map(|_| format!("{JUMP}{hops}"));
            host(&mut text, &name, login, &key, jump.as_deref());
            if name == GUEST {
                let socket = escaped(&folder.socket());
                let _ = writeln!(text, "ControlMaster yes\nControlPath \"{socket}\"");
            }
            name = jump.unwrap_or_default();
            next = login.jump.as_deref();
        }
        write_private(&folder.config(), &text)?;
        Ok(folder)
    }

    /// Removes the keys, which `ssh` reads only once: a process that is killed later leaves
    /// none behind.
    pub(super) fn forget_keys(&self) -> io::Result<()> {
        for entry in self.0.path().read_dir()? {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == KEY) {
                std::fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// Returns the path of the configuration.
    pub(super) fn config(&self) -> PathBuf {
        self.0.path().join("config")
    }

    /// Returns the path of the control socket.
    pub(super) fn socket(&self) -> PathBuf {
        self.0.path().join("socket")
    }

    /// Creates a new file for the log of `ssh`.
    pub(super) fn log(&self) -> io::Result<File> {
        File::create(self.0.path().join("log"))
    }

    /// Returns the log of `ssh` so far.
    pub(super) fn said(&self) -> String {
        let bytes = std::fs::read(self.0.path().join("log")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn key(&self, name: &str, login: &Login) -> io::Result<PathBuf> {
        match &login.key.0 {
            Source::File(path) => std::path::absolute(path),
            Source::Text(text) => {
                let path = self.0.path().join(name).with_extension(KEY);
                // `ssh` cannot read a key without a newline at its end.
                write_private(&path, &format!("{}\n", text.expose_secret().trim_end()))?;
                Ok(path)
            }
        }
    }
}

fn host(text: &mut String, name: &str, login: &Login, key: &Path, jump: Option<&str>) {
    let Login { user, address, port, .. } = login;
    let (address, key) = (address.replace('%', "%%"), escaped(key));
    let _ = write!(
        text,
        "\nHost {name}\nHostName {address}\nPort {port}\nUser {user}\nIdentityFile \"{key}\"\n"
    );
    if let Some(jump) = jump {
        let _ = writeln!(text, "ProxyJump {jump}");
    }
}

/// Escapes a path for the configuration.
fn escaped(path: &Path) -> String {
    path.display().to_string().replace('%', "%%")
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::Key;

    #[test]
    fn a_key_is_its_owners_alone_and_goes_with_the_folder() {
        let login = Login::new("a", "fe80::1%eth0", &Key::from_text("SECRET"));
        let folder = Folder::make(&login).unwrap();
        let path = folder.0.path().to_owned();
        let key = path.join("guest.key");
        assert_eq!(std::fs::read_to_string(&key).unwrap(), "SECRET\n");
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&key)), (0o700, 0o600));
        let config = std::fs::read_to_string(folder.config()).unwrap();
        assert!(config.contains("HostName fe80::1%%eth0\n"), "{config}");
        assert!(!config.contains("SECRET") && !config.contains("ProxyJump"), "{config}");
        folder.forget_keys().unwrap();
        assert!(!key.exists() && folder.config().exists());
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn each_host_on_the_way_has_its_own_key_and_only_the_guest_a_socket() {
        let far = Login::new("far", "192.0.2.1", &Key::from_file("/far"));
        let near = Login::new("near", "192.0.2.2", &Key::from_file("/near")).through(far);
        let login = Login::new("a", "192.0.2.3", &Key::from_text("k")).through(near);
        let folder = Folder::make(&login).unwrap();
        let config = std::fs::read_to_string(folder.config()).unwrap();
        let hosts: Vec<&str> = config.split("\nHost ").skip(1).collect();
        for (host, (name, parts)) in hosts.iter().zip([
            ("guest\n", ["User a\n", "guest.key\"", "ProxyJump jump1\n"]),
            ("jump1\n", ["User near\n", "\"/near\"", "ProxyJump jump2\n"]),
            ("jump2\n", ["User far\n", "\"/far\"", "HostName 192.0.2.1\n"]),
        ]) {
            assert!(host.starts_with(name), "{config}");
            assert!(parts.iter().all(|part| host.contains(part)), "{config}");
            assert_eq!(host.contains("ControlPath"), name == "guest\n", "{config}");
        }
        assert_eq!(hosts.len(), 3, "{config}");
    }
}
