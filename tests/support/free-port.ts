import { randomInt } from 'node:crypto'
import { connect, createServer } from 'node:net'

/** A TCP port on `host` that nobody listens on. It may be taken before it is used: callers retry when the bind fails. */
export function freePort(host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, host, () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}

/** True when something accepts connections on host:port. */
export function isListening(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port })
    socket.setTimeout(1000)
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('connect', () => end(true))
    socket.on('error', () => end(false))
    socket.on('timeout', () => end(false))
  })
}

/**
 * A loopback address of its own (Linux answers on all of 127.0.0.0/8) for a server whose ports are fixed. Of 65,000
 * addresses one is drawn at random, so that test runs side by side hardly meet; one that answers on `port` is not taken.
 */
export async function freeLoopbackAddress(port: number): Promise<string> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const address = `127.${randomInt(64, 255)}.${randomInt(1, 255)}.${randomInt(2, 255)}`
    if (!(await isListening(address, port))) return address
  }
  throw new Error(`no loopback address found on which port ${port} is free`)
}
