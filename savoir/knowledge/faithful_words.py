"""Words by which a sentence is compared with the passage it was made from, in both languages, folded."""

from __future__ import annotations

GENERIC = {
    "fr": (
        "voici voila ensuite puis enfin alors ainsi aussi egalement apres cela finalement tout abord premierement deuxiemement etape etapes "
        "suivre suivez suivante suivantes suivant suivants procedure proceder procedez maniere facon effectuer effectuez permettre permet "
        "permettent possible pouvoir pouvez pourrez pouvoir peuvent pourra devoir devez doit doivent devrez devra falloir faudra suffit "
        "souhaitez souhaite desirez besoin necessaire dispose disposez cas lors lorsque pendant afin notamment environ simplement "
        "directement ci dessous dessus celui celle ceux celles lequel laquelle fait faites effectue realiser realisez selon etre sera serez "
        "seront avoir aura aurez auront deja bien autre autres chaque cette cet quelque quelques partir avant apres avec sans son"
    ),
    "en": (
        "here then next finally first firstly secondly also afterwards step steps follow following procedure proceed way make makes made "
        "allow allows able possible may might must need needs needed want wish case during order about around simply directly below above "
        "one ones each other others same using use used let lets once while through within into onto there those being having done doing "
        "go going get gets shall both either such well already another before after with without no not"
    ),
}
"""Words that carry a sentence and tell nothing of their own: they need not stand in the passage. No number, no promise, no deed."""

SYNONYMS = {
    "fr": (
        "appuyez pressez cliquez touchez tapez appui pression", "maintenez gardez laissez", "choisissez selectionnez cochez choix selection",
        "ouvrez allez accedez rendez entrez", "verifiez assurez controlez verification", "attendez patientez attente laissez comptez",
        "renvoyez retournez rendez renvoi retour rendre", "effacez supprimez effacement suppression", "redemarrez relancez redemarrage rallumez",
        "consultez voyez lisez reportez voir", "utilisez servez employez prenez utilisation", "reliez connectez associez appairez jumelez relier",
        "lancez demarrez commencez", "telephone smartphone portable mobile", "tele televiseur television", "ecran afficheur",
        "gratuit gratuite gratuitement offert", "rembourse remboursement remboursons", "bouton touche", "duree dure prend", "delai jours",
        "colis paquet", "casque ecouteurs", "ordinateur pc", "reinitialisez reinitialisation reinitialiser", "telechargez telechargement",
        "dispose ai avez donne donnons", "contactez ecrivez appelez", "recevez recu arrive", "reparation reparer", "achat achete", "exige exigee obligatoire requis demande",
    ),
    "en": (
        "press tap click touch push select", "hold keep leave", "choose select tick pick choice", "open go access visit enter",
        "check verify ensure sure make", "wait leave allow", "return send back returned", "erase delete remove wipe", "restart reboot relaunch",
        "see read consult look refer", "use take", "connect pair link join", "start launch begin", "phone telephone smartphone mobile",
        "tv television set", "screen display", "free", "refund refunded refunds", "button key", "last lasts take takes", "parcel package",
        "headphones headset", "earbuds earphones", "computer pc laptop", "reset resets", "download downloads", "contact message write call",
        "receive received arrive arrives", "repair repaired fix", "required require compulsory mandatory obligatory", "buy bought purchase purchased", "item product article", "store shop",
    ),
}
"""Words that may stand for one another."""

OPPOSITES = {
    "fr": (
        ("plus", "moins"), ("avant", "apres"), ("dessus", "dessous"), ("haut", "bas"), ("gauche", "droite"), ("allumez", "eteignez"),
        ("allume", "eteint"), ("ouvrez", "fermez"), ("ouvert", "ferme"), ("branchez", "debranchez"), ("activez", "desactivez"),
        ("connectez", "deconnectez"), ("installez", "desinstallez"), ("augmentez", "diminuez"), ("premier", "dernier"), ("toujours", "jamais"),
        ("avec", "sans"), ("obligatoire", "facultatif"), ("minimum", "maximum"), ("verrouillez", "deverrouillez"), ("gratuit", "payant"),
        ("inclus", "exclu"), ("possible", "impossible"), ("courte", "longue"), ("retirez", "inserez"), ("chaud", "froid"), ("debut", "fin"),
    ),
    "en": (
        ("more", "less"), ("before", "after"), ("over", "under"), ("above", "below"), ("up", "down"), ("left", "right"), ("on", "off"),
        ("open", "close"), ("opened", "closed"), ("plug", "unplug"), ("enable", "disable"), ("connect", "disconnect"), ("install", "uninstall"),
        ("increase", "decrease"), ("first", "last"), ("always", "never"), ("with", "without"), ("minimum", "maximum"), ("lock", "unlock"),
        ("free", "paid"), ("included", "excluded"), ("possible", "impossible"), ("short", "long"), ("remove", "insert"), ("hot", "cold"),
        ("most", "least"), ("start", "end"), ("can", "cannot"), ("compulsory", "optional"),
    ),
}
"""Of each pair, one must not be told where the passage has the other."""

