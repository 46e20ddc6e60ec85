//! Guests over SSH: waiting for them, running commands on them, and their console log when
//! that fails.
//!
//! ```no_run
//! use squall::remote::{Command, KeyPair, Login, linux};
//!
//! # async fn doc(ctx: &squall::Context, server: &str) -> squall::Result {
//! let pair = KeyPair::ed25519()?;
//! let keypair = pair.register(ctx).await?; // boot the server with `keypair.name`
//!
//! let guest = Login::new("cirros", "192.0.2.7", &pair.key)
//!     .with_console_of(ctx.actor(), server)
//!     .connect(ctx)
//!     .await?;
//! linux::write_file(&guest, "/tmp/a file", b"any bytes\0").await?;
//! let listed = guest.check(Command::new("ls").args(["-l", "/tmp/a file"])).await?;
//! squall::ensure!(listed.text().contains("10"), "it is {}", listed.text());
//! # Ok(())
//! # }
//! ```
//!
//! - It needs the `ssh` of OpenSSH on this machine, and any SSH server on the guest.
//! - A guest is one `ssh` process, which ends when the last copy of the [`Guest`] is
//!   dropped, as it is at a test's deadline, and when this process dies. Commands are
//!   sent through it with OpenSSH's own protocol, so that an exit status of 255 is not
//!   mistaken for a lost connection.
//! - The journal has each command, its exit status and the end of its output; it has neither
//!   keys nor a command's input.
//! - [`linux`] has the usual questions about a guest, [`reach`] probes it from this machine.

mod command;
mod connect;
mod console;
mod error;
mod folder;
mod guest;
mod key;
pub mod linux;
mod login;
mod master;
pub mod reach;
mod said;

pub use command::{Command, Output};
pub use error::{RemoteError, Trouble};
pub use guest::Guest;
pub use key::{Key, KeyError, KeyPair};
pub use login::{COMMAND_WITHIN, CONNECT_WITHIN, Login};
