//! The exit codes of `squall`.

use std::process::ExitCode;

/// What `squall` ends with.
///
/// | code | means |
/// | --- | --- |
/// | 0 | everything asked for was done, no test failed |
/// | 1 | a test failed, timed out, crashed or did not run, something made could not be undone, or a preflight found a problem |
/// | 2 | bad input: arguments, a filter, a file, an unknown test, cloud or run, tests the linker lost |
/// | 3 | the cloud does not let us in, or nothing ran |
/// | 4 | a threshold was missed (`squall drift --fail-under`) |
/// | 70 | a defect of Squall itself |
/// | 130 | interrupted |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything asked for was done.
    Ok,
    /// A test did not pass, or something could not be undone.
    Failed,
    /// What was asked for cannot be understood or does not exist.
    BadInput,
    /// The cloud does not let us in, or nothing ran.
    NothingRan,
    /// A threshold was missed.
    Missed,
    /// A defect of Squall itself.
    Internal,
    /// Interrupted by the user.
    Interrupted,
}

impl Exit {
    /// Gives the number.
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
