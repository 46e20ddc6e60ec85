//! The exit codes of `squall`.

use std::process::ExitCode;

/// The exit code of `squall`.
///
/// | code | means |
/// | --- | --- |
/// | 0 | success: everything requested was done, no test failed |
/// | 1 | a test failed, timed out, crashed or did not run; something created was not removed; or a check found a problem |
/// | 2 | invalid input: arguments, a filter, a file, an unknown test, cloud or run, faulty registrations of tests |
/// | 3 | no test ran: the cloud refused access, or was lost, before one did, or all were skipped |
/// | 4 | below a threshold (`squall drift --fail-under`) |
/// | 70 | an internal error: a defect of Squall itself |
/// | 130 | interrupted |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything requested was done.
    Ok,
    /// A test did not pass, a check found a problem, or something created was not removed.
    Failed,
    /// The request is invalid, or names something that does not exist.
    BadInput,
    /// No test ran: the cloud refused access, or was lost, before one did, or all were
    /// skipped.
    NothingRan,
    /// A threshold was not reached.
    Missed,
    /// A defect of Squall itself.
    Internal,
    /// Interrupted by the user.
    Interrupted,
}

impl Exit {
    /// Returns the exit code as a number.
    pub const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Failed => 1,
            Self::BadInput => 2,
            Self::NothingRan => 3,
            Self::Missed => 4,
            Self::Internal => 70,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
