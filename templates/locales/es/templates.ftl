server-templates = Plantillas
server-templates-hint = Estos archivos de override_dir no se pueden usar. En su lugar se usan los integrados.
