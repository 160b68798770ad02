//! Finds the route for a method and path.

use std::borrow::Cow;
use std::collections::BTreeMap;

use hyper::Method;

use super::route::{Access, Route, Surface, Verb};
use crate::error::refusal::RequestRefusal;
use crate::error::{Error, Result};

/// All routes of the server.
pub struct Router<C> {
    /// The routes of each path.
    tree: matchit::Router<Vec<Route<C>>>,
    all: Vec<Route<C>>,
}

/// A route with the parameters of its path.
pub type Matched<'r, C> = (&'r Route<C>, Vec<(String, String)>);

impl<C> Router<C> {
    /// Joins route tables.
    ///
    /// # Errors
    /// When two routes have the same method, path and surface, two paths are ambiguous, or a token route names no scope.
    pub fn new(tables: &[&[Route<C>]]) -> Result<Self> {
        let mut paths: BTreeMap<&str, Vec<Route<C>>> = BTreeMap::new();
        for route in tables.iter().flat_map(|t| t.iter()) {
            if matches!(route.access, Access::Token("") | Access::Optional("")) {
                return Err(Error::internal(format!("route {} declares no scope", route.path)));
            }
            let routes = paths.entry(route.path).or_default();
            if routes.iter().any(|r| r.method == route.method && r.surface == route.surface) {
                return Err(Error::internal(format!("duplicate route {:?} {}", route.method, route.path)));
            }
            routes.push(*route);
        }
        let mut tree = matchit::Router::new();
        for (path, routes) in paths {
            tree.insert(path, routes).map_err(|e| Error::internal(format!("route {path}: {e}")))?;
        }
        Ok(Self { tree, all: tables.concat() })
    }

    /// Every route, for tests that iterate over them.
    pub fn all(&self) -> &[Route<C>] {
        &self.all
    }

    /// Returns the route for a method and path. Where one path has an ActivityPub and an HTML form, `preferred` decides.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown path, [`Error::MethodNotAllowed`] for an unknown method of a known one.
    pub fn find(&self, method: &Method, path: &str, preferred: Surface) -> Result<Matched<'_, C>> {
        let path = without_empty_segments(path);
        let found = self.tree.at(&path).map_err(|_| Error::NotFound)?;
        let refused = || Error::MethodNotAllowed { allowed: allowed(found.value) };
        let method = Verb::of(method).ok_or_else(refused)?;
        let of_method = || found.value.iter().filter(move |r| r.method == method);
        let route = of_method().find(|r| r.surface == preferred).or_else(|| of_method().next());
        let params = found.params.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        Ok((route.ok_or_else(refused)?, params.collect()))
    }

    /// The `Allow` header of a path, or `None` if the path is unknown.
    pub fn allowed(&self, path: &str) -> Option<String> {
        self.tree.at(&without_empty_segments(path)).ok().map(|found| allowed(found.value))
    }
}

/// The `Allow` header of a path with these routes. Every path accepts OPTIONS.
fn allowed<C>(routes: &[Route<C>]) -> String {
    let verbs = Verb::ALL.into_iter().filter(|v| routes.iter().any(|r| r.method == *v));
    verbs.flat_map(Verb::methods).copied().chain(["OPTIONS"]).collect::<Vec<_>>().join(", ")
}

/// `//a//b` is the same path as `/a/b`.
fn without_empty_segments(path: &str) -> Cow<'_, str> {
    if !path.contains("//") {
        return Cow::Borrowed(path);
    }
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    Cow::Owned(format!("/{}", segments.join("/")))
}

