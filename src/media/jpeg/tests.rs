//! JPEG images of every supported kind, and damaged ones.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, RgbImage};

use super::decode;
use crate::error::Error;

/// Made with Pillow from one picture of 61 x 45 pixels (red grows to the right, green to the bottom, blue is a chessboard).
const KINDS: [(&str, &[u8]); 6] = [
    ("baseline, 4:2:0", include_bytes!("../../../tests/fixtures/jpeg/baseline-420.jpg")),
    ("baseline, 4:2:2, restarts", include_bytes!("../../../tests/fixtures/jpeg/baseline-422-restarts.jpg")),
    ("progressive, 4:2:0", include_bytes!("../../../tests/fixtures/jpeg/progressive-420.jpg")),
    ("progressive, 4:4:4", include_bytes!("../../../tests/fixtures/jpeg/progressive-444.jpg")),
    ("progressive, grey", include_bytes!("../../../tests/fixtures/jpeg/progressive-grey.jpg")),
    ("CMYK", include_bytes!("../../../tests/fixtures/jpeg/cmyk.jpg")),
];

fn reference(bytes: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(bytes, ImageFormat::Jpeg).unwrap().to_rgb8()
}

/// The mean difference of samples.
fn difference(a: &RgbImage, b: &RgbImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let sum: u64 = a.iter().zip(b.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.len() as f64
}

fn message(bytes: &[u8]) -> String {
    match decode(Cursor::new(bytes)) {
        Err(Error::Invalid(refusal)) => refusal.to_string(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("accepted"),
    }
}

#[test]
fn every_kind_is_decoded_as_by_the_image_crate() {
    for (kind, bytes) in KINDS {
        let image = decode(Cursor::new(bytes)).unwrap().image.to_rgb8();
        let difference = difference(&image, &reference(bytes));
        assert!(difference < 2.5, "{kind}: {difference}");
    }
}

#[test]
fn noise_and_odd_sizes_are_decoded_exactly() {
    let mut seed = 3_u32;
    for (width, height) in [(1, 1), (7, 9), (16, 16), (33, 17), (200, 3)] {
        let image = RgbImage::from_fn(width, height, |_, _| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            image::Rgb(seed.to_be_bytes()[..3].try_into().unwrap())
        });
        let mut bytes = Vec::new();
        DynamicImage::ImageRgb8(image).write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)).unwrap();
        let decoded = decode(Cursor::new(&bytes)).unwrap().image.to_rgb8();
        assert!(difference(&decoded, &reference(&bytes)) < 1.5, "{width} x {height}");
    }
}

#[test]
fn cut_images_are_refused_wherever_they_end() {
    for (kind, bytes) in KINDS {
        // The last two bytes are the end marker, which some encoders forget.
        for cut in 0..bytes.len() - 2 {
            assert!(decode(Cursor::new(&bytes[..cut])).is_err(), "{kind}: {cut} of {}", bytes.len());
        }
        assert!(decode(Cursor::new(&bytes[..bytes.len() - 2])).is_ok(), "{kind} without an end marker");
        let shortened = [&bytes[..bytes.len() * 3 / 4], &[0xff, 0xd9]].concat();
        assert!(message(&shortened).contains("damaged or incomplete"), "{kind}");
    }
}

#[test]
fn damaged_images_never_panic() {
    for (_, bytes) in KINDS {
        for seed in 0..600_usize {
            let mut damaged = bytes.to_vec();
            let at = seed.wrapping_mul(2_654_435_761) % damaged.len();
            damaged[at] ^= 1 << (seed % 8);
            let _ = decode(Cursor::new(&damaged));
        }
    }
}

#[test]
fn rare_kinds_are_refused_with_advice() {
    let (_, bytes) = KINDS[0];
    let frame = bytes.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    let mut arithmetic = bytes.to_vec();
    arithmetic[frame + 1] = 0xc9;
    assert!(message(&arithmetic).contains("save it again"));
    let mut deep = bytes.to_vec();
    deep[frame + 4] = 12;
    assert!(message(&deep).contains("8 bits"));
    let mut huge = bytes.to_vec();
    huge[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    assert!(message(&huge).contains("16384"));
}
