xray-title = Radiografía
xray-problem = No se pudo obtener el documento de su servidor: { $reason }
xray-delivery = Entrega
xray-delivered =
    Entregada a { $arrived } de { $count ->
        [one] { $count } servidor
       *[other] { $count } servidores
    }.
xray-server = Servidor
xray-state = Estado
xray-delivered-at-html = entregada el { $time }
xray-failed = falló: { $error }
xray-waiting-after = en espera; el último intento falló: { $error }
xray-waiting = en espera
xray-not-sent = Esta publicación no se envió a otros servidores.
xray-result = Resultado
xray-provided = siempre que: { $condition }
xray-checks = Comprobaciones
xray-passed = superada
xray-check-failed = no superada
xray-document = Documento
server-title = Servidor
server-disk-full = El disco está casi lleno: se rechazan actividades de otros servidores hasta que haya al menos { $size } libres.
server-queues = Colas
server-deliveries = Entregas
server-activities = Actividades
server-jobs = Tareas
server-waiting = { $count } en espera
server-waiting-parked = { $count } en espera, { $parked } abandonadas
server-storage = Almacenamiento
server-database = Base de datos
server-free = Espacio libre
server-posts = Publicaciones propias
server-servers = Servidores conocidos
server-version = Versión
server-failed-deliveries = Servidores a los que no se pudo llegar
server-failed-jobs = Tareas que fallaron
server-failed-activities = Actividades abandonadas
server-job = Tarea
server-attempts = Intentos
server-last-error = Último error
server-no-errors = Sin errores: todo lo pendiente está hecho.
