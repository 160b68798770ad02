//! Search: words with operators, handles and addresses.

use minijinja::context;
use serde::Serialize;

use super::rejected;
use crate::app::App;
use crate::domain::queries::hashtags::{self, HashtagView};
use crate::domain::queries::search::{self, Kinds, SearchQuery, SearchResults};
use crate::error::Result;
use crate::http::{Request, Response};
use crate::limits;
use crate::store::Page;
use crate::store::actors::Among;
use crate::store::database::pagination::DEFAULT;
use crate::store::filters::FilterContext;
use crate::web::locale::{self, Message};
use crate::web::pages::people;
use crate::web::{render, view};

/// One kind of results: its name in the address, its label, and what it searches for.
type SearchTab = (&'static str, Message, Kinds);

/// Every kind of results.
static TABS: [SearchTab; 4] = [
    ("all", Message::new("search-all"), Kinds::All),
    ("posts", Message::new("search-posts"), Kinds::Statuses),
    ("people", Message::new("search-people"), Kinds::Accounts),
    ("hashtags", Message::new("search-hashtags"), Kinds::Hashtags),
];
/// Accounts and hashtags beside posts.
const BESIDE: usize = 5;

/// What the address requests.
struct Requested {
    text: String,
    tab: &'static SearchTab,
    /// Posts below this id.
    before: Option<i64>,
    /// Accounts or hashtags to skip.
    skip: u32,
}

impl Requested {
    fn of(request: &Request) -> Result<Self> {
        let form = request.form()?;
        let text = form.get("q").unwrap_or_default().trim().to_owned();
        let shown = form.get("show").unwrap_or_default();
        let tab = TABS.iter().find(|(name, ..)| *name == shown).unwrap_or(&TABS[0]);
        let skip = form.number("skip").unwrap_or(0).min(limits::SEARCH_OFFSET);
        Ok(Self { text, tab, before: form.number("before"), skip })
    }

    /// The address of these results in a tab, with one more parameter.
    fn address(&self, tab: &str, more: Option<(&str, String)>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &self.text);
        if tab != TABS[0].0 {
            query.append_pair("show", tab);
        }
        if let Some((key, value)) = more {
            query.append_pair(key, &value);
        }
        format!("/search?{}", query.finish())
    }

    fn search(&self, app: &App) -> Result<SearchResults> {
        let query = SearchQuery {
            text: &self.text,
            kinds: self.tab.2,
            resolve: true,
            among: Among::Known,
            by: None,
            page: Page::before(self.before, DEFAULT),
            offset: self.skip,
        };
        search::search(&app.domain, app.domain.as_owner()?, &query)
    }

    /// The address of the next page, if this one was full.
    fn next(&self, found: &SearchResults) -> Option<String> {
        let (name, kinds) = (self.tab.0, self.tab.2);
        let read = match kinds {
            Kinds::Accounts => found.actors.len(),
            Kinds::Hashtags => found.tags.len(),
            Kinds::All | Kinds::Statuses | Kinds::Unknown => {
                let posts = if kinds == Kinds::All { "posts" } else { name };
                return found.last_status.map(|last| self.address(posts, Some(("before", last.to_string()))));
            }
        };
        let skip = self.skip + DEFAULT;
        (read as u32 >= DEFAULT && skip <= limits::SEARCH_OFFSET)
            .then(|| self.address(name, Some(("skip", skip.to_string()))))
    }
}

/// A tab of the page.
#[derive(Serialize)]
struct Tab {
    label: Message,
    path: String,
    is_current: bool,
}

/// A hashtag with its posts of the last days.
#[derive(Serialize)]
struct TagRow {
    tag: String,
    uses: i64,
}

impl TagRow {
    fn of(view: HashtagView) -> Self {
        Self { uses: view.history.iter().map(|(_, posts, _)| posts).sum(), tag: view.tag }
    }
}

/// `GET /search?q=…`: a handle or address is looked up on its own server.
pub(crate) fn search(app: &App, request: &Request) -> Result<Response> {
    let requested = Requested::of(request)?;
    match requested.search(app) {
        Ok(found) => {
            let notice = found.failure.as_ref().map(locale::error);
            show(app, request, &requested, found, notice)
        }
        Err(e) => {
            rejected(&e, request, |message| show(app, request, &requested, SearchResults::default(), Some(message)))
        }
    }
}

fn show(
    app: &App,
    request: &Request,
    requested: &Requested,
    found: SearchResults,
    notice: Option<Message>,
) -> Result<Response> {
    let viewer = app.domain.as_owner()?;
    let next = requested.next(&found);
    let is_all = requested.tab.2 == Kinds::All;
    let most = if is_all { BESIDE } else { usize::MAX };
    let more_people = (is_all && found.actors.len() > BESIDE).then(|| requested.address("people", None));
    let more_tags = (is_all && found.tags.len() > BESIDE).then(|| requested.address("hashtags", None));
    let people = people::rows(app, &found.actors[..found.actors.len().min(most)])?;
    let names = &found.tags[..found.tags.len().min(most)];
    let tags = app.domain.store.read(|c| hashtags::views(c, viewer, names, app.domain.now()))?;
    let tab = |(name, label, _): &SearchTab| Tab {
        label: label.clone(),
        path: requested.address(name, None),
        is_current: *name == requested.tab.0,
    };
    let context = context! {
        query => requested.text,
        show => requested.tab.0,
        tabs => TABS.iter().map(tab).collect::<Vec<_>>(),
        people,
        tags => tags.into_iter().map(TagRow::of).collect::<Vec<_>>(),
        posts => view::posts(app, &found.statuses, viewer, FilterContext::Public),
        notice,
        is_partial => found.is_partial,
        more_people,
        more_tags,
        next,
    };
    render::page(app, request, "search.html", context)
}
