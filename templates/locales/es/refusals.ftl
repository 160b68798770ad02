# Texts that are missing or too long
error-text-blank = El texto no puede estar vacío
error-title-blank = El título no puede estar vacío
error-filter-context = Elige dónde se aplica el filtro
error-keyword-blank = Una palabra clave no puede estar vacía
error-warning-long = La advertencia es demasiado larga (máximo { $maximum } caracteres)
error-description-long = La descripción es demasiado larga (máximo { $maximum } caracteres)
error-title-long = El título es demasiado largo (máximo { $maximum } caracteres)
error-keyword-long = La palabra clave es demasiado larga (máximo { $maximum } caracteres)
error-note-long = La nota es demasiado larga (máximo { $maximum } caracteres)
error-comment-long = El comentario es demasiado largo (máximo { $maximum } caracteres)
error-name-long = El nombre para mostrar es demasiado largo (máximo { $maximum } caracteres)
error-profile-note-long = El texto sobre ti es demasiado largo (máximo { $maximum } caracteres)
error-avatar-description-long = La descripción del avatar es demasiado larga (máximo { $maximum } caracteres)
error-header-description-long = La descripción de la cabecera es demasiado larga (máximo { $maximum } caracteres)
error-field-label-long = La etiqueta de un campo de perfil es demasiado larga (máximo { $maximum } caracteres)
error-field-value-long = El contenido de un campo de perfil es demasiado largo (máximo { $maximum } caracteres)
error-server-description-long = La descripción del servidor es demasiado larga (máximo { $maximum } caracteres)
error-privacy-policy-long = La política de privacidad es demasiado larga (máximo { $maximum } caracteres)
error-terms-long = Los términos del servicio son demasiado largos (máximo { $maximum } caracteres)
error-rule-long = Una norma es demasiado larga (máximo { $maximum } caracteres)
error-search-long = La búsqueda es demasiado larga (máximo { $maximum } caracteres)

# Posts
error-text-invisible = El texto no puede estar vacío: no se mostraría nada
error-text-long = El texto tiene { $length } caracteres con la advertencia; el máximo es { $maximum }
error-files = No se pueden adjuntar más de { $maximum } archivos
error-pictures = No se pueden adjuntar más de { $maximum } imágenes
error-poll-media = Una encuesta no puede tener contenido multimedia; haz dos publicaciones
error-media-missing = Uno de los archivos no se encontró o ya pertenece a otra publicación
error-media-not-attached = Este archivo no está adjunto a esta publicación
error-media-in-use = Una publicación usa este archivo
error-focus = El punto de enfoque debe ser dos números de -1 a 1, como 0.0,0.5
error-mentions = No se puede mencionar a más de { $maximum } personas
error-no-recipient = No se encontró a @{ $handle }; nadie recibiría este mensaje directo
error-reply-to-private = Una respuesta a una publicación solo para seguidores debe ser solo para seguidores o directa
error-reply-to-direct = Una respuesta a un mensaje directo debe ser directa
error-draft-long = El texto es demasiado largo para guardarlo como borrador
error-drafts = Tienes { $maximum } borradores, que es el máximo: elimina algunos
error-nothing-to-save = Aún no hay nada que guardar
error-time-form = La hora debe ser como 2026-11-20T23:19
error-schedule-near = La hora debe ser al menos { $minutes } minutos después de ahora
error-schedule-far = La hora debe estar dentro de diez años
error-scheduled = No puede haber más de { $maximum } publicaciones programadas
error-scheduled-day = No puede haber más de { $maximum } publicaciones programadas para un día
error-post-gone = Se eliminó una publicación o imagen a la que esta se refiere

# Polls
error-vote-own = No puedes votar en tus propias encuestas
error-vote-ended = La encuesta ya ha terminado
error-vote-again = Ya has votado en esta encuesta
error-vote-option = Esta opción no existe en la encuesta: elige otra
error-vote-one = En esta encuesta solo se puede elegir una opción
error-poll-options = Una encuesta debe tener más de una opción
error-poll-many = Una encuesta no puede tener más de { $maximum } opciones
error-poll-option-long = Cada opción de una encuesta debe tener de 1 a { $maximum } caracteres
error-poll-equal = Las opciones de una encuesta deben ser distintas
error-poll-duration = Una encuesta debe durar de { $minimum } a { $maximum } segundos

# Interactions with posts
error-boost-private = Solo se pueden impulsar publicaciones públicas y públicas silenciosas
error-boost-direct = Un impulso puede ser público, público silencioso o solo para seguidores, no directo
error-reactions = No son posibles más de { $maximum } reacciones a una publicación
error-reaction = Una reacción debe ser un solo emoji, uno de tus emojis propios o uno con el que ya se reaccionó a la publicación
error-pin-direct = No se pueden fijar publicaciones que solo ven las personas mencionadas
error-pins = Ya has fijado el máximo de { $maximum } publicaciones
error-pin-other = No se pueden fijar publicaciones de otras personas
error-quote-boost = Un impulso no se puede citar; cita la publicación misma
error-quote-recipient = Un mensaje directo solo puede citar a quienes lo reciben, porque se pide permiso a la persona citada
error-quote-private = Solo se pueden citar publicaciones públicas y públicas silenciosas
error-quote-forbidden = No se permite citar esta publicación
error-reply-forbidden = No se permite responder a esta publicación
error-translation-private = Solo se envían publicaciones públicas y públicas silenciosas a un servicio de traducción
error-translation-same = La publicación ya está en ese idioma
