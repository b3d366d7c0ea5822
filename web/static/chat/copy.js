// Every word that the chat says, French and English. Times and dates come from the browser's own tables.

const people = (count, one, many) => (count === 1 ? one : many).replace("#", String(count));

const fr = {
  launcher: "Besoin d’aide ?",
  launcherHint: (firm) => `Ouvrir la conversation${firm ? ` avec ${firm}` : ""}`,
  unread: (count) => people(count, "# nouveau message", "# nouveaux messages"),
  dialog: (firm) => (firm ? `Conversation avec ${firm}` : "Conversation avec le service après-vente"),
  title: "Service après-vente",
  close: "Fermer la conversation",
  otherLanguage: "English",
  subtitle: "Assistant automatique · une personne à un bouton",
  withAgent: (name) => (name ? `${name} vous répond` : "Une personne vous répond"),
  withQueue: "Vous attendez une personne",
  talkToPerson: "Parler à une personne",
  noticeTitle: "Bonjour, je suis l’assistant automatique",
  noticeTitleOf: (firm) => `Bonjour, je suis l’assistant automatique de ${firm}`,
  notice: "Je suis un programme : je réponds tout de suite, et je peux me tromper. Une personne reste à un bouton, juste au-dessus.",
  privacy: "Vos données",
  noCard: "N’écrivez jamais de numéro de carte bancaire ici.",
  startersLabel: "Pour commencer",
  starters: ["Où est ma commande ?", "Mon appareil ne marche plus", "Je veux retourner un produit", "Suis-je encore sous garantie ?"],
  history: "Conversation",
  log: "Messages",
  you: "Vous",
  assistant: "Assistant",
  agent: "Conseiller",
  system: "Information",
  composer: "Votre message",
  placeholder: "Écrivez votre message…",
  send: "Envoyer",
  addPhoto: "Joindre une photo",
  removePhoto: "Retirer la photo",
  photoReady: "Photo prête à partir",
  photoChosen: (name) => `Photo choisie : ${name}`,
  photoOfYou: (time) => `Photo que vous avez envoyée à ${time}`,
  photoOf: (name, time) => `Photo envoyée par ${name} à ${time}`,
  photoOpens: "s’ouvre dans un nouvel onglet",
  photoLost: "Cette photo ne s’affiche pas.",
  dropHere: "Déposez la photo ici",
  sending: "Envoi…",
  sent: "Envoyé",
  failed: "Non envoyé",
  retry: "Réessayer",
  waitingUntil: (time) => `Trop de messages à la suite : il partira tout seul ${time ? `à ${time}` : "dans quelques secondes"}`,
  counter: (count, most) => `${count.toLocaleString("fr-FR")} / ${most.toLocaleString("fr-FR")} caractères`,
  typing: { assistant: "L’assistant écrit…", agent: (name) => `${name ?? "Votre conseiller"} écrit…` },
  quickReplies: "Réponses proposées",
  newMessages: "Nouveaux messages",
  language: (name) => `Langue : ${name}`,
  next: "Vous êtes la prochaine personne. Un conseiller vous répond ici.",
  wait: (minutes) => `Comptez environ ${minutes} minutes.`,
  position: (ahead) => people(ahead, "# personne avant vous. Un conseiller vous répond ici.", "# personnes avant vous. Un conseiller vous répond ici."),
  closedUntil: (time) => `Nos conseillers reviennent ${time}. Votre demande est gardée, la réponse viendra ici.`,
  closed: "Nos conseillers sont absents. Votre demande est gardée, la réponse viendra ici.",
  resolved: "Conversation close. Écrivez pour la rouvrir.",
  lost: "Connexion perdue. Nous la rétablissons, rien n’est oublié.",
  expired: "Votre conversation précédente n’est plus accessible. Une nouvelle commence ici ; ce qui n’était pas parti est gardé.",
  today: "Aujourd’hui",
  yesterday: "Hier",
  ratingTitle: "Cette conversation vous a-t-elle aidé ?",
  ratingScale: ["Pas du tout", "Plutôt non", "Moyennement", "Plutôt oui", "Tout à fait"],
  effortTitle: "A-t-il été facile de régler votre demande ? (facultatif)",
  effortEnds: ["Très difficile", "Très facile"],
  ratingComment: "Un mot pour nous aider à mieux faire (facultatif)",
  ratingSend: "Envoyer mon avis",
  ratingSkip: "Passer",
  ratingMissing: "Choisissez d’abord une note, de 1 à 5.",
  ratingThanks: "Merci, votre avis est enregistré.",
  refusals: {
    "message-too-long": (most) => `Votre message est trop long : ${most.toLocaleString("fr-FR")} caractères au plus. Votre texte est gardé ci-dessous.`,
    "message-empty": () => "Ce message est vide.",
    "photo-too-large": () => "Cette photo est trop lourde : 10 Mo au plus.",
    "not-a-photo": () => "Ce fichier n’est pas une photo lisible. Envoyez une image JPEG, PNG, WebP ou GIF.",
    "photo-missing": () => "La photo n’est plus sur cet appareil. Choisissez-la à nouveau.",
    "unknown-payload": () => "Ce bouton n’est plus valable. Écrivez votre réponse.",
    "too-many-requests": () => "Trop de demandes à la suite. Attendez un instant, puis réessayez.",
    unreachable: () => "Pas de connexion pour l’instant. Réessayez dans un moment.",
    other: () => "Cela n’a pas pu être envoyé. Votre texte est gardé ci-dessous.",
  },
};

