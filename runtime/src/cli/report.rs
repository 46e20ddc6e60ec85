//! `squall report`: a run's report, made again from its journal.

use std::io::{self, IsTerminal, Write as _};

use super::arguments::{Format, ReportArguments};
use super::complaint::Complaint;
use super::exit::Exit;
use super::runs::base;
use crate::journal;
use crate::report::{Json, Reporter, Terminal};

/// Shows a run again. It succeeds when the report could be made, whatever is in it.
pub(super) fn report(arguments: &ReportArguments) -> Result<Exit, Complaint> {
    let dir = journal::find_run(&base()?, &arguments.run)?;
    let reading = journal::read(&dir)?;
    let out = io::stdout();
    match arguments.format {
        Format::Terminal => {
            let colour = colours(&out);
            let mut terminal = Terminal::new(out, colour);
            reading.entries.iter().for_each(|entry| terminal.see(entry));
            terminal.close()?;
        }
        Format::Json => {
            let mut json = Json::new(out);
            reading.entries.iter().for_each(|entry| json.see(entry));
        }
    }
    if let Some(line) = reading.damaged.first() {
        let path = dir.join(journal::FILE);
        let count = reading.damaged.len();
        writeln!(
            io::stderr(),
            "{}:{line}: not an event, left out (and {} more)",
            path.display(),
            count - 1
        )?;
    }
    Ok(Exit::Ok)
}

/// Tells whether to write colours to a stream.
pub(super) fn colours(stream: &impl IsTerminal) -> bool {
    let says = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !says("NO_COLOR") && (says("CLICOLOR_FORCE") || stream.is_terminal())
}
