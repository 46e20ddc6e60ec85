//! The arguments of `squall cloud`.

use std::net::IpAddr;

use clap::{Args, Subcommand};

use super::super::output::Output;
use super::super::values::{loopback, whole};
use crate::policy_files::ServicePolicyFiles;

const STATUS_CODES: &str = "\
Exit codes: 0 the cloud is healthy; 1 it is not, and the last lines explain why; 2 there is no \
such cloud.";

#[derive(Debug, Subcommand)]
pub(in super::super) enum CloudCommand {
    /// Bring up a real cloud on this machine, or whatever part of it is down.
    Up(UpArguments),
    /// Stop a cloud; its data is kept unless --wipe is given.
    Down(DownArguments),
    /// Show the state of a cloud: its processes, APIs, agents and hosts.
    #[command(after_help = STATUS_CODES)]
    Status(StatusArguments),
    /// Show the last log lines of a service or process.
    Logs(LogsArguments),
    /// Restart a service or a process, and wait until it answers.
    Restart(RestartArguments),
    /// Print shell commands that point OpenStack clients to a cloud.
    Env(Named),
    /// List the clouds on this machine.
    List(ListArguments),
    /// Serve the embedded cloud until Ctrl-C.
    Serve(ServeArguments),
}

/// The choice of a cloud.
#[derive(Debug, Args)]
pub(in super::super) struct Named {
    /// The cloud's name [default: the only cloud, or all-in-one].
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,
}

#[derive(Debug, Args)]
pub(in super::super) struct UpArguments {
    /// The name of a shipped topology, or a file [default: all-in-one].
    #[arg(value_name = "TOPOLOGY")]
    pub(super) topology: Option<String>,
    /// The release of every service for which the topology names none.
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
    /// Remove its data too; installed releases and database dumps are kept for the next cloud.
    #[arg(long)]
    pub(super) wipe: bool,
    /// Stop every cloud on this machine.
    #[arg(long, conflicts_with = "name")]
    pub(super) all: bool,
}

#[derive(Debug, Args)]
pub(in super::super) struct StatusArguments {
    #[command(flatten)]
    pub(super) cloud: Named,
    /// The output format.
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
    /// How many lines to show of each log.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20, value_parser = whole::<usize>,
          allow_negative_numbers = true)]
    pub(super) lines: usize,
    /// Follow the logs until Ctrl-C.
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
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Output,
}

#[derive(Debug, Args)]
pub(in super::super) struct ServeArguments {
    /// The address to listen on; must be a loopback address.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", value_parser = loopback)]
    pub(super) bind: IpAddr,
    /// The port; 0 picks a free one.
    #[arg(long, default_value_t = 0)]
    pub(super) port: u16,
    /// The seed of its resource ids.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<u64>,
          allow_negative_numbers = true)]
    pub(super) seed: u64,
    /// Only pretend this operation: answer as if it had worked, and change nothing. May be given
    /// several times.
    #[arg(long, value_name = "OPERATION")]
    pub(super) pretend: Vec<String>,
    /// Enforce a service's policy file, or the files of a folder, over the service's default rules.
    /// May be given several times; a later file comes before an earlier one.
    #[arg(long, value_name = "SERVICE=FILE")]
    pub(super) policy_file: Vec<ServicePolicyFiles>,
    /// Print how to reach it as one line of JSON, and exit when standard input closes.
    #[arg(long, hide = true)]
    pub(super) handover: bool,
}
