//! Translations of posts by a service that the owner has configured.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::status_view::{StatusLoader, StatusView};
use crate::config;
use crate::domain::Domain;
use crate::domain::ports::{TranslationJob, TranslationService};
use crate::error::refusal::InteractionRefusal;
use crate::error::{Error, Result};
use crate::protocol::escape::escape;
use crate::protocol::html;
use crate::protocol::ids::{MediaId, StatusId};
use crate::protocol::time::Timestamp;
use crate::store::database::settings;

/// The age at which the list of languages is fetched again.
const LANGUAGES_AGE: Duration = Duration::from_secs(24 * 3_600);

/// The service that the configuration names, if it names one.
pub fn service(config: &config::Translation) -> Option<TranslationService> {
    match (config.libretranslate_url.trim_end_matches('/'), config.deepl_key.as_str()) {
        ("", "") => None,
        ("", key) => Some(TranslationService::DeepL { key: key.to_owned() }),
        (url, _) => {
            Some(TranslationService::LibreTranslate { url: url.to_owned(), key: config.libretranslate_key.clone() })
        }
    }
}

/// A translated post.
#[derive(Debug, Clone)]
pub struct Translation {
    /// Cleaned HTML.
    pub content: String,
    /// The content warning.
    pub summary: String,
    /// The attachments that have a description, with it.
    pub media: Vec<(MediaId, String)>,
    /// The options of the poll.
    pub poll: Option<(StatusId, Vec<String>)>,
    /// The language of the post, as stated or detected.
    pub source: Option<String>,
    /// The language of the translation.
    pub target: String,
    /// The name of the service.
    pub provider: &'static str,
}

/// Translates a public or unlisted post into a language: the requested one, or the one that the owner posts in.
///
/// # Errors
/// [`Error::NotFound`] if there is no such post, or no service; [`Error::Forbidden`] if the post is not open or is in that
/// language; [`Error::Remote`] if the service does not respond.
pub fn translate(
    domain: &Domain,
    config: &config::Translation,
    id: StatusId,
    to: Option<String>,
) -> Result<Translation> {
    let service = service(config).ok_or(Error::NotFound)?;
    let viewer = domain.as_owner()?;
    let (view, default) = domain.store.read(|c| {
        let view = StatusLoader::new(c, viewer).status(id)?.ok_or(Error::NotFound)?;
        Ok((view, settings::get(c, settings::DEFAULT_LANGUAGE)?))
    })?;
    let view = view.content();
    if !view.status.visibility.is_open() {
        return Err(Error::Forbidden(InteractionRefusal::TranslationNotOpen.into()));
    }
    let target = to.or(default).unwrap_or_else(|| "en".to_owned());
    let from = view.status.language.as_deref().map(primary);
    if from == Some(primary(&target)) {
        return Err(Error::Forbidden(InteractionRefusal::TranslationNotNeeded.into()));
    }
    let texts = texts(view);
    let job = TranslationJob { texts: &texts, from, to: &target };
    let translated = domain.remote()?.translate(&service, job)?;
    if translated.texts.len() != texts.len() {
        return Err(Error::Remote(crate::error::RemoteError::Malformed(
            "the number of translated texts is wrong".into(),
        )));
    }
    let source = view.status.language.clone().or(translated.source);
    Ok(assemble(view, translated.texts, source, target, service.name()))
}

fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// The texts of a post as HTML: content, content warning, descriptions, options.
fn texts(view: &StatusView) -> Vec<String> {
    let mut texts = vec![view.status.content.clone(), escape(&view.status.summary)];
    texts.extend(described(view).map(|(_, description)| escape(description)));
    texts.extend(view.poll.iter().flat_map(|poll| poll.options.iter().map(|option| escape(&option.title))));
    texts
}

fn described(view: &StatusView) -> impl Iterator<Item = (MediaId, &str)> {
    view.media.iter().filter_map(|m| Some((m.id, m.description.as_deref()?)))
}

fn assemble(
    view: &StatusView,
    texts: Vec<String>,
    source: Option<String>,
    target: String,
    provider: &'static str,
) -> Translation {
    let mut texts = texts.into_iter();
    let content = html::clean(&texts.next().unwrap_or_default());
    let mut plain = texts.map(|text| html::to_text(&text));
    let summary = plain.next().unwrap_or_default();
    let media = described(view).map(|(id, _)| (id, plain.next().unwrap_or_default())).collect();
    let poll = view.poll.as_ref().map(|_| (view.status.id, plain.collect()));
    Translation { content, summary, media, poll, source, target, provider }
}

/// The languages that the service translates, each with those it is translated into.
pub type LanguagePairs = Vec<(String, Vec<String>)>;

#[derive(Serialize, Deserialize)]
struct StoredLanguages {
    at: i64,
    provider: String,
    pairs: LanguagePairs,
}

/// The languages that the service translates. Only the owner's requests fetch the list; it is kept for a day.
///
/// # Errors
/// [`Error::Remote`] if the service does not respond.
pub fn languages(domain: &Domain, config: &config::Translation, by_owner: bool) -> Result<LanguagePairs> {
    let Some(service) = service(config) else { return Ok(Vec::new()) };
    let stored = domain.store.read(|c| settings::get(c, settings::TRANSLATION_LANGUAGES))?;
    let stored: Option<StoredLanguages> = stored.and_then(|text| serde_json::from_str(&text).ok());
    let stored = stored.filter(|stored| stored.provider == service.name());
    let oldest = domain.now().minus(LANGUAGES_AGE);
    let is_fresh = stored.as_ref().is_some_and(|stored| Timestamp::from_millis(stored.at) > oldest);
    if is_fresh || !by_owner {
        return Ok(stored.map(|stored| stored.pairs).unwrap_or_default());
    }
    let pairs = domain.remote()?.translation_languages(&service)?;
    let new = StoredLanguages { at: domain.now().millis(), provider: service.name().to_owned(), pairs: pairs.clone() };
    let text = serde_json::to_string(&new).unwrap_or_default();
    domain.store.write(move |c| settings::set(c, settings::TRANSLATION_LANGUAGES, &text))?;
    Ok(pairs)
}
