"""Words of the pictures."""

from __future__ import annotations

ENGLISH = {
    "section_network": "Who says what about whom",
    "section_timeline": "Timeline",
    "network_title": "Who says what about whom",
    "network_about": "Speakers stand on the left, what they speak of on the right. Each line is "
    "one speaker's word in one status; it is as thick as there are statements in it.",
    "network_all": "Everything that somebody says and the text does not assert in its own voice.",
    "network_of": "All claims that {} has a part in.",
    "network_statements": "{} statements",
    "network_list": "The same in words",
    "network_none": "There is nothing to draw: no claims are made here.",
    "network_left_out": "{} more lines do not fit into the picture; the table of claims has all.",
    "timeline_title": "Timeline",
    "timeline_about": "A dot is a day. A bar covers all the days that the words leave open: a "
    "month, a year, a decade. Years without a date are left out, and each part of the axis has a "
    "scale of its own.",
    "timeline_all": "Events, announcements and publications, no more precise than the text.",
    "timeline_of": "What {} has to do with.",
    "timeline_orders": "No date, only an order",
    "timeline_dates": "Dates",
    "timeline_none": "There is nothing to draw: no dates and no orders are told here.",
    "timeline_left_out": "There are more dates than fit here; the table of claims has all.",
    "picture_alone": "The picture alone, as SVG",
    "picture_whole": "The whole picture, and the same in words",
    "picture_around": "About {}",
    "picture_everything": "The picture of everything",
}
SPANISH = {
    "section_network": "Quién dice qué de quién",
    "section_timeline": "Cronología",
    "network_title": "Quién dice qué de quién",
    "network_about": "A la izquierda, quienes hablan; a la derecha, de qué hablan. Cada línea es "
    "lo que dice un hablante en un estado; su grosor indica cuántos enunciados contiene.",
    "network_all": "Todo lo que alguien dice y el texto no asevera con voz propia.",
    "network_of": "Todas las afirmaciones en las que aparece {}.",
    "network_statements": "{} enunciados",
    "network_list": "Lo mismo en palabras",
    "network_none": "No hay nada que dibujar: aquí no se hace ninguna afirmación.",
    "network_left_out": "Otras {} líneas no caben en la imagen; la tabla de afirmaciones las "
    "contiene todas.",
    "timeline_title": "Cronología",
    "timeline_about": "Un punto es un día. Una barra abarca todos los días que las palabras dejan "
    "abiertos: un mes, un año, una década. Los años sin fecha se omiten, y cada tramo del eje "
    "tiene su propia escala.",
    "timeline_all": "Acontecimientos, anuncios y publicaciones, sin más precisión que el texto.",
    "timeline_of": "Aquello con lo que tiene que ver {}.",
    "timeline_orders": "Sin fecha, solo un orden",
    "timeline_dates": "Fechas",
    "timeline_none": "No hay nada que dibujar: aquí no se cuentan fechas ni órdenes.",
    "timeline_left_out": "Hay más fechas de las que caben aquí; la tabla de afirmaciones las "
    "contiene todas.",
    "picture_alone": "Solo la imagen, en SVG",
    "picture_whole": "La imagen completa, y lo mismo en palabras",
    "picture_around": "Sobre {}",
    "picture_everything": "La imagen de todo",
}
