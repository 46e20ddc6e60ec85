//! Identifiers: repeatable ones for resources, unguessable ones for secrets.

use uuid::{Builder, Uuid};

/// Makes the identifiers of a cloud from its seed.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    random: fastrand::Rng,
    serial: u64,
}

impl Ids {
    /// Starts from a seed: the same calls in the same order give the same ids.
    pub(crate) fn new(seed: u64) -> Self {
        Self { random: fastrand::Rng::with_seed(seed), serial: 0 }
    }

    /// Makes a UUID with dashes.
    pub(crate) fn uuid(&mut self) -> String {
        self.make().to_string()
    }

    /// Makes a UUID without dashes, as identity writes them.
    pub(crate) fn hex(&mut self) -> String {
        self.make().simple().to_string()
    }

    /// Returns the next number of one series, for what has integer ids.
    pub(crate) fn serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// Makes a MAC address in the range that `OpenStack` gives to ports.
    pub(crate) fn mac(&mut self) -> String {
        let [a, b, c] = [0; 3].map(|_: u8| self.random.u8(..));
        format!("fa:16:3e:{a:02x}:{b:02x}:{c:02x}")
    }

    /// Makes a name that is hard to meet twice, as a server's reservation id.
    pub(crate) fn word(&mut self, length: usize) -> String {
        std::iter::repeat_with(|| {
            char::from(b"0123456789abcdefghijklmnopqrstuvwxyz"[self.random.usize(..36)])
        })
        .take(length)
        .collect()
    }

    /// Fills an array with repeatable bytes.
    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        self.random.fill(&mut out);
        out
    }

    fn make(&mut self) -> Uuid {
        Builder::from_random_bytes(self.bytes()).into_uuid()
    }
}

/// Makes a secret: from the system's randomness, never from the seed.
pub(crate) fn secret() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_series_and_secrets_none() {
        let (mut a, mut b) = (Ids::new(7), Ids::new(7));
        assert_eq!(a.uuid(), b.uuid());
        assert_eq!(a.mac(), b.mac());
        assert_ne!(secret(), secret());
    }
}
