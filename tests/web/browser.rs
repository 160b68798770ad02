//! The pages of the owner in a browser without scripts.

use crate::support::http::Response;
use crate::support::{Request, TestServer};

/// The owner in a browser without scripts.
pub struct Browser {
    pub alice: TestServer,
    pub cookie: String,
    pub csrf: String,
}

/// The fields and files of a multipart form.
fn multipart(fields: &[(&str, &str)], files: &[&[u8]]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    for file in files {
        let head = "--b\r\ncontent-disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\r\n";
        body.extend(head.bytes());
        body.extend(*file);
        body.extend(b"\r\n");
    }
    body.extend(b"--b--\r\n");
    body
}

pub fn png(shade: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(40, 30, image::Rgb([shade, 90, 60]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

/// The values of the attributes that begin like this, as `name="media_ids[]" value="`.
pub fn values<'a>(page: &'a str, before: &str) -> Vec<&'a str> {
    page.split(before).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

impl Browser {
    pub fn new() -> Self {
        let alice = TestServer::start("alice");
        let (cookie, csrf) = alice.session();
        Self { alice, cookie, csrf }
    }

    /// Submits a multipart form.
    pub fn sends(&self, path: &str, fields: &[(&str, &str)], files: &[&[u8]]) -> Response {
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", self.csrf.as_str())]).collect();
        let request = Request::new("POST", path).header("cookie", &self.cookie);
        self.alice.send(&request.body("multipart/form-data; boundary=b", multipart(&fields, files)))
    }

    pub fn opens(&self, path: &str) -> Response {
        self.alice.send(&Request::get(path).header("cookie", &self.cookie))
    }

    /// The text of a page.
    pub fn page(&self, path: &str) -> String {
        self.opens(path).expect(200).text()
    }

    /// Submits a form as browsers do by default, and returns where it redirects to.
    pub fn submits(&self, path: &str, fields: &[(&str, &str)]) -> String {
        self.tries(path, fields).expect(303).header("location").unwrap().to_owned()
    }

    /// Submits a form as browsers do by default.
    pub fn tries(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", self.csrf.as_str())]).collect();
        self.alice.send(&Request::new("POST", path).header("cookie", &self.cookie).form(&fields))
    }
}
