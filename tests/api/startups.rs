//! The requests of apps from registration to the first screen: each response has what their decoders require.

use std::collections::HashMap;

use dassie::protocol::secret;
use serde_json::{Value, json};

use crate::support::http::Response;
use crate::support::push::Subscriber;
use crate::support::{Request, TestServer, eventually};

const STARTUPS: &str = include_str!("../fixtures/apps/startups.txt");
const FIELDS: &str = include_str!("../fixtures/apps/fields.txt");

/// A server with something of each kind for the first screen.
struct Scene {
    alice: TestServer,
    _bob: TestServer,
    /// Our id of bob.
    other: String,
}

fn scene() -> Scene {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    bob.follows(&alice);
    alice.follows(&bob);
    let other = alice.finds(&bob);
    let poll = json!({"options": ["tea", "coffee"], "expires_in": 3_600});
    alice.post("/api/v1/statuses", json!({"status": "Which?", "poll": poll}));
    let handle = format!("@bob@{}", bob.authority);
    let posted = alice.posts(&format!("hello {handle} #tea"), "public");
    alice.post("/api/v1/lists", json!({"title": "friends"}));
    bob.posts(&format!("hello @alice@{}", alice.authority), "public");
    eventually("bob sees the post", || bob.sees("tea<").is_some());
    let seen = bob.sees("tea<").unwrap()["id"].as_str().unwrap().to_owned();
    bob.post(&format!("/api/v1/statuses/{seen}/favourite"), json!({}));
    eventually("a mention, a follow and a favourite", || alice.notifications().len() >= 3);
    alice.post(&format!("/api/v1/statuses/{}/reblog", posted["id"].as_str().unwrap()), json!({}));
    Scene { alice, _bob: bob, other }
}

/// One app that starts.
struct Startup<'a> {
    name: &'static str,
    alice: &'a TestServer,
    values: HashMap<String, String>,
    next: Option<String>,
    /// The page in a browser that makes the requests.
    origin: Option<String>,
}

