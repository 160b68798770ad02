//! `dassie post`.

use std::io::Read;

use serde_json::json;

use super::context::CommandContext;
use crate::domain::posts::{self, Draft};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::visibility::Visibility;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The text, or `-` for standard input.
    text: String,
    /// The visibility: public, unlisted, private or direct [default: as set in the profile].
    #[arg(long, value_name = "VISIBILITY")]
    visibility: Option<String>,
    /// A content warning.
    #[arg(long, value_name = "TEXT", default_value = "")]
    warning: String,
    /// The language, like `en`.
    #[arg(long, value_name = "CODE")]
    language: Option<String>,
}

pub(super) fn run(ctx: &CommandContext, args: Args) -> Result<()> {
    let visibility = match args.visibility.as_deref() {
        None => None,
        Some(name) => Some(Visibility::parse(name).ok_or_else(|| {
            Error::invalid(format!("unknown visibility `{name}`: use public, unlisted, private or direct"))
        })?),
    };
    let text = if args.text == "-" {
        let mut text = String::new();
        std::io::stdin().take(limits::FORM_BODY as u64).read_to_string(&mut text)?;
        text.trim_end().to_owned()
    } else {
        args.text
    };
    let server = ctx.open()?;
    let draft = Draft { text, visibility, summary: args.warning, language: args.language, ..Draft::default() };
    let id = posts::create(&server.domain, draft)?.status.id;
    let url = server.domain.site.status_page(&server.domain.owner()?.username, id);
    ctx.print(&url, &json!({"id": id, "url": url}));
    Ok(())
}
