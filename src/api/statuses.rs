//! Statuses: post, read, edit, delete and react.

use hyper::StatusCode;
use serde::Serialize;
use serde_json::json;

use super::entities::Context;
use super::entities::status::{self, status};
use super::paging;
use crate::app::App;
use crate::domain::backfill::{self, BackfillReason};
use crate::domain::interactions::interaction_policy::QuotePolicy;
use crate::domain::interactions::{bookmark, boost, emoji_reaction, favourite, pin, quotes, thread_mute};
use crate::domain::posts::edit_history;
use crate::domain::posts::polls::{DraftPoll, PollChange};
use crate::domain::posts::{self, Draft, Revision, TextFormat, UploadRetention};
use crate::domain::queries::status_view::StatusView;
use crate::domain::queries::{self, thread};
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::limits;
use crate::protocol::ids::{MediaId, StatusId};
use crate::protocol::secret;
use crate::protocol::visibility::Visibility;
use crate::store::visibility::Viewer;

/// The viewer of a request: the owner if its token may read statuses, else anybody.
fn viewer(app: &App, request: &Request) -> Result<Viewer> {
    Ok(request.viewer(app.domain.owner()?.id))
}

/// The answer that shows one status to the owner.
fn show(app: &App, request: &Request, id: StatusId) -> Result<Response> {
    let view = queries::statuses::get(&app.domain, app.domain.as_owner()?, id)?;
    Ok(Response::json(&status(Context::of(app, request), &view)))
}

fn visibility(form: &Form) -> Result<Option<Visibility>> {
    form.one_of("visibility", "public, unlisted, private, direct", Visibility::parse)
}

fn media_ids(form: &Form) -> Result<Option<Vec<MediaId>>> {
    if !form.has_list("media_ids") {
        return Ok(None);
    }
    let ids: Result<Vec<MediaId>, _> = form.list("media_ids").iter().map(|id| id.parse()).collect();
    ids.map(Some).map_err(|_| Error::invalid("Media: an id is not a number"))
}

fn format(form: &Form) -> Result<Option<TextFormat>> {
    let known = |name: &str| [TextFormat::Plain, TextFormat::Markdown].into_iter().find(|f| f.media_type() == name);
    form.one_of("content_type", "text/plain, text/markdown", known)
}

/// The digest of the `Idempotency-Key`; a blank one is none.
fn idempotency_key(request: &Request) -> Option<String> {
    let key = request.headers.get("idempotency-key")?.as_bytes().trim_ascii();
    (!key.is_empty()).then(|| secret::hash(&secret::hex(key)))
}

/// `POST /api/v1/statuses`.
pub(super) fn create(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    refuse_unbuilt(&form)?;
    let bearer = request.bearer()?;
    let draft = Draft {
        text: form.get("status").unwrap_or_default().to_owned(),
        format: format(&form)?.unwrap_or_default(),
        summary: form.get("spoiler_text").unwrap_or_default().to_owned(),
        sensitive: form.choice("sensitive")?,
        visibility: visibility(&form)?,
        language: form.language("language")?,
        in_reply_to: status_id(&form, "in_reply_to_id")?,
        poll: poll(&form)?,
        quote: status_id(&form, "quoted_status_id")?,
        quote_policy: quote_policy(&form)?,
        media: media_ids(&form)?.unwrap_or_default(),
        app: bearer.token.app_id,
        token: Some(bearer.token.id),
        idempotency: idempotency_key(request),
    };
    let id = posts::create(&app.domain, draft)?;
    show(app, request, id)
}

/// What is not built yet must not be swallowed: a scheduled post that goes out at once would be a lie.
fn refuse_unbuilt(form: &Form) -> Result<()> {
    match form.filled("scheduled_at") {
        Some(_) => Err(Error::invalid("Scheduled posts are not available on this server yet")),
        None => Ok(()),
    }
}

/// The poll of a new post.
fn poll(form: &Form) -> Result<Option<DraftPoll>> {
    let options: Vec<String> = form.list("poll[options]").into_iter().map(str::to_owned).collect();
    let details = ["poll[expires_in]", "poll[multiple]", "poll[hide_totals]"];
    if options.is_empty() && details.iter().all(|key| form.filled(key).is_none()) {
        // A poll that is text and no record would be left out.
        form.refuse("poll", "poll must have options and expires_in")?;
        return Ok(None);
    }
    Ok(Some(DraftPoll {
        options,
        seconds: form.exact("poll[expires_in]")?.ok_or_else(|| Error::invalid("Poll expires_in can't be blank"))?,
        multiple: form.choice("poll[multiple]")?.unwrap_or(false),
        hide_totals: form.choice("poll[hide_totals]")?.unwrap_or(false),
    }))
}

/// What an edit says of the poll: an empty one takes it away, none leaves it.
fn poll_change(form: &Form) -> Result<Option<PollChange>> {
    Ok(match poll(form)? {
        Some(poll) => Some(PollChange::Set(poll)),
        None if form.has_list("poll[options]") || form.has_list("poll") => Some(PollChange::Remove),
        None => None,
    })
}

