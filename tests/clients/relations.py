"""Lists, relations to accounts, hashtags and scheduled posts, through Mastodon.py, with a second Dassie as the other side."""

import datetime

from rig import Dassie, check, eventually


def fails(f, text):
    try:
        f()
        return False
    except Exception as e:
        return text in str(e)


def follow(api, dassie, other):
    address = f"@{other.user}@127.0.0.1:{other.port}"
    found = api.account_search(address, resolve=True)
    check("an account is found by its address", [a.username for a in found] == [other.user], found)
    friend = found[0].id
    api.account_follow(friend, reblogs=False, notify=True)
    check("the follow is accepted", eventually(lambda: api.account_relationships(friend)[0].following))
    relation = api.account_relationships(friend)[0]
    check("its options are kept", relation.notifying and not relation.showing_reblogs, relation)
    return friend


def lists(api, other, friend):
    made = api.list_create("Friends", replies_policy="none", exclusive=False)
    check("a list is created", made.title == "Friends" and made.replies_policy == "none" and made.exclusive is False, made)
    api.list_accounts_add(made.id, [friend])
    check("an account that is not followed cannot be added", fails(lambda: api.list_accounts_add(made.id, [1]), "404"))
    check("nor one twice", fails(lambda: api.list_accounts_add(made.id, [friend]), "422"))
    check("its members", [a.id for a in api.list_accounts(made.id)] == [friend])
    check("the lists of an account", [x.id for x in api.account_lists(friend)] == [made.id])
    other.post("/api/v1/statuses", status="hello list", visibility="public")
    shown = lambda posts: any("hello list" in s.content for s in posts)
    check("a new post is in its timeline", eventually(lambda: shown(api.timeline_list(made.id))))
    check("and at home", shown(api.timeline_home()))
    changed = api.list_update(made.id, "Close friends", exclusive=True)
    check("a list is changed", changed.title == "Close friends" and changed.exclusive, changed)
    check("the posts of an exclusive list are not at home", not shown(api.timeline_home()))
    api.list_accounts_delete(made.id, [friend])
    check("a former member is on the home timeline again", shown(api.timeline_home()) and api.timeline_list(made.id) == [])
    api.list_delete(made.id)
    check("a list is deleted", api.lists() == [] and fails(lambda: api.list(made.id), "404"))


def accounts(api, dassie, friend):
    check("a note", api.account_note_set(friend, "met at the zoo").note == "met at the zoo")
    muted = api.account_mute(friend, notifications=False, duration=3600)
    check("a mute with an end", muted.muting and not muted.muting_notifications, muted)
    check("it is listed with its end", api.mutes()[0].id == friend and api.mutes()[0].mute_expires_at is not None)
    check("muted posts are hidden", not any(s.account.id == friend for s in api.timeline_home()))
    check("an unmute", api.account_unmute(friend).muting is False and api.mutes() == [])
    check("a pin", api.account_pin(friend).endorsed and [a.id for a in api.endorsements()] == [friend])
    check("an unpin", api.account_unpin(friend).endorsed is False and api.endorsements() == [])
    # Mastodon.py sends this read with a body, which HTTP gives no meaning (RFC 9110 section 9.3.1).
    familiar = dassie.get(f"/api/v1/accounts/familiar_followers?id[]={friend}")
    check("familiar followers", familiar == [{"id": str(friend), "accounts": []}], familiar)
    check("several accounts", [a.id for a in api.accounts([friend])] == [friend])
    check("several posts", len(api.statuses([s.id for s in api.timeline_home(limit=3)])) == 3)
    check("blocks are listed", api.account_block(friend).blocking and [a.id for a in api.blocks()] == [friend])
    check("a block ends the follow", api.account_unblock(friend).following is False)


def hashtags(api):
    tag = api.tag_follow("fractal")
    check("a hashtag is followed", tag.following and len(tag.history) == 7, tag)
    check("followed hashtags", [t.name for t in api.followed_tags()] == ["fractal"])
    check("and unfollowed", api.tag_unfollow("fractal").following is False and api.followed_tags() == [])
    check("suggestions of hashtags", any(t.name == "fractal" for t in api.featured_tag_suggestions()))
    featured = api.featured_tag_create("Fractal")
    check("a featured hashtag", featured.name == "Fractal" and int(featured.statuses_count) >= 1, featured)
    me = api.account_verify_credentials()
    check("on the profile", [t.name for t in api.account_featured_tags(me.id)] == ["Fractal"])
    api.featured_tag_delete(featured.id)
    check("no longer", api.featured_tags() == [])


def scheduled(api):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    made = api.status_post("in an hour", scheduled_at=at, visibility="unlisted", spoiler_text="later", language="en")
    check("a scheduled post", abs((made.scheduled_at - at).total_seconds()) < 1 and made.params.visibility == "unlisted", made)
    check("it is listed", [s.id for s in api.scheduled_statuses()] == [made.id] and api.scheduled_status(made.id).params.text == "in an hour")
    moved = api.scheduled_status_update(made.id, at + datetime.timedelta(hours=1))
    check("its time is changed", (moved.scheduled_at - at).total_seconds() > 3_000, moved)
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=2)
    check("two minutes ahead are too few", fails(lambda: api.status_post("x", scheduled_at=soon), "422"))
    api.scheduled_status_delete(made.id)
    check("it is cancelled", api.scheduled_statuses() == [])


def explore(api):
    check("trends are empty lists", api.trending_tags() == [] and api.trending_statuses() == [] and api.trending_links() == [])
    check("so are suggestions and the directory", api.suggestions() == [] and api.directory() == [])
    check("no language is translated", api.instance_translation_languages() == {} or not api.instance_translation_languages())


def run(api, dassie):
    other = Dassie("bob")
    friend = follow(api, dassie, other)
    lists(api, other, friend)
    accounts(api, dassie, friend)
    hashtags(api)
    scheduled(api)
    explore(api)
