layout-skip = Skip to content
layout-menu = Menu
layout-main = Main
layout-search = Search
layout-search-hint = Search, @name or link
layout-home = Home
layout-notifications = Notifications
layout-compose = Compose
layout-lists = Lists
layout-you = You
layout-messages = Messages
layout-drafts = Drafts
layout-bookmarks = Bookmarks
layout-favourites = Favourites
layout-people = People
layout-settings = Settings
layout-new-html = { $count }<span class="hidden"> new</span>
layout-follow-html = Follow<span class="hidden"> { $name }</span>
layout-about = About this server
layout-sign-in = Sign in
script-fresh = new
script-offline = The server cannot be reached. Try again in a moment.
script-failed = That did not work. Reload the page and try again.
script-signed-out = You are signed out.
script-sign-in = Sign in again
script-deleted = This post was deleted.
live-notifications =
    { $count ->
        [one] { $n } new notification
       *[other] { $n } new notifications
    }
live-posts =
    { $count ->
        [one] { $n } new post
       *[other] { $n } new posts
    }
