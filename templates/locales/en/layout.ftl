layout-skip = Skip to content
layout-menu = Menu
layout-main = Main
layout-search = Search
layout-search-hint = Search, @handle or address
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
