//! squall-macros.
