//! The OpenStack image API.
