//! The description of an article in JSON-LD (schema.org).

use serde_json::Value;

use crate::limits;
use crate::protocol::json;

/// What a JSON-LD block states about an article.
#[derive(Debug, Default)]
pub(super) struct Article {
    pub(super) headline: Option<String>,
    pub(super) description: Option<String>,
    pub(super) author: Option<String>,
    pub(super) author_url: Option<String>,
    pub(super) publisher: Option<String>,
    pub(super) image: Option<String>,
    pub(super) published: Option<String>,
    pub(super) language: Option<String>,
}

impl Article {
    /// The first article among these blocks. Blocks that are not valid JSON are passed over.
    pub(super) fn first_of(blocks: &[String]) -> Option<Self> {
        blocks.iter().filter_map(|block| json::parse(block.trim().as_bytes()).ok()).find_map(|value| find(&value, 3))
    }
}

/// Looks for an article in a value, its list, or its `@graph`.
fn find(value: &Value, depth: usize) -> Option<Article> {
    if depth == 0 {
        return None;
    }
    match value {
        Value::Array(items) => items.iter().take(limits::PAGE_ELEMENTS).find_map(|item| find(item, depth - 1)),
        Value::Object(object) if is_article(value) => Some(article(&Value::Object(object.clone()))),
        Value::Object(object) => object.get("@graph").and_then(|graph| find(graph, depth - 1)),
        _ => None,
    }
}

fn is_article(value: &Value) -> bool {
    let named = |kind: &Value| {
        kind.as_str().is_some_and(|k| k.ends_with("Article") || matches!(k, "BlogPosting" | "Report" | "VideoObject"))
    };
    match &value["@type"] {
        Value::Array(kinds) => kinds.iter().take(8).any(named),
        kind => named(kind),
    }
}

fn article(value: &Value) -> Article {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let first = |value: &Value| value.get(0).unwrap_or(value).clone();
    let (author, publisher, image) = (first(&value["author"]), first(&value["publisher"]), first(&value["image"]));
    let named = |value: &Value| text(value).or_else(|| text(&value["name"]));
    Article {
        headline: text(&value["headline"]).or_else(|| text(&value["name"])),
        description: text(&value["description"]),
        author: named(&author),
        author_url: text(&author["url"]),
        publisher: named(&publisher),
        image: text(&image).or_else(|| text(&image["url"])),
        published: text(&value["datePublished"]).or_else(|| text(&value["uploadDate"])),
        language: text(&value["inLanguage"]),
    }
}
