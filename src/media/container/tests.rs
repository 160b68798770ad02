//! Containers as programs and attackers write them, made here byte by byte.

use std::io::Cursor;

use super::parts::Stream;
use super::rewrite;
use crate::error::{Error, Result};
use crate::media::sniff::StreamFormat;

const SECRET: &[u8] = b"SECRET-52.5200N-13.4050E";

fn run(format: StreamFormat, bytes: &[u8]) -> Result<(Vec<u8>, Stream)> {
    let mut written = Vec::new();
    let stream = rewrite(format, &mut Cursor::new(bytes), &mut written)?;
    Ok((written, stream))
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|w| w == part)
}

fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes(), kind.as_slice(), content].concat()
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_be_bytes()).collect()
}

/// A track with one chunk of three samples of four bytes at a position.
fn track(handler: &[u8; 4], at: u32) -> Vec<u8> {
    // Turned by a quarter, 640 x 360.
    let matrix = [0, 0x1_0000, 0, 0xffff_0000, 0, 0, 0, 0, 0x4000_0000];
    let head = [words(&[0, 77, 77, 1, 0, 3_000, 0, 0, 0, 0]), words(&matrix), words(&[640 << 16, 360 << 16])].concat();
    let table = [
        boxed(b"stsd", &[0; 8]),
        boxed(b"stts", &words(&[0, 1, 3, 40])),
        boxed(b"stsc", &words(&[0, 1, 1, 3, 1])),
        boxed(b"stsz", &words(&[0, 4, 3])),
        boxed(b"stco", &words(&[0, 1, at])),
        boxed(b"udta", SECRET),
    ];
    let media = [
        boxed(b"mdhd", &words(&[0, 77, 77, 1_000, 120, 0])),
        boxed(b"hdlr", &[&[0; 8], handler.as_slice(), &[0; 12], SECRET].concat()),
        boxed(b"minf", &[boxed(b"vmhd", &[0; 12]), boxed(b"stbl", &table.concat())].concat()),
    ];
    boxed(b"trak", &[boxed(b"tkhd", &head), boxed(b"mdia", &media.concat()), boxed(b"meta", SECRET)].concat())
}

/// A phone's video: the place in `udta`, in XMP, and in a track of its own.
fn mp4() -> Vec<u8> {
    let start = boxed(b"ftyp", b"isom\0\0\0\x01isom");
    let samples = boxed(b"mdat", b"PICTURESVIDESECRET-52.52SOUND");
    let at = start.len() as u32 + 8;
    let movie = [
        boxed(b"mvhd", &words(&[0, 77, 77, 1_000, 3_500, 0x1_0000])),
        track(b"vide", at),
        track(b"mdta", at + 12),
        boxed(b"udta", &boxed(b"\xa9xyz", SECRET)),
    ];
    [start, samples, boxed(b"uuid", SECRET), boxed(b"moov", &movie.concat()), boxed(b"free", SECRET)].concat()
}

#[test]
fn mp4_retains_streams_and_positions_only() {
    let file = mp4();
    let (written, stream) = run(StreamFormat::Mp4, &file).unwrap();
    assert_eq!(written.len(), file.len(), "positions stay right");
    assert!(!has(&written, b"SECRET") && !has(&written, &[0, 0, 0, 77]), "neither places nor dates");
    assert!(has(&written, b"PICTURESVIDE\0\0\0\0\0\0\0\0\0\0\0\0SOUND"), "only the samples of the place are gone");
    assert_eq!(written.windows(4).filter(|w| w == b"trak").count(), 1);
    assert_eq!(stream, Stream { size: Some((360, 640)), seconds: Some(3.5), frame_rate: Some(25.0) });
    assert_eq!(run(StreamFormat::Mp4, &written).unwrap(), (written, stream), "nothing is left to remove");
}

fn element(id: &[u8], content: &[u8]) -> Vec<u8> {
    [id, &(content.len() as u32 | 0x1000_0000).to_be_bytes(), content].concat()
}

