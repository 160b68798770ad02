//! `GET /complete`: what the script of the compose form offers while a mention, hashtag or emoji is written.

use minijinja::context;
use serde::Serialize;

use crate::app::App;
use crate::domain::custom_emoji::manage;
use crate::domain::queries::search::{self, Kinds, SearchQuery};
use crate::error::Result;
use crate::http::{Request, Response};
use crate::limits;
use crate::store::actors::Among;
use crate::store::database::pagination::Page;
use crate::web::templates::Html;
use crate::web::{render, view};

/// Emoji that everyone knows, by their usual names. All others are on the keyboards of phones and computers.
const BASIC_EMOJI: &[(&str, &str)] = &[
    ("smile", "😄"),
    ("grin", "😁"),
    ("joy", "😂"),
    ("wink", "😉"),
    ("blush", "😊"),
    ("heart_eyes", "😍"),
    ("sunglasses", "😎"),
    ("thinking", "🤔"),
    ("neutral", "😐"),
    ("sweat_smile", "😅"),
    ("cry", "😢"),
    ("sob", "😭"),
    ("angry", "😠"),
    ("scream", "😱"),
    ("sleeping", "😴"),
    ("hug", "🤗"),
    ("shrug", "🤷"),
    ("facepalm", "🤦"),
    ("wave", "👋"),
    ("thumbsup", "👍"),
    ("thumbsdown", "👎"),
    ("clap", "👏"),
    ("pray", "🙏"),
    ("muscle", "💪"),
    ("eyes", "👀"),
    ("heart", "❤️"),
    ("broken_heart", "💔"),
    ("star", "⭐"),
    ("sparkles", "✨"),
    ("fire", "🔥"),
    ("tada", "🎉"),
    ("rocket", "🚀"),
    ("bulb", "💡"),
    ("warning", "⚠️"),
    ("check", "✅"),
    ("cross", "❌"),
    ("hundred", "💯"),
    ("coffee", "☕"),
    ("cake", "🍰"),
    ("rainbow", "🌈"),
    ("sun", "☀️"),
    ("snowflake", "❄️"),
    ("cat", "🐱"),
    ("dog", "🐶"),
    ("tree", "🌳"),
    ("earth", "🌍"),
];

/// What can be written, with the text that it becomes.
#[derive(Debug, Default, Serialize)]
struct Suggestion {
    insert: String,
    name: Html,
    detail: String,
    picture: Option<String>,
}

/// `GET /complete?q=…`, where the text begins with `@`, `#` or `:`.
pub(crate) fn complete(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let written: String = form.get("q").unwrap_or_default().chars().take(limits::SEARCH_QUERY_CHARS).collect();
    let mut rest = written.chars();
    let suggestions = match rest.next() {
        Some('@') => people(app, rest.as_str())?,
        Some('#') => hashtags(app, rest.as_str())?,
        Some(':') => emoji(app, rest.as_str())?,
        _ => Vec::new(),
    };
    render::page(app, request, "complete.html", context! { suggestions })
}

fn people(app: &App, words: &str) -> Result<Vec<Suggestion>> {
    let viewer = app.domain.as_owner()?;
    let query = SearchQuery::accounts(words, Among::Known, limits::COMPLETIONS);
    let found = search::search(&app.domain, viewer, &query)?;
    let suggestion = |actor| {
        let person = view::person(app, actor, viewer);
        Suggestion {
            insert: format!("@{}", person.handle),
            name: person.name,
            detail: format!("@{}", person.handle),
            picture: Some(person.avatar),
        }
    };
    Ok(found.actors.iter().filter(|actor| !actor.local).map(|actor| suggestion(actor)).collect())
}

fn hashtags(app: &App, prefix: &str) -> Result<Vec<Suggestion>> {
    let page = Page::newest(limits::COMPLETIONS);
    let query = SearchQuery { kinds: Kinds::Hashtags, page, ..SearchQuery::accounts(prefix, Among::Known, 0) };
    let found = search::search(&app.domain, app.domain.as_owner()?, &query)?;
    let suggestion =
        |tag: String| Suggestion { insert: format!("#{tag}"), name: text(&format!("#{tag}")), ..Suggestion::default() };
    Ok(found.tags.into_iter().map(suggestion).collect())
}

/// The owner's emoji first. Without a prefix, all that pickers offer.
fn emoji(app: &App, prefix: &str) -> Result<Vec<Suggestion>> {
    let prefix = prefix.to_lowercase();
    let limit = if prefix.is_empty() { limits::PICKER_EMOJI } else { limits::COMPLETIONS as usize };
    let own =
        manage::all(&app.domain)?.into_iter().filter(|e| e.listed && e.shortcode.to_lowercase().contains(&prefix));
    let own = own.map(|e| Suggestion {
        insert: format!(":{}:", e.shortcode),
        name: text(&format!(":{}:", e.shortcode)),
        detail: String::new(),
        picture: Some(e.url),
    });
    let basic = BASIC_EMOJI.iter().filter(|(name, _)| name.contains(&*prefix));
    let basic = basic.map(|(name, emoji)| Suggestion {
        insert: (*emoji).to_owned(),
        name: text(emoji),
        detail: name.replace('_', " "),
        picture: None,
    });
    Ok(own.chain(basic).take(limit).collect())
}

fn text(plain: &str) -> Html {
    Html(crate::protocol::html::escape(plain))
}
