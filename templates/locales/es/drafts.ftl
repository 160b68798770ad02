drafts-title = Borradores
drafts-heading = Borradores y publicaciones programadas
drafts-tabs = Publicaciones en espera
drafts-scheduled = Programadas
drafts-no-text-yet = Aún sin texto
drafts-no-text = Sin texto
drafts-saved-html = Guardado el { $time }
drafts-continue = Continuar
drafts-delete = Eliminar
drafts-older = Borradores anteriores
drafts-empty = No hay borradores. Pulsa «Guardar borrador» debajo de una publicación para terminarla más tarde. Aquí se guarda también lo que no se pudo publicar.
drafts-write = Escribir una publicación
drafts-reply = Respuesta
drafts-quote = Cita
drafts-poll = Encuesta
drafts-pictures =
    { $count ->
        [one] { $count } imagen
       *[other] { $count } imágenes
    }
scheduled-title = Publicaciones programadas
scheduled-failed = No se pudo publicar: { $reason }
scheduled-due-html = Se publica el { $time }
scheduled-was-due-html = Estaba prevista para el { $time }
scheduled-edit = Editar
scheduled-cancel = Cancelar
scheduled-older = Publicaciones programadas anteriores
scheduled-empty = No hay publicaciones programadas. Para programar una, elige una hora en «Advertencia, imágenes, encuesta y más».
