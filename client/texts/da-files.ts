/** Files that pages of other parts offer: what one asks for with one click. */
export const daFiles = {
  files: {
    label: 'Hent fil',
    saved: '{{name}} er hentet.',
    systemRights: 'Brugere og rettigheder (Excel)',
    systemsData: 'Systemer med persondata og slettefrister (Excel)',
    mine: 'Hent alt om mig',
    minePdf: 'Alt, hvad Hjemmel ved om mig (PDF)',
    mineJson: 'Det samme til en maskine (JSON)',
    person: 'Indsigt efter artikel 15',
    personPdf: 'Alt, hvad Hjemmel ved om personen (PDF)',
    personJson: 'Det samme til en maskine (JSON)',
    personTitle: 'Hvorfor hentes oplysningerne?',
    personHelp: 'Filen er til personen selv. Begrundelsen gemmes, og personen kan se, at filen er dannet.',
    personVerb: 'Hent filen',
    personNames: 'Navngiv dem, der har set personen eller godkendt et formål',
    personNamesWhy: 'Hvorfor skal de navngives?',
    personNamesHint:
      'Ellers står de med deres funktion. Afvej hensynet til dem (artikel 15, stk. 4). Mindst 5 tegn, gemmes i hændelsesloggen. Beskyttede navne vises aldrig.',
  },
} as const
