//! The `squall` program: its command line and the built-in suites.

use squall_suites as _;

squall::main!();