const en = {
  launcher: "Need help?",
  launcherHint: (firm) => `Open the conversation${firm ? ` with ${firm}` : ""}`,
  unread: (count) => people(count, "# new message", "# new messages"),
  dialog: (firm) => (firm ? `Conversation with ${firm}` : "Conversation with customer care"),
  title: "Customer care",
  close: "Close the conversation",
  otherLanguage: "Français",
  subtitle: "Automated assistant · a person is one button away",
  withAgent: (name) => (name ? `${name} is with you` : "A person is with you"),
  withQueue: "You are waiting for a person",
  talkToPerson: "Talk to a person",
  noticeTitle: "Hello, I’m the automated assistant",
  noticeTitleOf: (firm) => `Hello, I’m ${firm}’s automated assistant`,
  notice: "I’m a program: I answer at once, and I can be wrong. A person is one button away, just above.",
  privacy: "Your data",
  noCard: "Never write a bank card number here.",
  startersLabel: "To begin",
  starters: ["Where is my order?", "My device has stopped working", "I want to return a product", "Is it still under warranty?"],
  history: "Conversation",
  log: "Messages",
  you: "You",
  assistant: "Assistant",
  agent: "Adviser",
  system: "Information",
  composer: "Your message",
  placeholder: "Write your message…",
  send: "Send",
  addPhoto: "Add a photo",
  removePhoto: "Remove the photo",
  photoReady: "Photo ready to send",
  photoChosen: (name) => `Chosen photo: ${name}`,
  photoOfYou: (time) => `Photo that you sent at ${time}`,
  photoOf: (name, time) => `Photo sent by ${name} at ${time}`,
  photoOpens: "opens in a new tab",
  photoLost: "This photo can’t be shown.",
  dropHere: "Drop the photo here",
  sending: "Sending…",
  sent: "Sent",
  failed: "Not sent",
  retry: "Try again",
  waitingUntil: (time) => `Too many messages in a row: it will go by itself ${time ? `at ${time}` : "in a few seconds"}`,
  counter: (count, most) => `${count.toLocaleString("en-GB")} / ${most.toLocaleString("en-GB")} characters`,
  typing: { assistant: "The assistant is writing…", agent: (name) => `${name ?? "Your adviser"} is writing…` },
  quickReplies: "Suggested replies",
  newMessages: "New messages",
  language: (name) => `Language: ${name}`,
  next: "You are next. An adviser will answer right here.",
  wait: (minutes) => `Expect about ${minutes} minutes.`,
  position: (ahead) => people(ahead, "# person ahead of you. An adviser will answer right here.", "# people ahead of you. An adviser will answer right here."),
  closedUntil: (time) => `Our advisers are back ${time}. Your request is kept; the answer will come here.`,
  closed: "Our advisers are away. Your request is kept; the answer will come here.",
  resolved: "Conversation closed. Write to open it again.",
  lost: "Connection lost. We are restoring it; nothing is forgotten.",
  expired: "Your earlier conversation can no longer be opened. A new one begins here; what had not been sent is kept.",
  today: "Today",
  yesterday: "Yesterday",
  ratingTitle: "Did this conversation help you?",
  ratingScale: ["Not at all", "Not really", "Somewhat", "Mostly", "Completely"],
  effortTitle: "How easy was it to get this sorted? (optional)",
  effortEnds: ["Very hard", "Very easy"],
  ratingComment: "A word to help us do better (optional)",
  ratingSend: "Send my rating",
  ratingSkip: "Skip",
  ratingMissing: "Choose a score first, from 1 to 5.",
  ratingThanks: "Thank you, your rating is saved.",
  refusals: {
    "message-too-long": (most) => `Your message is too long: ${most.toLocaleString("en-GB")} characters at most. Your text is kept below.`,
    "message-empty": () => "This message is empty.",
    "photo-too-large": () => "This photo is too large: 10 MB at most.",
    "not-a-photo": () => "This file is not a readable photo. Send a JPEG, PNG, WebP or GIF picture.",
    "photo-missing": () => "The photo is no longer on this device. Choose it again.",
    "unknown-payload": () => "This button is no longer valid. Write your reply instead.",
    "too-many-requests": () => "Too many requests in a row. Wait a moment, then try again.",
    unreachable: () => "No connection right now. Try again in a moment.",
    other: () => "This could not be sent. Your text is kept below.",
  },
};

