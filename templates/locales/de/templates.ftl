server-templates = Vorlagen
server-templates-hint = Diese Dateien in override_dir können nicht verwendet werden. An ihrer Stelle werden die eingebauten verwendet.
