/** How fresh what is shown is; beside data on every kind of page. */
export const freshness = {
  freshness: {
    state: { fresh: 'Frisk', delayed: 'Forsinket', failing: 'Fejler', never: 'Aldrig hentet' },
    from: 'Data fra {{name}}: {{when}}',
    staleThen: 'For gamle til at slutte noget af den dag:',
    staleThenOne: '{{name}}, læst {{when}}',
    others_one: 'og {{count}} anden kilde, som er frisk',
    others_other: 'og {{count}} andre kilder, som er friske',
    never: 'Data fra {{name}}: aldrig hentet',
  },
} as const
