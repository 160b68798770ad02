server-templates = Templates
server-templates-hint = These files of override_dir cannot be used. The built-in ones are used in their place.
