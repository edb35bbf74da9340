/** What a right can be limited by: said where rules limit it and where it is told what it takes. */
export const constraintKinds = { unit: 'enhed', kle: 'KLE-nummer', sensitivity: 'følsomhed' } as const
