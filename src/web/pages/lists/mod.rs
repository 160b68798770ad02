//! The owner's lists and their timelines.

pub(crate) mod edit;
pub(crate) mod membership;

use minijinja::context;
use serde::Serialize;

use super::{newest, next_of, page};
use crate::app::App;
use crate::domain::queries;
use crate::domain::relationships::lists::{self, ListChange};
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::limits;
use crate::protocol::ids::ListId;
use crate::store::filters::FilterContext;
use crate::store::relationships::lists as rows;
use crate::store::relationships::lists::RepliesPolicy;
use crate::web::locale::Message;
use crate::web::{pages, render, view};

/// A list as pages show it.
#[derive(Debug, Clone, Default, Serialize)]
struct ListView {
    id: String,
    title: String,
    replies: &'static str,
    exclusive: bool,
    members: i64,
}

impl ListView {
    fn of(list: &rows::List, members: i64) -> Self {
        Self {
            id: list.id.to_string(),
            title: list.title.clone(),
            replies: list.replies.as_str(),
            exclusive: list.exclusive,
            members,
        }
    }

    /// What was entered in a form, where it can be read.
    fn entered(id: Option<ListId>, form: &Form) -> Self {
        Self {
            id: id.map(|id| id.to_string()).unwrap_or_default(),
            title: form.get("title").unwrap_or_default().to_owned(),
            replies: form.get("replies_policy").and_then(RepliesPolicy::parse).unwrap_or(RepliesPolicy::List).as_str(),
            exclusive: form.is_set("exclusive"),
            members: 0,
        }
    }

    /// The change that a form requests.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming a choice that does not exist.
    fn change(form: &Form) -> Result<ListChange> {
        Ok(ListChange {
            title: Some(form.text("title")?.unwrap_or_default()),
            replies: form.one_of("replies_policy", "followed, list, none", RepliesPolicy::parse)?,
            exclusive: Some(form.checkbox("exclusive")?),
        })
    }
}

fn stored(app: &App, id: ListId) -> Result<ListView> {
    app.domain.store.read(|c| {
        let list = rows::get(c, id)?.ok_or(Error::NotFound)?;
        Ok(ListView::of(&list, rows::count_members(c, id)?))
    })
}

/// `GET /lists`.
pub(crate) fn index(app: &App, request: &Request) -> Result<Response> {
    let new = ListView { replies: RepliesPolicy::List.as_str(), ..ListView::default() };
    show_index(app, request, &new, None)
}

fn show_index(app: &App, request: &Request, new: &ListView, error: Option<Message>) -> Result<Response> {
    let lists: Vec<ListView> = app.domain.store.read(|c| {
        let lists = rows::all(c)?;
        lists.iter().map(|list| Ok(ListView::of(list, rows::count_members(c, list.id)?))).collect()
    })?;
    let context = context! { lists, form => new, title_limit => limits::LIST_TITLE_CHARS, error };
    render::page(app, request, "lists.html", context)
}

/// `POST /lists`. A rejected list is shown again in the form, with the error.
pub(crate) fn create(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let entered = ListView::entered(None, &form);
    match ListView::change(&form).and_then(|change| lists::create(&app.domain, change)) {
        Ok(list) => Ok(Response::see_other(&format!("/lists/{}/edit?done=list-created", list.id))),
        Err(e) => pages::rejected(&e, request, |message| show_index(app, request, &entered, Some(message))),
    }
}

/// `GET /lists/ID`: its timeline.
pub(crate) fn timeline(app: &App, request: &Request) -> Result<Response> {
    let id: ListId = request.id("id")?;
    let list = stored(app, id)?;
    let page = page(request)?;
    let views = queries::timelines::list(&app.domain, id, &page)?;
    let context = context! {
        posts => view::posts(app, &views, app.domain.as_owner()?, FilterContext::Home),
        newest => newest(&page, &views),
        next => next_of(request, views.next()),
        list,
    };
    render::page(app, request, "list.html", context)
}
