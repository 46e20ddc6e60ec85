//! The OpenStack volume API.
