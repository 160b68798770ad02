//! Names of stored files, and the types that may be stored.

/// The file extensions and media types of stored files. No others are served.
const TYPES: [(&str, &str); 13] = [
    ("jpg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("mp4", "video/mp4"),
    ("mov", "video/quicktime"),
    ("webm", "video/webm"),
    ("weba", "audio/webm"),
    ("m4a", "audio/mp4"),
    ("mp3", "audio/mpeg"),
    ("ogg", "audio/ogg"),
    ("flac", "audio/flac"),
    ("wav", "audio/wav"),
];
/// Hex digits of a name: half of a SHA-256.
const NAME_DIGITS: usize = 32;

/// The media type of a stored file by its relative path; `None` if the path is not one that we have made.
pub fn media_type_of(rel: &str) -> Option<&'static str> {
    let (directories, name) = rel.split_at_checked(6)?;
    let (digits, ext) = name.split_once('.')?;
    let is_hex = |c: u8| matches!(c, b'0'..=b'9' | b'a'..=b'f');
    let well_named = digits.len() == NAME_DIGITS && digits.bytes().all(is_hex);
    if !well_named || directories != format!("{}/{}/", &digits[..2], &digits[2..4]) {
        return None;
    }
    media_type_of_extension(ext)
}

/// The relative path of a file with this hash.
pub(super) fn name_of(hash: &[u8], ext: &str) -> String {
    let digits: String = hash.iter().take(NAME_DIGITS / 2).map(|byte| format!("{byte:02x}")).collect();
    format!("{}/{}/{digits}.{ext}", &digits[..2], &digits[2..4])
}

pub(super) fn media_type_of_extension(ext: &str) -> Option<&'static str> {
    TYPES.iter().find(|(known, _)| *known == ext).map(|(_, media_type)| *media_type)
}
