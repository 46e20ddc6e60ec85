//! A service that is served from its description: rockets, their stages, and what goes with
//! them.

mod operations;
mod registration;
mod rocketry;
mod rules;
