//! Images as people and attackers send them.

use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{Delay, DynamicImage, Frame, ImageEncoder, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use super::{Encoded, Processed};
use crate::error::{Error, Result, SizeLimit};
use crate::limits;
use crate::protocol::hostile_texts::processor_time;

const SECRET: &[u8] = b"SECRET-52.5200N-13.4050E";

fn accept_image(bytes: &[u8]) -> Result<Processed> {
    super::accept_image(Cursor::new(bytes))
}

fn accept_avatar(bytes: &[u8]) -> Result<Encoded> {
    super::accept_avatar(Cursor::new(bytes))
}

fn accept_header(bytes: &[u8]) -> Result<Encoded> {
    super::accept_header(Cursor::new(bytes))
}

/// Red on the left, blue on the right, so that turning and cutting show.
fn halves(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) }).into()
}

/// Noise that compresses badly.
fn noise(width: u32, height: u32) -> DynamicImage {
    let mut seed = 1_u32;
    RgbImage::from_fn(width, height, |_, _| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgb([(seed >> 24) as u8, (seed >> 16) as u8, (seed >> 8) as u8])
    })
    .into()
}

fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

fn decode(encoded: &Encoded) -> DynamicImage {
    let format = ImageFormat::from_mime_type(encoded.media_type).unwrap();
    let image = image::load_from_memory_with_format(&encoded.bytes, format).unwrap();
    assert_eq!((image.width(), image.height()), (encoded.width, encoded.height));
    image
}

fn is_red(image: &DynamicImage, x: u32, y: u32) -> bool {
    let [r, _, b] = image.to_rgb8().get_pixel(x, y).0;
    r > 180 && b < 60
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|w| w == part)
}

fn message(result: Result<impl std::fmt::Debug>) -> String {
    match result {
        Err(Error::Invalid(refusal)) => refusal.to_string(),
        other => panic!("not refused as invalid: {other:?}"),
    }
}

/// A TIFF block as in EXIF: the orientation, and a GPS directory with the secret as its map datum.
fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    tiff.extend([2, 0]);
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    tiff.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]);
    tiff.extend([0, 0, 0, 0]);
    tiff.extend([1, 0, 0x12, 0, 2, 0, SECRET.len() as u8 + 1, 0, 0, 0, 56, 0, 0, 0, 0, 0, 0, 0]);
    tiff.extend(SECRET);
    tiff.push(0);
    tiff
}

