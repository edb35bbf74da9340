/** What a right can be limited by: said where rules limit it and where it is told what it takes. */
export const constraintKinds = { unit: 'unit', kle: 'KLE number', sensitivity: 'sensitivity' } as const
