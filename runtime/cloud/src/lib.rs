//! squall-cloud.
