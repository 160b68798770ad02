//! Posts with a hashtag.

use minijinja::context;

use super::{next_of, page};
use crate::app::App;
use crate::domain::queries;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::protocol::text::folded_hashtag;
use crate::store::actors;
use crate::store::filters::FilterContext;
use crate::store::statuses::hashtags::HashtagQuery;
use crate::store::timelines::PublicScope;
use crate::web::{render, view};

/// `GET /tags/TAG`: visitors see the owner's posts, the owner sees all stored posts.
pub(crate) fn tag(app: &App, request: &Request) -> Result<Response> {
    let viewer = request.viewer(app.domain.owner()?.id);
    let page = page(request)?;
    let tag = request.param("tag");
    let scope = if viewer.is_owner() { PublicScope::All } else { PublicScope::Local };
    let filter = HashtagQuery::one(&folded_hashtag(tag), scope);
    let views = queries::timelines::tag(&app.domain, viewer, &filter, &page)?;
    let is_followed = match viewer.is_owner() {
        true => queries::hashtags::get(&app.domain, viewer, &folded_hashtag(tag))?.marks.map(|(followed, _)| followed),
        false => None,
    };
    let owner = app.domain.owner()?.id;
    let noindex = !app.domain.store.read(|c| actors::get(c, owner))?.is_some_and(|owner| owner.indexable);
    let context = context! {
        tag,
        noindex,
        is_followed,
        posts => view::posts(app, &views, viewer, FilterContext::Public),
        next => next_of(request, views.next()),
    };
    render::public_page(app, request, "tag.html", context)
}
