//! The client library megalodon as a strict decoder: every call that a Mastodon server serves, against a running Dassie.
//!
//! Arguments: the base URL, a token, and the id of another account, which follows the owner and has sent a direct post.
//! The last line of the output is a JSON list of `[call, error or null]`.

use std::error::Error;

use megalodon::entities::filter::FilterContext;
use megalodon::entities::{Status, StatusVisibility, UploadMedia};
use megalodon::megalodon as input;
use megalodon::megalodon::PostStatusOutput;
use megalodon::response::Response;
use megalodon::{Megalodon, SNS};
use serde_json::{Value, json};

type Client = Box<dyn Megalodon + Send + Sync>;

/// The results of the calls.
#[derive(Default)]
struct Results(Vec<Value>);

impl Results {
    /// Notes the result of a call, and returns what it decoded.
    fn note<T, E: std::fmt::Display>(&mut self, name: &str, result: Result<Response<T>, E>) -> Option<T> {
        match result {
            Ok(response) => {
                self.0.push(json!([name, null]));
                Some(response.json)
            }
            Err(e) => {
                self.0.push(json!([name, e.to_string()]));
                None
            }
        }
    }
}

/// Notes calls: `calls!(results, client, get_lists(), get_list(id))`.
macro_rules! calls {
    ($results:expr, $client:expr, $($name:ident($($argument:expr),*)),+ $(,)?) => {
        $( $results.note(stringify!($name), $client.$name($($argument),*).await); )+
    };
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [base, token, other] = &arguments[..] else { return Err("usage: BASE TOKEN ACCOUNT".into()) };
    let client = megalodon::generator(SNS::Mastodon, base.clone(), Some(token.clone()), None)?;
    let mut results = Results::default();
    let known = megalodon::detector(base).await;
    results.0.push(json!(["detector", known.as_ref().err().map(ToString::to_string)]));
    apps(&mut results, base, &client).await?;
    server(&mut results, &client).await;
    let own = results.note("verify_account_credentials", client.verify_account_credentials().await);
    let own = own.ok_or("no own account")?.id;
    accounts(&mut results, &client, &own, other).await;
    let status = statuses(&mut results, &client).await.ok_or("nothing was posted")?;
    uploads(&mut results, &client).await;
    polls(&mut results, &client).await;
    timelines(&mut results, &client, other).await;
    notifications(&mut results, &client).await;
    filters(&mut results, &client).await;
    calls!(results, client, delete_status(status.id.clone()));
    println!("{}", json!(results.0));
    Ok(())
}

async fn apps(results: &mut Results, base: &str, client: &Client) -> Result<(), Box<dyn Error>> {
    let anonymous = megalodon::generator(SNS::Mastodon, base.to_owned(), None, None)?;
    let options = input::AppInputOptions { scopes: Some(vec!["read".into(), "write".into()]), ..Default::default() };
    let app = anonymous.register_app("megalodon".into(), &options).await;
    results.0.push(json!(["register_app", app.as_ref().err().map(ToString::to_string)]));
    calls!(results, client, get_instance_custom_emojis());
    Ok(())
}

async fn server(results: &mut Results, client: &Client) {
    calls!(
        results,
        client,
        get_instance(),
        get_instance_peers(),
        get_instance_trends(None),
        get_instance_directory(None),
        get_instance_announcements(),
        get_preferences(),
        get_suggestions(None),
        get_suggested_tags(),
    );
}

async fn accounts(results: &mut Results, client: &Client, own: &str, other: &str) {
    let (own, other) = (own.to_owned(), other.to_owned());
    let profile = input::UpdateCredentialsInputOptions { note: Some("Hello".into()), ..Default::default() };
    calls!(
        results,
        client,
        update_credentials(Some(&profile)),
        get_account(other.clone()),
        lookup_account("alice".into()),
        get_account_statuses(own.clone(), None),
        get_account_followers(own.clone(), None),
        get_account_following(own.clone(), None),
        get_account_lists(other.clone()),
        get_identity_proofs(other.clone()),
        follow_account(other.clone(), None),
        subscribe_account(other.clone()),
        unsubscribe_account(other.clone()),
        pin_account(other.clone()),
        get_endorsements(None),
        unpin_account(other.clone()),
        set_account_note(other.clone(), Some("met".into())),
        get_relationships(vec![other.clone()]),
        search_account("bob".into(), None),
        mute_account(other.clone(), false),
        get_mutes(None),
        unmute_account(other.clone()),
        block_account(other.clone()),
        get_blocks(None),
        unblock_account(other.clone()),
        unfollow_account(other.clone()),
        get_follow_requests(None),
        report(other.clone(), None),
        block_domain("spam.example".into()),
        get_domain_blocks(None),
        unblock_domain("spam.example".into()),
        get_tag("cats".into()),
        follow_tag("cats".into()),
        get_followed_tags(),
        unfollow_tag("cats".into()),
        get_featured_tags(),
    );
    if let Some(tag) = results.note("create_featured_tag", client.create_featured_tag("dogs".into()).await) {
        calls!(results, client, delete_featured_tag(tag.id));
    }
}

