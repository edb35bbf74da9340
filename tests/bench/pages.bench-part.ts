export async function benchPages(..._: unknown[]): Promise<never[]> { return [] }
