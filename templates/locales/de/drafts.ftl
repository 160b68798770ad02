drafts-title = Entwürfe
drafts-heading = Entwürfe und geplante Beiträge
drafts-tabs = Wartende Beiträge
drafts-scheduled = Geplant
drafts-no-text-yet = Noch kein Text
drafts-no-text = Kein Text
drafts-saved-html = Gespeichert am { $time }
drafts-continue = Weiterschreiben
drafts-delete = Löschen
drafts-older = Ältere Entwürfe
drafts-empty = Keine Entwürfe. Mit „Entwurf speichern“ unter einem Beitrag kannst du ihn später fertigschreiben. Auch ein Beitrag, der nicht veröffentlicht werden konnte, bleibt hier erhalten.
drafts-write = Beitrag schreiben
drafts-reply = Antwort
drafts-quote = Zitat
drafts-poll = Umfrage
drafts-pictures =
    { $count ->
        [one] { $count } Bild
       *[other] { $count } Bilder
    }
scheduled-title = Geplante Beiträge
scheduled-failed = Er konnte nicht veröffentlicht werden: { $reason }
scheduled-due-html = Erscheint am { $time }
scheduled-was-due-html = War fällig am { $time }
scheduled-edit = Bearbeiten
scheduled-cancel = Abbrechen
scheduled-older = Ältere geplante Beiträge
scheduled-empty = Keine geplanten Beiträge. Um einen zu planen, wähle unter „Warnung, Bilder, Umfrage und mehr“ einen Zeitpunkt.