fn webm(doc_type: &[u8]) -> Vec<u8> {
    let info = [
        element(&[0x2a, 0xd7, 0xb1], &1_000_000_u32.to_be_bytes()),
        element(&[0x44, 0x89], &2_500_f32.to_be_bytes()),
        element(&[0x7b, 0xa9], SECRET),
        element(&[0x57, 0x41], SECRET),
    ];
    let video = [element(&[0xb0], &320_u32.to_be_bytes()), element(&[0xba], &200_u32.to_be_bytes())];
    let track = [
        element(&[0x83], &[1]),
        element(&[0x53, 0x6e], SECRET),
        element(&[0x23, 0xe3, 0x83], &40_000_000_u32.to_be_bytes()),
        element(&[0xe0], &video.concat()),
    ];
    let segment = [
        element(&[0x15, 0x49, 0xa9, 0x66], &info.concat()),
        element(&[0x16, 0x54, 0xae, 0x6b], &element(&[0xae], &track.concat())),
        element(&[0x1f, 0x43, 0xb6, 0x75], &[element(&[0xe7], &[0]), element(&[0xa3], b"FRAMES")].concat()),
        element(&[0x12, 0x54, 0xc3, 0x67], SECRET),
    ];
    let header = element(&[0x1a, 0x45, 0xdf, 0xa3], &element(&[0x42, 0x82], doc_type));
    [header, element(&[0x18, 0x53, 0x80, 0x67], &segment.concat())].concat()
}

#[test]
fn webm_retains_streams_and_positions_only() {
    let file = webm(b"webm");
    let (written, stream) = run(StreamFormat::Webm, &file).unwrap();
    assert_eq!(written.len(), file.len());
    assert!(!has(&written, SECRET) && has(&written, b"FRAMES"));
    assert_eq!(stream, Stream { size: Some((320, 200)), seconds: Some(2.5), frame_rate: Some(25.0) });
    assert_eq!(run(StreamFormat::Webm, &written).unwrap(), (written, stream));
}

#[test]
fn webm_of_a_browser_has_no_lengths() {
    let mut file = webm(b"webm");
    let tags = file.windows(4).position(|w| w == [0x12, 0x54, 0xc3, 0x67]).unwrap();
    file.truncate(tags);
    for id in [[0x18, 0x53, 0x80, 0x67], [0x1f, 0x43, 0xb6, 0x75]] {
        let at = file.windows(4).position(|w| w == id).unwrap() + 4;
        file[at..at + 4].copy_from_slice(&[0x1f, 0xff, 0xff, 0xff]);
    }
    let (written, stream) = run(StreamFormat::Webm, &file).unwrap();
    assert_eq!((written.len(), stream.size), (file.len(), Some((320, 200))));
    assert!(has(&written, b"FRAMES"));
    let refusal = run(StreamFormat::Webm, &webm(b"matroska")).unwrap_err().to_string();
    assert!(refusal.contains("convert it to WebM or MP4"), "{refusal}");
}

fn ogg_page(flags: u8, granule: i64, number: u32, packet: &[u8]) -> Vec<u8> {
    let lacing: Vec<u8> =
        packet.chunks(255).map(|c| c.len() as u8).chain(packet.len().is_multiple_of(255).then_some(0)).collect();
    let head =
        [b"OggS\0".as_slice(), &[flags], &granule.to_le_bytes(), &7_u32.to_le_bytes(), &number.to_le_bytes(), &[0; 4]];
    [&head.concat()[..], &[lacing.len() as u8], &lacing, packet].concat()
}

fn opus() -> Vec<u8> {
    let comment = [
        b"OpusTags".as_slice(),
        &4_u32.to_le_bytes(),
        b"prog",
        &1_u32.to_le_bytes(),
        &24_u32.to_le_bytes(),
        SECRET,
        &[b' '; 500],
    ];
    [
        ogg_page(2, 0, 0, b"OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0"),
        ogg_page(0, 0, 1, &comment.concat()),
        ogg_page(4, 48_000 * 2 + 312, 2, b"SOUND"),
    ]
    .concat()
}

/// The checksum of RFC 3533 bit by bit.
fn crc(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte) << 24, |s: u32, _| if s >> 31 == 1 { s << 1 ^ 0x04c1_1db7 } else { s << 1 })
    })
}

#[test]
fn ogg_comments_are_emptied_in_place() {
    let file = opus();
    let (written, stream) = run(StreamFormat::Ogg, &file).unwrap();
    assert!(!has(&written, SECRET) && !has(&written, b"prog") && has(&written, b"SOUND"));
    assert_eq!((written.len(), stream.seconds), (file.len(), Some(2.0)));
    let starts: Vec<usize> = (0..written.len() - 4).filter(|n| written[*n..].starts_with(b"OggS")).collect();
    for (n, start) in starts.iter().enumerate() {
        let mut page = written[*start..starts.get(n + 1).copied().unwrap_or(written.len())].to_vec();
        let sum = u32::from_le_bytes(page[22..26].try_into().unwrap());
        page[22..26].fill(0);
        assert_eq!(sum, crc(&page), "page {n}");
    }
}

