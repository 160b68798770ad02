use std::io::Write;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};

use super::*;

fn png(shade: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let image = image::RgbImage::from_pixel(8, 8, image::Rgb([shade, 0, 0]));
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A zip with these files; every second one is stored without compression.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (n, (name, bytes)) in files.iter().enumerate() {
        let (method, packed) = match n % 2 {
            0 => {
                let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(bytes).unwrap();
                (8_u16, encoder.finish().unwrap())
            }
            _ => (0, bytes.to_vec()),
        };
        let offset = out.len() as u32;
        let mut fields = vec![20, 0, 0, 0];
        fields.extend(method.to_le_bytes());
        fields.extend([0; 8]);
        fields.extend((packed.len() as u32).to_le_bytes());
        fields.extend((bytes.len() as u32).to_le_bytes());
        fields.extend((name.len() as u16).to_le_bytes());
        fields.extend([0; 2]);
        out.extend([b"PK\x03\x04", &fields[..], name.as_bytes(), &packed].concat());
        directory
            .extend([b"PK\x01\x02\x14\x03", &fields[..], &[0; 10], &offset.to_le_bytes(), name.as_bytes()].concat());
    }
    let (count, offset) = ((files.len() as u16).to_le_bytes(), (out.len() as u32).to_le_bytes());
    let size = (directory.len() as u32).to_le_bytes();
    out.extend(directory);
    out.extend([b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count, &size, &offset, b"\x03\0end"].concat());
    out
}

fn tar(files: &[(&str, u8, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, kind, bytes) in files {
        let mut header = [0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..136].copy_from_slice(format!("{:011o}\0", bytes.len()).as_bytes());
        header[156] = *kind;
        header[257..263].copy_from_slice(b"ustar\0");
        out.extend(header);
        out.extend(*bytes);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.extend([0; 1024]);
    out
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn store_from(source: PackSource<'_, Cursor<&[u8]>>) -> Result<StoredPack> {
    static DIR: LazyLock<(MediaDir, tempfile::TempDir)> = LazyLock::new(|| {
        let dir = tempfile::tempdir().unwrap();
        (MediaDir::open(dir.path()).unwrap(), dir)
    });
    store_pack(&DIR.0, source, &|name| match name {
        "taken" => Err(Error::invalid("it is in use")),
        _ => Ok(()),
    })
}

fn store(bytes: &[u8]) -> Result<StoredPack> {
    store_from(PackSource::File(Cursor::new(bytes)))
}

fn names(pack: &StoredPack) -> Vec<(&str, Option<&str>)> {
    pack.emoji.iter().map(|e| (e.shortcode.as_str(), e.category.as_deref())).collect()
}

/// What was left out of a pack, as the command line prints it.
fn skipped(pack: &StoredPack) -> Vec<String> {
    pack.skipped.iter().map(ToString::to_string).collect()
}

#[test]
fn an_export_of_mastodon_names_its_emoji_by_files() {
    let picture = png(1);
    let files: [(&str, u8, &[u8]); 6] = [
        ("blobcat.png", b'0', &picture),
        ("./party-parrot.png", 0, &picture),
        ("readme.txt", b'0', b"x"),
        ("._blobcat.png", b'0', b"x"),
        ("é.png", b'0', &picture),
        ("taken.png", b'0', &picture),
    ];
    for bytes in [tar(&files), gz(&tar(&files))] {
        let pack = store(&bytes).unwrap();
        assert_eq!(names(&pack), [("blobcat", None), ("party_parrot", None)]);
        assert_eq!(skipped(&pack), [":é: – this cannot be the name of an emoji", ":taken: – it is in use"]);
    }
}

#[test]
fn packs_of_misskey_and_pleroma_have_descriptions() {
    let picture = png(1);
    let meta = br#"{"metaVersion": 2, "host": "x.example", "emojis": [
        {"downloaded": true, "fileName": "a1.png", "emoji": {"name": "cat", "category": "Animals", "aliases": [""]}},
        {"downloaded": false, "fileName": "gone.png", "emoji": {"name": "gone", "category": null}}]}"#;
    let pack = store(&zip(&[("a1.png", &picture), ("other.png", &picture), ("meta.json", meta)])).unwrap();
    assert_eq!(names(&pack), [("cat", Some("Animals"))]);
    assert_eq!(skipped(&pack), [":gone: – the pack lacks its file"]);
    let description =
        br#"{"files": {"dog": "img/d.png", "x y": "img/x.png"}, "files_count": 2, "pack": {"license": "CC0"}}"#;
    let files =
        [("all/pets/img/d.png", &picture[..]), ("all/pets/img/x.png", &picture), ("all/pets/pack.json", description)];
    let pack = store(&zip(&files)).unwrap();
    assert_eq!(names(&pack), [("dog", Some("pets"))]);
    assert_eq!(skipped(&pack), [":x y: – this cannot be the name of an emoji"]);
}

#[test]
fn a_folder_is_a_pack_and_links_in_it_are_not_followed() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("sub")).unwrap();
    std::fs::write(dir.path().join("sub/one.png"), png(1)).unwrap();
    std::fs::write(dir.path().join("outside.png"), png(2)).unwrap();
    std::os::unix::fs::symlink(dir.path().join("outside.png"), dir.path().join("sub/host.png")).unwrap();
    std::os::unix::fs::symlink(dir.path(), dir.path().join("sub/loop")).unwrap();
    assert_eq!(names(&store_from(PackSource::Folder(&dir.path().join("sub"))).unwrap()), [("one", None)]);
}