fn jpeg_with_exif(image: &DynamicImage, orientation: u8) -> Vec<u8> {
    let plain = encode(image, ImageFormat::Jpeg);
    let body = [b"Exif\0\0".as_slice(), &exif(orientation)].concat();
    let mut bytes = plain[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend((body.len() as u16 + 2).to_be_bytes());
    bytes.extend(body);
    bytes.extend(&plain[2..]);
    bytes
}

/// Adds a chunk behind the header of a PNG.
fn png_with_chunk(png: &[u8], kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(data);
    let chunk = [&(data.len() as u32).to_be_bytes(), kind.as_slice(), data, &crc.sum().to_be_bytes()].concat();
    [&png[..33], &chunk, &png[33..]].concat()
}

/// Changes the announced size of a PNG and puts its checksum right.
fn png_that_lies(width: u32, height: u32) -> Vec<u8> {
    let mut png = encode(&halves(8, 8), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(&png[12..29]);
    png[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    png
}

fn animation(frames: usize, width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, 30);
    encoder.set_repeat(image::codecs::gif::Repeat::Infinite).unwrap();
    for i in 0..frames {
        let image = RgbaImage::from_pixel(width, height, Rgba([(i * 40) as u8, 0, 200, 255]));
        encoder.encode_frame(Frame::from_parts(image, 0, 0, Delay::from_numer_denom_ms(100, 1))).unwrap();
    }
    drop(encoder);
    bytes
}

#[test]
fn each_format_becomes_one_that_we_serve() {
    for (format, media_type, ext) in [
        (ImageFormat::Jpeg, "image/jpeg", "jpg"),
        (ImageFormat::Png, "image/png", "png"),
        (ImageFormat::Gif, "image/png", "png"),
        (ImageFormat::WebP, "image/png", "png"),
    ] {
        let processed = accept_image(&encode(&halves(900, 600), format)).unwrap();
        let original = &processed.original;
        assert_eq!((original.media_type, original.ext), (media_type, ext), "{format:?}");
        assert_eq!((original.width, original.height, processed.animated), (900, 600, false));
        let preview = decode(&processed.preview);
        assert_eq!((preview.width(), preview.height(), processed.preview.media_type), (640, 427, "image/jpeg"));
        assert!(processed.preview.bytes.len() <= limits::IMAGE_PREVIEW_BYTES);
        for image in [decode(original), preview] {
            assert!(is_red(&image, 10, 10) && !is_red(&image, image.width() - 10, 10), "{format:?}");
        }
        let colours = blurhash::decode(&processed.blurhash, 8, 8, 1.0).unwrap();
        assert!(colours[0] > colours[2] && colours[7 * 4] < colours[7 * 4 + 2], "{}", processed.blurhash);
    }
}

#[test]
fn transparency_is_retained() {
    let glass = RgbaImage::from_fn(300, 200, |x, _| Rgba([200, 0, 0, if x < 150 { 0 } else { 255 }])).into();
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let processed = accept_image(&encode(&glass, format)).unwrap();
        assert_eq!((processed.original.media_type, processed.preview.media_type), ("image/png", "image/png"));
        assert_eq!(decode(&processed.original).to_rgba8().get_pixel(10, 10).0[3], 0);
    }
    let opaque = RgbaImage::from_pixel(30, 20, Rgba([200, 0, 0, 255])).into();
    let processed = accept_image(&encode(&opaque, ImageFormat::Png)).unwrap();
    assert!(!decode(&processed.original).color().has_alpha());
}

#[test]
fn a_large_drawing_stays_png_and_a_large_photograph_does_not() {
    let processed = accept_image(&encode(&noise(1500, 1500), ImageFormat::Png)).unwrap();
    assert_eq!(processed.original.media_type, "image/jpeg");
    let processed = accept_image(&encode(&halves(1500, 1500), ImageFormat::Png)).unwrap();
    assert_eq!(processed.original.media_type, "image/png");
}

#[test]
fn large_images_are_scaled_with_their_aspect_ratio() {
    let processed = accept_image(&encode(&halves(4000, 500), ImageFormat::Jpeg)).unwrap();
    assert_eq!((processed.original.width, processed.original.height), (3840, 480));
    assert_eq!((processed.preview.width, processed.preview.height), (640, 80));
    assert!(is_red(&decode(&processed.original), 1900, 200) && !is_red(&decode(&processed.original), 1940, 200));
    let thin = accept_image(&encode(&halves(10_000, 1), ImageFormat::Png)).unwrap();
    assert_eq!((thin.original.width, thin.original.height), (3840, 1));
    let dot = accept_image(&encode(&halves(1, 1), ImageFormat::Png)).unwrap();
    assert_eq!((dot.original.width, dot.preview.height), (1, 1));
}

#[test]
fn orientation_is_applied_and_metadata_gone() {
    // Turned by 90 degrees clockwise, the red left half comes to the top.
    let (wide, exif) = (halves(80, 40), exif(6));
    let png = png_with_chunk(&encode(&wide, ImageFormat::Png), b"tEXt", &[b"Comment\0", SECRET].concat());
    let mut webp = Vec::new();
    let mut encoder = WebPEncoder::new_lossless(&mut webp);
    encoder.set_exif_metadata(exif.clone()).unwrap();
    wide.write_with_encoder(encoder).unwrap();
    let mut prefixed = Vec::new();
    let mut encoder = WebPEncoder::new_lossless(&mut prefixed);
    encoder.set_exif_metadata([b"Exif\0\0".as_slice(), &exif].concat()).unwrap();
    wide.write_with_encoder(encoder).unwrap();
    for bytes in [jpeg_with_exif(&wide, 6), png_with_chunk(&png, b"eXIf", &exif), webp, prefixed] {
        assert!(has(&bytes, SECRET));
        let processed = accept_image(&bytes).unwrap();
        let image = decode(&processed.original);
        assert_eq!((image.width(), image.height()), (40, 80));
        assert!(is_red(&image, 20, 10) && !is_red(&image, 20, 70));
        for output in [&processed.original.bytes, &processed.preview.bytes] {
            assert!(!has(output, SECRET) && !has(output, b"Exif") && !has(output, b"eXIf"));
        }
        assert!(!has(&accept_avatar(&bytes).unwrap().bytes, SECRET));
    }
    let odd = accept_image(&jpeg_with_exif(&wide, 77)).unwrap();
    assert_eq!((odd.original.width, odd.original.height), (80, 40));
}

#[test]
fn other_colour_spaces_become_srgb_without_a_profile() {
    let with_profile = |profile: Vec<u8>| {
        let mut bytes = Vec::new();
        let mut encoder = PngEncoder::new(&mut bytes);
        encoder.set_icc_profile(profile).unwrap();
        let pixel: DynamicImage = RgbImage::from_pixel(9, 9, Rgb([200, 100, 50])).into();
        pixel.write_with_encoder(encoder).unwrap();
        let original = accept_image(&bytes).unwrap().original;
        assert!(!has(&original.bytes, b"iCCP"));
        decode(&original).to_rgb8().get_pixel(4, 4).0
    };
    let [r, g, b] = with_profile(moxcms::ColorProfile::new_display_p3().encode().unwrap());
    // The same colour by the matrices of CSS Color 4 section 10: P3 (200, 100, 50) is sRGB (215, 93, 31).
    assert!(r.abs_diff(215) <= 1 && g.abs_diff(93) <= 1 && b.abs_diff(31) <= 1, "{r} {g} {b}");
    let [r, g, b] = with_profile(moxcms::ColorProfile::new_srgb().encode().unwrap());
    assert!(r.abs_diff(200) <= 1 && g.abs_diff(100) <= 1 && b.abs_diff(50) <= 1, "{r} {g} {b}");
    assert_eq!(with_profile(b"not a profile".to_vec()), [200, 100, 50]);
}

#[test]
fn bytes_around_the_image_are_removed() {
    let script = b"<script>alert(1)</script>PK\x03\x04";
    let mut comment = b"GIF89a".to_vec();
    let plain = animation(2, 20, 20);
    comment.extend(&plain[6..plain.len() - 1]);
    comment.extend([0x21, 0xfe, script.len() as u8]);
    comment.extend(script);
    comment.extend([0, 0x3b]);
    for bytes in [
        encode(&halves(20, 20), ImageFormat::Jpeg),
        encode(&halves(20, 20), ImageFormat::Png),
        encode(&halves(20, 20), ImageFormat::WebP),
        plain,
        comment,
    ] {
        let processed = accept_image(&[bytes.as_slice(), script].concat()).unwrap();
        assert!(!has(&processed.original.bytes, b"script") && !has(&processed.original.bytes, b"PK\x03\x04"));
    }
}

#[test]
fn animations_retain_frames_and_times() {
    let processed = accept_image(&animation(5, 60, 40)).unwrap();
    assert!(processed.animated);
    assert_eq!((processed.original.media_type, processed.original.ext), ("image/gif", "gif"));
    let mut decoder = gif::DecodeOptions::new().read_info(processed.original.bytes.as_slice()).unwrap();
    let mut delays = Vec::new();
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        delays.push(frame.delay);
    }
    assert_eq!((delays, decoder.repeat()), (vec![10; 5], gif::Repeat::Infinite));
    assert_eq!(decode(&processed.original).to_rgba8().get_pixel(5, 5).0, [0, 0, 200, 255]);
    assert_eq!(processed.preview.media_type, "image/jpeg");
    assert_eq!(accept_avatar(&animation(5, 60, 40)).unwrap().media_type, "image/png");
}

