/** What the widget itself says, in the page's language where it is one of these. */
type Words = {
  next: string;
  send: string;
  back: string;
  close: string;
  optional: string;
  missing: string;
  mail: string;
  yes: string;
  no: string;
  thanks: string;
  step: (at: number, of: number) => string;
};

const EN: Words = {
  next: "Next",
  send: "Send",
  back: "Back",
  close: "Close survey",
  optional: "optional",
  missing: "Please answer this question.",
  mail: "Please enter an e-mail address.",
  yes: "Yes",
  no: "No",
  thanks: "Thank you!",
  step: (at, of) => `Question ${at} of ${of}`,
};

const WORDS: Record<string, Words> = {
  en: EN,
  de: {
    next: "Weiter",
    send: "Senden",
    back: "Zurück",
    close: "Umfrage schließen",
    optional: "freiwillig",
    missing: "Bitte beantworten Sie diese Frage.",
    mail: "Bitte geben Sie eine E-Mail-Adresse ein.",
    yes: "Ja",
    no: "Nein",
    thanks: "Vielen Dank!",
    step: (at, of) => `Frage ${at} von ${of}`,
  },
  fr: {
    next: "Suivant",
    send: "Envoyer",
    back: "Retour",
    close: "Fermer l’enquête",
    optional: "facultatif",
    missing: "Veuillez répondre à cette question.",
    mail: "Veuillez saisir une adresse e-mail.",
    yes: "Oui",
    no: "Non",
    thanks: "Merci !",
    step: (at, of) => `Question ${at} sur ${of}`,
  },
  es: {
    next: "Siguiente",
    send: "Enviar",
    back: "Atrás",
    close: "Cerrar encuesta",
    optional: "opcional",
    missing: "Responda a esta pregunta, por favor.",
    mail: "Escriba una dirección de correo, por favor.",
    yes: "Sí",
    no: "No",
    thanks: "¡Gracias!",
    step: (at, of) => `Pregunta ${at} de ${of}`,
  },
};

/** Returns the words for a language tag such as `de-AT`. */
export const findWords = (language: string): Words => WORDS[language.slice(0, 2).toLowerCase()] || EN;

export type { Words };
