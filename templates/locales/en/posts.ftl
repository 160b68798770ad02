post-sensitive-media = Sensitive media ({ $count })
post-filtered-media = Filtered: { $title } ({ $count })
post-filtered = Filtered: { $title }
post-filtered-html = Filtered: <span dir="auto">{ $title }</span>
post-edit-filter = Edit this filter
post-show = Show
post-hide = Hide
post-no-description = Picture without a description
post-open-attachment = Open the attachment on its original server
post-choose-any = Choose any
post-choose-one = Choose one
post-percent = { $n }%
post-vote = Vote
post-your-vote = your vote
post-voters =
    { $count ->
        [one] { $n } person
       *[other] { $n } people
    }
post-votes =
    { $count ->
        [one] { $n } vote
       *[other] { $n } votes
    }
post-poll-closed = closed
post-poll-ends-html = ends { $time }
post-open-quoted = Open the original
post-poll-options = Poll:
post-card-by = By { $author }
post-card-by-html = By { $author }
post-read-in-full = Read in full
post-minutes = ({ $minutes } min)
post-calendar = Add to your calendar
post-duration = Duration: { $duration }
post-reactions = Reactions
post-more = More
post-open-thread = Open thread
post-open-original = Open original page
post-quote = Quote
post-react-with-emoji = React with an emoji
home-seen-before = Seen before
home-missed = { $count } new posts since your last visit. Catch up
post-embed = Embed
post-edit = Edit
post-pin = Pin on profile
post-unpin = Unpin from profile
post-inspect-own = Inspect document and deliveries
post-inspect = Inspect document
post-delete = Delete…
post-mention = Mention { $name }
post-filter = Filter this post
post-block = Block { $name }
post-boosted-html = { $name } boosted
post-pinned = Pinned
post-in-group-html = in { $group }
post-bot = bot
post-group = group
post-from = from { $network }
post-edited = edited
post-parent-gone = Replying to a post that is no longer available
post-parent-elsewhere-html = Replying to <a href="{ $address }" rel="nofollow noopener">a post on another server</a>
post-is-reply = A reply
post-continues = Continues a thread
post-reply-to-html = Reply to <bdi dir="ltr">{ $name }</bdi>
post-replies =
    { $count ->
        [one] { $n } reply
       *[other] { $n } replies
    }
post-boosts =
    { $count ->
        [one] { $n } boost
       *[other] { $n } boosts
    }
post-favourites =
    { $count ->
        [one] { $n } favourite
       *[other] { $n } favourites
    }
post-reply = Reply
post-boost = Boost
post-favourite = Favourite
post-bookmark = Bookmark
post-interact = Reply, boost or favourite from your own server
post-older = Older posts
post-without-text = A post without text
visibility-public = Public
visibility-unlisted = Unlisted
visibility-private = Followers only
visibility-direct = Mentioned people only
quote-policy-everyone = Everyone may quote it
quote-policy-followers = Followers may quote it
quote-policy-nobody = Only I may quote it
quote-blocked = You have blocked the author of the quoted post.
quote-hidden = The quoted post is hidden.
quote-not-approved = The author of the quoted post has not approved this quote.
quote-deleted = The quoted post was deleted.
quote-unavailable = The quoted post is not available.
quote-pending = This quote is waiting for the approval of the quoted post's author.
quote-rejected = The author of the quoted post does not allow this quote.
reply-pending = This reply is waiting for the approval of the post's author.
reply-rejected = The author of the post rejected this reply.
restricted-favourites = The author does not accept favourites from you.
restricted-replies = The author does not accept replies from you.
restricted-boosts = The author does not accept boosts from you.
restricted-quotes = The author does not accept quotes from you.
approved-favourites = The author must approve favourites from you.
approved-replies = The author must approve replies from you.
approved-boosts = The author must approve boosts from you.
approved-quotes = The author must approve quotes from you.
bridge-other = another network
bridge-web = the web
more-title = Post
more-heading = Post options
more-open-thread = Open the thread
more-bookmark = Bookmark
more-unbookmark = Remove bookmark
more-react-with = React with
more-react = React
more-copy-emoji = Copy its emoji…
more-delete-hint = The post is removed from this server, and every server that received it is asked to remove it too. This cannot be undone.
more-delete = Delete this post
thread-heading = Thread
thread-earlier =
    { $count ->
        [one] { $count } earlier post
       *[other] { $count } earlier posts
    }
thread-between =
    { $count ->
        [one] { $count } post in between
       *[other] { $count } posts in between
    }
thread-only-owner = Only you can see this post: it is direct and mentions no one.
thread-replies =
    { $count ->
        [one] { $count } reply
       *[other] { $count } replies
    }
thread-replies-more = More than { $count } replies
thread-page = page { $page } of { $pages }
thread-pages = Pages of replies
thread-first = First
thread-previous = Previous replies
thread-next = More replies
thread-last = Last
thread-undelivered = This post could not be delivered to some servers:
thread-all-deliveries = All deliveries
thread-fetching = Replies are being fetched from other servers. Reload this page in a moment.
thread-fetched = Last fetched from other servers: { $time }.
thread-missing =
    { $count ->
        [one] { $count } post of this thread could not be fetched.
       *[other] { $count } posts of this thread could not be fetched.
    }
thread-check = Check for new replies
thread-more-by = More by { $name }
history-title = Edits of a post by { $name }
history-heading = Edit history
history-none-html = <a href="{ $link }">The post by { $name }</a> has no earlier versions on this server.
history-edits-html =
    <a href="{ $link }">The post by { $name }</a> with { $count ->
        [one] { $count } edit
       *[other] { $count } edits
    }, newest first.
history-original-html = Original { $time }
history-current-html = Current version { $time }
history-edited-html = Edited { $time }
history-warning-html = Content warning: { $warning }
home-title = Home
home-empty = Your home timeline is empty
home-empty-follow-html = Write your first post above, or follow someone: type a handle like <b>@name@example.org</b> or the address of a profile into the search field at the top.
home-empty-posts = Posts from the people you follow appear here, newest first.
bookmarks-title = Bookmarks
bookmarks-empty = No bookmarks yet. Bookmark a post to find it here again. Only you can see your bookmarks.
favourites-title = Favourites
favourites-empty = No favourites yet. When you favourite a post, its author is notified.
tag-empty = No posts with this hashtag yet.
tag-follow = Follow
tag-unfollow = Unfollow
bridge-nostr = Nostr
bridge-bluesky = Bluesky