#[test]
fn unknown_extensions_of_a_gif_are_removed() {
    for frames in [1, 3] {
        let mut gif = animation(frames, 20, 10);
        let at = gif.windows(2).position(|bytes| bytes == [0x21, 0xff]).unwrap();
        gif.splice(at..at, *b"\x21\x42\x06SECRET\x00");
        let processed = accept_image(&gif).unwrap();
        assert_eq!(processed.animated, frames > 1);
        assert!(!processed.original.bytes.windows(6).any(|bytes| bytes == b"SECRET"));
    }
}

#[test]
fn animation_bombs_are_refused() {
    assert!(accept_image(&animation(limits::ANIMATION_FRAMES, 4, 4)).is_ok());
    assert!(message(accept_image(&animation(limits::ANIMATION_FRAMES + 1, 4, 4))).contains("300 frames"));
    assert!(message(accept_image(&animation(17, 1600, 1600))).contains("40 million"));
    assert!(message(accept_image(&animation(2, 3841, 2))).contains("3840"));
}

#[test]
fn false_sizes_are_refused_before_decoding() {
    for (width, height, word) in [
        (20_000, 20_000, "16384"),
        (65_000, 1, "16384"),
        (1, 65_000, "16384"),
        (8_000, 8_000, "33 million"),
        (0, 5, ""),
    ] {
        let took = processor_time(|| {
            assert!(message(accept_image(&png_that_lies(width, height))).contains(word), "{width} x {height}");
        });
        assert!(took.as_millis() < 2_000);
    }
    assert!(accept_image(&png_that_lies(5_000, 5_000)).is_err());
    let mut gif = animation(2, 10, 10);
    gif[6..10].copy_from_slice(&[0xff; 4]);
    assert!(message(accept_image(&gif)).contains("16384"));
    // A frame that reaches over the edge of its canvas is shown without its edge, as in browsers.
    let mut gif = animation(2, 10, 10);
    gif[6..10].copy_from_slice(&[5, 0, 5, 0]);
    assert_eq!(accept_image(&gif).unwrap().preview.width, 5);
    let mut webp = encode(&halves(10, 10), ImageFormat::WebP);
    webp[21..25].copy_from_slice(&[0xff; 4]);
    assert!(accept_image(&webp).is_err());
    let many = accept_image(&vec![0; limits::IMAGE_BYTES + 1]);
    assert!(matches!(many, Err(Error::TooLarge { what: SizeLimit::Image, limit: 16_777_216 })));
}

