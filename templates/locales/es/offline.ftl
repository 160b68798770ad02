offline-title = Sin conexión
offline-text = No se puede acceder a tu servidor. Lo que has escrito se conserva en el navegador.
offline-again = Volver a intentarlo
