script-text-left = Quedan 0 caracteres
script-text-unsaved = Sin guardar
script-text-uploading = Subiendo
script-text-emoji = Emoji
script-text-suggestions = Sugerencias
script-text-cancel = Cancelar
script-text-close = Cerrar
script-text-open = Abrir
script-text-replied = Tu respuesta está publicada.
script-saved = Guardado como borrador
script-focus = Mantener visible
script-focus-centre = Centro
script-focus-top = Arriba
script-focus-bottom = Abajo
script-focus-left = Izquierda
script-focus-right = Derecha
script-focus-top-left = Arriba a la izquierda
script-focus-top-right = Arriba a la derecha
script-focus-bottom-left = Abajo a la izquierda
script-focus-bottom-right = Abajo a la derecha
script-focus-chosen = Punto elegido
script-suggestions =
    { $count ->
        [one] { $count } sugerencia
       *[other] { $count } sugerencias
    }
script-publish-at = Publicar más tarde ({ $zone })
script-zone = Zona horaria
script-zone-hint = Las horas de tus páginas están en esta zona, por ejemplo Europe/Madrid.
