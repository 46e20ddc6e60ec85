//! The OpenStack compute API.