#[test]
fn unsafe_paths_links_and_large_files_in_packs_are_harmless() {
    let picture = png(1);
    let files: [(&str, u8, &[u8]); 3] =
        [("../../escape.png", b'0', &picture), ("link.png", b'2', b""), ("/etc/absolute.png", b'0', &picture)];
    assert_eq!(names(&store(&gz(&tar(&files))).unwrap()), [("escape", None), ("absolute", None)]);
    let large = vec![0; limits::EMOJI_UPLOAD_BYTES + 1];
    let pack = store(&zip(&[("big.png", &large), ("ok.png", &picture), ("text.png", b"hello")])).unwrap();
    assert_eq!(names(&pack), [("ok", None)]);
    let skipped = skipped(&pack);
    assert!(skipped[0].contains("larger than 1024 KiB") && skipped[1].starts_with(":text:"), "{pack:?}");
}

#[test]
fn bombs_are_refused_while_they_are_unpacked() {
    let refusal = |bytes: &[u8]| store(bytes).unwrap_err().to_string();
    let most = limits::EMOJI_PACK_BYTES as usize;
    // A single file that is passed over is unpacked too.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let mut header = tar(&[("readme.txt", b'0', b"")])[..512].to_vec();
    header[124..136].copy_from_slice(format!("{:011o}\0", most + 1).as_bytes());
    encoder.write_all(&header).unwrap();
    (0..=most / 65_536).for_each(|_| encoder.write_all(&[0; 65_536]).unwrap());
    assert!(refusal(&encoder.finish().unwrap()).contains("more than 256 MiB"));
    let part = vec![0; limits::EMOJI_UPLOAD_BYTES];
    let bomb: Vec<(String, &[u8])> =
        (0..=2 * most / part.len()).map(|n| (format!("e{n}.png"), part.as_slice())).collect();
    let bomb: Vec<(&str, &[u8])> = bomb.iter().step_by(2).map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let deflated: Vec<(&str, &[u8])> = bomb.iter().flat_map(|file| [*file, ("x.txt", b"".as_slice())]).collect();
    assert!(refusal(&zip(&deflated)).contains("more than 256 MiB"));
    let many: Vec<(&str, &[u8])> = vec![("x.txt", b""); limits::EMOJI_PACK_FILES + 1];
    assert!(refusal(&zip(&many)).contains("more than 5000 files"));
    let many: Vec<(&str, u8, &[u8])> = vec![("x.txt", b'0', b""); limits::EMOJI_PACK_FILES + 1];
    assert!(refusal(&gz(&tar(&many))).contains("more than 5000 files"));
}

#[test]
fn damaged_packs_are_refused() {
    let picture = png(1);
    let whole = zip(&[("one.png", &picture), ("two.png", &picture)]);
    let tarred = gz(&tar(&[("one.png", b'0', &picture)]));
    for bytes in [&b""[..], b"PK\x03\x04junk", b"\x1f\x8bjunk", b"text", &zip(&[("meta.json", b"{")]), &zip(&[])] {
        assert!(matches!(store(bytes), Err(Error::Invalid(_))), "{bytes:?}");
    }
    for end in 0..whole.len() {
        assert!(store(&whole[..end]).is_err(), "{end}");
    }
    for end in 0..tarred.len() - 8 {
        let _ = store(&tarred[..end]);
    }
    for at in 0..whole.len() {
        let mut wrong = whole.clone();
        wrong[at] ^= 0xff;
        let _ = store(&wrong);
    }
}
