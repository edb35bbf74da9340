import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** A mail as it arrived: headers as they were sent, both parts decoded. `html` null: it had none. */
export type Arrived = { to: string; head: string; text: string; html: string | null }

/** A real mail server on this machine. `answer` says what it does with the next mail. */
export async function startMailServer() {
  const got: Arrived[] = []
  const behaviour: { answer: 'take' | 'later' | 'hang up' } = { answer: 'take' }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', part => parts.push(part))
      stream.on('end', () => {
        if (behaviour.answer === 'later') return done(Object.assign(new Error('busy'), { responseCode: 451 }))
        const to = session.envelope.rcptTo.map(one => one.address).join()
        got.push({ to, ...readMail(Buffer.concat(parts).toString()) })
        if (behaviour.answer === 'hang up') for (const one of server.connections) (one as { close(): void }).close()
        else done()
      })
    },
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    got,
    behaviour,
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise<void>(resolve => server.close(() => resolve())),
  }
}

/** A message of one part, or of the alternatives text and HTML. */
export function readMail(raw: string): Omit<Arrived, 'to'> {
  const [head, body] = split(raw)
  const boundary = /boundary="?([^"\r\n;]+)/i.exec(head)?.[1]
  if (boundary === undefined) return { head, text: decoded(head, body), html: null }
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map(part => split(part.replace(/^\r?\n/, '')))
  const of = (type: string) => parts.find(([own]) => own.toLowerCase().includes(`content-type: ${type}`))
  const [text, html] = [of('text/plain'), of('text/html')]
  return { head, text: text ? decoded(...text) : '', html: html ? decoded(...html) : null }
}

function split(message: string): [head: string, body: string] {
  const at = message.indexOf('\r\n\r\n')
  return at < 0 ? [message, ''] : [message.slice(0, at), message.slice(at + 4)]
}

function decoded(head: string, body: string): string {
  if (/encoding: base64/i.test(head)) return Buffer.from(body, 'base64').toString()
  if (!/encoding: quoted-printable/i.test(head)) return body.replaceAll('\r\n', '\n')
  const bytes = body
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8').replaceAll('\r\n', '\n')
}
