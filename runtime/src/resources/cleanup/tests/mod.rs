//! Undoing, against a cloud that is a map.

mod cloud;
mod pages;
mod replay;
mod rules;
mod trust;
