//! Mutes, private notes and endorsements.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use super::follows::show_relation;
use super::lookup::{find, list};
use crate::api::entities::Context;
use crate::api::entities::account::{Account, account};
use crate::api::paging::{self, Rows};
use crate::app::App;
use crate::domain::queries;
use crate::domain::relationships::mute as rules;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::protocol::ids::ActorId;

/// `POST /api/v1/accounts/:id/mute`: notifications too, unless the request says otherwise.
pub(crate) fn mute(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let id: ActorId = request.id("id")?;
    let seconds = form.exact::<u64>("duration")?.filter(|seconds| *seconds > 0);
    rules::mute(&app.domain, id, form.choice("notifications")?.unwrap_or(true), seconds.map(Duration::from_secs))?;
    show_relation(app, id)
}

/// `POST /api/v1/accounts/:id/unmute`.
pub(crate) fn unmute(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    rules::unmute(&app.domain, id)?;
    show_relation(app, id)
}

/// MutedAccount.
#[derive(Serialize)]
struct MutedAccount<'a> {
    #[serde(flatten)]
    account: Account<'a>,
    mute_expires_at: Option<String>,
}

/// `GET /api/v1/mutes`.
pub(crate) fn muted(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::ACCOUNTS);
    let rows = queries::accounts::muted(&app.domain, &page)?;
    let ctx = Context::of(app, request);
    let items: Vec<_> = rows
        .iter()
        .map(|(_, (actor, mute))| MutedAccount {
            account: account(ctx, actor),
            mute_expires_at: mute.expires_at.map(|at| at.to_api()),
        })
        .collect();
    let cursors = rows.first().zip(rows.last()).map(|(first, last)| (first.0, last.0));
    Ok(paging::respond(app, request, Rows { page: &page, count: rows.len(), cursors }, &items))
}

/// `POST /api/v1/accounts/:id/note`.
pub(crate) fn note(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let id: ActorId = request.id("id")?;
    rules::set_note(&app.domain, id, form.text("comment")?.unwrap_or_default())?;
    show_relation(app, id)
}

/// `POST /api/v1/accounts/:id/endorse` and `pin`.
pub(crate) fn endorse(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    rules::endorse(&app.domain, id)?;
    show_relation(app, id)
}

/// `POST /api/v1/accounts/:id/unendorse` and `unpin`.
pub(crate) fn unendorse(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    rules::end_endorsement(&app.domain, id)?;
    show_relation(app, id)
}

/// `GET /api/v1/endorsements`.
pub(crate) fn endorsements(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::ACCOUNTS);
    let rows = queries::accounts::endorsed(&app.domain, &page)?;
    Ok(list(app, request, &page, &rows))
}

/// `GET /api/v1/accounts/:id/endorsements`: those of the owner; whom others endorse is not known.
pub(crate) fn endorsements_of(app: &App, request: &Request) -> Result<Response> {
    match find(app, request.id("id")?)?.local {
        true => endorsements(app, request),
        false => Ok(Response::json(&json!([]))),
    }
}

/// `GET /api/v1/accounts/:id/identity_proofs`: Mastodon has removed them.
pub(crate) fn identity_proofs(app: &App, request: &Request) -> Result<Response> {
    find(app, request.id("id")?)?;
    Ok(Response::json(&json!([])))
}
