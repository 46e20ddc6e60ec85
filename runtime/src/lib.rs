//! squall.
