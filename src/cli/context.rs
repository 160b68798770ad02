//! What commands share: opening the server, printing results and reading passwords.

use std::io::Write;
use std::path::PathBuf;

use crate::config::Config;
use crate::domain::account::{password, setup as owner_rules};
use crate::domain::urls::Site;
use crate::error::{Error, Result};
use crate::jobs::WorkerContext;
use crate::protocol::text::{is_hidden, is_ignorable};
use crate::server::data_dir::has_database;
use crate::store::Store;

/// The arguments and the configuration that every command has.
pub(super) struct CommandContext {
    /// The data directory.
    pub data: PathBuf,
    /// The configuration.
    pub config: Config,
    /// Print JSON.
    pub json: bool,
}

impl CommandContext {
    /// Opens a server that has its owner.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the server has not been set up.
    pub(super) fn open(&self) -> Result<WorkerContext> {
        let server = self.open_any()?;
        server.domain.owner().map_err(|e| match e {
            Error::AccountDeleted => {
                Error::invalid("the account of this server was deleted; `dassie owner delete` shows what is left to do")
            }
            _ => Error::invalid(
                "this server has no owner yet; run `dassie init`, or open the setup link that `dassie serve` prints",
            ),
        })?;
        Ok(server)
    }

    /// Opens a server, also if its account was deleted.
    ///
    /// # Errors
    /// [`Error::Invalid`] if there is no server.
    pub(super) fn open_any(&self) -> Result<WorkerContext> {
        if !has_database(&self.data)? {
            return Err(Error::invalid(format!(
                "no server exists in {}; run `dassie init` or `dassie serve` first, or name another --data",
                self.data.display()
            )));
        }
        let site = self
            .bound_site()?
            .ok_or_else(|| Error::invalid("this server has no domain yet; run `dassie init` first"))?;
        crate::server::open(&self.data, &self.config, site)
    }

    /// Returns `true` if a server exists and has its owner.
    pub(super) fn is_set_up(&self) -> Result<bool> {
        Ok(has_database(&self.data)? && owner_rules::is_set_up(&Store::open(&self.data)?)?)
    }

    /// The domain that the data directory belongs to.
    pub(super) fn bound_site(&self) -> Result<Option<Site>> {
        if !has_database(&self.data)? {
            return Ok(None);
        }
        owner_rules::bound_site(&Store::open(&self.data)?)
    }

    /// Prints a result: text, or JSON with `--json`.
    pub(super) fn print(&self, line: &str, value: &serde_json::Value) {
        if self.json { print_line(&value.to_string()) } else { print_line(line) }
    }
}

/// Prints a line. A closed pipe (`| head`) is not an error.
pub(super) fn print_line(line: &str) {
    let _ = writeln!(std::io::stdout(), "{}", printable(line));
}

/// A text without control and invisible characters, which are escaped as in JSON, so that JSON stays valid.
pub(super) fn printable(text: &str) -> std::borrow::Cow<'_, str> {
    let harmful =
        |c: char| c != '\n' && c != '\t' && (c.is_control() || is_hidden(c) || is_ignorable(c) && !is_joiner(c));
    if !text.contains(harmful) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if harmful(c) {
            let mut units = [0_u16; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a String cannot fail.
                let _ = std::fmt::Write::write_fmt(&mut out, format_args!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out.into()
}

/// Joiners and variation selectors, which some scripts and emoji need.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e007f}')
}

/// The text of an error on the command line.
pub(super) fn error_text(error: &Error) -> String {
    match error {
        Error::Invalid(message) => message.to_string(),
        other => other.to_string(),
    }
}

/// Reads a password from standard input, or prompts for it twice until both are the same.
pub(super) fn read_password(from_stdin: bool) -> Result<String> {
    if from_stdin {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        let password = line.trim_end_matches(['\r', '\n']).to_owned();
        password::check(&password)?;
        return Ok(password);
    }
    loop {
        let first = prompt_hidden("Password: ")?;
        if let Err(e) = password::check(&first) {
            print_line(&error_text(&e));
            continue;
        }
        if prompt_hidden("Repeat the password: ")? == first {
            return Ok(first);
        }
        print_line("The two passwords differ. Nothing has been saved yet.");
    }
}

fn prompt_hidden(question: &str) -> Result<String> {
    rpassword::prompt_password(question).map_err(|e| {
        Error::invalid(format!(
            "cannot prompt for the password without a terminal ({e}); nothing was saved. \
             Pass it on standard input with --password-stdin"
        ))
    })
}

/// Prompts for a line.
///
/// # Errors
/// [`Error::Invalid`] at the end of the input.
pub(super) fn prompt(question: &str) -> Result<String> {
    let mut out = std::io::stdout();
    write!(out, "{question}")?;
    out.flush()?;
    let mut line = String::new();
    if std::io::stdin().read_line(&mut line)? == 0 {
        return Err(Error::invalid(
            "no answer on standard input; nothing was saved. The options in --help replace the answers",
        ));
    }
    Ok(line.trim().to_owned())
}
