import type { trouble as da } from '../da/trouble.ts'
import type { Same } from '../same.ts'

export const trouble: Same<typeof da> = {
  trouble: {
    'host-unknown': 'The name of the server is not known. Correct the address, or have the name put into the DNS.',
    refused: 'Nobody answers at the address. See that the port is right and that the server runs.',
    timeout: 'The server does not answer in time. Look at the network and the firewalls on the way.',
    'connection-lost': 'The connection was lost. The next run begins anew.',
    certificate:
      'The certificate of the server is not trusted: it has expired, is made out to another name, or comes from an issuer that is not known. Compare it with what the server shows.',
    tls: 'No secure connection can be made. The server must offer ldaps or StartTLS with TLS 1.2 or newer.',
    'encryption-required': 'The server takes no passwords without encryption. Use ldaps://, or turn on StartTLS.',
    credentials: 'The name or the password is wrong, or the account is locked, disabled or expired.',
    rights: 'The account may not read here. Give it the right to read.',
    base: 'The place is not in the directory, or the account may not see it. Correct “Read from”, or give the right to read.',
    referral: 'The place is on another server. Correct “Read from”, or name the server that has it.',
    'size-limit':
      'The server gives the account no more entries. Let it read all in pages, or divide the directory into several searches.',
    'time-limit': 'The server took too long. Make the pages smaller, or give the account more time.',
    'admin-limit':
      'The limit of the server was reached. Raise it for the account, or divide the directory into several searches.',
    busy: 'The server is too busy just now. It is tried again.',
    paging: 'The server does not let the account read in pages.',
    unending: 'The server gives the same entries over and over. Look at its log, or read from another server.',
  },
}
