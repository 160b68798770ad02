//! What the other accounts do.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::script::{PeerEdit, PeerPoll, PeerPost, Picture, Readers};
use super::stage::{Stage, failed};
use crate::domain::inbox;
use crate::error::{Error, Result};
use crate::protocol::activitystreams::PUBLIC;
use crate::store::statuses;

/// The size of the pictures of other servers.
pub(super) const SIZE: (u32, u32) = (960, 640);

impl Stage<'_> {
    /// Others do the same to a post of the owner.
    pub(super) fn all_act(&mut self, kind: &str, post: &str, who: &[String]) -> Result<()> {
        let object = self.post_uri(post)?;
        for by in who {
            let (id, actor) = (self.id_at(by, "acts")?, self.uri(by)?);
            let to = [PUBLIC, self.owner.uri.as_str()];
            self.deliver(by, &json!({"type": kind, "id": id, "actor": actor, "object": object, "to": to}))?;
        }
        Ok(())
    }

    pub(super) fn all_react(&mut self, post: &str, who: &[String], emoji: &str) -> Result<()> {
        let object = self.post_uri(post)?;
        let custom = emoji.strip_prefix(':').and_then(|e| e.strip_suffix(':')).map(str::to_owned);
        let tag = self.emoji(custom.as_slice());
        for by in who {
            let (id, actor) = (self.id_at(by, "acts")?, self.uri(by)?);
            let activity =
                json!({"type": "EmojiReact", "id": id, "actor": actor, "object": object, "content": emoji, "tag": tag});
            self.deliver(by, &activity)?;
        }
        Ok(())
    }

    pub(super) fn all_follow(&mut self, who: &[String]) -> Result<()> {
        for by in who {
            let (id, actor) = (self.id_at(by, "follows")?, self.uri(by)?);
            self.deliver(by, &json!({"type": "Follow", "id": id, "actor": actor, "object": self.owner.uri}))?;
        }
        Ok(())
    }

    pub(super) fn all_vote(&mut self, post: &str, option: &str, who: &[String]) -> Result<()> {
        let poll = self.post_uri(post)?;
        for by in who {
            let (id, actor) = (self.id_at(by, "votes")?, self.uri(by)?);
            let vote = json!({"type": "Note", "id": id, "attributedTo": actor, "name": option, "inReplyTo": poll, "to": self.owner.uri});
            let create = json!({"type": "Create", "id": format!("{id}/activity"), "actor": actor, "to": self.owner.uri, "object": vote});
            self.deliver(by, &create)?;
        }
        Ok(())
    }

    /// Accounts accept the follow of the owner.
    pub(super) fn accept_follow(&mut self, by: &str) -> Result<()> {
        let (id, actor) = (self.id_at(by, "accepts")?, self.uri(by)?);
        let follow = json!({"type": "Follow", "actor": self.owner.uri, "object": actor});
        self.deliver(by, &json!({"type": "Accept", "id": id, "actor": actor, "object": follow}))
    }

    pub(super) fn report(&mut self, by: &str, post: &str, comment: &str) -> Result<()> {
        let (id, actor) = (self.id_at(by, "reports")?, self.uri(by)?);
        let objects = [self.owner.uri.clone(), self.post_uri(post)?];
        self.deliver(by, &json!({"type": "Flag", "id": id, "actor": actor, "object": objects, "content": comment}))
    }

    /// A post of another account arrives.
    pub(super) fn receive(&mut self, post: &PeerPost) -> Result<()> {
        let note = self.note(post)?;
        let create = json!({
            "type": "Create", "id": format!("{}/activity", self.post_id(&post.by, &post.key)?), "actor": note["attributedTo"],
            "to": note["to"], "cc": note["cc"], "published": note["published"], "object": note,
        });
        self.deliver(&post.by, &create)?;
        self.remember_delivered(&post.key, &self.post_id(&post.by, &post.key)?)
    }

    fn post_id(&self, by: &str, key: &str) -> Result<String> {
        Ok(format!("{}/posts/{key}", self.uri(by)?))
    }

    fn note(&self, post: &PeerPost) -> Result<Value> {
        let (id, actor) = (self.post_id(&post.by, &post.key)?, self.uri(&post.by)?);
        let followers = format!("{actor}/followers");
        let mut mentioned = Vec::new();
        for key in &post.mentions {
            mentioned.push(self.uri(key)?);
        }
        let (to, cc) = match post.to {
            Readers::Public => (vec![PUBLIC.to_owned()], [vec![followers], mentioned].concat()),
            Readers::Followers => (vec![followers], mentioned),
            Readers::Owner => (vec![self.owner.uri.clone()], Vec::new()),
        };
        let mut note = json!({
            "type": "Note", "id": id, "url": format!("{id}.html"), "attributedTo": actor, "to": to, "cc": cc,
            "content": self.with_mentions(&post.html)?, "published": self.domain().now().to_activity(),
            "summary": post.cw, "sensitive": post.sensitive || post.cw.is_some(), "tag": self.tags(post)?,
            "attachment": self.attachments(post),
        });
        if let Some(language) = &post.language {
            let texts = Map::from_iter([(language.clone(), note["content"].clone())]);
            note["contentMap"] = Value::Object(texts);
        }
        if let Some(parent) = &post.reply_to {
            note["inReplyTo"] = json!(self.post_uri(parent)?);
        }
        if let Some(quoted) = &post.quote {
            note["quote"] = json!(self.post_uri(quoted)?);
        }
        if let Some(poll) = &post.poll {
            self.add_poll(&mut note, poll);
        }
        Ok(note)
    }

    fn add_poll(&self, note: &mut Value, poll: &PeerPoll) {
        let options = poll.options.iter().zip(&poll.votes);
        let option = |(name, votes)| json!({"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": votes}});
        note["type"] = json!("Question");
        note["oneOf"] = options.map(option).collect();
        note["votersCount"] = json!(poll.votes.iter().sum::<u64>());
        note["endTime"] = json!(self.domain().now().plus(Duration::from_secs(poll.minutes * 60)).to_activity());
    }

    fn tags(&self, post: &PeerPost) -> Result<Vec<Value>> {
        let mut tags = self.emoji(&post.emoji);
        tags.extend(hashtags(&post.tags));
        for key in &post.mentions {
            tags.push(json!({"type": "Mention", "href": self.uri(key)?, "name": format!("@{}", self.handle(key)?)}));
        }
        Ok(tags)
    }

    fn attachments(&self, post: &PeerPost) -> Vec<Value> {
        let picture = |p: &Picture| {
            json!({"type": "Document", "mediaType": "image/jpeg", "url": self.file(&format!("demo-{}.jpg", p.scene)),
                "name": p.alt, "width": SIZE.0, "height": SIZE.1, "focalPoint": p.focus})
        };
        let mut attached: Vec<Value> = post.pictures.iter().map(picture).collect();
        attached.extend(post.video.as_ref().map(|video| {
            json!({"type": "Document", "mediaType": "video/mp4", "url": self.file("demo-tide.mp4"), "name": video.alt,
                "width": 320, "height": 200})
        }));
        attached
    }

    /// Replaces `{@name}` by a link to the account.
    fn with_mentions(&self, html: &str) -> Result<String> {
        let mut out = String::new();
        let mut parts = html.split("{@");
        out.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (key, after) = part.split_once('}').ok_or_else(|| failed(html, &"a mention is not closed"))?;
            let uri = self.uri(key)?;
            out.push_str(&format!(
                "<span class=\"h-card\"><a href=\"{uri}\" class=\"u-url mention\">@<span>{key}</span></a></span>{after}"
            ));
        }
        Ok(out)
    }

    /// A group passes on the post of a member. Its Announce would make the server fetch the post, and the demo fetches nothing.
    pub(super) fn pass_on(&mut self, group: &str, post: &PeerPost) -> Result<()> {
        self.receive(post)?;
        let (domain, group, id) = (self.domain().clone(), self.person(group)?, self.post(&post.key)?);
        self.domain().store.write(move |conn| {
            let status = statuses::get(conn, id)?.ok_or(Error::NotFound)?;
            inbox::add_to_community(conn, &domain, group, &status)
        })
    }

    /// An edit of a post arrives.
    pub(super) fn revise(&mut self, edit: &PeerEdit) -> Result<()> {
        let (id, actor, uri) = (self.id_at(&edit.by, "acts")?, self.uri(&edit.by)?, self.post_uri(&edit.post)?);
        let now = self.domain().now().to_activity();
        let note = json!({
            "type": "Note", "id": uri, "url": format!("{uri}.html"), "attributedTo": actor, "to": [PUBLIC],
            "cc": [format!("{actor}/followers")], "content": edit.html, "updated": now, "tag": hashtags(&edit.tags),
        });
        self.deliver(
            &edit.by,
            &json!({"type": "Update", "id": id, "actor": actor, "to": [PUBLIC], "object": note, "published": now}),
        )
    }
}

fn hashtags(names: &[String]) -> Vec<Value> {
    names.iter().map(|name| json!({"type": "Hashtag", "name": format!("#{name}")})).collect()
}
