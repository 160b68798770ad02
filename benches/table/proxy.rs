//! Files of other servers: from the cache, and fetched by many at once.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::Instant;

use dassie::domain::remote_files::{AddressKey, Audience, RemoteFile};
use dassie::store::Store;

use super::child::Child;
use super::load::{self, Load};
use super::{Bare, Run, measure, seed};

const FILES: usize = 400;
const SIZE: usize = 32 * 1024;

/// Other servers, each with a picture at every path.
fn origins(count: usize) -> Vec<String> {
    let mut picture = b"\x89PNG\r\n\x1a\n".to_vec();
    picture.resize(SIZE, 7);
    let serve = move |mut stream: TcpStream| {
        let (mut head, mut part) = (Vec::new(), [0; 1_024]);
        while let Ok(n @ 1..) = stream.read(&mut part) {
            head.extend_from_slice(&part[..n]);
            if head.ends_with(b"\r\n\r\n") {
                head.clear();
                let _ = write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {SIZE}\r\n\r\n");
                let _ = stream.write_all(&picture);
            }
        }
    };
    let start = |_| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let serve = serve.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serve = serve.clone();
                std::thread::spawn(move || serve(stream));
            }
        });
        authority
    };
    (0..count).map(start).collect()
}

/// The paths at which the server serves the files to the owner.
fn paths(data: &Path) -> Vec<String> {
    let (key, origins) = (AddressKey::load(&Store::open(data).unwrap()).unwrap(), origins(8));
    let url = |n: usize| format!("http://{}/{n}.png", origins[n % origins.len()]);
    (0..FILES).map(|n| key.path(Audience::Owner, RemoteFile::Emoji, &url(n))).collect()
}

pub fn proxy(run: &Run, bare: Bare) {
    let data = seed::data(10);
    let paths = paths(data.path());
    let child = Child::start(data.path(), &seed::domain());
    let request = |path: &String| format!("GET {path} HTTP/1.1\r\nhost: {}\r\n\r\n", child.authority).into_bytes();
    let requests: Vec<Vec<u8>> = paths.iter().map(request).collect();
    let (began, cpu) = (Instant::now(), child.cpu());
    load::send_all(&child.authority, &requests, 16);
    let rate = FILES as f64 / began.elapsed().as_secs_f64();
    let each = (child.cpu() - cpu) / FILES as f64;
    println!("| pictures of 32 KiB fetched from 8 other servers | {rate:.0} | | | | {each:.0} | |");
    let cached = Load::get(&child.authority, &paths[0]);
    measure(run, &child, bare, "picture of another server, 32 KiB, from the cache", &cached);
}
