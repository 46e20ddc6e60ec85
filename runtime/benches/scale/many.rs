//! Ten thousand tests that are registered, and as many as are wanted that are not.

use squall::registry::{TestDescriptor, TestFuture};
use squall::{Context, Failure};

/// How many tests [`ten_thousand!`] registers.
pub(crate) const COUNT: usize = 10_000;

fn nothing(_: &Context) -> TestFuture<'_> {
    Box::pin(async { Ok::<(), Failure>(()) })
}

const fn noop(id: &'static str) -> TestDescriptor {
    TestDescriptor::new(id, nothing)
}

/// Makes tests that do nothing; they live as long as the program.
pub(crate) fn noops(tests: usize) -> &'static [TestDescriptor] {
    let made = (0..tests).map(|n| noop(Box::leak(format!("scale.noop.t{n:06}").into_boxed_str())));
    Vec::leak(made.collect())
}

/// Registers a test for each of ten digits behind what it was given, as often as there
/// are stars.
macro_rules! ten_thousand {
    ($id:expr;) => {
        squall::__private::inventory::submit! { noop($id) }
    };
    ($id:expr; * $($more:tt)*) => {
        ten_thousand!(concat!($id, "0"); $($more)*);
        ten_thousand!(concat!($id, "1"); $($more)*);
        ten_thousand!(concat!($id, "2"); $($more)*);
        ten_thousand!(concat!($id, "3"); $($more)*);
        ten_thousand!(concat!($id, "4"); $($more)*);
        ten_thousand!(concat!($id, "5"); $($more)*);
        ten_thousand!(concat!($id, "6"); $($more)*);
        ten_thousand!(concat!($id, "7"); $($more)*);
        ten_thousand!(concat!($id, "8"); $($more)*);
        ten_thousand!(concat!($id, "9"); $($more)*);
    };
}

ten_thousand!("scale.listed.t"; * * * *);
