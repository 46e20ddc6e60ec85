//! A suite stands on a struct without fields and has an id.

use squall_macros as squall;

#[squall::suite(needs(compute))]
pub struct Servers {
    count: usize,
}

fn main() {}
