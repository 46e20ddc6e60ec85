//! HAProxy in front of the API processes, so that clients do not notice when one stops.
//!
//! A process that is stopped on purpose is drained first ([`Balancer::drain`]); only
//! then no request is lost. One that dies is taken out of use at the first connection
//! it refuses, and a request that did not reach it goes to another process. A request
//! that reached it and was not answered is retried only if it is idempotent: a second
//! POST might create a second server.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use super::{Folders, Ready};
use crate::debian;
use crate::driver::{Daemon, File};

/// The load balancer of a cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balancer {
    /// The cloud's folders.
    pub folders: Folders,
    /// The services behind it.
    pub fronts: Vec<Front>,
    /// The loopback port of its statistics page.
    pub figures: u16,
}

/// A service behind the load balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Front {
    /// Its name: `nova`.
    pub name: String,
    /// The port for clients.
    pub port: u16,
    /// The path of the health check: `/healthcheck`.
    pub check: String,
    /// Its processes: name and port.
    pub servers: Vec<(String, u16)>,
}

/// Settings of every front. The buffers are large, because a request that may be retried
/// has to fit in one, and Swift sends metadata as headers.
const COMMON: &str = "\
global
    log stdout format raw local0 notice
    maxconn 8192
    tune.bufsize 65536
    tune.http.maxhdr 512

defaults
    mode http
    log global
    option httplog
    option dontlog-normal
    option http-server-close
    option forwardfor
    option redispatch 1
    retries 6
    retry-on conn-failure empty-response 503
    timeout connect 2s
    timeout check 10s
    timeout queue 60s
    timeout http-request 60s
    timeout http-keep-alive 30s
    timeout client 600s
    timeout server 600s
    balance leastconn
    default-server inter 2s downinter 500ms fall 3 rise 1 observe layer4 error-limit 1 on-error mark-down
";

impl Balancer {
    /// Returns its files.
    pub fn files(&self) -> Vec<File> {
        let content = self.config().into_bytes();
        vec![File { path: self.file(), content, mode: 0o600 }]
    }

    /// Returns its process.
    pub fn daemon(&self, id: &str) -> Daemon {
        let file = self.file().display().to_string();
        let command = self.folders.command(id, debian::program("haproxy"), &["-db", "-f", &file]);
        Daemon { id: id.to_owned(), command, grace: Duration::from_secs(5) }
    }

    /// Returns the checks that hold once every front accepts connections.
    pub fn ready(&self) -> Vec<Ready> {
        self.fronts.iter().map(|front| Ready::Port(front.port)).collect()
    }

    /// The socket that accepts commands.
    pub(super) fn socket(&self) -> PathBuf {
        self.folders.run.join("load-balancer.sock")
    }

    fn file(&self) -> PathBuf {
        self.folders.etc.join("load-balancer/haproxy.cfg")
    }

    fn config(&self) -> String {
        let mut text = COMMON.replacen(
            "    maxconn",
            &format!(
                "    stats socket {} mode 600 level admin\n    maxconn",
                self.socket().display()
            ),
            1,
        );
        let figures = self.figures;
        let _ = write!(
            text,
            "\nlisten figures\n    bind 127.0.0.1:{figures}\n    stats enable\n    stats uri /\n"
        );
        for front in &self.fronts {
            let Front { name, port, check, servers } = front;
            let _ = write!(
                text,
                "\nlisten {name}\n    bind 127.0.0.1:{port}\n    \
                 http-request set-header X-Forwarded-Proto http\n    \
                 http-request disable-l7-retry unless {{ method GET HEAD OPTIONS }} or \
                 {{ path /v3/auth/tokens }}\n    \
                 option httpchk\n    \
                 http-check send meth GET uri {check} ver HTTP/1.1 hdr Host 127.0.0.1:{port}\n    \
                 http-check expect rstatus ^[234]\n"
            );
            for (server, port) in servers {
                let _ = writeln!(text, "    server {server} 127.0.0.1:{port} check");
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn balancer(root: &str) -> Balancer {
        let folder = |name: &str| PathBuf::from(root).join(name);
        let pair =
            |name: &str, port| vec![(format!("{name}-1"), port), (format!("{name}-2"), port + 1)];
        let front = |name: &str, port, check: &str| Front {
            name: name.to_owned(),
            port,
            check: check.to_owned(),
            servers: pair(&format!("{name}-api"), port + 10),
        };
        Balancer {
            folders: Folders {
                etc: folder("etc"),
                state: folder("state"),
                logs: folder("logs"),
                run: folder("run"),
            },
            fronts: vec![front("keystone", 20000, "/v3"), front("nova", 20100, "/")],
            figures: 20001,
        }
    }

    #[test]
    fn the_configuration_is_as_it_was_reviewed() {
        insta::assert_snapshot!(balancer("/cloud").config());
    }

    #[test]
    fn haproxy_accepts_the_configuration() {
        let program = debian::program("haproxy");
        if !program.is_absolute() {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("haproxy.cfg");
        std::fs::write(&file, balancer(&folder.path().display().to_string()).config()).unwrap();
        let output = std::process::Command::new(program).arg("-c").arg("-f").arg(&file).output();
        let output = output.unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && !said.contains("WARNING"), "{said}");
    }
}
