//! The OpenStack identity API.
