//! Accounts: the owner's own, and everybody else's.

use std::sync::Arc;

use serde_json::json;

use super::entities::Context;
use super::entities::account::{self, Defaults, account};
use super::entities::relationship::relationship;
use super::paging;
use crate::app::App;
use crate::domain::account::profile as rules;
use crate::domain::account::profile::ProfileChange;
use crate::domain::backfill::{self, BackfillReason};
use crate::domain::interactions::interaction_policy::QuotePolicy;
use crate::domain::queries;
use crate::domain::queries::search::SearchQuery;
use crate::domain::queries::timelines::{AccountPosts, WithCursors};
use crate::domain::relationships::account_move;
use crate::domain::relationships::follow::{self, FollowOptions, FollowResponse};
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::limits;
use crate::media;
use crate::protocol::ids::ActorId;
use crate::protocol::visibility::Visibility;
use crate::store::Conn;
use crate::store::actors::{self, Actor};
use crate::store::database::pagination::Page;
use crate::store::database::settings;
use crate::store::peers::domain_policies::Severity;
use crate::store::relationships::follows::{self, Direction};
use crate::store::statuses::AccountFilter;

fn find(app: &App, id: ActorId) -> Result<Actor> {
    let found = app.domain.store.read(|c| actors::get(c, id))?;
    found.filter(|a| a.limited != Severity::Suspend).ok_or(Error::NotFound)
}

/// A page of accounts with its links.
pub(super) fn list(app: &App, request: &Request, page: &Page, rows: &WithCursors<Arc<Actor>>) -> Response {
    let ctx = Context::of(app, request);
    let cursors = rows.first().zip(rows.last()).map(|(first, last)| (first.0, last.0));
    let items: Vec<_> = rows.iter().map(|(_, a)| account(ctx, a)).collect();
    paging::answer(app, request, page, rows.len(), cursors, &items)
}

fn defaults(conn: &Conn, owner: ActorId) -> Result<Defaults> {
    Ok(Defaults {
        visibility: crate::domain::posts::default_visibility(conn)?,
        sensitive: settings::get(conn, settings::DEFAULT_SENSITIVE)?.as_deref() == Some("true"),
        language: settings::get(conn, settings::DEFAULT_LANGUAGE)?,
        quote_policy: crate::domain::posts::default_quote_policy(conn)?,
        follow_requests: follows::count_requests(conn, owner)?,
    })
}

/// `GET /api/v1/accounts/verify_credentials`.
pub(super) fn verify_credentials(app: &App, request: &Request) -> Result<Response> {
    let owner = app.domain.owner()?.id;
    let (actor, defaults) =
        app.domain.store.read(|c| Ok((actors::get(c, owner)?.ok_or(Error::NotFound)?, defaults(c, owner)?)))?;
    Ok(Response::json(&account::credential_account(Context::of(app, request), &actor, &defaults)))
}

/// `PATCH /api/v1/accounts/update_credentials`: only what is sent is changed.
pub(super) fn update_credentials(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let text = |key: &str| form.get(key).map(str::to_owned);
    form.refuse("attribution_domains", "Attribution domains are not available on this server")?;
    if form.choice("hide_collections")? == Some(false) {
        return Err(Error::invalid("hide_collections cannot be false: followers and followed are only counted here"));
    }
    let language = form.language("source[language]")?;
    let change = ProfileChange {
        display_name: text("display_name"),
        note: text("note"),
        fields: fields(&form)?,
        avatar: picture(app, &form, "avatar", media::accept_avatar)?,
        avatar_alt: text("avatar_description"),
        header: picture(app, &form, "header", media::accept_header)?,
        header_alt: text("header_description"),
        locked: form.choice("locked")?,
        bot: form.choice("bot")?,
        discoverable: form.choice("discoverable")?,
        indexable: form.choice("indexable")?,
        default_visibility: form.one_of("source[privacy]", "public, unlisted, private, direct", Visibility::parse)?,
        default_sensitive: form.choice("source[sensitive]")?,
        default_language: form.get("source[language]").map(|_| language.unwrap_or_default()),
        default_quote_policy: form.one_of("source[quote_policy]", "public, followers, nobody", QuotePolicy::parse)?,
    };
    rules::update_profile(&app.domain, change)?;
    verify_credentials(app, request)
}

