//! Undoing, against a cloud that is a map.

mod cloud;
mod pages;
mod rules;
mod trust;
