/** Asks for the next item while the last one is worked on: the wire and the processor then wait for nobody. One ahead. */
export async function* readAhead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]()
  const ask = () => {
    const next = iterator.next()
    // Met when it is awaited; until then a failure must not count as unhandled.
    next.catch(() => {})
    return next
  }
  let next = ask()
  try {
    for (;;) {
      const { done, value } = await next
      if (done) return
      next = ask()
      yield value
    }
  } finally {
    await next.catch(() => {})
    await iterator.return?.()
  }
}
