notifications-title = Notifications
notifications-kinds = Kinds of notifications
notifications-all = All
notifications-all-empty = No notifications yet. Mentions, new followers, boosts and favourites appear here.
notifications-mentions = Mentions
notifications-mentions-empty = No mentions yet. Replies to your posts, mentions and quotes appear here.
notifications-reactions = Reactions
notifications-reactions-empty = No reactions yet. Boosts, favourites and emoji reactions appear here.
notifications-follows = Follows
notifications-follows-empty = No followers yet. Share your handle, and write.
notifications-updates = Updates
notifications-updates-empty = No updates yet. Ended polls, edits, reports and posts that you want to be notified of appear here.
notifications-waiting =
    Filtered notifications of { $count ->
        [one] { $count } account
       *[other] { $count } accounts
    }
notifications-older = Older notifications
notifications-seen = Seen before
notifications-two-html = { $first } and { $second }
notifications-many-html = { $first }, { $second } and { $others }
notifications-others =
    { $count ->
        [one] { $count } other
       *[other] { $count } others
    }
notification-mention-html = { $names } mentioned you
notification-boost-html = { $names } boosted your post
notification-favourite-html = { $names } favourited your post
notification-follow-html = { $names } followed you
notification-follow-request-html = { $names } requested to follow you
notification-own-poll = Your poll has ended
notification-poll-html = { $names } ran a poll that has ended
notification-update-html = { $names } edited a post that you boosted
notification-status-html = { $names } posted
notification-reaction-html = { $names } reacted to your post
notification-reaction-with-html = { $names } reacted with { $emoji } to your post
notification-quote-html = { $names } quoted your post
notification-report-html = { $names } reported you or one of your posts
notification-quoted-update-html = { $names } edited a post that you quoted
notification-severed = You suspended a server, which ended follows
notification-severed-counts =
    You suspended { $host }, which ended { $followers ->
        [one] { $followers } follower
       *[other] { $followers } followers
    } and { $following ->
        [one] { $following } follow
       *[other] { $following } follows
    } of yours
notification-accept-html = Accept<span class="hidden"> { $name }</span>
notification-reject-html = Reject<span class="hidden"> { $name }</span>
group-favourites = Favourites and reactions
group-boosts = Boosts
group-followers = New followers
group-other = Notification
requests-title = Filtered notifications
requests-crumb = Filtered
requests-of = Filtered notifications of { $name }
requests-of-html = Filtered notifications of { $name }
requests-accept = Accept
requests-dismiss = Dismiss
requests-dismiss-html = Dismiss<span class="hidden"> { $name }</span>
requests-lead-html = Your <a href="/settings/notifications">notification settings</a> keep them from the others until you decide about the account.
requests-show-html =
    Show { $count ->
        [one] { $count } notification
       *[other] { $count } notifications
    }<span class="hidden"> of { $name }</span>
requests-more = More
requests-empty = No filtered notifications.
conversations-title = Messages
conversations-new = New message
conversations-lead = Direct posts, which only the people mentioned in them can see. They are not encrypted: the servers of these people can read them too.
conversations-only-you = Only you
conversations-more-html = { $names } and { $count } more
conversations-unread = unread
conversations-you-wrote = You wrote:
conversations-mark-read = Mark as read
conversations-mark-unread = Mark as unread
conversations-remove = Remove
conversations-older = Older messages
conversations-empty = No messages yet. A message is a post that only the people mentioned in it can see.