impl Startup<'_> {
    /// A text with the values of earlier responses.
    fn fill(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        for (name, value) in &self.values {
            filled = filled.replace(&format!("{{{name}}}"), value);
        }
        assert!(!filled.contains('{'), "{}: {filled}: a value is missing", self.name);
        filled
    }

    fn fields(&self, text: &str) -> Vec<(String, String)> {
        let pair = |field: &str| {
            let (key, value) = field.split_once('=').unwrap_or_else(|| panic!("{text}: {field}"));
            (key.trim().to_owned(), self.fill(value.trim()))
        };
        text.split(" & ").map(pair).collect()
    }

    fn step(&mut self, line: &str) {
        let (request, entity) = line.split_once(" -> ").unwrap_or((line, ""));
        match request.split_once(' ') {
            Some(("redirect", redirect)) => self.keep("redirect", redirect),
            Some(("origin", origin)) => self.origin = Some(origin.to_owned()),
            Some(("AUTHORIZE", fields)) => self.authorize(fields),
            None if request == "NEXT" => self.walk(),
            Some(("ANONYMOUS", request)) => self.request(request, entity, false),
            Some(("ABSENT", request)) => drop(self.sends(request, true, 404)),
            _ => self.request(request, entity, true),
        }
    }

    fn keep(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_owned(), value.to_owned());
    }

    /// The owner, who is signed in, agrees on the page.
    fn authorize(&mut self, fields: &str) {
        let fields = self.fields(fields);
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        let (cookie, csrf) = self.alice.session();
        let page = Request::get(&format!("/oauth/authorize?{query}")).header("cookie", &cookie);
        assert!(self.alice.send(&page).expect(200).text().contains("decision"), "{}: no authorization page", self.name);
        let mut all = vec![("decision", "allow"), ("csrf", csrf.as_str())];
        all.extend(fields.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        let request =
            Request::new("POST", "/oauth/authorize").header("cookie", &cookie).header("origin", &self.alice.url(""));
        let response = self.alice.send(&request.header("sec-fetch-site", "same-origin").form(&all)).expect(303);
        let location = response.header("location").unwrap().to_owned();
        let redirect = self.values["redirect"].clone();
        assert!(location.starts_with(&redirect), "{}: {location}", self.name);
        let code = location.split_once("code=").unwrap().1;
        assert!(code.len() > 10, "Tuba takes no shorter code: {code}");
        self.keep("code", code);
    }

    fn request(&mut self, text: &str, entity: &str, with_token: bool) {
        let (response, fields) = self.sends(text, with_token, 200);
        self.read(&response, entity, &fields);
    }

    /// Sends a request of the table. Returns the response with this status, and the fields that were sent.
    fn sends(&self, text: &str, with_token: bool, status: u16) -> (Response, Vec<(String, String)>) {
        let mut words = text.splitn(4, ' ');
        let (method, target) = (words.next().unwrap(), self.fill(words.next().unwrap()));
        let encoding = words.next().unwrap_or_default();
        let fields = words.next().map(|fields| self.fields(fields)).unwrap_or_default();
        let mut request = Request::new(method, &target);
        if let (true, Some(token)) = (with_token, self.values.get("access_token")) {
            request = request.bearer(token);
        }
        let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        request = match encoding {
            "form" => request.body("application/x-www-form-urlencoded", encoded),
            "json" => request.body("application/json", nested(&fields).to_string()),
            "query" => Request { path: format!("{target}?{encoded}"), ..request },
            "" => request,
            other => panic!("{other} is not an encoding"),
        };
        let response = self.through_browser(request);
        assert_eq!(response.status, status, "{}: {text}: {}", self.name, response.text());
        (response, fields)
    }

    /// Sends a request as a browser does for the page of an origin, if there is one.
    fn through_browser(&self, request: Request) -> Response {
        let Some(origin) = &self.origin else { return self.alice.send(&request) };
        let request = request.header("origin", origin);
        let is_simple = |(name, value): &&(String, String)| match name.as_str() {
            "authorization" => false,
            "content-type" => value == "application/x-www-form-urlencoded",
            _ => true,
        };
        let unusual: Vec<_> =
            request.headers.iter().filter(|header| !is_simple(header)).map(|(name, _)| &**name).collect();
        if !unusual.is_empty() {
            let preflight = Request::new("OPTIONS", &request.path)
                .header("origin", origin)
                .header("access-control-request-method", &request.method)
                .header("access-control-request-headers", &unusual.join(","));
            let permits = self.alice.send(&preflight).expect(204);
            let listed = |name: &str| permits.header(name).unwrap_or_default().to_lowercase();
            assert_eq!(permits.header("access-control-allow-origin"), Some("*"), "{}", request.path);
            assert!(
                listed("access-control-allow-methods").contains(&request.method.to_lowercase()),
                "{}",
                request.path
            );
            for name in unusual {
                assert!(listed("access-control-allow-headers").contains(name), "{}: {name}", request.path);
            }
            let seconds = permits.header("access-control-max-age").map(str::parse::<u32>);
            assert!(
                matches!(seconds, Some(Ok(600..))),
                "{}: the browser sends a preflight each time: {seconds:?}",
                request.path
            );
        }
        let response = self.alice.send(&request);
        assert_eq!(response.header("access-control-allow-origin"), Some("*"), "{}", request.path);
        if response.header("link").is_some() {
            let exposed = response.header("access-control-expose-headers").unwrap_or_default();
            assert!(exposed.contains("Link"), "{}: the app cannot read the link to the next page", request.path);
        }
        response
    }

    /// Keeps what the next requests need, and checks the members that the app requires.
    fn read(&mut self, response: &Response, entity: &str, fields: &[(String, String)]) {
        if entity == "HostMeta" {
            let template = format!("template=\"{}", self.alice.url(""));
            return assert!(response.text().contains(&template), "{}: {}", self.name, response.text());
        }
        let value = response.json();
        match entity {
            "Application" => {
                assert_eq!(value["name"], field(fields, "client_name"), "Tuba and Ice Cubes compare it");
                assert_eq!(value["redirect_uri"], field(fields, "redirect_uris"), "iOS uses the returned one");
            }
            "NodeInfoLinks" => {
                let href = value["links"][0]["href"].as_str().unwrap();
                self.keep("nodeinfo", href.strip_prefix(&self.alice.url("")).unwrap());
            }
            "Account" | "CredentialAccount" => self.keep("me", value["id"].as_str().unwrap()),
            "Status[]" if !value[0].is_null() => self.keep("first", value[0]["id"].as_str().unwrap()),
            "Notification[]" => self.keep("newest", value[0]["id"].as_str().unwrap()),
            "Grouped" => self.keep("newest", value["notification_groups"][0]["page_max_id"].as_str().unwrap()),
            "Instance" | "InstanceV1" => assert_is_a_version(value["version"].as_str().unwrap()),
            _ => {}
        }
        for name in ["client_id", "client_secret", "access_token", "redirect_uri"] {
            if let Some(text) = value[name].as_str() {
                self.keep(name, text);
            }
        }
        self.next = response.header("link").and_then(|link| next_page(link, &self.alice.url("")));
        if !entity.is_empty() {
            self.require(entity, &value, entity);
        }
    }

    /// Follows the links to the next page until there is none.
    fn walk(&mut self) {
        let mut pages = 0;
        while let Some(target) = self.next.take() {
            pages += 1;
            assert!(pages < 10, "{}: the pages never end", self.name);
            self.request(&format!("GET {target}"), "Account[]", true);
        }
        assert!(pages > 0, "{}: there is no second page", self.name);
    }

    /// Checks the members that the decoder of an entity requires, and those of the entities in it.
    fn require(&self, entity: &str, value: &Value, at: &str) {
        if let Some(one) = entity.strip_suffix("[]") {
            let items = value.as_array().unwrap_or_else(|| panic!("{}: {at} is not a list: {value}", self.name));
            return items.iter().enumerate().for_each(|(i, item)| self.require(one, item, &format!("{at}[{i}]")));
        }
        let name = if entity == "CredentialAccount" { "Account" } else { entity };
        for member in members(self.name, entity).chain(members("*", name)) {
            let (path, nullable) = member.strip_suffix('?').map_or((member, false), |path| (path, true));
            let found = path.split('.').try_fold(value, |value, key| value.get(key));
            let is_given = found.is_some_and(|found| nullable || !found.is_null());
            assert!(is_given, "{} requires {path} of {at}: {value}", self.name);
        }
        for (member, inner) in INNER {
            let found = &value[*member];
            if !found.is_null() && value.is_object() {
                self.require(inner, found, &format!("{at}.{member}"));
            }
        }
    }
}

