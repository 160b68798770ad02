//! The owner's custom emoji.

use super::entities::account::{CustomEmoji, listed_emoji};
use crate::app::App;
use crate::domain::custom_emoji::manage;
use crate::error::Result;
use crate::http::{Request, Response};

/// `GET /api/v1/custom_emojis`: those that emoji pickers offer.
pub(super) fn list(app: &App, _: &Request) -> Result<Response> {
    let all = manage::all(&app.domain)?;
    let listed: Vec<CustomEmoji<'_>> = all.iter().filter(|emoji| emoji.listed).map(listed_emoji).collect();
    Ok(Response::json(&listed).into_public())
}
