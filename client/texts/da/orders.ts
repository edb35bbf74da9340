/** Orders, tasks and connectors: the words that all their screens share. */
export const orders = { orders: { title: 'Bestillinger' } } as const
