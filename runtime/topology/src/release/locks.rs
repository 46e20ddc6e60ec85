//! The releases and locks that are built into this program.

/// Each release's name and document, newest first.
pub(super) const RELEASES: [(&str, &str); 2] =
    [("2026.2", include_str!("2026.2.yaml")), ("2026.1", include_str!("2026.1.yaml"))];

/// Returns the lock of a release's bundle.
pub(super) fn find(release: &str, bundle: &str) -> Option<&'static str> {
    LOCKS.iter().find(|(r, b, _)| *r == release && *b == bundle).map(|(_, _, text)| *text)
}

macro_rules! locks {
    ($($release:literal: $($bundle:literal)+;)+) => {
        /// Release, bundle and lock.
        const LOCKS: &[(&str, &str, &str)] = &[$($((
            $release,
            $bundle,
            include_str!(concat!("locks/", $release, "/", $bundle, ".txt")),
        ),)+)+];
    };
}

locks! {
    "2026.2": "keystone" "glance" "placement" "nova" "neutron" "cinder" "swift" "client";
    "2026.1": "keystone" "glance" "placement" "nova" "neutron" "cinder" "swift" "client";
}
