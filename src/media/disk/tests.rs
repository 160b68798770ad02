use std::os::unix::fs::symlink;

use super::*;

fn stored(bytes: &[u8]) -> Encoded {
    Encoded { bytes: bytes.to_vec(), media_type: "image/png", ext: "png", width: 1, height: 1 }
}

fn files_below(path: &std::path::Path) -> usize {
    let entries = fs::read_dir(path).unwrap().map(|e| e.unwrap().path());
    entries.map(|p| if p.is_dir() { files_below(&p) } else { 1 }).sum()
}

#[test]
fn files_are_named_by_content_and_read_back() {
    let home = tempfile::tempdir().unwrap();
    let dir = MediaDir::open(home.path().join("media")).unwrap();
    let rel = dir.put(&stored(b"abc")).unwrap();
    // SHA-256 of "abc" (FIPS 180-2, appendix B.1), cut in half.
    assert_eq!(rel, "ba/78/ba7816bf8f01cfea414140de5dae2223.png");
    assert_eq!(dir.put(&stored(b"abc")).unwrap(), rel);
    assert_eq!(files_below(home.path()), 1);
    assert_eq!((dir.read(&rel).unwrap(), dir.file(&rel).unwrap().1), (b"abc".to_vec(), 3));
    for (path, mode) in [("media", 0o700), ("media/ba/78", 0o700), (&*format!("media/{rel}"), 0o600)] {
        let found = fs::metadata(home.path().join(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{path}");
    }
    fs::write(home.path().join("media").join(&rel), b"ab").unwrap();
    dir.put(&stored(b"abc")).unwrap();
    assert_eq!(dir.read(&rel).unwrap(), b"abc", "a cut file is written again");
    dir.remove(&rel).unwrap();
    dir.remove(&rel).unwrap();
    assert!(matches!(dir.read(&rel), Err(Error::NotFound)));
    let mut odd = stored(b"x");
    odd.ext = "html";
    assert!(dir.put(&odd).is_err());
    odd.ext = "gif";
    assert!(dir.put(&odd).is_err(), "the type and the extension must match");
    assert_eq!(files_below(home.path()), 0);
}

#[test]
fn many_files_are_flushed_together() {
    let home = tempfile::tempdir().unwrap();
    let dir = MediaDir::open(home.path().join("media")).unwrap();
    let many = dir.for_many();
    let names: Vec<String> = (0..50_u8).map(|n| many.put(&stored(&[n])).unwrap()).collect();
    many.flush().unwrap();
    assert!(names.iter().enumerate().all(|(n, rel)| dir.read(rel).unwrap() == [n as u8]));
    assert_eq!(files_below(home.path()), 50);
}

#[test]
fn an_interrupted_upload_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let dir = MediaDir::open(home.path()).unwrap();
    // The place of the file is taken by a directory, so the rename fails after the bytes were written.
    fs::create_dir_all(home.path().join("ba/78/ba7816bf8f01cfea414140de5dae2223.png/x")).unwrap();
    assert!(dir.put(&stored(b"abc")).is_err());
    assert_eq!(files_below(home.path()), 0);
    fs::write(home.path().join("tmp/0123"), b"half").unwrap();
    assert_eq!(dir.sweep_temp().unwrap(), 1);
    assert_eq!(files_below(home.path()), 0);
}

#[test]
fn only_our_own_paths_are_opened() {
    let home = tempfile::tempdir().unwrap();
    let dir = MediaDir::open(home.path().join("media")).unwrap();
    let good = dir.put(&stored(b"abc")).unwrap();
    assert_eq!(media_type_of(&good), Some("image/png"));
    fs::write(home.path().join("outside"), b"secret").unwrap();
    let name = "ba7816bf8f01cfea414140de5dae2223";
    let bad = [
        String::new(),
        "outside".into(),
        "../outside".into(),
        "/etc/passwd".into(),
        format!("/{good}"),
        format!("{good}/"),
        format!("{good}\0"),
        format!("{good}.html"),
        format!("./{good}"),
        format!("ba/78/../../ba/78/{name}.png"),
        format!("BA/78/{name}.png"),
        format!("ba/79/{name}.png"),
        format!("ba/78/{name}"),
        format!("ba/78/{name}."),
        format!("ba/78/{name}.svg"),
        format!("ba/78/{name}.PNG"),
        format!("ba/78/{}.png", name.to_uppercase()),
        format!("ba/78/{}.png", &name[1..]),
        format!("ba\\78\\{name}.png"),
        format!("ba/7é{name}.png"),
        "x".repeat(4096),
        "con".into(),
        ".htaccess".into(),
    ];
    for rel in &bad {
        assert_eq!(media_type_of(rel), None, "{rel}");
        assert!(matches!(dir.read(rel), Err(Error::NotFound)), "{rel}");
        assert!(matches!(dir.remove(rel), Err(Error::NotFound)), "{rel}");
    }
    let link = format!("ba/78/{name}.gif");
    symlink(home.path().join("outside"), home.path().join("media").join(&link)).unwrap();
    assert!(matches!(dir.read(&link), Err(Error::NotFound)));
    let (mut file, _) = dir.file(&good).unwrap();
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, b"abc");
}
