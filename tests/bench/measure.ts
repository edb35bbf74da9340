/** Milliseconds that the work took. */
export async function timed(work: () => unknown): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/**
 * The works in turn, so that a busy machine disturbs them alike; the times of each in ms. `before` runs untimed ahead of
 * every work: what it must find as it was.
 */
export async function inTurn(
  works: (() => unknown)[],
  rounds: number,
  options: { warmUp?: number; before?: (() => unknown)[] } = {},
): Promise<number[][]> {
  const times = works.map(() => [] as number[])
  for (let round = -(options.warmUp ?? 0); round < rounds; round++)
    for (const [place, work] of works.entries()) {
      await options.before?.[place]?.()
      const took = await timed(work)
      if (round >= 0) times[place]!.push(took)
    }
  return times
}

export const median = (times: readonly number[]): number => quantile(times, 0.5)
export const p95 = (times: readonly number[]): number => quantile(times, 0.95)

function quantile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}
