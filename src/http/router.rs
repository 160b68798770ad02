//! Routes as tables, and the tree that finds the right one.

use std::collections::HashMap;

use hyper::Method;

use super::{Request, Response};
use crate::app::App;
use crate::error::{Error, Result};

/// Answers a request. Runs on a blocking thread: it may read the database and wait for other servers.
pub type Handler = fn(&App, &Request) -> Result<Response>;

/// The three surfaces: they differ in how errors look and in what `Accept` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Surface {
    /// The Mastodon client API and OAuth: JSON errors, CORS.
    Api,
    /// Pages: HTML errors, strict CSP.
    Web,
    /// ActivityPub and discovery: plain JSON errors.
    Federation,
}

/// Who may use a route. Every route says it; there is no default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Everybody; a token with this scope sees more.
    Optional(&'static str),
    /// A token of the owner with one of these scopes, separated by spaces.
    Token(&'static str),
    /// Any valid token, also that of an app alone.
    AnyToken,
    /// The owner in a browser; a stranger is sent to the sign-in page. Forms carry the session's token.
    Session,
    /// Everybody; the owner in a browser sees more.
    OptionalSession,
    /// A form for everybody (sign-in, setup): it must come from our own pages.
    PublicForm,
    /// Peers. In secure mode they must sign; else the handler looks at the signature where it matters.
    Signed,
}

/// How often a route may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// API reads and writes.
    Api,
    /// Pages and documents.
    Page,
    /// Sign-in attempts.
    Login,
    /// OAuth token requests.
    Token,
    /// App registrations.
    Apps,
    /// Deliveries into an inbox; the queue's own limits hold.
    Inbox,
    /// Static files and health checks.
    Free,
}

/// One row of a route table.
#[derive(Clone, Copy)]
pub struct Route {
    /// GET answers HEAD too.
    pub method: Verb,
    /// `/users/:name`, `/@:name/:id`, `/media/*file`.
    pub path: &'static str,
    /// Which surface it belongs to.
    pub surface: Surface,
    /// Who may use it.
    pub access: Access,
    /// How often.
    pub class: Class,
    /// Bytes of a request body that it reads.
    pub body: usize,
    /// What answers.
    pub handler: Handler,
}

/// The methods that routes have, as a copyable value for tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// GET and HEAD.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
    /// DELETE.
    Delete,
}

impl Verb {
    fn of(method: &Method) -> Option<Self> {
        Some(match *method {
            Method::GET | Method::HEAD => Self::Get,
            Method::POST => Self::Post,
            Method::PUT => Self::Put,
            Method::PATCH => Self::Patch,
            Method::DELETE => Self::Delete,
            _ => return None,
        })
    }

    /// The methods that a route with this verb answers.
    fn methods(self) -> &'static [&'static str] {
        match self {
            Self::Get => &["GET", "HEAD"],
            Self::Post => &["POST"],
            Self::Put => &["PUT"],
            Self::Patch => &["PATCH"],
            Self::Delete => &["DELETE"],
        }
    }
}

/// What `Allow` says of a path with these routes. Every path answers OPTIONS.
fn allowed(routes: &[Route]) -> String {
    let verbs = [Verb::Get, Verb::Post, Verb::Put, Verb::Patch, Verb::Delete];
    let there = verbs.into_iter().filter(|v| routes.iter().any(|r| r.method == *v));
    there.flat_map(Verb::methods).copied().chain(["OPTIONS"]).collect::<Vec<_>>().join(", ")
}

