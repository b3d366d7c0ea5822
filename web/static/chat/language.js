// Guesses whether a message is French or English, so that screen readers pronounce it right.

const WORDS = {
  fr: "je tu vous nous il elle est sont le la les un une des du de et ou pas ne que qui pour dans sur avec votre mon ma bonjour merci au aux ce cette",
  en: "i you we it is are the a an of and or not that who for in on with your my hello thanks this to have has can was will at",
};
const KNOWN = Object.fromEntries(Object.entries(WORDS).map(([language, words]) => [language, new Set(words.split(" "))]));

/** "fr", "en", or null when it can't be told. */
export function languageOf(text) {
  const words = String(text).slice(0, 600).toLowerCase().match(/\p{L}+/gu) ?? [];
  const count = (language) => words.filter((word) => KNOWN[language].has(word)).length;
  const french = count("fr") + (/[àâçèêëîïôùûœ]/i.test(text) ? 1 : 0);
  const english = count("en");
  if (Math.abs(french - english) < 2 && !(words.length < 4 && french !== english)) return null;
  return french > english ? "fr" : "en";
}
