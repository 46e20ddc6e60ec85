//! The OpenStack object-storage API.