#[test]
fn truncated_files_never_panic() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
        let whole = encode(&noise(60, 60), format);
        for cut in (0..whole.len()).step_by(whole.len() / 40) {
            if let Ok(processed) = accept_image(&whole[..cut]) {
                // GIF decoders show what has arrived; then it must be a whole new file.
                decode(&processed.original);
            }
        }
        assert!(accept_image(&whole[..whole.len() / 3]).is_err(), "{format:?}");
    }
    for seed in 0..200_u32 {
        let mut bytes = encode(&halves(30, 30), ImageFormat::Png);
        for i in 0..4 {
            let at = seed.wrapping_mul(2_654_435_761).rotate_left(i * 8) as usize % bytes.len();
            bytes[at] ^= 1 << (seed % 8);
        }
        let _ = accept_image(&bytes);
    }
}

#[test]
fn other_formats_are_refused_by_name() {
    for (bytes, word) in [
        (b"".as_slice(), "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "SVG"),
        (b"<?xml version='1.0'?><!-- x --><svg/>", "SVG"),
        (b"<!DOCTYPE html><p>", "HTML"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "AVIF"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "MPEG-4"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "ZIP"),
        (b"BM1234", "BMP"),
        (b"II*\0....", "TIFF"),
        (b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ", "JPEG 2000"),
        (b"8BPS\0\x01", "Photoshop"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "PostScript"),
        (b"\0\0\x01\0\x01\0\x10\x10\0\0", "icon"),
        (b"\x7fELF", "unknown"),
    ] {
        let text = message(accept_image(bytes));
        assert!(text.contains(word) && text.contains("JPEG, PNG, GIF and WebP"), "{text}");
        assert!(accept_avatar(bytes).is_err() && accept_header(bytes).is_err());
    }
    for magic in [b"\xff\xd8\xff".as_slice(), b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP"] {
        assert!(message(accept_image(magic)).contains("cannot be decoded"));
    }
}

#[test]
fn avatars_and_headers_are_cut_from_the_middle() {
    for (size, avatar, header) in [
        ((2000, 1000), (400, 400), (1500, 500)),
        ((1000, 3000), (400, 400), (1000, 333)),
        ((300, 200), (200, 200), (300, 100)),
        ((10_000, 2), (1, 1), (3, 1)),
        ((1, 1), (1, 1), (1, 1)),
    ] {
        let bytes = encode(&halves(size.0, size.1), ImageFormat::Png);
        let cut = decode(&accept_avatar(&bytes).unwrap());
        assert_eq!((cut.width(), cut.height()), avatar, "{size:?}");
        let cut = decode(&accept_header(&bytes).unwrap());
        assert_eq!((cut.width(), cut.height()), header, "{size:?}");
        if size.0 > 100 {
            assert!(size.0 > 5000 || is_red(&cut, 1, 1) && !is_red(&cut, cut.width() - 1, 1));
        }
    }
}

#[test]
fn pngs_of_sixteen_bits_and_grey_are_read() {
    let grey = image::GrayImage::from_pixel(20, 10, image::Luma([77])).into();
    let deep = image::ImageBuffer::<Rgb<u16>, _>::from_pixel(20, 10, Rgb([0xffff_u16, 0, 0])).into();
    for image in [grey, deep] {
        let mut bytes = Vec::new();
        let encoder = PngEncoder::new(&mut bytes);
        let image: DynamicImage = image;
        encoder.write_image(image.as_bytes(), 20, 10, image.color().into()).unwrap();
        assert_eq!(accept_image(&bytes).unwrap().original.width, 20);
    }
}
