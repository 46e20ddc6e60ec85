//! Archives, made in memory for [`StoreContainer::extract`](super::StoreContainer::extract).

use std::io;

use crate::client::Bytes;

/// Builds a tar archive in memory.
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// use squall::object_storage::Tar;
///
/// let archive = Tar::new().file("a/cat.txt", "meow")?.file("dog.txt", "woof")?.finish()?;
/// assert_eq!(archive.len() % 512, 0);
/// # Ok(())
/// # }
/// ```
pub struct Tar(tar::Builder<Vec<u8>>);

impl std::fmt::Debug for Tar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tar({} bytes)", self.0.get_ref().len())
    }
}

impl Default for Tar {
    fn default() -> Self {
        Self::new()
    }
}

impl Tar {
    /// Creates an empty archive.
    ///
    /// ```
    /// let archive = squall::object_storage::Tar::new();
    /// # let _ = archive;
    /// ```
    pub fn new() -> Self {
        Self(tar::Builder::new(Vec::new()))
    }

    /// Adds a file.
    ///
    /// # Errors
    /// The path cannot be stored in an archive.
    ///
    /// ```
    /// # fn main() -> std::io::Result<()> {
    /// let archive = squall::object_storage::Tar::new().file("cat.txt", "meow")?;
    /// # let _ = archive; Ok(())
    /// # }
    /// ```
    pub fn file(mut self, path: &str, content: impl AsRef<[u8]>) -> io::Result<Self> {
        let content = content.as_ref();
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        self.0.append_data(&mut header, path, content)?;
        Ok(self)
    }

    /// Returns the archive's bytes.
    ///
    /// # Errors
    /// The end cannot be written.
    ///
    /// ```
    /// # fn main() -> std::io::Result<()> {
    /// let bytes = squall::object_storage::Tar::new().finish()?;
    /// # let _ = bytes; Ok(())
    /// # }
    /// ```
    pub fn finish(self) -> io::Result<Bytes> {
        Ok(self.0.into_inner()?.into())
    }
}
