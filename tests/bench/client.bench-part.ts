export async function benchClient(..._: unknown[]): Promise<never[]> { return [] }
