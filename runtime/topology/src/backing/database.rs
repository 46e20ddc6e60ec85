//! MariaDB: its data folder, its process, and SQL statements.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Folders, Ready, sql};
use crate::debian;
use crate::driver::{Command, Daemon, DriverError};

/// The database server of a cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// The cloud's folders.
    pub folders: Folders,
    /// Its loopback port.
    pub port: u16,
}

impl Database {
    /// Returns the command that creates the data folder, or `None` where it exists. The
    /// folder is created beside its place and renamed, so that an interrupted attempt is
    /// repeated.
    pub fn initialise(&self) -> Option<Command> {
        let data = self.data();
        if data.exists() {
            return None;
        }
        let part = data.with_extension("part");
        // The user who runs this is the administrator, on the socket, without a password.
        let script = "rm -rf \"$2\" && me=$(id -un) && \
                      \"$1\" --no-defaults --datadir=\"$2\" --user=\"$me\" --skip-test-db \
                      --auth-root-authentication-method=socket --auth-root-socket-user=\"$me\" && \
                      mv \"$2\" \"$3\"";
        let install = debian::program("mariadb-install-db").display().to_string();
        let (part, data) = (part.display().to_string(), data.display().to_string());
        let arguments = ["-c", script, "initialise", &install, &part, &data];
        Some(self.folders.command("database", "sh".into(), &arguments))
    }

    /// Returns its process.
    ///
    /// It never syncs files to the disk: data that reached the kernel survives the
    /// process, and a cloud for tests need not survive the machine. Each transaction is
    /// written to the kernel when it is committed, and pages are written twice, because
    /// a kill may interrupt a write.
    pub fn daemon(&self, id: &str) -> Daemon {
        let run = &self.folders.run;
        let paths = [
            format!("--datadir={}", self.data().display()),
            format!("--socket={}", self.socket().display()),
            format!("--pid-file={}", run.join("mariadbd.pid").display()),
            format!("--port={}", self.port),
        ];
        let mut arguments = vec!["--no-defaults", "--bind-address=127.0.0.1"];
        arguments.extend(paths.iter().map(String::as_str));
        arguments.extend([
            "--innodb-flush-method=nosync",
            // The log of table changes, which InnoDB does not write: each new table syncs it
            // ten times.
            "--debug-no-sync",
            "--innodb-flush-log-at-trx-commit=2",
            "--innodb-buffer-pool-size=256M",
            "--innodb-log-file-size=64M",
            "--transaction-isolation=READ-COMMITTED",
            "--character-set-server=utf8mb3",
            "--max-connections=1000",
            "--skip-log-bin",
            "--skip-name-resolve",
            "--performance-schema=OFF",
        ]);
        if rustix::process::geteuid().is_root() {
            arguments.push("--user=root");
        }
        let command = self.folders.command(id, debian::program("mariadbd"), &arguments);
        Daemon { id: id.to_owned(), command, grace: Duration::from_secs(30) }
    }

    /// Returns the check that holds once it answers.
    pub fn ready(&self) -> Ready {
        Ready::Database(self.socket())
    }

    /// Creates databases, and a user with all rights on them. Existing databases stay; the
    /// user's password is reset.
    pub async fn create(
        &self,
        databases: &[&str],
        user: &str,
        password: &str,
    ) -> Result<(), DriverError> {
        let who = format!("{}@'127.0.0.1'", quoted(user, '\''));
        let password = quoted(password, '\'');
        let mut statements = format!(
            "CREATE USER IF NOT EXISTS {who} IDENTIFIED BY {password};\n\
             ALTER USER {who} IDENTIFIED BY {password};\n"
        );
        for database in databases {
            let database = quoted(database, '`');
            let _ = write!(
                statements,
                "CREATE DATABASE IF NOT EXISTS {database} CHARACTER SET utf8mb3;\n\
                 GRANT ALL ON {database}.* TO {who};\n"
            );
        }
        sql::query(&self.socket(), &statements).await.map(|_| ())
    }

    /// Lists the databases that are not the server's own.
    pub async fn databases(&self) -> Result<Vec<String>, DriverError> {
        const OWN: [&str; 4] = ["information_schema", "mysql", "performance_schema", "sys"];
        let all = sql::query(&self.socket(), "SHOW DATABASES").await?;
        Ok(all.lines().filter(|name| !OWN.contains(name)).map(str::to_owned).collect())
    }

    /// Runs statements and returns the result: one row per line, cells separated by tabs.
    pub async fn query(&self, statements: &str) -> Result<String, DriverError> {
        sql::query(&self.socket(), statements).await
    }

    /// Drops databases.
    pub async fn drop(&self, databases: &[&str]) -> Result<(), DriverError> {
        let statements: Vec<String> = databases
            .iter()
            .map(|name| format!("DROP DATABASE IF EXISTS {};", quoted(name, '`')))
            .collect();
        sql::query(&self.socket(), &statements.join("\n")).await.map(|_| ())
    }

    /// Dumps databases, without users, into one file, atomically.
    pub async fn dump(&self, databases: &[&str], file: &Path) -> Result<(), DriverError> {
        let part = file.with_extension(format!("part-{}", std::process::id()));
        sql::dump(&self.socket(), databases, &part).await?;
        fs::rename(&part, file).map_err(|error| DriverError::file(file, error))
    }

    /// Loads a file written by [`dump`](Self::dump), replacing existing databases.
    pub async fn load(&self, file: &Path) -> Result<(), DriverError> {
        sql::load(&self.socket(), file).await
    }

    fn data(&self) -> PathBuf {
        self.folders.state.join("database")
    }

    fn socket(&self) -> PathBuf {
        self.folders.run.join("database.sock")
    }
}

fn quoted(text: &str, mark: char) -> String {
    let doubled = text.replace('\\', "\\\\").replace(mark, &format!("{mark}{mark}"));
    format!("{mark}{doubled}{mark}")
}
