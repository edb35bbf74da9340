export async function benchStart(..._: unknown[]): Promise<never[]> { return [] }
