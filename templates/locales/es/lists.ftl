lists-title = Listas
lists-accounts =
    { $count ->
        [one] { $n } cuenta
       *[other] { $n } cuentas
    }
lists-not-at-home = no en el inicio
lists-empty = Una lista tiene su propia cronología con las publicaciones de algunas de las cuentas que sigues. Crea la primera aquí abajo.
lists-new = Nueva lista
lists-create = Crear lista
list-edit = Editar lista
list-edit-title = Editar { $title }
list-empty =
    { $count ->
        [one] Aún no hay publicaciones. Aquí aparecerán las de la única cuenta de esta lista.
       *[other] Aún no hay publicaciones. Aquí aparecerán las de las { $count } cuentas de esta lista.
    }
list-no-members = Esta lista no tiene miembros
list-no-members-hint = Añade algunas de las cuentas que sigues.
list-add-members = Añadir miembros
list-name = Título
list-replies = Respuestas
list-replies-list = Respuestas a miembros de la lista
list-replies-followed = Respuestas a cuentas que sigo
list-replies-none = Sin respuestas
list-exclusive = No mostrar en el inicio las publicaciones de sus miembros
list-save = Guardar
list-members = Miembros
list-remove-selected = Quitar seleccionadas
list-more-members = Más miembros
list-members-empty = Aún no hay miembros.
list-add = Añadir cuentas que sigues
list-search = Buscar entre las cuentas que sigues
list-search-hint = Nombre o identificador
list-search-go = Buscar
list-add-selected = Añadir seleccionadas
list-no-match = Ninguna cuenta que sigues coincide con «{ $query }», o ya es miembro.
list-no-others = No sigues otras cuentas.
list-delete-summary = Eliminar esta lista…
list-delete-hint = Seguirás a sus miembros. Su cronología no se puede restaurar.
list-delete = Eliminar esta lista
membership-title = Listas de { $name }
membership-title-html = Listas de { $name }
membership-empty = Aún no tienes listas.
membership-create = Crear una lista
