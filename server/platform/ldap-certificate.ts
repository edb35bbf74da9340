import type { PeerCertificate, TLSSocket } from 'node:tls'

/** What a server shows of itself, also when it is not trusted: for somebody to compare with what it should be. */
export type ShownCertificate = {
  subject: string
  issuer: string
  /** Hosts that it is made out to. */
  names: string[]
  /** ISO 8601 in UTC. */
  validFrom: string
  validTo: string
  /** SHA-256 of the certificate, pairs of hex digits with colons. */
  fingerprint: string
  trusted: boolean
}

export function shownCertificate(socket: TLSSocket): ShownCertificate | null {
  const certificate = socket.getPeerCertificate()
  if (!certificate?.raw) return null
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    names: (certificate.subjectaltname ?? '')
      .split(', ')
      .flatMap(name => /^(?:DNS|IP Address):(.+)$/.exec(name)?.[1] ?? []),
    validFrom: new Date(certificate.valid_from).toISOString(),
    validTo: new Date(certificate.valid_to).toISOString(),
    fingerprint: certificate.fingerprint256,
    trusted: socket.authorized,
  }
}

function nameOf(name: PeerCertificate['subject'] | undefined): string {
  return Object.entries(name ?? {})
    .flatMap(([type, value]) => [value].flat().map(one => `${type}=${one}`))
    .join(', ')
}