fn quote_policy(form: &Form) -> Result<Option<QuotePolicy>> {
    form.one_of("quote_approval_policy", "public, followers, nobody", QuotePolicy::parse)
}

fn status_id(form: &Form, key: &str) -> Result<Option<StatusId>> {
    form.filled(key).map(|id| id.parse().map_err(|_| Error::NotFound)).transpose()
}

/// `GET /api/v1/statuses/:id`.
pub(super) fn get(app: &App, request: &Request) -> Result<Response> {
    let view = queries::statuses::get(&app.domain, viewer(app, request)?, request.id("id")?)?;
    Ok(Response::json(&status(Context::of(app, request), &view)))
}

/// `GET /api/v1/statuses?id[]=…`.
pub(super) fn get_many(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let viewer = viewer(app, request)?;
    let ctx = Context::of(app, request);
    let found = queries::statuses::get_many(&app.domain, viewer, &form.ids::<StatusId>("id", 40))?;
    Ok(Response::json(&found.iter().map(|v| status(ctx, v)).collect::<Vec<_>>()))
}

/// `PUT /api/v1/statuses/:id`.
pub(super) fn edit(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    refuse_unbuilt(&form)?;
    let id: StatusId = request.id("id")?;
    let token = Some(request.bearer()?.token.id);
    posts::own_status(&app.domain, &app.domain.owner()?, id)?;
    let mut media_details = Vec::new();
    for attributes in form.records("media_attributes").into_iter().take(limits::POST_MEDIA) {
        let Some(media) = attributes.number::<i64>("id").map(MediaId) else { continue };
        media_details.push((media, super::media::about(&attributes)?));
    }
    let revision = Revision {
        text: form.get("status").map(str::to_owned),
        format: format(&form)?,
        summary: form.get("spoiler_text").map(str::to_owned),
        sensitive: form.choice("sensitive")?,
        language: form.language("language")?,
        poll: poll_change(&form)?,
        media: media_ids(&form)?,
        media_details,
        quote_policy: quote_policy(&form)?,
        token,
    };
    posts::edit(&app.domain, id, revision)?;
    show(app, request, id)
}

/// `PUT /api/v1/statuses/:id/interaction_policy`: who may quote it from now on.
pub(super) fn interaction_policy(app: &App, request: &Request) -> Result<Response> {
    let policy = quote_policy(&request.form()?)?;
    let policy = policy.ok_or_else(|| Error::invalid("quote_approval_policy can't be blank"))?;
    let id: StatusId = request.id("id")?;
    quotes::set_policy(&app.domain, id, policy)?;
    show(app, request, id)
}

/// `DELETE /api/v1/statuses/:id`: answers the status with its source, so that it can be written anew.
pub(super) fn delete(app: &App, request: &Request) -> Result<Response> {
    let uploads = match request.form()?.flag("delete_media") {
        Some(true) => UploadRetention::Remove,
        _ => UploadRetention::KeepForRedraft,
    };
    let view = posts::delete(&app.domain, request.id("id")?, uploads)?;
    Ok(Response::json(&status::deleted(Context::of(app, request), &view)))
}

/// `GET /api/v1/statuses/:id/source`.
pub(super) fn source(app: &App, request: &Request) -> Result<Response> {
    let s = posts::own_status(&app.domain, &app.domain.owner()?, request.id("id")?)?;
    Ok(Response::json(&json!({"id": s.id, "text": s.source.unwrap_or_default(), "spoiler_text": s.summary})))
}

/// `GET /api/v1/statuses/:id/history`.
pub(super) fn history(app: &App, request: &Request) -> Result<Response> {
    let (view, states) = edit_history::versions(&app.domain, viewer(app, request)?, request.id("id")?)?;
    let ctx = Context::of(app, request);
    Ok(Response::json(&states.iter().map(|s| status::status_edit(ctx, &view, s)).collect::<Vec<_>>()))
}

/// Context: the thread around a status.
#[derive(Serialize)]
struct ContextEntity {
    ancestors: Vec<status::Status>,
    descendants: Vec<status::Status>,
}

/// `GET /api/v1/statuses/:id/context`.
pub(super) fn context(app: &App, request: &Request) -> Result<Response> {
    let viewer = viewer(app, request)?;
    let found = thread::context(&app.domain, viewer, request.id("id")?)?;
    if viewer.is_owner()
        && let Err(e) = backfill::thread(&app.domain, &found.focus, BackfillReason::Opened)
    {
        tracing::debug!(error = %e, "the rest of a thread could not be requested");
    }
    let ctx = Context::of(app, request);
    let list = |views: &[StatusView]| views.iter().map(|v| status(ctx, v)).collect::<Vec<_>>();
    Ok(Response::json(&ContextEntity { ancestors: list(&found.ancestors), descendants: list(&found.descendants) }))
}