fn mp3() -> Vec<u8> {
    // MPEG 1, layer III, 128 kbit/s, 44.1 kHz: 417 bytes.
    let frame = [[0xff, 0xfb, 0x90, 0x00].as_slice(), &[7; 413]].concat();
    let tag = [b"ID3\x04\0\0\0\0\0".as_slice(), &[SECRET.len() as u8], SECRET].concat();
    [tag, frame.repeat(40), [b"TAG".as_slice(), SECRET, &[0; 101]].concat()].concat()
}

#[test]
fn mp3_retains_its_frames_only() {
    let (written, stream) = run(StreamFormat::Mp3, &mp3()).unwrap();
    assert_eq!((written.len(), has(&written, SECRET)), (417 * 40, false));
    assert!((stream.seconds.unwrap() - 40.0 * 1_152.0 / 44_100.0).abs() < 1e-9);
}

fn flac() -> Vec<u8> {
    let mut info = [0; 34];
    // 44.1 kHz, 88,200 samples.
    info[10..18].copy_from_slice(&(0x0ac4_4000_0000_0000_u64 | 88_200).to_be_bytes());
    let block = |kind: u8, content: &[u8]| [&[kind, 0, 0, content.len() as u8], content].concat();
    [b"fLaC".to_vec(), block(0, &info), block(4, SECRET), block(0x86, SECRET), b"\xff\xf8SOUND".to_vec()].concat()
}

fn wav() -> Vec<u8> {
    let chunk =
        |kind: &[u8; 4], content: &[u8]| [kind.as_slice(), &(content.len() as u32).to_le_bytes(), content].concat();
    let format = [&[1, 0, 1, 0][..], &8_000_u32.to_le_bytes(), &8_000_u32.to_le_bytes(), &[1, 0, 8, 0]].concat();
    let parts =
        [chunk(b"fmt ", &format), chunk(b"LIST", SECRET), chunk(b"data", &[9; 4_000]), chunk(b"id3 ", SECRET)].concat();
    [b"RIFF", &(parts.len() as u32 + 4).to_le_bytes()[..], b"WAVE", &parts].concat()
}

#[test]
fn flac_and_wav_retain_their_samples_only() {
    let (written, stream) = run(StreamFormat::Flac, &flac()).unwrap();
    assert_eq!((has(&written, SECRET), stream.seconds), (false, Some(2.0)));
    assert!(written.starts_with(b"fLaC\x80\0\0\x22") && written.ends_with(b"\xff\xf8SOUND"));
    let (written, stream) = run(StreamFormat::Wav, &wav()).unwrap();
    assert_eq!((has(&written, SECRET), stream.seconds, written.len()), (false, Some(0.5), 12 + 24 + 8 + 4_000));
    assert_eq!(u32::from_le_bytes(written[4..8].try_into().unwrap()) as usize, written.len() - 8);
}

#[test]
fn cut_and_damaged_files_are_refused_or_clean() {
    let files = [
        (StreamFormat::Mp4, mp4()),
        (StreamFormat::Webm, webm(b"webm")),
        (StreamFormat::Ogg, opus()),
        (StreamFormat::Mp3, mp3()),
        (StreamFormat::Flac, flac()),
        (StreamFormat::Wav, wav()),
    ];
    for (format, file) in &files {
        for cut in (0..file.len()).step_by(7) {
            match run(*format, &file[..cut]) {
                Ok((written, _)) => assert!(!has(&written, SECRET), "{format:?} {cut}"),
                Err(Error::Invalid(_)) => {}
                Err(other) => panic!("{format:?} {cut}: {other:?}"),
            }
        }
        for seed in 0..2_000_usize {
            let mut damaged = file.clone();
            let at = seed.wrapping_mul(2_654_435_761) % damaged.len().min(900);
            damaged[at] = damaged[at].wrapping_add(1 << (seed % 8));
            if let Err(other) = run(*format, &damaged) {
                assert!(matches!(other, Error::Invalid(_)), "{format:?} {seed}: {other:?}");
            }
        }
    }
}
