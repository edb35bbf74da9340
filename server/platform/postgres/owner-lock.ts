import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export type OwnerLock = { release(): Promise<void> }

/**
 * One main process per data folder. The lock is a listening socket in Linux' abstract namespace: the kernel takes it
 * back when its process ends, by kill -9 too, so it can be neither stale nor raced for as a lock file can. The name
 * contains a secret of the installation, so another user of the machine cannot hold it against us.
 * Returns null when another live process holds it.
 */
export async function takeOwnerLock(folder: string, secret: string): Promise<OwnerLock | null> {
  const name = `\0hjemmel-${createHash('sha256').update(`${folder}\n${secret}`).digest('hex').slice(0, 32)}`
  // A process that was killed a moment ago is given the time to be taken down.
  for (let attempt = 0; attempt < 5; attempt++) {
    const lock = await tryListen(name)
    if (lock) return lock
    await wait(100)
  }
  return null
}

function tryListen(name: string): Promise<OwnerLock | null> {
  return new Promise((resolve, reject) => {
    const server = createServer(socket => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    )
    server.listen(name, () => {
      // The lock must not keep a process alive that is otherwise done.
      server.unref()
      resolve({ release: () => new Promise(done => server.close(() => done())) })
    })
  })
}