/// The entities in entities, by their member.
const INNER: &[(&str, &str)] = &[
    ("account", "Account"),
    ("status", "Status"),
    ("reblog", "Status"),
    ("poll", "Poll"),
    ("accounts", "Account[]"),
    ("statuses", "Status[]"),
    ("notification_groups", "Group[]"),
    ("contact_account", "Account"),
];

/// The members of an entity that an app, or every app, requires.
fn members(app: &str, entity: &str) -> impl Iterator<Item = &'static str> {
    let of = FIELDS.lines().find_map(|line| line.strip_prefix(&format!("{app} {entity} ")));
    of.unwrap_or_default().split_whitespace()
}

fn field<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    &fields.iter().find(|(key, _)| key == name).unwrap_or_else(|| panic!("no {name}")).1
}

/// Fields with brackets as JSON.
fn nested(fields: &[(String, String)]) -> Value {
    let mut root = json!({});
    for (key, value) in fields {
        let steps = key.split(['[', ']']).filter(|step| !step.is_empty());
        let at = steps.fold(&mut root, |at, step| &mut at[step]);
        *at = match value.as_str() {
            "true" => json!(true),
            text => json!(text),
        };
    }
    root
}

fn next_page(link: &str, base: &str) -> Option<String> {
    let next = link.split(", ").find(|part| part.ends_with("rel=\"next\""))?;
    let url = next.strip_prefix('<')?.split_once('>')?.0;
    url.strip_prefix(base).map(str::to_owned)
}

/// Ice Cubes reads the first three characters as a number; iOS and Mastodon.py the digits before the first dot.
fn assert_is_a_version(version: &str) {
    assert!(version[..3].parse::<f32>().is_ok_and(|number| number >= 4.3), "{version}");
    assert!(["leroma", "kkoma", "ixelfed"].iter().all(|word| !version.contains(word)), "{version}");
}

fn starts(name: &'static str, steps: usize) {
    let scene = scene();
    let subscriber = Subscriber::new().subscription("https://push.example", true);
    let verifier = "v".repeat(64);
    let known = [
        ("other", scene.other.clone()),
        ("p256dh", subscriber["keys"]["p256dh"].as_str().unwrap().to_owned()),
        ("auth", subscriber["keys"]["auth"].as_str().unwrap().to_owned()),
        ("challenge", secret::pkce_challenge(&verifier)),
        ("verifier", verifier),
    ];
    let values = known.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let mut startup = Startup { name, alice: &scene.alice, values, next: None, origin: None };
    let lines = STARTUPS.lines().skip_while(|line| *line != format!("[{name}]")).skip(1);
    let mut taken = 0;
    for line in lines.take_while(|line| !line.starts_with('[')).filter(|line| !line.is_empty()) {
        startup.step(line);
        taken += 1;
    }
    assert_eq!(taken, steps, "{name}: the table has other lines than are expected");
}

#[test]
fn tusky_starts() {
    starts("Tusky", 15);
}

#[test]
fn pachli_starts() {
    starts("Pachli", 20);
}

#[test]
fn the_official_app_for_android_starts() {
    starts("Android", 21);
}

#[test]
fn the_official_app_for_ios_starts() {
    starts("iOS", 21);
}

#[test]
fn ice_cubes_starts() {
    starts("IceCubes", 16);
}

#[test]
fn ivory_starts() {
    starts("Ivory", 17);
}

#[test]
fn tuba_starts() {
    starts("Tuba", 19);
}

#[test]
fn fedilab_starts() {
    starts("Fedilab", 18);
}

#[test]
fn phanpy_starts() {
    starts("Phanpy", 19);
}

#[test]
fn elk_starts() {
    starts("Elk", 17);
}