/// `GET /api/v1/statuses/:id/card`: previews of links are not built yet.
pub(super) fn card(app: &App, request: &Request) -> Result<Response> {
    queries::statuses::get(&app.domain, viewer(app, request)?, request.id("id")?)?;
    Ok(Response::json_with(StatusCode::OK, &json!({})))
}

/// `POST /api/v1/statuses/:id/favourite`.
pub(super) fn favourite(app: &App, request: &Request) -> Result<Response> {
    show(app, request, favourite::add(&app.domain, request.id("id")?)?)
}

/// `POST /api/v1/statuses/:id/unfavourite`.
pub(super) fn unfavourite(app: &App, request: &Request) -> Result<Response> {
    show(app, request, favourite::remove(&app.domain, request.id("id")?)?)
}

/// `POST /api/v1/statuses/:id/reblog`: answers the boost, with the original inside.
pub(super) fn boost(app: &App, request: &Request) -> Result<Response> {
    let wanted = visibility(&request.form()?)?;
    show(app, request, boost::add(&app.domain, request.id("id")?, wanted)?)
}

/// `POST /api/v1/statuses/:id/unreblog`: answers the original.
pub(super) fn unboost(app: &App, request: &Request) -> Result<Response> {
    show(app, request, boost::remove(&app.domain, request.id("id")?)?)
}

/// `POST /api/v1/statuses/:id/bookmark`.
pub(super) fn bookmark(app: &App, request: &Request) -> Result<Response> {
    show(app, request, bookmark::add(&app.domain, request.id("id")?)?)
}

/// `POST /api/v1/statuses/:id/unbookmark`.
pub(super) fn unbookmark(app: &App, request: &Request) -> Result<Response> {
    show(app, request, bookmark::remove(&app.domain, request.id("id")?)?)
}

/// `POST /api/v1/statuses/:id/mute`.
pub(super) fn mute(app: &App, request: &Request) -> Result<Response> {
    show(app, request, thread_mute::add(&app.domain, request.id("id")?)?)
}

/// `POST /api/v1/statuses/:id/unmute`.
pub(super) fn unmute(app: &App, request: &Request) -> Result<Response> {
    show(app, request, thread_mute::remove(&app.domain, request.id("id")?)?)
}

/// `POST /api/v1/statuses/:id/pin`.
pub(super) fn pin(app: &App, request: &Request) -> Result<Response> {
    show(app, request, pin::add(&app.domain, request.id("id")?)?)
}

/// `POST /api/v1/statuses/:id/unpin`.
pub(super) fn unpin(app: &App, request: &Request) -> Result<Response> {
    show(app, request, pin::remove(&app.domain, request.id("id")?)?)
}

/// `POST /api/v1/statuses/:id/react/:emoji`.
pub(super) fn react(app: &App, request: &Request) -> Result<Response> {
    let emoji = request.param("emoji").to_owned();
    show(app, request, emoji_reaction::add(&app.domain, request.id("id")?, emoji)?)
}

/// `POST /api/v1/statuses/:id/unreact/:emoji`.
pub(super) fn unreact(app: &App, request: &Request) -> Result<Response> {
    let emoji = request.param("emoji").to_owned();
    show(app, request, emoji_reaction::remove(&app.domain, request.id("id")?, emoji)?)
}

/// `GET /api/v1/statuses/:id/quotes`: the posts that quote it and may.
pub(super) fn quotes(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::STATUSES);
    let views = queries::timelines::quotes(&app.domain, viewer(app, request)?, request.id("id")?, &page)?;
    Ok(super::timelines::list(app, request, &page, &views))
}

/// `POST /api/v1/statuses/:id/quotes/:quote/revoke`.
pub(super) fn revoke_quote(app: &App, request: &Request) -> Result<Response> {
    let quoting = request.id("quote")?;
    quotes::revoke(&app.domain, request.id("id")?, quoting)?;
    show(app, request, quoting)
}

type Reactors = fn(
    &crate::domain::Domain,
    Viewer,
    StatusId,
    &crate::store::database::pagination::Page,
) -> Result<queries::timelines::WithCursors<std::sync::Arc<crate::store::actors::Actor>>>;

fn reactors(app: &App, request: &Request, list: Reactors) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::ACCOUNTS);
    let rows = list(&app.domain, viewer(app, request)?, request.id("id")?, &page)?;
    Ok(super::accounts::list(app, request, &page, &rows))
}

/// `GET /api/v1/statuses/:id/favourited_by`.
pub(super) fn favourited_by(app: &App, request: &Request) -> Result<Response> {
    reactors(app, request, queries::accounts::favourited_by)
}

/// `GET /api/v1/statuses/:id/reblogged_by`.
pub(super) fn boosted_by(app: &App, request: &Request) -> Result<Response> {
    reactors(app, request, queries::accounts::boosted_by)
}
