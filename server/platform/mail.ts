import nodemailer from 'nodemailer'
import { civilDate } from './clock.ts'

export type Mail = {
  to: string
  subject: string
  text: string
  html: string
  /** The same mail has the same id, whenever it is tried. */
  id: string
}
/**
 * `sent`: the server has taken it. `later`: it certainly has not, and may the next time. `never`: it will not. `unsure`:
 * the connection was lost after the mail was handed over; who must not send it twice does not send it again.
 */
export type MailResult = { outcome: 'sent' | 'later' | 'never' | 'unsure'; error: string | null }
export type Mailer = { send(mail: Mail): Promise<MailResult> }

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i

/**
 * Mails through the server of the settings. The connection is encrypted, by TLS or STARTTLS, and the certificate is
 * checked; only a server on this machine may do without. `ca`: a PEM of a certificate authority beside the known ones.
 */
export function createMailer(options: { url: string; from: string; ca?: string }): Mailer {
  const { protocol, hostname, port, username, password } = new URL(options.url)
  const secure = protocol === 'smtps:'
  const local = LOOPBACK.test(hostname)
  const transport = nodemailer.createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !local,
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    // A server on this machine has no name that a certificate could be for.
    tls: {
      minVersion: 'TLSv1.2',
      ...(options.ca ? { ca: options.ca } : {}),
      rejectUnauthorized: !local || !!options.ca,
    },
    connectionTimeout: 20_000,
    greetingTimeout: 20_000,
    socketTimeout: 60_000,
    // Nothing is ever read from files or other servers into a mail.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = options.from.split('@')[1] ?? 'hjemmel'
  return {
    send: async mail => {
      try {
        // Nothing has been handed over yet: whatever goes wrong here may be tried again.
        await transport.verify()
      } catch (error) {
        return { outcome: 'later', error: said(error) }
      }
      try {
        await transport.sendMail({
          from: options.from,
          to: mail.to,
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          messageId: `<${mail.id}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
        return { outcome: 'sent', error: null }
      } catch (error) {
        const code = (error as { responseCode?: number }).responseCode
        if (code === undefined) return { outcome: 'unsure', error: said(error) }
        return { outcome: code >= 500 ? 'never' : 'later', error: said(error) }
      }
    },
  }
}

/** What the server said, without addresses: it stands in the database and in the log. */
const said = (error: unknown): string =>
  String((error as Error).message ?? error)
    .replace(/\S+@\S+/g, '…')
    .slice(0, 300)

/** The hour (0 to 23) of an instant in Copenhagen. */
const hours = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Copenhagen', hour: '2-digit', hourCycle: 'h23' })

/**
 * The civil date on which something that comes every week at an hour was last due; `weekday` 1 is Monday. Today only
 * when the hour has come.
 */
export function lastDue(now: Date, weekday: number, hour: number): string {
  const today = civilDate(now)
  const at = new Date(`${today}T00:00:00Z`)
  const since = (((at.getUTCDay() + 6) % 7) + 1 - weekday + 7) % 7
  const waits = since === 0 && Number(hours.format(now)) < hour
  at.setUTCDate(at.getUTCDate() - since - (waits ? 7 : 0))
  return at.toISOString().slice(0, 10)
}