/// Profile fields, if any were sent: an empty list removes all. Rows of which nothing is filled in are left out later.
fn fields(form: &Form) -> Result<Option<Vec<(String, String)>>> {
    form.refuse("fields_attributes", "fields_attributes must be a list of records with name and value")?;
    let records = form.records("fields_attributes");
    if records.is_empty() && !form.has_list("fields_attributes") {
        return Ok(None);
    }
    let get = |r: &Form, key: &str| r.get(key).unwrap_or_default().to_owned();
    let fields: Vec<_> = records.iter().map(|r| (get(r, "name"), get(r, "value"))).collect();
    if fields.iter().any(|(name, value)| name.trim().is_empty() != value.trim().is_empty()) {
        return Err(Error::invalid("A profile field needs both a label and a text"));
    }
    Ok(Some(fields))
}

fn picture(
    app: &App,
    form: &Form,
    key: &str,
    accept: fn(&[u8]) -> Result<media::Encoded>,
) -> Result<Option<Option<String>>> {
    match form.file(key) {
        Some(file) => Ok(Some(Some(app.media.put(&accept(&file.bytes)?)?))),
        None if form.filled(key).is_some() => {
            Err(Error::invalid(format!("{key} must be an uploaded image; DELETE /api/v1/profile/{key} removes it")))
        }
        None => Ok(None),
    }
}

/// `DELETE /api/v1/profile/avatar`.
pub(super) fn remove_avatar(app: &App, request: &Request) -> Result<Response> {
    rules::update_profile(&app.domain, ProfileChange { avatar: Some(None), ..ProfileChange::default() })?;
    verify_credentials(app, request)
}

/// `DELETE /api/v1/profile/header`.
pub(super) fn remove_header(app: &App, request: &Request) -> Result<Response> {
    rules::update_profile(&app.domain, ProfileChange { header: Some(None), ..ProfileChange::default() })?;
    verify_credentials(app, request)
}

/// `GET /api/v1/accounts/:id`.
pub(super) fn get(app: &App, request: &Request) -> Result<Response> {
    let actor = find(app, request.id("id")?)?;
    account_move::fetch_successor(&app.domain, &actor)?;
    Ok(Response::json(&account(Context::of(app, request), &actor)))
}

/// `GET /api/v1/accounts?id[]=…`.
pub(super) fn get_many(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let ctx = Context::of(app, request);
    let ids = form.ids::<ActorId>("id", 80);
    let found: Vec<_> = ids.into_iter().filter_map(|id| find(app, id).ok()).collect();
    Ok(Response::json(&found.iter().map(|a| account(ctx, a)).collect::<Vec<_>>()))
}

/// `GET /api/v1/accounts/lookup?acct=…`: what is known here, without asking anybody.
pub(super) fn lookup(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let acct = form.require("acct")?.trim_start_matches('@');
    let (username, host) = acct.split_once('@').unwrap_or((acct, app.domain.site.handle_domain()));
    let id = queries::accounts::by_handle(&app.domain, username, host)?.ok_or(Error::NotFound)?;
    Ok(Response::json(&account(Context::of(app, request), &find(app, id)?)))
}

/// `GET /api/v1/accounts/:id/statuses`.
pub(super) fn statuses(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let id: ActorId = request.id("id")?;
    let viewer = request.viewer(app.domain.owner()?.id);
    if viewer.is_owner()
        && let Err(e) = backfill::profile(&app.domain, id, BackfillReason::Opened)
    {
        tracing::debug!(error = %e, "a profile could not be asked for");
    }
    let page = paging::page(&form, paging::STATUSES);
    if form.flag("pinned") == Some(true) {
        find(app, id)?;
        let views = queries::timelines::pinned(&app.domain, viewer, id)?;
        return Ok(super::timelines::plain(app, request, &views));
    }
    let filter = AccountFilter {
        without_replies: form.flag("exclude_replies") == Some(true),
        without_boosts: form.flag("exclude_reblogs") == Some(true),
        only_media: form.flag("only_media") == Some(true),
        only_open: false,
    };
    let tag = form.filled("tagged").map(str::to_lowercase);
    let posts = AccountPosts { actor: id, filter, tag: tag.as_deref() };
    let views = queries::timelines::account(&app.domain, viewer, posts, &page)?;
    Ok(super::timelines::list(app, request, &page, &views))
}

fn follow_list(app: &App, request: &Request, side: Direction) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::ACCOUNTS);
    let id: ActorId = request.id("id")?;
    let viewer = request.viewer(app.domain.owner()?.id);
    let rows = queries::accounts::follows(&app.domain, viewer, id, side, &page)?;
    Ok(list(app, request, &page, &rows))
}