NEGATIONS = {
    "fr": r"\b(?:(?<!\d )pas|jamais|aucune?s?|rien|sans|ni|impossible|interdit|inutile|evitez|eviter|(?:ne|n) \w+(?: \w+)? plus|non)\b",
    "en": r"\b(?:not|never|no|without|cannot|none|nor|neither|avoid|unable|impossible|nothing|n t|don t|won t|can t|isn t|aren t|doesn t|didn t|"
    r"shouldn t|mustn t|couldn t|wouldn t|hasn t|haven t|wasn t)\b",
}
"""On folded words with single blanks between them."""

CONDITIONS = {
    "fr": r"\b(?:si|s il|s ils|sauf|condition|uniquement|seulement|tant que|excepte|hormis|lorsque|quand|reserve|en cas)\b",
    "en": r"\b(?:if|unless|except|only|provided|as long as|when|condition|in case|subject to)\b",
}
"""What limits a statement. A limit must not be lost."""

PROMISES = {
    "fr": "gratuit gratuite gratuitement offert offerte rembourse remboursement remboursons garanti garantie garantissons immediat immediatement toujours "
    "jamais seulement uniquement obligatoire automatiquement tous toutes tout aucun definitivement illimite bon reduction cadeau prime indemnite",
    "en": "free refund refunds refunded guarantee guaranteed warranty immediate immediately always never only compulsory automatically all every any "
    "forever unlimited voucher discount gift bonus compensation",
}
"""What commits the firm must stand in the very sentences that a sentence is made of."""

NOT_DEEDS = {
    "fr": "chez assez nez rez avez pouvez devez voulez souhaitez desirez serez aurez pourrez devrez voudrez savez etiez aviez allez faites",
    "en": "",
}
"""Words in -ez that ask nobody to do anything."""

LEADS_TO_DEEDS = (
    "then next first finally and or please to now also afterwards you can must should may need have simply just again it "
    "before after by if when once on in at for with from"
)
"""Before the English verb of a step."""

COURTESY = {
    "fr": r"^(?:bonjour|bonsoir|merci|n hesitez pas|bonne journee|j espere|nous restons|je reste|cordialement|bien sur|avec plaisir|d accord)\b",
    "en": r"^(?:hello|hi|thank|thanks|feel free|don t hesitate|do not hesitate|i hope|have a|let me know|please let|sure|of course|certainly|kind)\b",
}
"""Beginnings of sentences that only courtesy says; they are left out."""

NUMBER_WORDS = {
    "fr": "zero _ deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "en": "zero _ two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen",
}
TENS = {
    "fr": {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "cent": 100, "mille": 1000},
    "en": {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100, "thousand": 1000},
}
ONES = {"fr": ("un", "une"), "en": ("one", "a", "an")}
"""A number only where a unit follows."""

UNITS = {
    "s": "s sec secs seconde secondes second seconds",
    "min": "min mn mins minute minutes",
    "h": "h heure heures hour hours hr hrs",
    "day": "j jour jours day days",
    "week": "semaine semaines week weeks",
    "month": "mois month months",
    "year": "an ans annee annees year years",
    "€": "€ euro euros eur",
    "£": "£ pound pounds gbp",
    "%": "% pourcent percent",
    "°": "° degre degres degree degrees",
    "mm": "mm millimetre millimetres millimeters",
    "cm": "cm centimetre centimetres centimeters",
    "m": "m metre metres meter meters",
    "km": "km kilometre kilometres",
    "kg": "kg kilo kilos",
    "g": "g gramme grammes grams",
    "w": "w watt watts",
    "v": "v volt volts",
    "mah": "mah",
    "gb": "go gb giga gigas",
    "mb": "mo mb mega megas",
    "hz": "hz hertz",
    "mhz": "mhz",
    "ghz": "ghz",
    "inch": "pouce pouces inch inches",
    "times": "fois times",
    "bar": "bar bars",
    "db": "db",
}
"""What a number counts, by all its names in both languages."""
