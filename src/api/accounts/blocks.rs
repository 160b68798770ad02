//! Blocks of accounts and servers.

use serde_json::json;

use super::follows::show_relation;
use crate::api::paging::{self, Rows, Size};
use crate::app::App;
use crate::domain::federation_policy::{self, Decision};
use crate::domain::queries;
use crate::domain::relationships::block as rules;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::ids::ActorId;
use crate::store::peers::domain_policies;
use crate::store::peers::domain_policies::Severity;

/// Blocked domains.
const DOMAINS: Size = Size::new(100, 200);

/// `POST /api/v1/accounts/:id/block`.
pub(crate) fn block(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    rules::block(&app.domain, id)?;
    show_relation(app, id)
}

/// `POST /api/v1/accounts/:id/unblock`.
pub(crate) fn unblock(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    rules::unblock(&app.domain, id)?;
    show_relation(app, id)
}

/// `GET /api/v1/blocks`.
pub(crate) fn list(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::ACCOUNTS);
    let rows = queries::accounts::blocked(&app.domain, &page)?;
    Ok(super::lookup::list(app, request, &page, &rows))
}

/// `GET /api/v1/domain_blocks`: the hosts of all suspended servers.
pub(crate) fn domains(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, DOMAINS);
    let rows = app.domain.store.read(|c| domain_policies::suspended(c, &page))?;
    let cursors = rows.first().zip(rows.last()).map(|(first, last)| (first.0, last.0));
    let names: Vec<&str> = rows.iter().map(|(_, host)| host.as_str()).collect();
    Ok(paging::respond(app, request, Rows { page: &page, count: names.len(), cursors }, &names))
}

/// `POST /api/v1/domain_blocks`.
pub(crate) fn block_domain(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let decision = Decision { severity: Severity::Suspend, ..Decision::default() };
    federation_policy::decide(&app.domain, form.require("domain")?, decision)?;
    Ok(Response::json(&json!({})))
}

/// `DELETE /api/v1/domain_blocks`: also of a server that was not blocked.
pub(crate) fn unblock_domain(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    match federation_policy::withdraw(&app.domain, form.require("domain")?) {
        Ok(()) | Err(Error::NotFound) => Ok(Response::json(&json!({}))),
        Err(e) => Err(e),
    }
}
