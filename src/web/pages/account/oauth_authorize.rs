//! OAuth consent: the owner sees who asks for what, and says yes or no.

use minijinja::context;

use crate::app::App;
use crate::domain::account::oauth::{self, OOB, Scopes};
use crate::error::Result;
use crate::http::{Form, FormAction, Request, Response};
use crate::web::render;

const FIELDS: [&str; 7] =
    ["client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method"];

fn asked(app: &App, form: &Form) -> Result<oauth::Request> {
    let text = |key: &str| form.get(key).unwrap_or_default();
    let asked = oauth::Asked {
        client_id: text("client_id"),
        redirect_uri: text("redirect_uri"),
        response_type: text("response_type"),
        scope: text("scope"),
        code_challenge: form.get("code_challenge"),
        method: form.get("code_challenge_method"),
    };
    oauth::check_request(&app.domain, &asked)
}

/// What a scope means to people.
fn words(scope: &str) -> &'static str {
    match scope {
        "read" => "Read everything that you can read, also private messages",
        "write" => "Post, edit, delete and react in your name, and change your profile",
        "follow" => "Follow and unfollow, block and mute in your name",
        "push" => "Send you notifications",
        "profile" => "See your name and picture",
        "read:statuses" => "Read posts that you can read",
        "read:accounts" => "See your account and others'",
        "read:notifications" => "Read your notifications",
        "read:follows" => "See whom you follow and who follows you",
        "read:search" => "Search in your name",
        "write:statuses" => "Post, edit and delete in your name",
        "write:media" => "Upload pictures",
        "write:favourites" => "Favourite in your name",
        "write:follows" => "Follow and unfollow in your name",
        "write:accounts" => "Change your profile",
        other if other.starts_with("read:") => "Read some of your lists and settings",
        _ => "Change some of your lists and settings",
    }
}

/// `GET /oauth/authorize`.
pub(in crate::web) fn show(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let asked = asked(app, &form)?;
    oauth::opened(&app.domain, &asked.app)?;
    let mut scopes: Vec<&str> = Scopes::iter(&asked.scopes).map(words).collect();
    scopes.dedup();
    let redirect_host = match url::Url::parse(&asked.redirect_uri) {
        _ if asked.redirect_uri == OOB => "this page: you copy a code".to_owned(),
        Ok(url) if matches!(url.scheme(), "http" | "https") => url.host_str().unwrap_or_default().to_owned(),
        Ok(url) => format!("an app on your device ({})", url.scheme()),
        Err(_) => asked.redirect_uri.chars().take(80).collect(),
    };
    let fields: Vec<(&str, &str)> = FIELDS.iter().filter_map(|f| Some((*f, form.get(f)?))).collect();
    let context = context! { app_name => asked.app.name, website => asked.app.website, scopes, redirect_host, fields };
    Ok(render::page(app, request, "authorize.html", context)?.with_form_action(FormAction::Any))
}

/// `POST /oauth/authorize`.
pub(in crate::web) fn submit(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let asked = asked(app, &form)?;
    let state = form.get("state");
    if form.get("decision") != Some("allow") {
        if asked.redirect_uri == OOB {
            return Ok(Response::see_other("/home"));
        }
        return Ok(Response::see_other(&answer(&asked.redirect_uri, "error", "access_denied", state)));
    }
    let code = oauth::grant(&app.domain, &asked)?;
    if asked.redirect_uri == OOB {
        return render::page(app, request, "code.html", context! { code });
    }
    Ok(Response::see_other(&answer(&asked.redirect_uri, "code", &code, state)))
}

/// The redirect URI with the answer appended; the URI itself stays byte for byte.
fn answer(redirect_uri: &str, key: &str, value: &str, state: Option<&str>) -> String {
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
    fn answers_are_appended_to_any_uri() {
        assert_eq!(answer("icecubesapp://", "code", "c", Some("a b")), "icecubesapp://?code=c&state=a+b");
        assert_eq!(answer("https://a.example/?x=1", "code", "c", None), "https://a.example/?x=1&code=c");
    }
}
