//! The owner's actions on accounts: forms that redirect back to their page.

use std::time::Duration;

use crate::app::App;
use crate::domain::backfill::{self, BackfillReason};
use crate::domain::relationships::follow::{self, FollowOptions, FollowResponse};
use crate::domain::relationships::{block, mute};
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::protocol::ids::ActorId;
use crate::web::pages::{action, back_with};

/// `POST /accounts/ID/ACTION`.
pub(crate) fn act(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    let action = action(request)?;
    let done = match follow_options(&action) {
        Some((options, done)) => {
            follow::follow(&app.domain, id, options)?;
            done
        }
        None => change(app, request, id, &action)?,
    };
    Ok(back_with(app, request, done))
}

/// The actions that follow an account or change an option of the follow, with the code of their notice.
fn follow_options(action: &str) -> Option<(FollowOptions, &'static str)> {
    let boosts = |shown| FollowOptions { boosts: Some(shown), ..FollowOptions::default() };
    let notify = |wanted| FollowOptions { notify: Some(wanted), ..FollowOptions::default() };
    Some(match action {
        "follow" => (FollowOptions::default(), "followed"),
        "notify" => (notify(true), "notify"),
        "unnotify" => (notify(false), "unnotify"),
        "show-boosts" => (boosts(true), "boosts-shown"),
        "hide-boosts" => (boosts(false), "boosts-hidden"),
        _ => return None,
    })
}

/// Applies any other action. Returns the code of its notice.
fn change(app: &App, request: &Request, id: ActorId, action: &str) -> Result<&'static str> {
    let domain = &app.domain;
    Ok(match action {
        "unfollow" => {
            follow::unfollow(domain, id)?;
            "unfollowed"
        }
        "mute" | "mute-3600" | "mute-86400" | "mute-604800" => {
            mute::mute(domain, id, true, mute_duration(action, &request.form()?)?)?;
            "muted"
        }
        "unmute" => {
            mute::unmute(domain, id)?;
            "unmuted"
        }
        "note" => {
            mute::set_note(domain, id, request.form()?.present("comment")?.replace("\r\n", "\n"))?;
            "noted"
        }
        "block" => {
            block::block(domain, id)?;
            "blocked"
        }
        "unblock" => {
            block::unblock(domain, id)?;
            "unblocked"
        }
        "accept" => {
            follow::respond(domain, id, FollowResponse::Accept)?;
            "accepted"
        }
        "reject" => {
            follow::respond(domain, id, FollowResponse::Reject)?;
            "rejected"
        }
        "refresh" => {
            backfill::profile(domain, id, BackfillReason::Requested)?;
            "refreshing"
        }
        _ => return Err(Error::NotFound),
    })
}

/// The duration of a mute: a field of the form, or a part of the action, which the path or the pressed button names.
fn mute_duration(action: &str, form: &Form) -> Result<Option<Duration>> {
    let chosen = [action, form.get("action").unwrap_or_default()].iter().find_map(|text| text.strip_prefix("mute-"));
    let chosen = chosen.map(str::parse).transpose().map_err(|_| Error::NotFound)?;
    let seconds: Option<u64> = form.exact("duration")?.or(chosen);
    Ok(seconds.filter(|seconds| *seconds > 0).map(Duration::from_secs))
}
