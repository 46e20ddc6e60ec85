//! squall-suites.
