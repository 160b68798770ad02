offline-title = Keine Verbindung
offline-text = Dein Server ist nicht erreichbar. Lade diese Seite neu, wenn du wieder online bist; was du geschrieben hast, bleibt im Browser.
