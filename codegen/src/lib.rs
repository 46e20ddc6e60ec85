//! squall-codegen.
