lists-title = Lists
lists-accounts =
    { $count ->
        [one] { $n } account
       *[other] { $n } accounts
    }
lists-not-at-home = not at home
lists-empty = A list has a timeline of its own with the posts of some of the accounts that you follow. Make the first one below.
lists-new = New list
lists-create = Create list
list-edit = Edit list
list-edit-title = Edit { $title }
list-empty =
    { $count ->
        [one] No posts yet. New posts of the { $count } account of this list appear here.
       *[other] No posts yet. New posts of the { $count } accounts of this list appear here.
    }
list-no-members = This list has no members
list-no-members-hint = Add some of the accounts that you follow.
list-add-members = Add members
list-name = Title
list-replies = Replies
list-replies-list = Replies to members of the list
list-replies-followed = Replies to accounts that I follow
list-replies-none = No replies
list-exclusive = Do not show posts of its members at home
list-save = Save
list-members = Members
list-remove-selected = Remove selected
list-more-members = More members
list-members-empty = No members yet.
list-add = Add accounts that you follow
list-search = Search the accounts that you follow
list-search-hint = Name or handle
list-search-go = Search
list-add-selected = Add selected
list-no-match = No account that you follow matches “{ $query }”, or it is a member already.
list-no-others = You follow no other accounts.
list-delete-summary = Delete this list…
list-delete-hint = Its members stay followed. Its timeline cannot be restored.
list-delete = Delete this list
membership-title = Lists of { $name }
membership-title-html = Lists of { $name }
membership-empty = You have no lists yet.
membership-create = Create a list
