//! `squall cloud logs`: shows and follows the logs of processes.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use super::super::error::CliError;
use super::arguments::LogsArguments;
use super::site::{home, open, processes, wrong};
use crate::exit::Exit;
use squall_topology::health;

/// How often followed logs are read.
const PAUSE: Duration = Duration::from_millis(300);

/// Shows the last lines of each log, and follows it if requested.
pub(super) fn logs(arguments: &LogsArguments) -> Result<Exit, CliError> {
    let site = open(&home()?, &arguments.cloud)?;
    let chosen = processes(&site, &arguments.of)?;
    let several = chosen.len() > 1;
    let runtime = tokio::runtime::Runtime::new()?;
    let mut followed = Vec::new();
    for process in chosen {
        let path = site.logs().join(format!("{}.log", process.id));
        let prefix = if several { format!("{}  ", process.id) } else { String::new() };
        let driver = health::driver(&site, &process.node);
        // The position is taken before reading: a line may be shown twice, but none is
        // lost.
        let end = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
        let lines = runtime.block_on(driver.logs(&path, arguments.lines));
        for line in lines.map_err(|error| wrong(Exit::Failed, error))? {
            writeln!(io::stdout(), "{prefix}{line}")?;
        }
        followed.push(Followed { path, prefix, end, rest: String::new() });
    }
    if !arguments.follow {
        return Ok(Exit::Ok);
    }
    loop {
        sleep(PAUSE);
        for log in &mut followed {
            log.show()?;
        }
    }
}

/// A log that is followed.
struct Followed {
    path: PathBuf,
    prefix: String,
    end: u64,
    /// The beginning of a line that is not complete yet.
    rest: String,
}

impl Followed {
    fn show(&mut self) -> io::Result<()> {
        let Ok(mut file) = File::open(&self.path) else { return Ok(()) };
        let length = file.metadata()?.len();
        if length < self.end {
            // The log was truncated or replaced.
            self.end = 0;
        }
        file.seek(SeekFrom::Start(self.end))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        self.end += bytes.len() as u64;
        self.rest.push_str(&String::from_utf8_lossy(&bytes));
        let mut out = io::stdout().lock();
        while let Some((line, rest)) = self.rest.split_once('\n') {
            writeln!(out, "{}{line}", self.prefix)?;
            self.rest = rest.to_owned();
        }
        Ok(())
    }
}
