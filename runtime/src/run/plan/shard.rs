//! One shard of a run that several machines share.

use std::fmt;
use std::str::FromStr;

use super::Durations;

/// Shard `number` of `of`, as in `2/3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    number: usize,
    of: usize,
}

/// Why a shard is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShardError {
    /// It is not of the form `K/N`.
    #[error("expected K/N, for example 1/3")]
    Form,
    /// The number exceeds the count.
    #[error("shard {number}/{of} is out of range: use 1/{of} to {of}/{of}")]
    Range {
        /// The number.
        number: usize,
        /// The count.
        of: usize,
    },
}

impl Shard {
    /// Returns the tests of this shard, in their order.
    ///
    /// - Every test is in exactly one shard, whichever machine computes it: the shards depend
    ///   only on the ids and the durations. Machines that share a run must use the same
    ///   durations, or none.
    /// - With durations, the longest remaining test goes to the shard with the least total.
    /// - Without, tests are dealt in the order of their ids.
    pub fn of<T>(self, tests: Vec<T>, id: impl Fn(&T) -> &str, durations: &Durations) -> Vec<T> {
        let mut order: Vec<usize> = (0..tests.len()).collect();
        order.sort_by_key(|at| {
            let id = id(&tests[*at]);
            (std::cmp::Reverse(durations.expect(id)), id.to_owned())
        });
        let mut loads = vec![(0u64, 0usize); self.of];
        let mut mine = vec![false; tests.len()];
        for at in order {
            let Some(least) = (0..self.of).min_by_key(|part| (loads[*part], *part)) else { break };
            let (time, count) = loads[least];
            loads[least] = (time.saturating_add(durations.expect(id(&tests[at]))), count + 1);
            mine[at] = least + 1 == self.number;
        }
        tests.into_iter().zip(mine).filter(|(_, mine)| *mine).map(|(test, _)| test).collect()
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let (number, of) = text.split_once('/').ok_or(ShardError::Form)?;
        let parse = |text: &str| text.trim().parse().map_err(|_| ShardError::Form);
        let (number, of): (usize, usize) = (parse(number)?, parse(of)?);
        if of == 0 || of > 10_000 {
            return Err(ShardError::Form);
        }
        if !(1..=of).contains(&number) {
            return Err(ShardError::Range { number, of });
        }
        Ok(Self { number, of })
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts(tests: &[String], of: usize, durations: &Durations) -> Vec<Vec<String>> {
        let part = |number| Shard { number, of }.of(tests.to_vec(), String::as_str, durations);
        (1..=of).map(part).collect()
    }

    #[test]
    fn a_malformed_shard_and_one_out_of_range_are_different_errors() {
        assert_eq!("2/3".parse(), Ok(Shard { number: 2, of: 3 }));
        assert_eq!("0/3".parse::<Shard>(), Err(ShardError::Range { number: 0, of: 3 }));
        for text in ["3", "a/b", "1/0", "-1/2", ""] {
            assert_eq!(text.parse::<Shard>(), Err(ShardError::Form), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_test_is_in_exactly_one_shard_and_no_shard_is_much_longer(
            times in prop::collection::vec(0u64..1000, 0..40),
            of in 1usize..6,
        ) {
            let tests: Vec<String> = (0..times.len()).map(|n| format!("t{n}")).collect();
            let durations: Durations = tests.iter().cloned().zip(times.iter().copied()).collect();
            let parts = parts(&tests, of, &durations);
            let mut all: Vec<String> = parts.iter().flatten().cloned().collect();
            all.sort();
            let mut expected = tests.clone();
            expected.sort();
            prop_assert_eq!(all, expected);
            let sum = |part: &Vec<String>| part.iter().map(|t| durations.expect(t)).sum::<u64>();
            let sums: Vec<u64> = parts.iter().map(sum).collect();
            let spread = sums.iter().max().unwrap() - sums.iter().min().unwrap();
            prop_assert!(spread <= times.iter().copied().max().unwrap_or(0));
        }

        #[test]
        fn without_durations_the_shards_have_one_size(count in 0usize..40, of in 1usize..6) {
            let tests: Vec<String> = (0..count).map(|n| format!("t{n}")).collect();
            let sizes: Vec<usize> =
                parts(&tests, of, &Durations::default()).iter().map(Vec::len).collect();
            prop_assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1);
        }
    }
}
