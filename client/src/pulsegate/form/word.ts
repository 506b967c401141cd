/** What a form itself says, in the page's language where it is one of these. */
type Words = {
  send: string;
  sending: string;
  thanks: string;
  choose: string;
  note: string;
  missing: (label: string) => string;
  tick: (label: string) => string;
  mail: string;
  phone: string;
  format: (label: string) => string;
  summary: (count: number) => string;
  failed: string;
  offline: string;
};

const EN: Words = {
  send: "Send",
  sending: "Sending…",
  thanks: "Thank you! We have received your message.",
  choose: "Please choose",
  note: "Fields marked with * are required.",
  missing: (label) => `${label} is missing.`,
  tick: (label) => `Please tick “${label}”.`,
  mail: "Enter an e-mail address such as name@example.com.",
  phone: "Enter a phone number such as +1 555 0100.",
  format: (label) => `${label} is not in the expected format.`,
  summary: (count) => (count == 1 ? "One entry needs your attention" : `${count} entries need your attention`),
  failed: "Your message could not be sent. Please try again in a moment.",
  offline: "There is no connection. Your entries are kept; please try again.",
};

const WORDS: Record<string, Words> = {
  en: EN,
  de: {
    send: "Senden",
    sending: "Wird gesendet …",
    thanks: "Vielen Dank! Ihre Nachricht ist angekommen.",
    choose: "Bitte wählen",
    note: "Mit * markierte Felder sind Pflichtfelder.",
    missing: (label) => `Es fehlt: ${label}.`,
    tick: (label) => `Bitte ankreuzen: „${label}“.`,
    mail: "Geben Sie eine E-Mail-Adresse an, etwa name@example.com.",
    phone: "Geben Sie eine Telefonnummer an, etwa +49 30 123456.",
    format: (label) => `${label}: Das Format stimmt nicht.`,
    summary: (count) => (count == 1 ? "Eine Angabe ist zu prüfen" : `${count} Angaben sind zu prüfen`),
    failed: "Ihre Nachricht konnte nicht gesendet werden. Bitte versuchen Sie es gleich noch einmal.",
    offline: "Keine Verbindung. Ihre Angaben bleiben stehen; bitte versuchen Sie es noch einmal.",
  },
  fr: {
    send: "Envoyer",
    sending: "Envoi en cours…",
    thanks: "Merci ! Votre message nous est parvenu.",
    choose: "Veuillez choisir",
    note: "Les champs marqués d’un * sont obligatoires.",
    missing: (label) => `Il manque : ${label}.`,
    tick: (label) => `Veuillez cocher « ${label} ».`,
    mail: "Saisissez une adresse e-mail, par exemple nom@example.com.",
    phone: "Saisissez un numéro de téléphone, par exemple +33 1 23 45 67 89.",
    format: (label) => `${label} : le format ne convient pas.`,
    summary: (count) => (count == 1 ? "Une réponse est à vérifier" : `${count} réponses sont à vérifier`),
    failed: "Votre message n’a pas pu être envoyé. Veuillez réessayer dans un instant.",
    offline: "Pas de connexion. Vos réponses sont conservées ; veuillez réessayer.",
  },
  es: {
    send: "Enviar",
    sending: "Enviando…",
    thanks: "¡Gracias! Hemos recibido su mensaje.",
    choose: "Elija una opción",
    note: "Los campos con * son obligatorios.",
    missing: (label) => `Falta: ${label}.`,
    tick: (label) => `Marque «${label}», por favor.`,
    mail: "Escriba una dirección de correo, por ejemplo nombre@example.com.",
    phone: "Escriba un número de teléfono, por ejemplo +34 910 00 00 00.",
    format: (label) => `${label}: el formato no es el esperado.`,
    summary: (count) => (count == 1 ? "Revise un dato" : `Revise ${count} datos`),
    failed: "No se pudo enviar su mensaje. Inténtelo de nuevo en un momento.",
    offline: "No hay conexión. Sus datos se conservan; inténtelo de nuevo.",
  },
};

/** Returns the words for a language tag such as `de-AT`. */
export const findWords = (language: string): Words => WORDS[language.slice(0, 2).toLowerCase()] || EN;

export type { Words };
