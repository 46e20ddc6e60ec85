//! A guest's SSH server: a listener of the test's own, and an `sshd -i` for each
//! connection, so that its process is known and no port has to be guessed.

use std::fmt::Write as _;
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::process::{Pid, Signal, getegid, geteuid, kill_process_group};
use squall::remote::{KeyPair, Login};
use squall::wait::{Poll, Wait};

/// Where `.ci/sshd` puts it.
const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/ssh-server");

/// Whom the server runs as where root runs the tests: as root it wants a user and a
/// folder that only an installed one has.
const NOBODY: u32 = 65534;

/// The shell of a guest with nothing but busybox, in the server's folder.
const BUSYBOX: &str = "bin/sh";

/// How long a test waits for what has to come about.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until something holds.
pub(crate) async fn until(what: &str, holds: impl Fn() -> bool) {
    let look = async || Ok(if holds() { Poll::ready(()) } else { Poll::not_yet("not yet") });
    Wait::new(what).within(PATIENCE).until(look).await.unwrap();
}

pub(crate) struct Server {
    pub(crate) port: u16,
    pub(crate) pair: KeyPair,
    folder: tempfile::TempDir,
    sessions: Arc<Mutex<Vec<Child>>>,
    over: Arc<AtomicBool>,
    listening: Option<JoinHandle<()>>,
}

impl Server {
    /// A guest with the programs of this machine.
    pub(crate) fn start() -> Self {
        Self::with_shell("/bin/sh")
    }

    /// A guest with the programs of busybox and no others.
    pub(crate) fn start_busybox() -> Self {
        Self::with_shell(BUSYBOX)
    }

    fn with_shell(shell: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pair = KeyPair::ed25519().unwrap();
        prepare(folder.path(), shell, &pair.public_key);
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let sessions = Arc::new(Mutex::new(Vec::new()));
        let over = Arc::new(AtomicBool::new(false));
        let (kept, ends, path) = (sessions.clone(), over.clone(), folder.path().to_owned());
        let listening = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ends.load(Ordering::SeqCst) {
                    return;
                }
                kept.lock().unwrap().push(serve(&path, stream.unwrap()));
            }
        });
        Self { port, pair, folder, sessions, over, listening: Some(listening) }
    }

    pub(crate) fn login(&self) -> Login {
        Login::new("guest", "127.0.0.1", &self.pair.key).with_port(self.port).within(PATIENCE)
    }

    /// Gives a folder that the guest can write to.
    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Lets this key in too, or instead.
    pub(crate) fn authorize(&self, public_key: &str) {
        std::fs::write(self.folder.path().join("keys"), public_key).unwrap();
    }

    /// Ends the processes of all connections.
    pub(crate) fn hang_up(&self) {
        for mut session in self.sessions.lock().unwrap().drain(..) {
            let pid = Pid::from_raw(session.id().try_into().unwrap()).unwrap();
            // It has not been waited for: the id is still its own.
            let _ = kill_process_group(pid, Signal::KILL);
            session.wait().unwrap();
        }
    }

    /// Waits until every connection has ended by itself.
    pub(crate) fn wait_for_silence(&self) {
        for mut session in self.sessions.lock().unwrap().drain(..) {
            session.wait().unwrap();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
        self.hang_up();
    }
}

/// Makes a key in a folder, by `ssh-keygen`; its public half has `.pub` added.
pub(crate) fn keygen(folder: &Path, kind: &str, name: &str) -> PathBuf {
    let path = folder.join(name);
    let mut keygen = Command::new("ssh-keygen");
    keygen.args(["-q", "-t", kind, "-N", "", "-f"]).arg(&path);
    assert!(keygen.status().unwrap().success());
    path
}

/// Puts together what a server needs, in a folder that its user can read.
fn prepare(folder: &Path, shell: &str, public_key: &str) {
    let from = Path::new(HERE);
    assert!(from.join("sshd").exists(), "{HERE} has no sshd: `.ci/sshd` gets it");
    let at = |name: &str| folder.join(name);
    let mut config = format!(
        "HostKey {0}/host\nAuthorizedKeysFile {0}/keys\nUsePAM no\nStrictModes no\nPidFile none\n\
         PasswordAuthentication no\nKbdInteractiveAuthentication no\n",
        folder.display()
    );
    // By a process that has ended: a file that is open for writing, if only in a child that
    // another test just forked, cannot be run.
    let copied = Command::new("cp").arg("-RP").arg(from.join(".")).arg(folder).status();
    assert!(copied.unwrap().success());
    for entry in from.read_dir().unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        // From 9.8 on a server is several programs.
        if let Some(part) = name.strip_prefix("sshd-") {
            let (first, rest) = part.split_at(1);
            let part = format!("{}{rest}", first.to_uppercase());
            let _ = writeln!(config, "Sshd{part}Path {}", at(&name).display());
        }
    }
    std::fs::create_dir(at("home")).unwrap();
    if shell == BUSYBOX {
        std::fs::create_dir(at("bin")).unwrap();
        let mut install = Command::new(at("busybox"));
        assert!(install.args(["--install", "-s"]).arg(at("bin")).status().unwrap().success());
        let _ = writeln!(config, "SetEnv PATH={}", at("bin").display());
    }
    keygen(folder, "ed25519", "host");
    let (user, group) = ids();
    // A path from the root stays as it is.
    let (home, shell) = (at("home"), at(shell));
    let (home, shell) = (home.display(), shell.display());
    for (name, text) in [
        ("config", config),
        ("keys", public_key.to_owned()),
        ("passwd", format!("guest:x:{user}:{group}::{home}:{shell}\n")),
        ("group", format!("guest:x:{group}:\n")),
    ] {
        std::fs::write(at(name), text).unwrap();
    }
    if geteuid().is_root() {
        let mut all: Vec<PathBuf> =
            folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
        all.push(folder.to_owned());
        for path in all {
            std::os::unix::fs::chown(path, Some(user), Some(group)).unwrap();
        }
    }
}

fn serve(folder: &Path, stream: TcpStream) -> Child {
    let at = |name: &str| folder.join(name);
    let log = std::fs::File::options().create(true).append(true).open(at("log")).unwrap();
    let output = OwnedFd::from(stream.try_clone().unwrap());
    let mut sshd = Command::new(at("sshd"));
    if geteuid().is_root() {
        sshd.uid(NOBODY).gid(NOBODY);
    }
    sshd.args(["-i", "-e", "-f"])
        .arg(at("config"))
        .env("LD_LIBRARY_PATH", folder)
        .env("LD_PRELOAD", at("libnss_wrapper.so"))
        .env("NSS_WRAPPER_PASSWD", at("passwd"))
        .env("NSS_WRAPPER_GROUP", at("group"))
        .stdin(OwnedFd::from(stream))
        .stdout(output)
        .stderr(Stdio::from(log))
        .process_group(0)
        .spawn()
        .unwrap()
}

fn ids() -> (u32, u32) {
    if geteuid().is_root() { (NOBODY, NOBODY) } else { (geteuid().as_raw(), getegid().as_raw()) }
}
