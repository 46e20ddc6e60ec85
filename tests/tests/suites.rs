//! All suites on an embedded cloud inside this process, driven as libtest is.

use squall_suites as _;

squall::harness!();
