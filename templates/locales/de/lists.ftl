lists-title = Listen
lists-accounts =
    { $count ->
        [one] { $n } Konto
       *[other] { $n } Konten
    }
lists-not-at-home = nicht auf der Startseite
lists-empty = Eine Liste hat eine eigene Timeline mit den Beiträgen einiger Konten, denen du folgst. Lege unten die erste an.
lists-new = Neue Liste
lists-create = Liste anlegen
list-edit = Liste bearbeiten
list-edit-title = { $title } bearbeiten
list-empty =
    { $count ->
        [one] Noch keine Beiträge. Neue Beiträge des einen Kontos dieser Liste erscheinen hier.
       *[other] Noch keine Beiträge. Neue Beiträge der { $count } Konten dieser Liste erscheinen hier.
    }
list-no-members = Diese Liste hat keine Mitglieder
list-no-members-hint = Füge einige der Konten hinzu, denen du folgst.
list-add-members = Mitglieder hinzufügen
list-name = Titel
list-replies = Antworten
list-replies-list = Antworten an Mitglieder der Liste
list-replies-followed = Antworten an Konten, denen ich folge
list-replies-none = Keine Antworten
list-exclusive = Beiträge ihrer Mitglieder nicht auf der Startseite zeigen
list-save = Speichern
list-members = Mitglieder
list-remove-selected = Ausgewählte entfernen
list-more-members = Weitere Mitglieder
list-members-empty = Noch keine Mitglieder.
list-add = Konten hinzufügen, denen du folgst
list-search = Konten durchsuchen, denen du folgst
list-search-hint = Name oder Profilname
list-search-go = Suchen
list-add-selected = Ausgewählte hinzufügen
list-no-match = Kein Konto, dem du folgst, passt zu „{ $query }“, oder es ist schon Mitglied.
list-no-others = Du folgst keinen weiteren Konten.
list-delete-summary = Diese Liste löschen …
list-delete-hint = Du folgst ihren Mitgliedern weiterhin. Ihre Timeline lässt sich nicht wiederherstellen.
list-delete = Diese Liste löschen
membership-title = Listen mit { $name }
membership-title-html = Listen mit { $name }
membership-empty = Du hast noch keine Listen.
membership-create = Liste anlegen
