//! What can be typed after `squall cloud`.

use clap::{Args, Subcommand};

use super::super::arguments::ServeArguments;
use super::super::output::Output;

const STATUS_CODES: &str = "\
Exit codes: 0 all is as it should be; 1 something is not, and the last lines say what; 2 there is \
no such cloud.";

#[derive(Debug, Subcommand)]
pub(in super::super) enum CloudCommand {
    /// Bring a real cloud up on this machine, or what is missing of it.
    Up(UpArguments),
    /// Stop a cloud; what it keeps stays, unless it is wiped.
    Down(DownArguments),
    /// Show how a cloud is: its processes, APIs, agents and hosts.
    #[command(after_help = STATUS_CODES)]
    Status(StatusArguments),
    /// Show the last lines of the logs of a service or a process.
    Logs(LogsArguments),
    /// Restart the processes of a service, or one process, and wait until they answer.
    Restart(RestartArguments),
    /// Print the lines that make a shell's OpenStack clients use a cloud.
    Env(Named),
    /// List the clouds that were brought up here.
    List(ListArguments),
    /// Start the embedded cloud and keep it until Ctrl-C.
    Serve(ServeArguments),
}

/// Which cloud.
#[derive(Debug, Args)]
pub(in super::super) struct Named {
    /// The cloud [default: the only one, or `all-in-one`].
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,
}

#[derive(Debug, Args)]
pub(in super::super) struct UpArguments {
    /// The topology: one that is shipped, or a file [default: `all-in-one`].
    #[arg(value_name = "TOPOLOGY")]
    pub(super) topology: Option<String>,
    /// The release of every service, where the topology gives none.
    #[arg(long, value_name = "RELEASE")]
    pub(super) release: Option<String>,
    /// The cloud's name [default: the topology's].
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,
}

#[derive(Debug, Args)]
pub(in super::super) struct DownArguments {
    #[command(flatten)]
    pub(super) cloud: Named,
    /// Remove what it keeps, too; releases and dumps stay for the next one.
    #[arg(long)]
    pub(super) wipe: bool,
    /// Every cloud that was brought up here.
    #[arg(long, conflicts_with = "name")]
    pub(super) all: bool,
}

#[derive(Debug, Args)]
pub(in super::super) struct StatusArguments {
    #[command(flatten)]
    pub(super) cloud: Named,
    /// For people or for programs.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Output,
}

#[derive(Debug, Args)]
pub(in super::super) struct LogsArguments {
    /// A service (`nova`) or a process (`nova-api`, `database`).
    #[arg(value_name = "SERVICE|PROCESS")]
    pub(super) of: String,
    #[command(flatten)]
    pub(super) cloud: Named,
    /// How many lines of each.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    pub(super) lines: usize,
    /// Go on with what is written, until Ctrl-C.
    #[arg(short, long)]
    pub(super) follow: bool,
}

#[derive(Debug, Args)]
pub(in super::super) struct RestartArguments {
    /// A service (`nova`) or a process (`nova-api`, `database`).
    #[arg(value_name = "SERVICE|PROCESS")]
    pub(super) of: String,
    #[command(flatten)]
    pub(super) cloud: Named,
}

#[derive(Debug, Args)]
pub(in super::super) struct ListArguments {
    /// For people or for programs.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Output,
}
