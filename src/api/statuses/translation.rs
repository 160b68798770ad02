//! Translations of statuses, if a service is configured.

use serde_json::{Map, json};

use crate::app::App;
use crate::domain::queries::translation;
use crate::error::Result;
use crate::http::{Principal, Request, Response};

/// `POST /api/v1/statuses/:id/translate`.
pub(crate) fn translate(app: &App, request: &Request) -> Result<Response> {
    let to = request.form()?.language("lang")?;
    let found = translation::translate(&app.domain, &app.config.translation, request.id("id")?, to)?;
    let media = found.media.iter().map(|(id, text)| json!({"id": id, "description": text}));
    let poll = found.poll.as_ref().map(|(id, options)| {
        let options: Vec<_> = options.iter().map(|title| json!({"title": title})).collect();
        json!({"id": id, "options": options})
    });
    Ok(Response::json(&json!({
        "content": found.content,
        "spoiler_text": found.summary,
        "language": found.target,
        "poll": poll,
        "media_attachments": media.collect::<Vec<_>>(),
        "detected_source_language": found.source.unwrap_or_default(),
        "provider": found.provider,
    })))
}

/// `GET /api/v1/instance/translation_languages`: an empty object without a service.
pub(crate) fn languages(app: &App, request: &Request) -> Result<Response> {
    let by_owner = matches!(&request.principal, Principal::Token(bearer) if bearer.token.owner);
    let pairs = translation::languages(&app.domain, &app.config.translation, by_owner)?;
    let object: Map<String, _> = pairs.into_iter().map(|(from, to)| (from, json!(to))).collect();
    Ok(Response::json(&object))
}
