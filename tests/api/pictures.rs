//! Uploads of pictures in unusual encodings, and the files stored for them.

use std::io::Cursor;

use image::codecs::png::PngEncoder;
use image::{DynamicImage, GrayImage, ImageFormat, Luma, RgbImage, RgbaImage};
use serde_json::Value;

use crate::support::http::Response;
use crate::support::{Request, TestServer};

fn send(alice: &TestServer, picture: &[u8]) -> Response {
    let head = b"--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
    let request = Request::new("POST", "/api/v2/media").bearer(&alice.token);
    alice.send(&request.body("multipart/form-data; boundary=b", [head, picture, b"\r\n--b--\r\n"].concat()))
}

/// Uploads a picture and returns its entity, and the stored file.
fn upload(alice: &TestServer, picture: &[u8]) -> (Value, Vec<u8>) {
    let media = send(alice, picture).expect(200).json();
    let path = media["url"].as_str().unwrap().strip_prefix(&alice.url("")).unwrap().to_owned();
    let stored = alice.send(&Request::get(&path)).expect(200).body.to_vec();
    (media, stored)
}

fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// An animation of `frames` red and green frames, besides a blue picture for programs that show no animations.
fn apng(frames: u32, transparent: Option<Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 8, 8);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_animated(frames, 0).unwrap();
    encoder.set_sep_def_img(true).unwrap();
    if let Some(colour) = transparent {
        encoder.set_trns(colour);
    }
    let mut writer = encoder.write_header().unwrap();
    for colour in [[0, 0, 255]].into_iter().chain([[255, 0, 0], [0, 255, 0]].into_iter().cycle().take(frames as usize))
    {
        writer.write_image_data(&colour.repeat(64)).unwrap();
    }
    writer.finish().unwrap();
    bytes
}

#[test]
fn a_transparent_picture_with_much_detail_has_an_opaque_preview() {
    let alice = TestServer::start("alice");
    let mut seed = 1_u32;
    let mut noise = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 24) as u8
    };
    let detailed = RgbaImage::from_fn(400, 300, |_, _| image::Rgba([noise(), noise(), noise(), 200]));
    let (media, _) = upload(&alice, &encode(&detailed.into(), ImageFormat::Png));
    assert!(media["url"].as_str().unwrap().ends_with(".png"), "{media}");
    assert!(media["preview_url"].as_str().unwrap().ends_with(".jpg"), "{media}");
}

#[test]
fn a_transparent_colour_of_an_animation_is_retained() {
    let alice = TestServer::start("alice");
    let (media, stored) = upload(&alice, &apng(2, Some(vec![0, 0, 0, 255, 0, 0])));
    let at = stored.windows(4).position(|w| w == b"tRNS").unwrap();
    assert_eq!(stored[at - 4..at + 10], *b"\0\0\0\x06tRNS\0\0\0\xff\0\0", "{media}");
}

/// Browsers show the frame, so it is stored, and not only the picture before it.
#[test]
fn an_animation_of_one_frame_and_another_picture_retains_the_frame() {
    let alice = TestServer::start("alice");
    let (_, stored) = upload(&alice, &apng(1, None));
    let mut reader = png::Decoder::new(Cursor::new(&stored)).read_info().unwrap();
    assert_eq!(reader.info().animation_control.unwrap().num_frames, 1);
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    reader.next_frame(&mut pixels).unwrap();
    assert_eq!(pixels[..3], [255, 0, 0]);
}

#[test]
fn a_picture_without_its_last_bytes_but_with_all_pixels_is_accepted() {
    let alice = TestServer::start("alice");
    let image: DynamicImage = RgbImage::from_pixel(9, 9, image::Rgb([9, 80, 200])).into();
    for (format, end, more) in [(ImageFormat::Png, 12, 30), (ImageFormat::Gif, 1, 5)] {
        let whole = encode(&image, format);
        send(&alice, &whole[..whole.len() - end]).expect(200);
        let part = send(&alice, &whole[..whole.len() - more]).expect(422);
        assert!(part.text().contains("damaged or incomplete"), "{format:?}: {}", part.text());
    }
}

#[test]
fn a_grey_picture_with_a_colour_profile_is_converted_as_in_a_browser() {
    let alice = TestServer::start("alice");
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    let linear = moxcms::ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
    image::ImageEncoder::set_icc_profile(&mut encoder, linear).unwrap();
    DynamicImage::from(GrayImage::from_pixel(9, 9, Luma([100]))).write_with_encoder(encoder).unwrap();
    let (_, stored) = upload(&alice, &bytes);
    let [r, g, b] = image::load_from_memory(&stored).unwrap().to_rgb8().get_pixel(4, 4).0;
    // Linear light of 100/255 is 168 in sRGB.
    assert!(r.abs_diff(168) <= 2 && r == g && g == b, "{r} {g} {b}");
}
