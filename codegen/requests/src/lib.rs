//! Nothing: the tests of this package send every request type of the generated clients, and
//! compare the generated descriptions with their files.
//!
//! They are a package of their own because their list of requests is generated from the specs,
//! one entry for each operation, and no user of a client should have to compile it.
