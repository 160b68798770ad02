//! The real program, as a process of its own.

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

impl Child {
    pub fn start(data: &Path, authority: &str) -> Self {
        let program = env!("CARGO_BIN_EXE_dassie");
        let run = |args: &[&str]| {
            let output = Command::new(program).arg("--data").arg(data).args(args).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap().trim().to_owned()
        };
        let token = run(&["token", "create", "--scope", "read write follow"]);
        let began = Instant::now();
        let mut process = Command::new(program)
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

    /// Resident memory in MB.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap_or_default();
        let line = status.lines().find(|l| l.starts_with("VmRSS")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
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

    /// How many notifications there are, read beside the server.
    pub fn notifications(&self) -> usize {
        let store = dassie::store::Store::open(&self.data).unwrap();
        store
            .read(|c| {
                dassie::store::notifications::count_after(
                    c,
                    0,
                    1_000_000,
                    &dassie::store::notifications::NotificationKind::ALL,
                    None,
                )
            })
            .unwrap() as usize
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
