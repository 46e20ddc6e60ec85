//! A policy file, as the cloud is given it.

/// A policy file of a service, as a cloud's operator writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFile {
    /// The service, by its name: `compute`.
    pub service: String,
    /// The file's name, for messages.
    pub name: String,
    /// What is in it: YAML or JSON.
    pub text: String,
}
