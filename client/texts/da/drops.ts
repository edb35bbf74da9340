export const drops = {
  drops: {
    caption: 'Filer i mappen med tidspunkt, tilstand og indlæsning',
    columns: { name: 'Fil', noticed: 'Set', state: 'Tilstand', run: 'Indlæsning' },
    bytes: '{{bytes}} KB',
    state: {
      waiting: 'Venter på at være skrevet færdig',
      reading: 'Bliver læst',
      archived: 'Læst og gemt',
      again: 'Samme indhold som før',
      'set-aside': 'Afvist',
    },
    empty: 'Ingen filer endnu',
    emptyHelp: 'Læg en fil i mappen. Den bliver taget, når den er skrevet færdig.',
    patterns: 'Tager filer, der hedder {{list}}.',
    looked: 'Set efter {{when}}.',
    notLooked: 'Ikke set efter endnu.',
    unmatched: 'Passer ikke på noget navn, måske en slåfejl: {{list}}',
  },
} as const