/// The path of a target, decoded once, so that routing and access checks see the same path.
///
/// # Errors
/// [`Error::BadRequest`] for an encoded slash, backslash or NUL, for dot segments, and for invalid encoding.
pub fn decode_path(raw: &str) -> Result<String> {
    let malformed = || Error::bad_request(RequestRefusal::PathMalformed);
    let lower = raw.to_ascii_lowercase();
    if lower.contains("%2f") || lower.contains("%5c") || lower.contains("%00") || raw.contains('\\') {
        return Err(malformed());
    }
    let decoded = percent_encoding::percent_decode_str(raw).decode_utf8().map_err(|_| malformed())?;
    if decoded.split('/').any(|s| s == "." || s == "..") || decoded.chars().any(char::is_control) {
        return Err(malformed());
    }
    let trimmed = decoded.trim_end_matches('/');
    Ok(if trimmed.is_empty() { "/".to_owned() } else { trimmed.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::route::Class;
    use crate::http::{Request, Response};

    fn ok(_: &(), _: &Request) -> Result<Response> {
        Ok(Response::empty(hyper::StatusCode::OK))
    }

    const fn route(path: &'static str, surface: Surface) -> Route<()> {
        Route {
            method: Verb::Get,
            path,
            surface,
            access: Access::Public,
            class: Class::Free,
            body: 0,
            quick: false,
            handler: ok,
        }
    }

    #[test]
    fn finds_routes_by_path_and_surface() {
        let router = Router::new(&[&[
            route("/", Surface::Web),
            route("/@{name}", Surface::Web),
            route("/@{name}", Surface::Federation),
            route("/@{name}/{id}", Surface::Web),
            route("/@{name}/media", Surface::Web),
            route("/users/{name}/statuses/{id}", Surface::Federation),
            route("/users/{user}", Surface::Web),
            route("/media/{*file}", Surface::Web),
        ]])
        .unwrap();
        let find = |path: &str, surface| {
            router.find(&Method::GET, path, surface).map(|(route, params)| (route.path, route.surface, params)).ok()
        };
        let web = |path: &str| find(path, Surface::Web);
        let param = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(web("/"), Some(("/", Surface::Web, vec![])));
        assert_eq!(find("/@ana", Surface::Federation).map(|f| f.1), Some(Surface::Federation));
        assert_eq!(web("/@ana").map(|f| f.1), Some(Surface::Web));
        assert_eq!(web("/@ana/12").map(|f| f.2), Some(vec![param("name", "ana"), param("id", "12")]));
        assert_eq!(web("/@ana/media").map(|f| f.0), Some("/@{name}/media"));
        assert_eq!(web("/@ana/media2").map(|f| f.0), Some("/@{name}/{id}"));
        assert_eq!(web("//users///ana/").map(|f| f.2), Some(vec![param("user", "ana")]));
        assert_eq!(web("/media/a/b/c.png").map(|f| f.2), Some(vec![param("file", "a/b/c.png")]));
        for unknown in ["/nowhere", "/media", "/@", "/users", "/users/ana/statuses", "/{name}"] {
            assert_eq!(web(unknown), None, "{unknown}");
        }
        assert!(
            matches!(router.find(&Method::POST, "/@ana", Surface::Web), Err(Error::MethodNotAllowed { allowed }) if allowed == "GET, HEAD, OPTIONS")
        );
    }

    #[test]
    fn invalid_tables_are_errors() {
        let open = Route { access: Access::Token(""), ..route("/x", Surface::Api) };
        assert!(Router::new(&[&[open]]).is_err());
        assert!(Router::new(&[&[route("/x", Surface::Api), route("/x", Surface::Api)]]).is_err());
        assert!(Router::new(&[&[route("/{a}", Surface::Api), route("/{b}", Surface::Api)]]).is_err());
    }

    #[test]
    fn paths_are_decoded_once() {
        for bad in ["/a%2Fb", "/a%5cb", "/a/../b", "/%2e%2e/b", "/a%00", "/a\\b", "/%ff", "/a%0ab"] {
            assert!(decode_path(bad).is_err(), "{bad}");
        }
        assert_eq!(decode_path("/%40ana/").unwrap(), "/@ana");
        assert_eq!(decode_path("/").unwrap(), "/");
    }
}
