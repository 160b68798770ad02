//! OAuth authorization: the owner sees the app and the requested scopes, and allows or denies them.

use minijinja::context;

use crate::app::App;
use crate::domain::account::oauth::{self, OOB, Scopes};
use crate::error::Result;
use crate::http::{Form, PageUse, Request, Response};
use crate::web::locale::Message;
use crate::web::render;

const FIELDS: [&str; 7] =
    ["client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method"];

fn checked_request(app: &App, form: &Form) -> Result<oauth::AuthorizationRequest> {
    let text = |key: &str| form.get(key).unwrap_or_default();
    let parameters = oauth::AuthorizationParameters {
        client_id: text("client_id"),
        redirect_uri: text("redirect_uri"),
        response_type: text("response_type"),
        scope: text("scope"),
        code_challenge: form.get("code_challenge"),
        method: form.get("code_challenge_method"),
    };
    oauth::check_request(&app.domain, &parameters)
}

/// The permission that a scope grants, as the page words it.
pub(crate) fn describe(scope: &str) -> Message {
    match scope {
        "read" => Message::new("scope-read"),
        "write" => Message::new("scope-write"),
        "follow" => Message::new("scope-follow"),
        "push" => Message::new("scope-push"),
        "profile" => Message::new("scope-profile"),
        "read:statuses" => Message::new("scope-read-statuses"),
        "read:accounts" => Message::new("scope-read-accounts"),
        "read:notifications" => Message::new("scope-read-notifications"),
        "read:follows" => Message::new("scope-read-follows"),
        "read:search" => Message::new("scope-read-search"),
        "write:statuses" => Message::new("scope-write-statuses"),
        "write:media" => Message::new("scope-write-media"),
        "write:favourites" => Message::new("scope-write-favourites"),
        "write:follows" => Message::new("scope-write-follows"),
        "write:accounts" => Message::new("scope-write-accounts"),
        other if other.starts_with("read:") => Message::new("scope-read-other"),
        _ => Message::new("scope-write-other"),
    }
}

/// `GET /oauth/authorize`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let checked = checked_request(app, &form)?;
    oauth::opened(&app.domain, &checked.app)?;
    let mut scopes: Vec<Message> = Scopes::iter(&checked.scopes).map(describe).collect();
    scopes.dedup();
    let redirect_host = match url::Url::parse(&checked.redirect_uri) {
        _ if checked.redirect_uri == OOB => Message::new("authorize-this-page").into(),
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            minijinja::Value::from(url.host_str().unwrap_or_default())
        }
        Ok(url) => Message::new("authorize-device").with("scheme", url.scheme()).into(),
        Err(_) => checked.redirect_uri.chars().take(80).collect::<String>().into(),
    };
    let fields: Vec<(&str, &str)> = FIELDS.iter().filter_map(|f| Some((*f, form.get(f)?))).collect();
    let context =
        context! { app_name => checked.app.name, website => checked.app.website, scopes, redirect_host, fields };
    Ok(render::page(app, request, "authorize.html", context)?.with_page_use(PageUse::Consent))
}

/// `POST /oauth/authorize`.
pub(crate) fn submit(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let checked = checked_request(app, &form)?;
    let state = form.get("state");
    if form.get("decision") != Some("allow") {
        if checked.redirect_uri == OOB {
            return Ok(Response::see_other("/home"));
        }
        return Ok(Response::see_other(&with_result(&checked.redirect_uri, "error", "access_denied", state)));
    }
    let code = oauth::grant(&app.domain, &checked)?;
    if checked.redirect_uri == OOB {
        return render::page(app, request, "code.html", context! { code });
    }
    Ok(Response::see_other(&with_result(&checked.redirect_uri, "code", &code, state)))
}

/// The redirect URI with the result appended; the URI itself stays byte for byte.
fn with_result(redirect_uri: &str, key: &str, value: &str, state: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair(key, value);
    if let Some(state) = state {
        query.append_pair("state", state);
    }
    let join = if redirect_uri.contains('?') { '&' } else { '?' };
    format!("{redirect_uri}{join}{}", query.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_appended_to_any_uri() {
        assert_eq!(with_result("icecubesapp://", "code", "c", Some("a b")), "icecubesapp://?code=c&state=a+b");
        assert_eq!(with_result("https://a.example/?x=1", "code", "c", None), "https://a.example/?x=1&code=c");
    }
}
