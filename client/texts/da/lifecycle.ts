/** Tiltrædelser, skift, fravær og fratrædelser: the words that all their screens share. */
export const lifecycle = { lifecycle: { title: 'Tiltrædelser og fratrædelser' } } as const
