//! Ten thousand tests that are registered, a test with ten thousand cases, and as many tests as
//! are wanted that are not registered.

use squall::registry::{Run, TestDescriptor, TestFuture, bind};
use squall::{Case, Context, Failure};

/// How many tests [`ten_thousand!`] registers, and how many cases there are.
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

squall::__private::inventory::submit! {
    TestDescriptor {
        run: Run::Cases(|| bind((0..COUNT).map(case), |_, _| Box::pin(async { Ok(()) }))),
        ..noop("scale.cases")
    }
}

fn case(number: usize) -> Case<usize> {
    Case::new(format!("t{number:05}"), number)
}
