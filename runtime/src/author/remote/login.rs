//! How to log in to a guest: user, address, key, and jump hosts.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::Key;
use super::console::Console;
use crate::context::Actor;

/// The default deadline of a login: the guest boots first.
pub const CONNECT_WITHIN: Duration = Duration::from_secs(300);

/// The default deadline of a command.
pub const COMMAND_WITHIN: Duration = Duration::from_secs(60);

/// How to log in to a guest.
///
/// - Nothing of the user's is used: no `~/.ssh/config`, no known hosts, no agent, no
///   password. `ssh` reads a configuration file of its own.
/// - A guest has a new host key each time it is created, and it is not known beforehand: any
///   is accepted, and none is kept.
///
/// ```no_run
/// use squall::remote::{KeyPair, Login};
///
/// # async fn doc(ctx: &squall::Context, server: &str) -> squall::Result {
/// let pair = KeyPair::ed25519()?;
/// let guest = Login::new("cirros", "192.0.2.7", &pair.key)
///     .with_console_of(ctx.actor(), server)
///     .connect(ctx)
///     .await?;
/// let kernel = guest.check("uname -r").await?.text();
/// squall::ensure!(!kernel.is_empty(), "the guest has no kernel");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a login does nothing until `connect` is awaited"]
pub struct Login {
    pub(super) user: String,
    pub(super) address: String,
    pub(super) port: u16,
    pub(super) key: Key,
    pub(super) jump: Option<Box<Login>>,
    pub(super) program: PathBuf,
    pub(super) command_within: Duration,
    pub(super) within: Duration,
    pub(super) console: Option<Console>,
}

impl Login {
    /// Creates a login from a user, an address or name, and the key that the guest was given.
    pub fn new(user: impl Into<String>, address: impl Into<String>, key: &Key) -> Self {
        Self {
            user: user.into(),
            address: address.into(),
            port: 22,
            key: key.clone(),
            jump: None,
            program: "ssh".into(),
            command_within: COMMAND_WITHIN,
            within: CONNECT_WITHIN,
            console: None,
        }
    }

    /// Sets the port, 22 by default.
    pub fn with_port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Connects through another host, with that login's user, address, port and key.
    pub fn through(mut self, jump: Login) -> Self {
        self.jump = Some(Box::new(jump));
        self
    }

    /// Has failures show the server's console log
    /// (`compute.servers.get_console_output`, requested as this identity and only then).
    pub fn with_console_of(mut self, actor: &Actor, server_id: impl Into<String>) -> Self {
        self.console = Some(Console::new(actor, server_id.into()));
        self
    }

    /// Sets the deadline of the login.
    pub fn within(mut self, deadline: Duration) -> Self {
        self.within = deadline;
        self
    }

    /// Sets the deadline of commands that do not have their own.
    pub fn with_command_deadline(mut self, deadline: Duration) -> Self {
        self.command_within = deadline;
        self
    }

    /// Sets the program; `ssh` on `PATH` by default.
    pub fn with_program(mut self, program: impl Into<PathBuf>) -> Self {
        self.program = program.into();
        self
    }

    /// Checks for what cannot be written to the configuration of `ssh`.
    pub(super) fn is_sound(&self) -> Result<(), String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-_:%".contains(c);
        for (what, word, also) in [("address", &self.address, ""), ("user", &self.user, "@+$")] {
            let odd = word.chars().find(|c| !plain(*c) && !also.contains(*c));
            match odd {
                Some(odd) => return Err(format!("the {what} `{word}` contains {odd:?}")),
                None if word.is_empty() => return Err(format!("the {what} is empty")),
                None if word.starts_with('-') => {
                    return Err(format!("the {what} `{word}` starts like an option"));
                }
                None => {}
            }
        }
        self.jump.as_ref().map_or(Ok(()), |jump| jump.is_sound())
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user, address, port, .. } = self;
        match (address.contains(':'), port) {
            (_, 22) => write!(f, "{user}@{address}")?,
            (true, port) => write!(f, "{user}@[{address}]:{port}")?,
            (false, port) => write!(f, "{user}@{address}:{port}")?,
        }
        self.jump.as_ref().map_or(Ok(()), |jump| write!(f, " through {jump}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(user: &str, address: &str) -> Login {
        Login::new(user, address, &Key::from_file("/key"))
    }

    #[test]
    fn what_would_be_read_as_something_else_is_refused() {
        for (user, address, says) in [
            ("root", "h\nProxyCommand evil", "contains '\\n'"),
            ("root", "a b", "contains ' '"),
            ("ro\"ot", "h", "contains '\"'"),
            ("root", "-oProxyCommand=x", "contains '='"),
            ("-l", "h", "starts like an option"),
            ("root", "", "the address is empty"),
        ] {
            let error = login(user, address).is_sound().unwrap_err();
            assert!(error.contains(says), "{error}");
            let error = login("a", "h").through(login(user, address)).is_sound().unwrap_err();
            assert!(error.contains(says), "{error}");
        }
        for address in ["192.0.2.7", "fe80::1%eth0", "web-1.example.org"] {
            login("cloud-user", address).is_sound().unwrap();
        }
    }

    #[test]
    fn a_login_names_its_port_only_where_it_is_another() {
        let jump = login("core", "192.0.2.1").with_port(2222);
        assert_eq!(
            login("a", "fe80::1").with_port(23).through(jump).to_string(),
            "a@[fe80::1]:23 through core@192.0.2.1:2222"
        );
        assert_eq!(login("a", "fe80::1").to_string(), "a@fe80::1");
    }
}
