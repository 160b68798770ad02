//! `dassie init`: nothing is saved before the last prompt, and permanent choices are confirmed.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use super::{dassie, printed};

/// Runs `init` with this input; the password follows on standard input.
fn init(data: &Path, more: &[&str], inputs: &str) -> (bool, String) {
    let output = dassie(data, &[&["init", "--password-stdin"], more].concat(), inputs);
    (output.status.success(), printed(&output))
}

#[test]
fn nothing_is_saved_before_the_last_input() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("d");
    for (inputs, wanted) in [
        ("", "no answer"),
        ("me\n", "not a full domain"),
        ("me@example.org\n", "no answer"),
        ("example.org\nNot Valid\n", "may only contain lowercase letters"),
        ("me@example.org\nn\n", "not confirmed"),
        ("me@example.org\n\n", "not confirmed"),
        ("me@example.org\ny\n", "8 to 256"),
        ("me@example.org\ny\nshort\n", "8 to 256"),
    ] {
        let (done, text) = init(&data, &[], inputs);
        assert!(!done && text.contains(wanted), "{inputs:?}: {text}");
        assert!(!data.exists(), "{inputs:?} left something behind");
    }
    let long = "x".repeat(200);
    let all = ["--yes", "--user", "me", "--domain", "example.org", "--name", &long];
    let (done, text) = init(&data, &all, "correct horse\n");
    assert!(!done && text.contains("Display name") && !data.exists(), "{text}");
}

#[test]
fn invalid_input_is_prompted_again_and_permanent_choices_are_confirmed() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("d");
    let (done, text) = init(&data, &[], "me\nhttps://x\n@Me@example.org\nme\nyes\ncorrect horse\n");
    assert!(done, "{text}");
    assert!(text.contains("You will be @me@example.org, at https://example.org/. Neither can be changed"), "{text}");
    assert!(text.contains("@me@example.org is yours"), "{text}");
    for (more, wanted) in [
        (&["--yes", "--domain", "other.example"][..], "belongs to example.org"),
        (&["--yes", "--user", "you"][..], "permanent"),
    ] {
        let (done, text) = init(&data, more, "");
        assert!(!done && text.contains(wanted), "{text}");
    }
}

#[test]
fn a_domain_that_others_cannot_reach_needs_force() {
    let dir = tempfile::tempdir().unwrap();
    for (n, (domain, accepted, wanted)) in [
        ("example", false, "no dot"),
        ("1.2.3.4", false, "IP address"),
        ("10.0.0.7:8443", false, "IP address"),
        ("localhost:3000", true, "this machine alone"),
        ("nas.local", true, "reserved name"),
        ("example.org", true, "is yours"),
    ]
    .into_iter()
    .enumerate()
    {
        let data = dir.path().join(n.to_string());
        let all = ["--yes", "--user", "me", "--domain", domain];
        let (done, text) = init(&data, &all, "correct horse\n");
        assert!(done == accepted && text.contains(wanted), "{domain}: {text}");
        assert_eq!(data.exists(), accepted, "{domain}");
    }
    let serve = dassie(&dir.path().join("s"), &["serve", "example", "--listen", "127.0.0.1:0"], "");
    assert!(!serve.status.success() && printed(&serve).contains("init --force"), "{}", printed(&serve));
    let forced = ["--yes", "--force", "--user", "me", "--domain", "example"];
    let (done, text) = init(&dir.path().join("forced"), &forced, "correct horse\n");
    assert!(done && text.contains("no dot"), "{text}");
}

#[test]
fn a_password_without_a_terminal_is_an_error_that_names_the_option() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("d");
    assert!(dassie(&data, &super::INIT, "correct horse").status.success());
    let mut command = Command::new("setsid");
    let output = command
        .arg("--wait")
        .arg(env!("CARGO_BIN_EXE_dassie"))
        .args(["--data", data.to_str().unwrap(), "owner", "passwd"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = printed(&output);
    assert!(
        !output.status.success() && text.contains("without a terminal") && text.contains("--password-stdin"),
        "{text}"
    );
}

/// Answers prompts of a program in a terminal. Returns all that it showed, and whether it succeeded.
fn in_terminal(command: &str, inputs: &[(&str, &str)]) -> (bool, String) {
    let mut terminal = Command::new("script")
        .args(["-q", "-e", "-c", command, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut keys, mut screen) = (terminal.stdin.take().unwrap(), terminal.stdout.take().unwrap());
    let (mut shown, mut seen) = (String::new(), 0);
    for (prompt, input) in inputs {
        while !shown[seen..].contains(prompt) {
            let mut part = [0; 1024];
            let read = screen.read(&mut part).unwrap();
            assert!(read > 0, "no {prompt:?} in {shown}");
            shown.push_str(&String::from_utf8_lossy(&part[..read]));
        }
        seen = shown.len();
        writeln!(keys, "{input}").unwrap();
    }
    screen.read_to_string(&mut shown).unwrap();
    (terminal.wait().unwrap().success(), shown)
}

#[test]
fn differing_passwords_are_prompted_again_before_anything_is_saved() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("d");
    let program = format!("{} --data {}", env!("CARGO_BIN_EXE_dassie"), data.display());
    let init = format!("{program} init --user me --domain example.org");
    let (first, again) = ("Password: ", "Repeat the password: ");
    let inputs = [
        ("[y/N] ", "y"),
        (first, "short"),
        (first, "correct horse"),
        (again, "correct house"),
        (first, "correct horse"),
        (again, "correct horse"),
    ];
    let (done, shown) = in_terminal(&init, &inputs);
    assert!(done, "{shown}");
    assert!(shown.contains("The two passwords differ. Nothing has been saved yet."), "{shown}");
    assert!(shown.contains("8 to 256") && shown.contains("@me@example.org is yours"), "{shown}");
    assert!(!shown.contains("correct"), "passwords are not shown: {shown}");
    let (done, shown) = in_terminal(
        &format!("{program} owner passwd"),
        &[(first, "another horse"), (again, "other horse"), (first, "another horse"), (again, "another horse")],
    );
    assert!(done && shown.contains("The two passwords differ"), "{shown}");
}
