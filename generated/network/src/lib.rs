//! The OpenStack network API.
