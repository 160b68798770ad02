//! The real program, as a separate process.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

pub struct Child {
    process: std::process::Child,
    pub authority: String,
    pub started_in: Duration,
    token: String,
    data: PathBuf,
}

/// Memory of a process in MB.
#[derive(Clone, Copy)]
pub struct Memory {
    pub resident: f64,
    pub anonymous: f64,
    pub peak: f64,
}

/// The program under test; `BENCH_PROGRAM` names another build, to compare two of them with the same bench.
pub fn program() -> String {
    std::env::var("BENCH_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_dassie").to_owned())
}

impl Child {
    pub fn start(data: &Path, authority: &str) -> Self {
        let program = program();
        let run = |args: &[&str]| {
            let output = Command::new(&program).arg("--data").arg(data).args(args).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap().trim().to_owned()
        };
        let token = run(&["token", "create", "--scope", "read write follow"]);
        let began = Instant::now();
        let mut process = Command::new(&program)
            .arg("--data")
            .arg(data)
            .args(["serve", "--listen", authority])
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        while ureq::get(format!("http://{authority}/livez")).call().is_err() {
            std::thread::sleep(Duration::from_millis(1));
        }
        let started_in = began.elapsed();
        // Start-up work settles, so that "idle" is idle.
        std::thread::sleep(Duration::from_millis(500));
        Self { process, authority: authority.into(), started_in, token, data: data.into() }
    }

    /// Resident memory in MB: all of it, the anonymous part, and the peak.
    pub fn memory(&self) -> Memory {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap_or_default();
        let field = |name: &str| {
            let line = status.lines().find(|l| l.starts_with(name)).unwrap_or_default();
            line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
        };
        Memory { resident: field("VmRSS"), anonymous: field("RssAnon"), peak: field("VmHWM") }
    }

    /// CPU time that the process has used, in microseconds (a tick is 10 ms).
    pub fn cpu(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |n: usize| fields.get(n).and_then(|t| t.parse::<f64>().ok()).unwrap_or(0.0);
        (ticks(11) + ticks(12)) * 10_000.0
    }

    /// A further token of the owner.
    pub fn new_token(&self, scope: &str) -> String {
        let command = ["token", "create", "--scope", scope];
        let output = Command::new(program()).arg("--data").arg(&self.data).args(command).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    pub fn bearer(&self) -> (&'static str, String) {
        ("authorization", format!("Bearer {}", self.token))
    }

    fn get(&self, path: &str) -> Value {
        let (name, value) = self.bearer();
        let text = ureq::get(format!("http://{}{path}", self.authority))
            .header(name, value)
            .call()
            .unwrap()
            .body_mut()
            .read_to_string()
            .unwrap();
        serde_json::from_str(&text).unwrap()
    }

    pub fn newest_status(&self) -> String {
        self.get("/api/v1/timelines/public?local=true&limit=1")[0]["id"].as_str().unwrap().to_owned()
    }

    pub fn actor(&self) -> String {
        format!("http://{}/users/alice", self.authority)
    }

    pub fn post(&self, text: &str) {
        let (name, value) = self.bearer();
        ureq::post(format!("http://{}/api/v1/statuses", self.authority))
            .header(name, value)
            .send_form([("status", text)])
            .unwrap();
    }

    /// The owner's posts, read beside the server.
    pub fn posts(&self, most: usize) -> Vec<String> {
        let found = self.get(&format!("/api/v1/timelines/public?local=true&limit={}", most.min(40)));
        found.as_array().unwrap().iter().map(|post| post["uri"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until the inbox queue is empty.
    pub fn settle(&self) {
        let store = dassie::store::Store::open(&self.data).unwrap();
        let began = Instant::now();
        while store.read(dassie::store::queues::inbox_queue::counts).unwrap().0 > 0 {
            std::thread::sleep(Duration::from_millis(5));
            assert!(began.elapsed() < Duration::from_secs(120), "the inbox queue does not become empty");
        }
    }

    /// Uploads an image.
    pub fn upload(&self, image: &[u8]) {
        let mut body = b"--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\
            content-type: image/jpeg\r\n\r\n"
            .to_vec();
        body.extend_from_slice(image);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let (name, value) = self.bearer();
        ureq::post(format!("http://{}/api/v2/media", self.authority))
            .header(name, value)
            .header("content-type", "multipart/form-data; boundary=edge")
            .send(body.as_slice())
            .unwrap();
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