/** The words of a language; French for one that we don't have. */
export function copyOf(language) {
  return language === "en" ? en : fr;
}

/** What a refusal means to the customer. */
export function refusalText(language, code, limit) {
  const refusals = copyOf(language).refusals;
  return (refusals[code] ?? refusals.other)(limit ?? 4000);
}

const LOCALES = { fr: "fr-FR", en: "en-GB" };

/** 14:05. */
export function clockTime(language, at) {
  return new Intl.DateTimeFormat(LOCALES[language], { hour: "2-digit", minute: "2-digit" }).format(new Date(at));
}

/** Today, yesterday, or the date. */
export function dayName(language, at, now = new Date()) {
  const date = new Date(at);
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return copyOf(language).today;
  if (days === 1) return copyOf(language).yesterday;
  return new Intl.DateTimeFormat(LOCALES[language], { weekday: "long", day: "numeric", month: "long" }).format(date);
}

/** When the firm opens, by the firm's own clock as the server gave it; with the zone's offset where the customer's clock differs. */
export function openingTime(language, iso) {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(iso) ?? [null, "+", "00", "00"];
  const offset = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const there = new Date(new Date(iso).getTime() + offset * 60_000);
  const part = (options) => new Intl.DateTimeFormat(LOCALES[language], { timeZone: "UTC", ...options }).format(there);
  const day = part({ weekday: "long", day: "numeric", month: "long" });
  const time = part({ hour: "2-digit", minute: "2-digit" });
  const isElsewhere = -new Date(iso).getTimezoneOffset() !== offset;
  const zone = isElsewhere ? ` (UTC${sign}${Number(hours)}${minutes === "00" ? "" : `:${minutes}`})` : "";
  return language === "en" ? `on ${day} at ${time}${zone}` : `${day} à ${time}${zone}`;
}
