//! Animations of each format keep their frames and lose their metadata.

use std::io::Cursor;

use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, RgbaImage};

use super::rewrite;
use crate::error::Error;
use crate::media::sniff::ImageFormat;

const SECRET: &[u8] = b"SECRET-52.5200N-13.4050E";

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|w| w == part)
}

fn frame(width: u32, height: u32, shade: u8) -> RgbaImage {
    RgbaImage::from_pixel(width, height, image::Rgba([shade, 9, 200, 255]))
}

/// Frames of which the second covers a part of the canvas, and a text.
fn apng() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 20, 10);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_animated(3, 0).unwrap();
    encoder.add_text_chunk("Comment".into(), String::from_utf8_lossy(SECRET).into_owned()).unwrap();
    encoder.set_frame_delay(1, 8).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(frame(20, 10, 0).as_raw()).unwrap();
    writer.set_frame_dimension(5, 4).unwrap();
    writer.set_frame_position(3, 2).unwrap();
    writer.write_image_data(frame(5, 4, 90).as_raw()).unwrap();
    writer.reset_frame_position().unwrap();
    writer.set_frame_dimension(20, 10).unwrap();
    writer.write_image_data(frame(20, 10, 180).as_raw()).unwrap();
    writer.finish().unwrap();
    bytes
}

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let padding = vec![0; content.len() % 2];
    [kind.as_slice(), &(content.len() as u32).to_le_bytes(), content, &padding].concat()
}

fn webp(frames: u8) -> Vec<u8> {
    let mut chunks = chunk(b"VP8X", &[0x1e, 0, 0, 0, 19, 0, 0, 9, 0, 0]);
    chunks.extend(chunk(b"ANIM", &[0; 6]));
    for n in 0..frames {
        let mut still = Vec::new();
        let image = frame(20, 10, n * 60);
        WebPEncoder::new_lossless(&mut still).encode(image.as_raw(), 20, 10, ExtendedColorType::Rgba8).unwrap();
        let head = [0, 0, 0, 0, 0, 0, 19, 0, 0, 9, 0, 0, 100, 0, 0, 0];
        let start = still.windows(4).position(|w| w == b"VP8L").unwrap();
        chunks.extend(chunk(b"ANMF", &[&head, &still[start..], &chunk(b"junk", SECRET)].concat()));
    }
    chunks.extend(chunk(b"EXIF", SECRET));
    chunks.extend(chunk(b"XMP ", SECRET));
    [b"RIFF", &(chunks.len() as u32 + 4).to_le_bytes()[..], b"WEBP", &chunks].concat()
}

#[test]
fn animated_png_retains_frames_and_times() {
    let bytes = apng();
    assert!(has(&bytes, SECRET));
    let moving = rewrite(&mut Cursor::new(&bytes), ImageFormat::Png).unwrap().unwrap();
    assert!(!has(&moving.bytes, SECRET));
    assert_eq!((moving.media_type, moving.width, moving.height), ("image/png", 20, 10));
    let mut reader = png::Decoder::new(Cursor::new(&moving.bytes)).read_info().unwrap();
    assert_eq!(reader.info().animation_control.unwrap().num_frames, 3);
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let (mut sizes, mut shades) = (Vec::new(), Vec::new());
    for n in 0..3 {
        if n > 0 {
            reader.next_frame_info().unwrap();
        }
        let control = *reader.info().frame_control.as_ref().unwrap();
        reader.next_frame(&mut pixels).unwrap();
        sizes.push((control.width, control.height, control.x_offset, control.y_offset, control.delay_den));
        shades.push(pixels[0]);
    }
    assert_eq!((sizes, shades), (vec![(20, 10, 0, 0, 8), (5, 4, 3, 2, 8), (20, 10, 0, 0, 8)], vec![0, 90, 180]));
}

#[test]
fn animated_webp_retains_frames_and_times() {
    let bytes = webp(3);
    assert!(has(&bytes, SECRET));
    let moving = rewrite(&mut Cursor::new(&bytes), ImageFormat::Webp).unwrap().unwrap();
    assert!(!has(&moving.bytes, SECRET) && !has(&moving.bytes, b"EXIF") && !has(&moving.bytes, b"junk"));
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(&moving.bytes)).unwrap();
    assert_eq!((decoder.dimensions(), decoder.num_frames()), ((20, 10), 3));
    let mut canvas = vec![0; decoder.output_buffer_size().unwrap()];
    let shades: Vec<(u32, u8)> = (0..3).map(|_| (decoder.read_frame(&mut canvas).unwrap(), canvas[0])).collect();
    let near = |(n, (time, shade)): (u8, &(u32, u8))| *time == 100 && shade.abs_diff(n * 60) <= 1;
    assert!((0..).zip(&shades).all(near), "{shades:?}");
}

#[test]
fn stills_are_not_animations_and_damaged_ones_are_refused() {
    assert!(rewrite(&mut Cursor::new(webp(1)), ImageFormat::Webp).unwrap().is_none());
    for (bytes, format) in [(apng(), ImageFormat::Png), (webp(3), ImageFormat::Webp)] {
        for cut in (0..bytes.len() - 40).step_by(9) {
            match rewrite(&mut Cursor::new(&bytes[..cut]), format) {
                Ok(None) | Err(Error::Invalid(_)) => {}
                Ok(Some(moving)) => assert!(!has(&moving.bytes, SECRET), "{format:?} {cut}"),
                Err(other) => panic!("{format:?} {cut}: {other:?}"),
            }
        }
    }
}
