//! The OpenStack placement API.
