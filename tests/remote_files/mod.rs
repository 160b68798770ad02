//! The proxy for remote files, which browsers and apps load from this server.

mod fetching;
mod pages;
mod serving;
mod space;

use dassie::domain::remote_files::{Audience, RemoteFile};

use crate::support::http::Response;
use crate::support::proxy::path_of;
use crate::support::{Request, TestServer};

/// The first bytes of a PNG, and more of this size.
fn png(size: usize) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend((bytes.len()..size).map(|n| (n % 251) as u8));
    bytes
}

/// The same of a video.
fn video(size: usize) -> Vec<u8> {
    let mut bytes = b"\0\0\0\x1cftypisom".to_vec();
    bytes.extend((bytes.len()..size).map(|n| (n % 241) as u8));
    bytes
}

/// The path at which our server serves a file to visitors that nothing refers to by id.
fn for_visitors(server: &TestServer, url: &str) -> String {
    path_of(&server.app.domain.proxied(Audience::Visitor, RemoteFile::Emoji, url)).to_owned()
}

/// The same for the owner.
fn for_owner(server: &TestServer, url: &str) -> String {
    path_of(&server.app.domain.proxied(Audience::Owner, RemoteFile::Emoji, url)).to_owned()
}

fn load(server: &TestServer, path: &str) -> Response {
    server.send(&Request::get(path))
}