#[derive(Default)]
struct Node {
    literal: HashMap<&'static str, Node>,
    /// A whole segment.
    param: Option<(&'static str, Box<Node>)>,
    /// A segment after an `@`.
    at: Option<(&'static str, Box<Node>)>,
    /// All that is left.
    rest: Option<(&'static str, Vec<Route>)>,
    routes: Vec<Route>,
}

/// All routes of the server.
#[derive(Default)]
pub struct Router {
    root: Node,
    all: Vec<Route>,
}

/// A route with the parts of the path that it names.
pub type Matched<'r> = (&'r Route, Vec<(&'static str, String)>);

impl Router {
    /// Joins route tables.
    ///
    /// # Errors
    /// When two routes have the same method, path and surface, or a token route names no scope.
    pub fn new(tables: &[&[Route]]) -> Result<Self> {
        let mut router = Self::default();
        for route in tables.iter().flat_map(|t| t.iter()) {
            if matches!(route.access, Access::Token("") | Access::Optional("")) {
                return Err(Error::internal(format!("the route {} declares no scope", route.path)));
            }
            router.add(*route)?;
        }
        Ok(router)
    }

    fn add(&mut self, route: Route) -> Result<()> {
        let mut node = &mut self.root;
        for segment in segments(route.path) {
            if let Some(name) = segment.strip_prefix('*') {
                let rest = node.rest.get_or_insert_with(|| (name, Vec::new()));
                rest.1.push(route);
                self.all.push(route);
                return Ok(());
            }
            node = if let Some(name) = segment.strip_prefix("@:") {
                &mut node.at.get_or_insert_with(|| (name, Box::default())).1
            } else if let Some(name) = segment.strip_prefix(':') {
                &mut node.param.get_or_insert_with(|| (name, Box::default())).1
            } else {
                node.literal.entry(segment).or_default()
            };
        }
        if node.routes.iter().any(|r| r.method == route.method && r.surface == route.surface) {
            return Err(Error::internal(format!("two routes for {:?} {}", route.method, route.path)));
        }
        node.routes.push(route);
        self.all.push(route);
        Ok(())
    }

    /// Every route, for tests that walk them all.
    pub fn all(&self) -> &[Route] {
        &self.all
    }

    /// The route for a method and path. Where one address has an ActivityPub and an HTML form, `activity` chooses.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown path, [`Error::MethodNotAllowed`] for an unknown method of a known one.
    pub fn find(&self, method: &Method, path: &str, activity: bool) -> Result<Matched<'_>> {
        let mut params = Vec::new();
        let segments: Vec<&str> = segments(path).collect();
        let routes = find(&self.root, &segments, &mut params).ok_or(Error::NotFound)?;
        let refused = || Error::MethodNotAllowed { allowed: allowed(routes) };
        let method = Verb::of(method).ok_or_else(refused)?;
        let of_method = || routes.iter().filter(move |r| r.method == method);
        let preferred = if activity { Surface::Federation } else { Surface::Web };
        let route = of_method().find(|r| r.surface == preferred).or_else(|| of_method().next());
        Ok((route.ok_or_else(refused)?, params))
    }

    /// What `Allow` says of a path; nothing if it is unknown.
    pub fn allowed(&self, path: &str) -> Option<String> {
        let segments: Vec<&str> = segments(path).collect();
        find(&self.root, &segments, &mut Vec::new()).map(allowed)
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|s| !s.is_empty())
}

/// Depth first, literals before parameters; the patterns are ours and few, so the search is short.
fn find<'n>(node: &'n Node, path: &[&str], params: &mut Vec<(&'static str, String)>) -> Option<&'n [Route]> {
    let Some((first, rest)) = path.split_first() else {
        return if node.routes.is_empty() { None } else { Some(&node.routes) };
    };
    if let Some(next) = node.literal.get(*first)
        && let Some(found) = find(next, rest, params)
    {
        return Some(found);
    }
    let branches = [
        first.strip_prefix('@').and_then(|value| node.at.as_ref().map(|b| (b, value))),
        node.param.as_ref().map(|b| (b, *first)),
    ];
    for ((name, next), value) in branches.into_iter().flatten() {
        params.push((name, value.to_owned()));
        if let Some(found) = find(next, rest, params) {
            return Some(found);
        }
        params.pop();
    }
    let (name, routes) = node.rest.as_ref()?;
    params.push((name, path.join("/")));
    Some(routes)
}

/// The path of a target, decoded once: what is routed is what is guarded.
///
/// # Errors
/// [`Error::BadRequest`] for an encoded slash, backslash or NUL, for dot segments, and for broken encoding.
pub fn decode_path(raw: &str) -> Result<String> {
    let wrong = || Error::bad_request("The path is malformed");
    let lower = raw.to_ascii_lowercase();
    if lower.contains("%2f") || lower.contains("%5c") || lower.contains("%00") || raw.contains('\\') {
        return Err(wrong());
    }
    let decoded = percent_encoding::percent_decode_str(raw).decode_utf8().map_err(|_| wrong())?;
    if decoded.split('/').any(|s| s == "." || s == "..") || decoded.chars().any(char::is_control) {
        return Err(wrong());
    }
    let trimmed = decoded.trim_end_matches('/');
    Ok(if trimmed.is_empty() { "/".to_owned() } else { trimmed.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(_: &App, _: &Request) -> Result<Response> {
        Ok(Response::empty(hyper::StatusCode::OK))
    }

    const fn route(path: &'static str, surface: Surface) -> Route {
        Route { method: Verb::Get, path, surface, access: Access::Public, class: Class::Free, body: 0, handler: ok }
    }

    #[test]
    fn paths_lead_to_their_routes() {
        let router = Router::new(&[&[
            route("/", Surface::Web),
            route("/@:name", Surface::Web),
            route("/@:name", Surface::Federation),
            route("/@:name/:id", Surface::Web),
            route("/@:name/media", Surface::Web),
            route("/users/:name/statuses/:id", Surface::Federation),
            route("/media/*file", Surface::Web),
        ]])
        .unwrap();
        let find =
            |path: &str, activity| router.find(&Method::GET, path, activity).map(|(r, p)| (r.path, r.surface, p)).ok();
        assert_eq!(find("/", false), Some(("/", Surface::Web, vec![])));
        assert_eq!(find("/@ana", true).map(|f| f.1), Some(Surface::Federation));
        assert_eq!(find("/@ana", false).map(|f| f.1), Some(Surface::Web));
        assert_eq!(find("/@ana/12", false).map(|f| f.2), Some(vec![("name", "ana".into()), ("id", "12".into())]));
        assert_eq!(find("/@ana/media", false).map(|f| f.0), Some("/@:name/media"));
        assert_eq!(find("/media/a/b/c.png", false).map(|f| f.2), Some(vec![("file", "a/b/c.png".into())]));
        assert_eq!(find("/nowhere", false), None);
        assert!(
            matches!(router.find(&Method::POST, "/@ana", false), Err(Error::MethodNotAllowed { allowed }) if allowed == "GET, HEAD, OPTIONS")
        );
    }

    #[test]
    fn a_table_with_a_hole_does_not_start() {
        let open = Route { access: Access::Token(""), ..route("/x", Surface::Api) };
        assert!(Router::new(&[&[open]]).is_err());
        assert!(Router::new(&[&[route("/x", Surface::Api), route("/x", Surface::Api)]]).is_err());
    }

    #[test]
    fn a_path_has_one_reading() {
        for bad in ["/a%2Fb", "/a%5cb", "/a/../b", "/%2e%2e/b", "/a%00", "/a\\b", "/%ff", "/a%0ab"] {
            assert!(decode_path(bad).is_err(), "{bad}");
        }
        assert_eq!(decode_path("/%40ana/").unwrap(), "/@ana");
        assert_eq!(decode_path("/").unwrap(), "/");
    }
}