async fn post(
    results: &mut Results,
    client: &Client,
    text: &str,
    options: input::PostStatusInputOptions,
) -> Option<Status> {
    match results.note("post_status", client.post_status(text.into(), Some(&options)).await)? {
        PostStatusOutput::Status(status) => Some(status),
        PostStatusOutput::ScheduledStatus(_) => None,
    }
}

async fn statuses(results: &mut Results, client: &Client) -> Option<Status> {
    let warned = input::PostStatusInputOptions {
        spoiler_text: Some("a word first".into()),
        visibility: Some(StatusVisibility::Public),
        language: Some("en".into()),
        ..Default::default()
    };
    let status = post(results, client, "hello #cats @alice https://example.org/", warned).await?;
    let id = || status.id.clone();
    let answer = input::PostStatusInputOptions { in_reply_to_id: Some(id()), ..Default::default() };
    post(results, client, "an answer", answer).await;
    let edit = input::EditStatusInputOptions { status: Some("hello again".into()), ..Default::default() };
    calls!(
        results,
        client,
        get_status(id()),
        get_status_source(id()),
        edit_status(id(), &edit),
        get_status_context(id(), None),
        favourite_status(id()),
        get_status_favourited_by(id()),
        get_favourites(None),
        unfavourite_status(id()),
        reblog_status(id()),
        get_status_reblogged_by(id()),
        unreblog_status(id()),
        bookmark_status(id()),
        get_bookmarks(None),
        unbookmark_status(id()),
        mute_status(id()),
        unmute_status(id()),
        pin_status(id()),
        unpin_status(id()),
    );
    // Scheduled posts are left out: it requires the id of an app, which a token of the command line does not have.
    calls!(results, client, get_scheduled_statuses(None));
    Some(status)
}

/// A PNG of one pixel.
const DOT: &[u8] = include_bytes!("../dot.png");

async fn uploads(results: &mut Results, client: &Client) {
    let options = input::UploadMediaInputOptions { description: Some("a dot".into()), focus: Some("0.0,0.5".into()) };
    let reader = Box::new(DOT);
    let sent = client.upload_media_reader(reader, Some(&options), Some("dot.png".into())).await;
    let id = match results.note("upload_media", sent) {
        Some(UploadMedia::Attachment(media)) => media.id,
        Some(UploadMedia::AsyncAttachment(media)) => media.id,
        None => return,
    };
    let change = input::UpdateMediaInputOptions { description: Some("one pixel".into()), ..Default::default() };
    calls!(results, client, get_media(id.clone()), update_media(id.clone(), Some(&change)));
    let with = input::PostStatusInputOptions { media_ids: Some(vec![id]), ..Default::default() };
    post(results, client, "with a picture", with).await;
}

async fn polls(results: &mut Results, client: &Client) {
    let poll = input::PollOptions {
        options: vec!["tea".into(), "coffee".into()],
        expires_in: Some(3_600),
        multiple: Some(false),
        hide_totals: Some(false),
    };
    let with = input::PostStatusInputOptions { poll: Some(poll), ..Default::default() };
    let posted = post(results, client, "which?", with).await;
    if let Some(poll) = posted.and_then(|status| status.poll) {
        calls!(results, client, get_poll(poll.id.clone()));
    }
}

async fn timelines(results: &mut Results, client: &Client, other: &str) {
    calls!(
        results,
        client,
        get_home_timeline(None),
        get_public_timeline(None),
        get_local_timeline(None),
        get_tag_timeline("cats".into(), None),
        get_lists(),
        search("hello".into(), None),
        follow_account(other.to_owned(), None),
    );
    if let Some(list) = results.note("create_list", client.create_list("friends".into()).await) {
        calls!(
            results,
            client,
            get_list(list.id.clone()),
            update_list(list.id.clone(), "near".into()),
            get_accounts_in_list(list.id.clone(), None),
            get_list_timeline(list.id.clone(), None),
            delete_accounts_from_list(list.id.clone(), vec![other.to_owned()]),
            delete_list(list.id.clone()),
        );
    }
    let found = results.note("get_conversation_timeline", client.get_conversation_timeline(None).await);
    if let Some(conversation) = found.and_then(|all| all.into_iter().next()) {
        calls!(results, client, read_conversation(conversation.id.clone()), delete_conversation(conversation.id));
    }
    calls!(results, client, get_markers(vec!["home".into(), "notifications".into()]));
}

async fn notifications(results: &mut Results, client: &Client) {
    let found = results.note("get_notifications", client.get_notifications(None).await);
    if let Some(newest) = found.and_then(|all| all.into_iter().next()) {
        calls!(results, client, get_notification(newest.id.clone()), dismiss_notification(newest.id));
    }
    calls!(results, client, dismiss_notifications());
}

async fn filters(results: &mut Results, client: &Client) {
    let context = vec![FilterContext::Home, FilterContext::Thread];
    let made = client.create_filter("dogs".into(), context.clone(), None).await;
    if let Some(filter) = results.note("create_filter", made) {
        calls!(
            results,
            client,
            get_filters(),
            get_filter(filter.id.clone()),
            update_filter(filter.id.clone(), "wolves".into(), context, None),
            delete_filter(filter.id.clone()),
        );
    }
}
