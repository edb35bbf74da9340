import type { trouble as da } from '../da/trouble.ts'
import type { Same } from '../same.ts'
import { leftAlone } from './left-alone.ts'
import { refused } from './refused.ts'

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
  /** What was met while a source was tried or read; see contract/said.ts. */
  said: {
    'name-found': '{{host}} is at the address {{address}}.',
    'port-answers': 'Port {{port}} answers.',
    'not-encrypted': 'The connection is not encrypted. Use ldaps://, or turn on StartTLS.',
    'tls-trusted': 'The connection is encrypted, and the certificate of the server is trusted.',
    'starttls-trusted': 'The connection is encrypted with StartTLS, and the certificate of the server is trusted.',
    'signed-in': 'Signed in as {{name}}.',
    'base-there': '{{base}} is there.',
    'pages-given': 'The server gives the entries in pages, here of {{size}} each.',
    'one-page_one': 'There is one entry in all.',
    'one-page_other': 'All {{count}} entries came on one page.',
    'all-readable': 'All that is asked for can be read.',
    'some-without-values_one': 'Can be read. The one entry looked at lacks some of what is asked for.',
    'some-without-values_other':
      'Can be read. Some of what is asked for has no value in the {{count}} entries looked at.',
    'header-fits_one': '{{file}}: the columns fit, and the first line was read.',
    'header-fits_other': '{{file}}: the columns fit, and the first {{count}} lines were read.',
    'files-readable': 'Can be read: {{files}}.',
    'records-fit_one': 'The first record fits.',
    'records-fit_other': 'The first {{count}} records fit.',
    'folder-ready_one': 'The folder {{folder}} can be read, and files can be moved in it. One file waits.',
    'folder-ready_other': 'The folder {{folder}} can be read, and files can be moved in it. {{count}} files wait.',
    'certificate-expires': 'The certificate of the server expires on {{day}}. Have it renewed before then.',
    'parts-elsewhere': 'Parts of the directory are on other servers and are not read: {{servers}}',
    'may-write_one': 'The account may change one field of the first entry. It only needs to read.',
    'may-write_other': 'The account may change {{count}} fields of the first entry. It only needs to read.',
    'no-pattern-fits': 'These files fit no name, perhaps a slip of the pen: {{files}}',
    'host-unknown': 'The name in {{at}} is not known.',
    'nobody-listens': 'Nobody answers at {{at}}.',
    'no-answer': '{{at}} did not answer in time.',
    'connection-closed': '{{at}} closed the connection. See that the port is the right one for ldaps or ldap.',
    'no-tls': 'No secure connection to {{at}} could be made ({{code}}).',
    'encryption-required': '{{at}} requires an encrypted connection.',
    'too-busy': '{{at}} is too busy to answer.',
    'server-refuses': '{{at}} refuses with the words: {{words}}',
    'servers-fail':
      'None of the servers could be used: {{servers}}. Try the connection to see what is wrong with each.',
    'certificate-expired':
      'The certificate of {{at}} has expired ({{code}}). Have it renewed on the server; nothing is read until then.',
    'certificate-not-yet':
      'The certificate of {{at}} is not valid yet ({{code}}). Check the clocks here and on the server.',
    'certificate-other-name':
      'The certificate of {{at}} is made out to another name ({{code}}). Use a name in the certificate as the address.',
    'certificate-unknown':
      'The certificate of {{at}} is not trusted ({{code}}). Give the certificate of its issuer in the field caFile.',
    'sign-in-refused': '{{at}} does not accept {{name}}: the name or the password is wrong.',
    'no-such-user': '{{at}} does not accept {{name}}: there is no such account.',
    'password-wrong': '{{at}} does not accept {{name}}: the password is wrong.',
    'not-at-this-time': '{{at}} does not accept {{name}}: the account may not sign in at this time.',
    'not-from-here': '{{at}} does not accept {{name}}: the account may not sign in from this machine.',
    'password-expired': '{{at}} does not accept {{name}}: the password has expired.',
    'account-disabled': '{{at}} does not accept {{name}}: the account is disabled.',
    'account-expired': '{{at}} does not accept {{name}}: the account has expired.',
    'password-must-change': '{{at}} does not accept {{name}}: the password must be changed first.',
    'account-locked': '{{at}} does not accept {{name}}: the account is locked.',
    'password-empty': 'The password is empty. Set it where the source refers to.',
    'base-missing': '{{base}} is not there, or the account may not see it.',
    'base-elsewhere': 'The server does not have {{base}} and refers to another one.',
    'nothing-found': '{{filter}} finds nothing under {{base}}. May the account read there?',
    'several-found':
      'Several entries below {{base}} fit where there must be one. Correct “Read from”, or remove the one too many from the directory.',
    'read-stopped_one': 'The directory stopped after one entry. Nothing was changed.',
    'read-stopped_other': 'The directory stopped after {{count}} entries. Nothing was changed.',
    'read-refused_one':
      'The directory stopped after one entry. Nothing was changed. In the words of the server: {{words}}',
    'read-refused_other':
      'The directory stopped after {{count}} entries. Nothing was changed. In the words of the server: {{words}}',
    'changes-stopped':
      'The directory stopped while it was asked for changes. Nothing was changed; the next run asks again.',
    'secret-unset':
      'The source refers to the secret {{name}}, which is not set here. Ask those who run Hjemmel to set it.',
    'secret-unreadable':
      'The file {{file}} with the secret cannot be read ({{code}}). Ask those who run Hjemmel to look at it.',
    'secret-empty': 'The file {{file}} with the secret is empty.',
    'authority-unreadable':
      'The file {{file}} with the certificate of the issuer cannot be read ({{code}}). Correct caFile.',
    'host-not-allowed':
      'Sources made on the screen may not connect to {{host}}. Have the name put into HJEMMEL_SOURCE_HOSTS, or write the source in the sources file.',
    'no-folder-set':
      'The source names a file, but no folder is set for files of sources made on the screen. Have {{setting}} set.',
    'leads-outside':
      'The file is outside the folder set in {{setting}}. Put the file itself there; links that lead out of it are not followed.',
    'drops-unset': 'No folder is set for files that are sent in. Have {{setting}} set.',
    'drops-lead-outside':
      'The folder {{folder}} leads out of the folder set in {{setting}}. Put the folder itself there; links that lead out of it are not followed.',
    'upload-too-large': 'The file is larger than {{limit}} MB. Put it into the folder of the list instead.',
    'file-unreadable':
      'The file {{file}} cannot be read ({{code}}). Put it where the source says, or correct the path.',
    'file-empty': 'The file {{file}} is empty. Have the export made again.',
    'sheet-old':
      'The file {{file}} is an older Excel file, or has a password. Open it in Excel and save it as an Excel workbook (.xlsx) without a password, or as CSV.',
    'records-no-headings':
      '{{file}} has no row of headings. Name the columns kind, system, activity, date, due, reference and note.',
    'kle-unreadable':
      'The file {{file}} is no list of KLE: neither KLE-Emneplan as XML nor a CSV whose first row has “nummer” and “titel”.',
    'json-no-package':
      'The file {{file}} is no package of records. It has to be a JSON list with name, description, gdprChoices, kleMainGroups and kleGroups, as OS2compliance keeps them.',
    'json-not-kitos': 'The file {{file}} is no JSON of KITOS. Fetch the system usages from KITOS again (API v2).',
    'import-too-many':
      'The file {{file}} has too many rows or columns (at most {{rows}} rows). Send in the list of systems alone.',
    'sheet-too-large':
      'The file {{file}} unfolds to more than {{limit}} MB. Save the sheet as CSV, which may be of any size.',
    'sheet-unreadable':
      'The file {{file}} cannot be read as an Excel workbook. Open it in Excel and save it anew, or save it as CSV.',
    'file-not-utf8':
      'The file {{file}} is not UTF-8. Export it as UTF-8, or give the encoding of the source, such as windows-1252.',
    'columns-missing':
      'The file {{file}} lacks columns: {{missing}}. It has: {{columns}}. Correct the file, or the fields of the source.',
    'column-twice': 'The file {{file}} has several columns called {{column}}. Have the export made with one of each.',
    'csv-cut-short':
      'The file {{file}} ends in the middle: a quotation mark is never closed. Have the export made again.',
    'csv-unreadable': 'The file {{file}} cannot be read as CSV. Have the export made again.',
    'ldif-not-utf8': 'The file {{file}} is not UTF-8 after line {{line}}. Other signs must be written in base64.',
    'ldif-unreadable': 'The file {{file}} is not a valid LDIF file at line {{line}}. Have the export made again.',
    'ldif-cut-short':
      'The file {{file}} was cut short when it was made: line {{line}} says “{{words}}”. Have the export made again by an account that may read everything.',
    'xml-unreadable': 'The file {{file}} is no valid XML at line {{line}}. Have the export made again.',
    'xml-cut-short': 'The file {{file}} stops in the middle: its end is missing. Have the export made again.',
    'xml-declares':
      'The file {{file}} declares codes of its own (DOCTYPE or ENTITY) at line {{line}}. That is not taken in. Have it made without.',
    'xml-too-much':
      'The file {{file}} has a record at line {{line}} that is deeper or longer than an employee or a unit can be. Have the export made again.',
    'xml-encoding':
      'The file {{file}} says that it is {{encoding}}, which does not fit its content or cannot be read. Have the export made in UTF-8.',
    'xml-other': 'The file {{file}} begins with {{root}} and not with {{expected}}. See that it is the right file.',
    'file-not-whole':
      'The file {{file}} looks like a list of changes and not like all employees: most of them are in units that it does not have. Have the whole export made, or set the source to changes.',
    'stamp-missing':
      'The file {{file}} has no time in its name, so nobody knows whether it is the newest. Leave the name as payroll gives it.',
    'no-records-fit':
      'No entry of the file fits what the source describes. Correct the source, or see that it is the right file.',
    'nothing-dropped': 'No file has been put into {{folder}} yet.',
    'nothing-to-read':
      'There is no file to read in {{folder}}. Files called {{patterns}} are taken, a moment after they have been written.',
    'folder-missing': 'The folder {{folder}} is not there ({{code}}). Make it, or correct the path.',
    'folder-no-folder': 'There is a file where a folder must be, in {{folder}} ({{code}}). Move the file.',
    'folder-forbidden':
      'Hjemmel may not read and move files in the folder {{folder}} ({{code}}). Give it the right to.',
    'folder-full': 'The disk with the folder {{folder}} is full ({{code}}). Make room on it.',
    'folder-several-disks':
      'The folder {{folder}} is spread over several disks ({{code}}). The folders arkiv and afvist in it must be on the same disk.',
    'folder-unusable': 'The folder {{folder}} cannot be used ({{code}}). See that the disk or the network drive works.',
    'drop-again': 'The same file was taken before. It says nothing new.',
    'drop-older': 'The file is older than {{newer}}, which was read last.',
    'drop-vanished': 'The file vanished from the folder while it was read. Put it into the folder again.',
    'drop-ended-program': 'The program ended each time the file was read. Tell those who run Hjemmel.',
    'process-stopped': 'The program was stopped while it read. The next run reads anew.',
    'kind-not-read': 'Nothing here reads sources of the kind {{kind}}. Correct the kind of the source.',
    'not-understood':
      'The source {{source}} is declared in a way that this version does not understand. Open it and correct what is marked.',
    'record-not-taken': 'The source gives records of the kind {{kind}}, which nothing here takes in.',
    'disk-full': 'The disk is full. Ask those who run Hjemmel to make room; what was begun goes on where it stopped.',
    'database-away': 'The database went away. Ask those who run Hjemmel to see whether it runs.',
    ...leftAlone,
    ...refused,
    unforeseen: 'An error happened that nobody foresaw. Ask those who run Hjemmel to look at the log.',
  },
}
