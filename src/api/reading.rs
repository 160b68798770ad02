//! Read markers and preferences.

use serde_json::{Map, Value, json};

use crate::app::App;
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::store::account::markers::{self, Marker};
use crate::store::database::settings;

const TIMELINES: [&str; 2] = ["home", "notifications"];

fn entity(m: Marker) -> Value {
    json!({"last_read_id": m.last_read_id.to_string(), "version": m.version, "updated_at": m.updated_at.to_api()})
}

/// `GET /api/v1/markers?timeline[]=…`.
pub(super) fn markers(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let wanted = form.list("timeline");
    let found = app.domain.store.read(|c| {
        let mut found = Map::new();
        for name in TIMELINES.into_iter().filter(|t| wanted.contains(t)) {
            if let Some(marker) = markers::get(c, name)? {
                found.insert(name.to_owned(), entity(marker));
            }
        }
        Ok(found)
    })?;
    Ok(Response::json(&found))
}

/// `POST /api/v1/markers`.
pub(super) fn set_markers(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let now = app.domain.now();
    let mut markers: Vec<(&'static str, i64)> = Vec::new();
    for timeline in TIMELINES {
        markers.extend(last_read(&form, timeline)?.map(|id| (timeline, id)));
    }
    let set = app.domain.store.write(move |c| {
        let mut set = Map::new();
        for (name, id) in markers {
            markers::set(c, name, id, now)?;
            set.extend(markers::get(c, name)?.map(|m| (name.to_owned(), entity(m))));
        }
        Ok(set)
    })?;
    Ok(Response::json(&set))
}

/// The id that a timeline was read up to, if the form names the timeline.
///
/// # Errors
/// [`Error::Invalid`] if it is not an id.
fn last_read(form: &Form, timeline: &str) -> Result<Option<i64>> {
    let key = format!("{timeline}[last_read_id]");
    form.refuse(timeline, "A marker must be an object with last_read_id")?;
    match form.exact::<u64>(&key)?.map(i64::try_from) {
        Some(Ok(id)) => Ok(Some(id)),
        None if form.get(&key).is_none() => Ok(None),
        _ => Err(Error::invalid(format!("{key} must be an id"))),
    }
}

/// `GET /api/v1/preferences`.
pub(super) fn preferences(app: &App, _: &Request) -> Result<Response> {
    let (visibility, sensitive, language, quotes) = app.domain.store.read(|c| {
        Ok((
            crate::domain::posts::default_visibility(c)?,
            settings::get(c, settings::DEFAULT_SENSITIVE)?.as_deref() == Some("true"),
            settings::get(c, settings::DEFAULT_LANGUAGE)?,
            crate::domain::posts::default_quote_policy(c)?,
        ))
    })?;
    Ok(Response::json(&json!({
        "posting:default:visibility": visibility.as_str(),
        "posting:default:sensitive": sensitive,
        "posting:default:language": language,
        "posting:default:quote_policy": quotes.as_str(),
        "reading:expand:media": "default",
        "reading:expand:spoilers": false,
        "reading:autoplay:gifs": false,
    })))
}
