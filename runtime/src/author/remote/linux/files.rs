//! Files of a guest: writing, reading, and checksums.

use super::{Command, Guest, RemoteError, read};

/// Writes or replaces a file; the bytes go through the command's standard input.
pub async fn write_file(
    guest: &Guest,
    path: &str,
    bytes: impl Into<Vec<u8>>,
) -> Result<(), RemoteError> {
    let command = Command::shell("cat >").arg(path).with_stdin(bytes);
    guest.check(command).await.map(drop)
}

/// Reads a file.
pub async fn read_file(guest: &Guest, path: &str) -> Result<Vec<u8>, RemoteError> {
    let output = guest.check(Command::shell("cat <").arg(path)).await?;
    Ok(output.stdout)
}

/// Returns the MD5 sum of a file or device, in hexadecimal.
pub async fn md5(guest: &Guest, path: &str) -> Result<String, RemoteError> {
    read(guest, Command::shell("md5sum <").arg(path), |text| sum(text, 32)).await
}

/// Returns the SHA-256 sum of a file or device, in hexadecimal.
pub async fn sha256(guest: &Guest, path: &str) -> Result<String, RemoteError> {
    read(guest, Command::shell("sha256sum <").arg(path), |text| sum(text, 64)).await
}

/// Parses a sum of so many digits: the first word, before the name.
fn sum(text: &str, digits: usize) -> Option<String> {
    let word = text.split_whitespace().next()?;
    let is_sum = word.len() == digits && word.bytes().all(|b| b.is_ascii_hexdigit());
    is_sum.then(|| word.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_has_all_its_digits() {
        let empty = "d41d8cd98f00b204e9800998ecf8427e";
        // Coreutils and busybox write the same.
        assert_eq!(sum(&format!("{empty}  -"), 32).as_deref(), Some(empty));
        for bad in ["", "d41d8cd9  -", "md5sum: x: No such file", &format!("{empty}  -")] {
            assert_eq!(sum(bad, 64), None, "{bad}");
        }
        assert_eq!(sum("zz1d8cd98f00b204e9800998ecf8427e  -", 32), None);
    }
}
