//! Information about the server, and endpoints that are empty on it.

use serde_json::{Value, json};

use super::entities::instance::Facts;
use super::entities::{Context, instance};
use crate::app::App;
use crate::domain::instance::{self as figures, InstanceText, TextKind};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::limits;
use crate::protocol::secret;
use crate::protocol::text::known_languages;
use crate::store::peers::domain_policies::{self, HostPolicy, Severity};
use crate::store::peers::hosts;
use crate::store::{actors, instance as stored};

/// What both versions of the entity tell besides the configuration.
fn facts(app: &App) -> Result<Facts> {
    let owner = app.domain.owner()?.id;
    let owner = app.domain.store.read(|c| actors::get(c, owner))?.ok_or(Error::NotFound)?;
    let (languages, is_active) = (figures::languages(&app.domain)?, figures::is_active(&app.domain)?);
    let icon = match owner.avatar.as_deref() {
        Some(file) => app.media.picture_size(file),
        // The built-in picture.
        None => Some((limits::AVATAR_SIDE, limits::AVATAR_SIDE)),
    };
    app.domain.store.read(|c| {
        Ok(Facts {
            languages,
            is_active,
            icon,
            rules: figures::rules(c)?,
            has_privacy_policy: figures::text(c, TextKind::Privacy)?.is_some(),
            has_terms: figures::text(c, TextKind::Terms)?.is_some(),
            owner,
        })
    })
}

/// `GET /api/v2/instance`.
pub(super) fn v2(app: &App, request: &Request) -> Result<Response> {
    let mut entity = instance::v2(app, Context::of(app, request), &facts(app)?);
    entity["configuration"]["vapid"] = json!({"public_key": app.domain.push_keys()?.vapid.public()});
    Ok(Response::json(&entity).into_public())
}

/// `GET /api/v1/instance`.
pub(super) fn v1(app: &App, request: &Request) -> Result<Response> {
    let hosts = app.domain.store.read(hosts::count)?;
    let entity = instance::v1(app, Context::of(app, request), &facts(app)?, hosts);
    Ok(Response::json(&entity).into_public())
}

/// `GET /api/v1/instance/languages`: what an app offers as the language of a post.
pub(super) fn languages(_: &App, _: &Request) -> Result<Response> {
    let list: Vec<Value> = known_languages().map(|(code, name)| json!({"code": code, "name": name})).collect();
    Ok(Response::json(&list).into_public())
}

/// `GET /api/v1/instance/rules`.
pub(super) fn rules(app: &App, _: &Request) -> Result<Response> {
    Ok(Response::json(&instance::rules(&app.domain.store.read(figures::rules)?)).into_public())
}

/// `GET /api/v1/instance/peers`.
pub(super) fn peers(app: &App, _: &Request) -> Result<Response> {
    if !app.config.federation.publish_peers {
        return Err(Error::NotFound);
    }
    Ok(Response::json(&app.domain.store.read(stored::peers)?).into_public())
}

/// `GET /api/v1/instance/activity`.
pub(super) fn activity(app: &App, _: &Request) -> Result<Response> {
    let week = |week: &figures::Week| {
        json!({
            "week": week.start.seconds().to_string(),
            "statuses": week.statuses.to_string(),
            "logins": week.active.to_string(),
            "registrations": week.registrations.to_string(),
        })
    };
    let weeks: Vec<Value> = figures::weeks(&app.domain)?.iter().map(week).collect();
    Ok(Response::json(&weeks).into_public())
}

/// `GET /api/v1/instance/domain_blocks`: for the owner, and for everyone if the configuration says so.
pub(super) fn domain_blocks(app: &App, request: &Request) -> Result<Response> {
    let viewer = request.viewer(app.domain.owner()?.id);
    if !viewer.is_owner() && !app.config.federation.publish_blocks {
        return Err(Error::NotFound);
    }
    let policies = app.domain.store.read(domain_policies::list)?;
    let block = |policy: &HostPolicy| {
        let severity = match policy.severity {
            Severity::Allow => return None,
            Severity::Silence => "silence",
            Severity::Suspend => "suspend",
        };
        let digest = secret::hash(&policy.host);
        Some(json!({"domain": policy.host, "digest": digest, "severity": severity, "comment": policy.comment}))
    };
    Ok(Response::json(&policies.iter().filter_map(block).collect::<Vec<_>>()))
}

/// An empty list, for endpoints that apps need at their start.
pub(super) fn empty_list(_: &App, _: &Request) -> Result<Response> {
    Ok(Response::json(&json!([])))
}

/// `GET /api/v1/instance/extended_description`.
pub(super) fn extended_description(app: &App, _: &Request) -> Result<Response> {
    text(app, TextKind::Description)
}

/// `GET /api/v1/instance/privacy_policy`.
pub(super) fn privacy_policy(app: &App, _: &Request) -> Result<Response> {
    text(app, TextKind::Privacy)
}

/// A text, which is empty unless the owner has written one.
fn text(app: &App, kind: TextKind) -> Result<Response> {
    let (updated_at, html) = match app.domain.store.read(|c| figures::text(c, kind))? {
        Some(text) => (text.updated_at, text.html),
        None => {
            let owner = app.domain.owner()?.id;
            let owner = app.domain.store.read(|c| actors::get(c, owner))?.ok_or(Error::NotFound)?;
            (owner.created_at, String::new())
        }
    };
    Ok(Response::json(&json!({"updated_at": updated_at.to_api(), "content": html})).into_public())
}

/// `GET /api/v1/instance/terms_of_service`.
pub(super) fn terms(app: &App, _: &Request) -> Result<Response> {
    let terms = app.domain.store.read(|c| figures::text(c, TextKind::Terms))?.ok_or(Error::NotFound)?;
    Ok(Response::json(&terms_entity(&terms)).into_public())
}

/// `GET /api/v1/instance/terms_of_service/{date}`: earlier versions are not kept.
pub(super) fn terms_of_date(app: &App, request: &Request) -> Result<Response> {
    let terms = app.domain.store.read(|c| figures::text(c, TextKind::Terms))?;
    let terms = terms.filter(|t| t.updated_at.to_date() == request.param("date")).ok_or(Error::NotFound)?;
    Ok(Response::json(&terms_entity(&terms)).into_public())
}

fn terms_entity(terms: &InstanceText) -> Value {
    let date = terms.updated_at.to_date();
    json!({"effective_date": date, "effective": true, "content": terms.html, "succeeded_by": null})
}

/// `POST /api/v1/announcements/{id}/dismiss`: there are none.
pub(super) fn no_announcement(_: &App, _: &Request) -> Result<Response> {
    Err(Error::NotFound)
}

/// `POST /api/v1/accounts`: sign-up, which is not available.
pub(super) fn no_sign_up(_: &App, _: &Request) -> Result<Response> {
    Err(Error::Forbidden("Sign-up is not available: this server has one account".into()))
}

/// `POST /api/v1/emails/confirmations`: accounts have no e-mail address here.
pub(super) fn no_email(_: &App, _: &Request) -> Result<Response> {
    Err(Error::Forbidden("Accounts have no e-mail address on this server".into()))
}
