//! Outbox, followers and the other collections. They contain only public and unlisted posts.

use serde_json::{Value, json};

use super::authenticate;
use super::objects::{check_name, visible_status};
use crate::app::App;
use crate::domain::outbox::builders;
use crate::domain::queries::status_view::{StatusLoader, StatusView};
use crate::domain::urls::OwnCollection;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::activitystreams::write::{self, CONTENT_TYPE};
use crate::store::database::pagination::Page;
use crate::store::relationships::follows;
use crate::store::statuses::{self, AccountFilter, AccountSource};
use crate::store::visibility::Viewer;
use crate::store::{actors, timelines};

/// The number of items of a page.
const PAGE: u32 = 20;

fn public(document: &Value) -> Response {
    Response::document(CONTENT_TYPE, document).into_public()
}

/// The page that the query specifies, or `None` for the collection itself.
fn page(request: &Request) -> Result<Option<Page>> {
    let form = request.form()?;
    if !form.is_set("page") && form.number::<u32>("page").is_none() {
        return Ok(None);
    }
    let min = form.number::<i64>("min_id");
    Ok(Some(Page {
        below: form.number("max_id").unwrap_or(i64::MAX),
        above: min.unwrap_or(-1),
        from_oldest: min.is_some(),
        limit: PAGE,
    }))
}

/// `GET /users/NAME/outbox`: Create and Announce of public and unlisted posts.
pub(super) fn outbox(app: &App, request: &Request) -> Result<Response> {
    check_name(app, request)?;
    let owner = app.domain.owner()?;
    let id = OwnCollection::Outbox.of(&owner.uri);
    let Some(page) = page(request)? else {
        let total = app.domain.store.read(statuses::count_outbox)?;
        return Ok(public(&write::paged_collection(&id, total)));
    };
    let (items, first, last) = app.domain.store.read(|c| {
        let filter = AccountFilter { only_open: true, ..AccountFilter::default() };
        let ids = statuses::of_account(c, Viewer::Anonymous, AccountSource::By(owner.id), filter, None, &page)?;
        let views = StatusLoader::new(c, Viewer::Anonymous).statuses(&ids)?;
        let items: Result<Vec<Value>> =
            views.iter().map(|v| builders::origin_activity(c, &app.domain.site, v)).collect();
        Ok((items?, ids.first().copied(), ids.last().copied()))
    })?;
    let next = last.map(|l| format!("{id}?max_id={l}&page=true"));
    let prev = first.map(|f| format!("{id}?min_id={f}&page=true"));
    let this = app.domain.site.url(&request.target);
    Ok(public(&write::collection_page(&this, &id, next, prev, items)))
}

/// `GET /actor/outbox`: always empty.
pub(super) fn instance_outbox(app: &App, _: &Request) -> Result<Response> {
    let id = OwnCollection::Outbox.of(&app.domain.instance()?.uri);
    Ok(public(&write::collection(&id, 0, Some(vec![]))))
}

/// Followers and follows are counted and, for privacy, not listed.
fn counted(
    app: &App,
    request: &Request,
    collection: OwnCollection,
    count: fn(&actors::Actor) -> i64,
) -> Result<Response> {
    check_name(app, request)?;
    let owner = app.domain.owner()?;
    let actor = app.domain.store.read(|c| actors::get(c, owner.id))?.ok_or(Error::NotFound)?;
    Ok(public(&write::collection(&collection.of(&owner.uri), count(&actor), None)))
}

/// `GET /users/NAME/followers`.
pub(super) fn followers(app: &App, request: &Request) -> Result<Response> {
    counted(app, request, OwnCollection::Followers, |a| a.followers_count)
}

/// `GET /users/NAME/followers_synchronization`: the followers on the signer's server (FEP-8fcf).
pub(super) fn followers_synchronization(app: &App, request: &Request) -> Result<Response> {
    check_name(app, request)?;
    let owner = app.domain.owner()?;
    let signer = authenticate::signer(app, request)?;
    let followers = app.domain.store.read(|c| follows::followers_on(c, owner.id, &signer.host))?;
    let id = OwnCollection::FollowersSynchronization.of(&owner.uri);
    let items: Vec<Value> = followers.into_iter().map(Value::String).collect();
    Ok(Response::document(CONTENT_TYPE, &write::collection(&id, items.len() as i64, Some(items))))
}

/// `GET /users/NAME/following`.
pub(super) fn following(app: &App, request: &Request) -> Result<Response> {
    counted(app, request, OwnCollection::Following, |a| a.following_count)
}