/// `GET /api/v1/accounts/:id/followers`.
pub(super) fn followers(app: &App, request: &Request) -> Result<Response> {
    follow_list(app, request, Direction::Followers)
}

/// `GET /api/v1/accounts/:id/following`.
pub(super) fn following(app: &App, request: &Request) -> Result<Response> {
    follow_list(app, request, Direction::Following)
}

pub(super) fn show_relation(app: &App, id: ActorId) -> Result<Response> {
    let owner = app.domain.owner()?.id;
    let relation = app.domain.store.read(|c| rules::relation(c, owner, id))?;
    Ok(Response::json(&relationship(id, relation)))
}

/// `POST /api/v1/accounts/:id/follow`: again, it changes what the owner wants to see.
pub(super) fn follow(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let id: ActorId = request.id("id")?;
    form.refuse("languages", "Following in some languages only is not available on this server")?;
    follow::follow(&app.domain, id, FollowOptions { boosts: form.choice("reblogs")?, notify: form.choice("notify")? })?;
    show_relation(app, id)
}

/// `POST /api/v1/accounts/:id/unfollow`.
pub(super) fn unfollow(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    follow::unfollow(&app.domain, id)?;
    show_relation(app, id)
}

/// `POST /api/v1/accounts/:id/remove_from_followers`.
pub(super) fn remove_follower(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    find(app, id)?;
    match follow::answer(&app.domain, id, FollowResponse::Reject) {
        Ok(()) | Err(Error::NotFound) => show_relation(app, id),
        Err(e) => Err(e),
    }
}

/// `GET /api/v1/accounts/relationships?id[]=…`: a list, also for one id.
pub(super) fn relationships(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let owner = app.domain.owner()?.id;
    let ids: Vec<ActorId> = form.ids("id", 80);
    let found = app.domain.store.read(|c| {
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            if actors::get(c, id)?.is_some() {
                found.push(relationship(id, rules::relation(c, owner, id)?));
            }
        }
        Ok(found)
    })?;
    Ok(Response::json(&found))
}

/// `GET /api/v1/accounts/familiar_followers?id[]=…`: for each account, those whom the owner follows and who follow it.
pub(super) fn familiar_followers(app: &App, request: &Request) -> Result<Response> {
    let ids: Vec<ActorId> = request.form()?.ids("id", 80);
    let owner = app.domain.owner()?.id;
    let ctx = Context::of(app, request);
    let found = app.domain.store.read(|c| {
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            if actors::get(c, id)?.is_none() {
                continue;
            }
            let mut familiar = Vec::new();
            for actor in follows::familiar(c, owner, id, limits::CONVERSATION_ACTORS)? {
                familiar.extend(actors::get(c, actor)?.map(|a| account(ctx, &a)));
            }
            found.push(json!({"id": id, "accounts": familiar}));
        }
        Ok(found)
    })?;
    Ok(Response::json(&found))
}

/// `GET /api/v1/accounts/search`.
pub(super) fn search(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let query = SearchQuery {
        text: form.get("q").unwrap_or_default(),
        actors: true,
        statuses: false,
        tags: false,
        resolve: form.flag("resolve") == Some(true),
        following: form.flag("following") == Some(true),
        by: None,
        limit: form.number::<u32>("limit").unwrap_or(40).clamp(1, 80),
        offset: form.number::<u32>("offset").unwrap_or(0).min(1_000),
    };
    let found = queries::search::search(&app.domain, app.domain.as_owner()?, &query)?;
    let ctx = Context::of(app, request);
    Ok(Response::json(&found.actors.iter().map(|a| account(ctx, a)).collect::<Vec<_>>()))
}

/// `GET /api/v1/follow_requests`.
pub(super) fn follow_requests(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::ACCOUNTS);
    let rows = queries::accounts::follow_requests(&app.domain, &page)?;
    Ok(list(app, request, &page, &rows))
}

/// `POST /api/v1/follow_requests/:id/authorize`.
pub(super) fn accept_request(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    follow::answer(&app.domain, id, FollowResponse::Accept)?;
    show_relation(app, id)
}

/// `POST /api/v1/follow_requests/:id/reject`.
pub(super) fn reject_request(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    follow::answer(&app.domain, id, FollowResponse::Reject)?;
    show_relation(app, id)
}
