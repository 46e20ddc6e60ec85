//! squall-client.