/// `GET /users/NAME/liked`: neither listed nor counted.
pub(super) fn liked(app: &App, request: &Request) -> Result<Response> {
    check_name(app, request)?;
    let id = OwnCollection::Liked.of(&app.domain.owner()?.uri);
    Ok(public(&write::with_context(json!({"id": id, "type": "OrderedCollection"}))))
}

/// `GET /users/NAME/collections/featured`: pinned posts as embedded objects.
pub(super) fn featured(app: &App, request: &Request) -> Result<Response> {
    check_name(app, request)?;
    let owner = app.domain.owner()?;
    let items = app.domain.store.read(|c| {
        let ids = statuses::pinned(c, Viewer::Anonymous, owner.id)?;
        let views = StatusLoader::new(c, Viewer::Anonymous).statuses(&ids)?;
        views.iter().map(|v| builders::note_document(c, &app.domain.site, v)).collect::<Result<Vec<_>>>()
    })?;
    let id = OwnCollection::Featured.of(&owner.uri);
    Ok(public(&write::collection(&id, items.len() as i64, Some(items))))
}

/// `GET /users/NAME/collections/tags`: always empty.
pub(super) fn featured_tags(app: &App, request: &Request) -> Result<Response> {
    check_name(app, request)?;
    let id = OwnCollection::FeaturedTags.of(&app.domain.owner()?.uri);
    Ok(public(&write::collection(&id, 0, Some(vec![]))))
}

/// A response with the visibility of the post that the document belongs to.
fn for_readers(view: &StatusView, document: &Value) -> Response {
    let response = Response::document(CONTENT_TYPE, document);
    if view.status.visibility.is_open() { response.into_public() } else { response }
}

/// `GET …/replies`: stored public and unlisted replies in pages, oldest first (Mastodon 4.4 reads them).
pub(super) fn replies(app: &App, request: &Request) -> Result<Response> {
    let view = visible_status(app, request)?;
    let id = format!("{}/replies", view.status.uri);
    let Some(requested) = page(request)? else {
        let first = format!("{id}?page=true");
        let total = app.domain.store.read(|c| statuses::count_open_replies(c, view.status.id))?;
        let document = json!({"id": id, "type": "Collection", "totalItems": total, "first": first});
        return Ok(for_readers(&view, &write::with_context(document)));
    };
    let page = Page { from_oldest: true, ..requested };
    let mut rows = app.domain.store.read(|c| statuses::open_replies(c, view.status.id, &page))?;
    rows.reverse();
    let mut document = json!({
        "id": app.domain.site.url(&request.target),
        "type": "CollectionPage",
        "partOf": id,
        "items": rows.iter().map(|(_, uri)| uri).collect::<Vec<_>>(),
    });
    if let Some((last, _)) = rows.last().filter(|_| rows.len() as u32 == PAGE) {
        document["next"] = json!(format!("{id}?min_id={last}&page=true"));
    }
    Ok(for_readers(&view, &write::with_context(document)))
}

fn total(app: &App, request: &Request, name: &str, count: fn(&statuses::Status) -> i64) -> Result<Response> {
    let view = visible_status(app, request)?;
    let id = format!("{}/{name}", view.status.uri);
    let document = json!({"id": id, "type": "Collection", "totalItems": count(&view.status)});
    Ok(for_readers(&view, &write::with_context(document)))
}

/// `GET …/likes`: the number of favourites.
pub(super) fn likes(app: &App, request: &Request) -> Result<Response> {
    total(app, request, "likes", |s| s.favourites_count)
}

/// `GET …/shares`: the number of boosts.
pub(super) fn shares(app: &App, request: &Request) -> Result<Response> {
    total(app, request, "shares", |s| s.boosts_count)
}

/// `GET …/context`: the public and unlisted posts of a thread that a post of the owner started, in order (FEP-7888; NodeBB,
/// WordPress and Mitra read it).
pub(super) fn context(app: &App, request: &Request) -> Result<Response> {
    let view = visible_status(app, request)?;
    let uris = app.domain.store.read(|c| timelines::open_thread(c, view.status.thread))?;
    let id = format!("{}/context", view.status.uri);
    let items: Vec<Value> = uris.into_iter().map(Value::String).collect();
    let mut document = write::collection(&id, items.len() as i64, Some(items));
    document["attributedTo"] = json!(view.author.uri);
    Ok(for_readers(&view, &document))
}
