"""The words on figures and pictures, in English and Spanish."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Final, Literal

type Language = Literal["en", "es"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "es")

MONTHS: Final = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
}
LONG_MONTHS: Final = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "es": (
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
}

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    # doors and rooms
    "school": ("School", "Escuela"),
    "formal": ("Formal job", "Empleo formal"),
    "informal": ("Informal job", "Trabajo informal"),
    "home": ("Home", "Hogar"),
    "idle": ("No door", "Ninguna puerta"),
    "narco": ("Narco door", "El narco"),
    "lookout": ("Lookouts", "Halcones"),
    "gunman": ("Gunmen", "Sicarios"),
    "chief": ("Cell chiefs", "Jefes de célula"),
    "boss": ("Plaza bosses", "Jefes de plaza"),
    "capo": ("Kingpins", "Capos"),
    "prison": ("Prison", "Cárcel"),
    "death": ("Death", "Muerte"),
    "inside": ("still inside", "siguen dentro"),
    "left": ("left, free and alive", "salieron libres"),
    "jailed": ("jailed", "presos"),
    "dead": ("dead", "muertos"),
    # the picture
    "picture_title": (
        "{entries} people a week walk through the narco door",
        "{entries} personas por semana entran al narco",
    ),
    "share_caption": ("of 100 youths", "de cada 100"),
    "lets_in": ("lets in {n} of 100", "entran {n} de 100"),
    "they_think": ("they think {n}", "creen que {n}"),
    "gets_offer": ("{n} of 100* asked in", "invita a {n} de 100*"),
    "goes_in": ("of those, {n} % go in", "entra el {n} %"),
    "unpaid": ("unpaid care", "sin paga"),
    "outside": ("{n} of 100", "{n} de cada 100"),
    "outside_more": ("are behind no door", "no están tras ninguna puerta"),
    "behind": ("Behind it, a series of doors", "Detrás, una serie de puertas"),
    "behind_more": ("number of people in each room", "cuántas personas hay en cada cuarto"),
    "a_week": ("{n} a week", "{n} por semana"),
    "each_month": ("Of every 1,000 inside, in a month", "De cada 1,000 que están dentro, en un mes"),
    "get_out": ("Get out", "Salen"),
    "key_width": (
        "Width: let in, of 100 who try;|square-root scale",
        "Ancho: cuántos entran de 100 que|lo intentan; escala de raíz",
    ),
    "key_open": (
        "How far open: how many are thought to get in|* Of 100 young men at a crossroads in a month;|"
        "open to whoever is asked",
        "Qué tan abierta: cuántos se cree que entran|* De 100 hombres jóvenes en una encrucijada|"
        "en un mes; abierta a todo invitado",
    ),
    "key_ghost": ("Dashed: width of the doors in|{other}", "Punteado: ancho de las puertas en|{other}"),
    "nation": ("all Mexico", "todo México"),
    "places": ("places", "lugares"),
    "places_mexico": ("states", "estados"),
    "places_medellin": ("comunas (districts)", "comunas"),
    "replicates": ("Mean of {n} runs.", "Media de {n} corridas."),
    "replicate": ("One run.", "Una sola corrida."),
    "desc_door": (
        "{door}: lets in {width} of 100 who try, young people think {opening}, and {share} of 100 are behind it",
        "{door}: entran {width} de cada 100 que lo intentan, los jóvenes creen que {opening}, "
        "y {share} de cada 100 están detrás",
    ),
    "desc_narco": (
        "{door}: {width} of 100 young men at a crossroads are asked in, {opening} % of those asked go in, "
        "and {share} of 100 youths are behind it",
        "{door}: invita a {width} de cada 100 hombres jóvenes en una encrucijada, entra el {opening} % "
        "de los invitados, y {share} de cada 100 jóvenes están detrás",
    ),
    "desc_home": ("Home: {share} of 100 youths", "Hogar: {share} de cada 100 jóvenes"),
    "desc_room": ("{room}: {n} people", "{room}: {n} personas"),
    "desc_exit": ("{exit}: {n} of 1,000 inside each month", "{exit}: {n} de cada 1,000 cada mes"),
    # claims
    "claims_title": (
        "Of {n} claims the model supports {for}, contradicts {against} and cannot tell about {cannot_tell}",
        "De {n} afirmaciones, el modelo apoya {for}, contradice {against} y de {cannot_tell} no sabe",
    ),
    "claims_subtitle": (
        "Each line: the difference between two scenarios under the same luck with its 90 % interval. "
        "For the claim if the interval lies wholly in the green.",
        "Cada línea: la diferencia entre dos escenarios con la misma suerte y su intervalo de 90 %. "
        "A favor si el intervalo queda entero en lo verde.",
    ),
    "claims_axis": (
        "difference in units of the smallest size that would matter; right speaks for the claim",
        "diferencia en unidades del menor tamaño que importaría; a la derecha, a favor",
    ),
    "claims_to": ("to", "a"),
    "verdict_for": ("for", "a favor"),
    "verdict_against": ("against", "en contra"),
    "verdict_cannot_tell": ("cannot tell", "no se sabe"),
    # figures
    "of_a_model": (
        "narco-door, a model: its runs are not observed data.",
        "narco-door, un modelo: sus corridas no son datos observados.",
    ),
    "compared_with": (
        "Compared with {reference} under the same luck.",
        "Comparado con {reference} con la misma suerte.",
    ),
    "runs": (
        "Mean of {n} runs; bands hold it with 50 and 90 % confidence.",
        "Media de {n} corridas; las bandas la contienen con 50 y 90 % de confianza.",
    ),
    "runs_alone": (
        "Mean of {n} runs, the same luck in every scenario.",
        "Media de {n} corridas, con la misma suerte en cada escenario.",
    ),
    "one_run": ("One run only, so no bands.", "Una sola corrida, por eso sin bandas."),
    "one_run_alone": ("One run only.", "Una sola corrida."),
    "scale": ("One agent stands for {n} people.", "Cada agente representa a {n} personas."),
    "scale_one": ("One agent stands for one person.", "Cada agente representa a una persona."),
    "yearly": (
        "Entries and homicides: over the last {n} months.",
        "Entradas y homicidios: en los últimos {n} meses.",
    ),
    "results": ("Results {hash}.", "Resultados {hash}."),
    "they_part": ("paths part, {month}", "se separan, {month}"),
    "title_members": (
        "Cartel members in {end}, compared with {reference}. {arms}",
        "Miembros de cárteles en {end}, en comparación con {reference}. {arms}",
    ),
    "title_members_alone": (
        "Cartels have {now} members in {end}; in {start} they had {then}",
        "Los cárteles tienen {now} miembros en {end}; en {start} tenían {then}",
    ),
    "gap_more": ("{arm}: {n} more", "{arm}: {n} más"),
    "gap_fewer": ("{arm}: {n} fewer", "{arm}: {n} menos"),
    "gap_unclear": ("{arm}: no clear difference", "{arm}: sin diferencia clara"),
    "gap_one_run": (
        "One run cannot tell a difference from luck",
        "Una sola corrida no distingue una diferencia de la suerte",
    ),
    "title_differences": (
        "Homicides over the whole run, compared with {reference}. {arms}",
        "Homicidios en toda la corrida, en comparación con {reference}. {arms}",
    ),
    "pairs": ("Differences are taken run by run.", "Las diferencias se toman corrida por corrida."),
    "nothing_to_compare": (
        "There is only one scenario here: nothing to compare it with",
        "Aquí hay un solo escenario: no hay con qué compararlo",
    ),
    "head_members": ("Cartel members", "Miembros de cárteles"),
    "unit_members": ("thousand people", "miles de personas"),
    "head_entries": ("Entries", "Entradas"),
    "unit_entries": ("people a week", "personas por semana"),
    "head_homicides": ("Homicides", "Homicidios"),
    "unit_homicides": ("per 100,000 people a year", "por 100,000 personas al año"),
    "head_school": ("At school", "En la escuela"),
    "unit_school": ("% of people aged 12-29", "% de personas de 12-29 años"),
    "head_formal": ("In a formal job", "En un empleo formal"),
    "unit_formal": ("% of people aged 12-29", "% de personas de 12-29 años"),
    "head_informal": ("In informal work", "En trabajo informal"),
    "unit_informal": ("% of people aged 12-29", "% de personas de 12-29 años"),
    "head_home": ("Unpaid care at home", "Cuidado del hogar sin paga"),
    "unit_home": ("% of people aged 12-29", "% de personas de 12-29 años"),
    "head_idle": ("Behind no door", "Tras ninguna puerta"),
    "unit_idle": ("% of people aged 12-29", "% de personas de 12-29 años"),
    "head_prison": ("Former members in prison", "Exmiembros en la cárcel"),
    "unit_prison": ("thousand people", "miles de personas"),
    "unit_gap": ("difference, {unit}", "diferencia, {unit}"),
    "title_widths": (
        "The door to a formal job lets in {real} of 100 who try; young people think {seen} ({arm}, {end})",
        "La puerta del empleo formal deja entrar a {real} de cada 100; los jóvenes creen que a {seen} ({arm}, {end})",
    ),
    "widths_note": (
        "Solid: how many are let in. Dashed: how many young people think are let in.",
        "Línea continua: cuántos entran. Punteada: cuántos creen los jóvenes que entran.",
    ),
    "unit_width_legitimate": ("of 100 who try", "de cada 100 que lo intentan"),
    "unit_width_narco": (
        "asked in, of 100 young men at a crossroads in a month",
        "invitados de cada 100 hombres jóvenes en una encrucijada en un mes",
    ),
    "real": ("let in", "entran"),
    "thought": ("believed", "se cree"),
    "no_money": ("No lever gets any money here", "Aquí ninguna palanca recibe dinero"),
    "money_note": (
        "Average of a year, {start} to {end}, in constant 2010 dollars. Only money that a scenario names is counted.",
        "Promedio de un año, de {start} a {end}, en dólares constantes de 2010. "
        "Solo se cuenta el dinero que un escenario nombra.",
    ),
    "musd": ("US$ {n} m a year", "{n} mdd al año"),
    "part_spent": ("spent", "gastado"),
    "part_leaked": ("leaked", "desviado"),
    "part_unspent": ("promised, not spent", "prometido, sin gastar"),
    "title_money": (
        "Of US$ {total} m a year promised in {arm}, {spent_share} % was spent, {leaked_share} % leaked "
        "and {unspent_share} % was not spent",
        "De {total} millones de dólares al año prometidos en {arm}, se gastó el {spent_share} %, "
        "se desvió el {leaked_share} % y quedó sin gastar el {unspent_share} %",
    ),
    "unit_rooms": ("people in each room", "personas en cada cuarto"),
    "head_fates": ("What became of those who entered", "Qué fue de quienes entraron"),
    "unit_fates": (
        "% by year of entry; over each bar: dead or jailed",
        "% por año de entrada; sobre cada barra: muertos o presos",
    ),
    "ladder_note": ("People and fates as of {end}.", "Personas y destinos a {end}."),
    "ladder_luck": (
        "Shares have no interval here: small gaps between scenarios may be luck.",
        "Aquí los porcentajes no tienen intervalo: brechas pequeñas entre escenarios pueden ser suerte.",
    ),
    "title_ladder": (
        "Of the {n} people who walked in, {share} % had ended dead or jailed by {end} in {arm}",
        "De las {n} personas que entraron, el {share} % acabó muerto o preso para {end} en {arm}",
    ),
    "tiles_flow": ("Per 100,000 people a year.", "Por 100,000 personas al año."),
    "tiles_stock": ("Per 1,000 people aged 12-29.", "Por 1,000 personas de 12-29 años."),
    "tiles_level": ("Mean of the year.", "Media del año."),
    "tiles_note": (
        "Grey: no clear difference. Each place has a 90 % interval of its own: "
        "of {of}, about {n} look clear by luck alone.",
        "Gris: sin diferencia clara. Cada lugar tiene su propio intervalo de 90 %: "
        "de {of}, cerca de {n} parecen claros por pura suerte.",
    ),
    "tiles_one_run": (
        "Grey: one run has no interval and cannot tell.",
        "Gris: una sola corrida no tiene intervalo y no distingue.",
    ),
    "minus": ("{arm} minus {reference}", "{arm} menos {reference}"),
    "title_tiles": (
        "{what}: more in {last} than in {first} in {n} of {of} {places} ({arm})",
        "{what}: más en {last} que en {first} en {n} de {of} {places} ({arm})",
    ),
    "tiles_then": ("Beside it in {last}", "A su lado en {last}"),
    "tiles_fewer": ("{arm}: clearly fewer in {n}", "{arm}: claramente menos en {n}"),
    "tiles_more": ("{arm}: clearly more in {n}", "{arm}: claramente más en {n}"),
}

ARMS: Final[Mapping[str, tuple[str, str]]] = {
    "baseline": ("Baseline", "Línea de base"),
    "no_new_money": ("No new money", "Sin dinero nuevo"),
    "kingpins_first": ("Kingpins first", "Primero los capos"),
    "doors_first": ("Doors first", "Primero las puertas"),
    "mixed": ("Mixed", "Mixto"),
    "merida": ("Merida", "Mérida"),
    "merida_2007": ("Merida of 2007", "Mérida de 2007"),
    "merida_doors": ("Merida with doors", "Mérida con puertas"),
    "medellin_2003": ("With works", "Con obras"),
    "medellin_without": ("Without works", "Sin obras"),
    "medellin_war": ("Works, no truce", "Obras, sin tregua"),
}


def say(key: str, language: Language, **fields: object) -> str:
    """The phrase of this name in this language, with its fields filled in."""
    return WORDS[key][LANGUAGES.index(language)].format(**fields)


def arm_name(scenario: str, language: Language) -> str:
    """A scenario's short name for a label: a known translation, else the file name in plain letters."""
    if scenario in ARMS:
        return ARMS[scenario][LANGUAGES.index(language)]
    text = scenario.replace("_", " ").replace("-", " ")
    return text[:1].upper() + text[1:]


def month_name(month: datetime.date, language: Language, *, long: bool = False) -> str:
    """The name of a month and its year, as in ``Jun 2012``."""
    names = (LONG_MONTHS if long else MONTHS)[language]
    middle = " de " if long and language == "es" else " "
    return f"{names[month.month - 1]}{middle}{month.year}"


def count(value: float) -> str:
    """A number of people, to three significant digits, with commas for thousands (as in Mexico)."""
    if value != value:  # nothing to count
        return "–"
    if abs(value) < 1000:
        return f"{value:.0f}"
    digits = 2 - len(f"{abs(round(value)):d}") + 1
    return f"{round(value, digits):,.0f}"


def few(value: float) -> str:
    """A share or a rate: one decimal below ten, none above."""
    if value != value:
        return "–"
    return f"{value:.1f}" if abs(value) < 9.95 else f"{value:.0f}"
