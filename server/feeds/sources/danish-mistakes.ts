/**
 * The sentences about declarations that are our own, in Danish. Those of the schemas' own checks come from zod's Danish
 * texts. What is missing here is shown in English rather than not at all.
 */
const DANISH: Record<string, string> = {
  'must be a number and a unit: 30s, 15m, 1h or 1d': 'skal være et tal og en enhed: 30s, 15m, 1h eller 1d',
  'must be lower-case letters, digits and hyphens':
    'skal være små bogstaver a-z, tal og bindestreger og begynde med et bogstav',
  'is not an encoding that is known here (auto, utf-8, windows-1252, ...)':
    'er ikke en tegnkodning, der kendes her (auto, utf-8, windows-1252, ...)',
  'names files of the folder, without a path': 'er navne på filer i mappen, uden sti',
  'files whose names begin with a dot are never taken': 'filer, hvis navne begynder med punktum, tages aldrig',
  'name the files of the folder by `patterns: [...]`, and no `file` or `files`':
    'skriv filernes navne som `patterns: [...]`, og hverken `file` eller `files`',
  'are for a watched folder, `drops: { folder: ... }`':
    'hører til en mappe, der holdes øje med, `drops: { folder: ... }`',
  'two have the same pattern': 'to har det samme mønster',
  'two are the same': 'to er ens',
  'must be { env: NAME } or { file: path }; a password is never written here itself':
    'skal være en henvisning: { env: NAVN } eller { file: sti }. Selve adgangskoden skrives aldrig her',
  'must be ldaps://host or ldap://host': 'skal være ldaps://server eller ldap://server',
  'needs column, attribute, const or parent': 'skal have column, attribute, const eller parent',
  'say which server to read: `url: ldaps://host`, or several as `urls: [...]`':
    'skriv, hvilken server der skal læses: `url: ldaps://server`, eller flere som `urls: [...]`',
  'candidate must not be above certain': 'candidate må ikke være højere end certain',
  'name, e-mail, phone and unit never link: give the rule less confidence than certain':
    'navn, e-mail, telefon og enhed binder aldrig sammen: giv reglen mindre sikkerhed end certain',
  'counts from 1, or from -1 for the last': 'tæller fra 1, eller fra -1 for det sidste',
  'part needs split': 'part kræver split',
  'also needs join': 'also kræver join',
  'join and split exclude each other': 'join og split kan ikke bruges sammen',
  'cannot be changed': 'kan ikke ændres',
  'say where to read: `base: dc=example,dc=dk`, or `searches:`':
    'skriv, hvor der skal læses: `base: dc=example,dc=dk`, eller `searches:`',
  'the password would be sent in clear; use ldaps://, or startTls: true':
    'adgangskoden ville blive sendt ukrypteret. Brug ldaps://, eller slå startTls til',
  'ldaps:// is encrypted already; leave one of them out': 'ldaps:// er krypteret i forvejen. Udelad en af dem',
  'name the file: `file: ad/ad.ldif`, or several as `files: [...]`':
    'skriv filens navn: `file: ad/ad.ldif`, eller flere som `files: [...]`',
  'must be a path below the folder that is set for it, without ".."':
    'skal være en sti under den mappe, der er sat til det, uden ".."',
  'must hold no name and no password; they have fields of their own':
    'må hverken indeholde navn eller adgangskode. De har deres egne felter',
  'is the name for what people enter by hand': 'er navnet på det, mennesker selv indtaster',
}
const PATTERNS: [RegExp, (match: RegExpExecArray) => string][] = [
  // What zod's Danish says of sizes and types is no Danish that anybody speaks.
  [/^For lille: forventede tal havde >= (\S+)$/, match => `skal være mindst ${match[1]}`],
  [/^For stor: forventede tal havde <= (\S+)$/, match => `må højst være ${match[1]}`],
  [/^For lille: forventede streng havde >= 1 tegn$/, () => 'mangler'],
  [/^For lille: forventede streng havde >= (\d+) tegn$/, match => `skal have mindst ${match[1]} tegn`],
  [/^For stor: forventede streng havde <= (\d+) tegn$/, match => `må højst have ${match[1]} tegn`],
  [/^For lille: forventede liste indeholdt >= (\d+) elementer$/, match => `skal have mindst ${match[1]}`],
  [/^For stor: forventede liste indeholdt <= (\d+) elementer$/, match => `må højst have ${match[1]}`],
  [/^Ugyldigt input: forventede .*, fik undefined$/, () => 'mangler'],
  [/^Ugyldigt input: forventede int, fik .*$/, () => 'skal være et helt tal'],
  [/^Ugyldigt input: forventede tal, fik .*$/, () => 'skal være et tal'],
  [/^Ugyldigt valg: forventede en af følgende (.*)$/s, match => `skal være en af ${match[1]?.replaceAll('|', ', ')}`],
  [/^there is no setting "(.*)" here$/s, match => `der er ingen indstilling "${match[1]}" her`],
  [
    /^number (\d+) is taken from the watched folder: give it `pattern`, and no `path`$/,
    match => `nummer ${match[1]} tages fra mappen, der holdes øje med: skriv \`pattern\`, og ikke \`path\``,
  ],
  [
    /^number (\d+) needs `path`; `pattern` is for a watched folder, .*$/,
    match =>
      `nummer ${match[1]} skal have \`path\`; \`pattern\` hører til en mappe, der holdes øje med, \`drops: { folder: ... }\``,
  ],
  [/^kind must be one of (.*)$/, match => `kind skal være en af ${match[1]}`],
  [/^"(.*)" is no LDAP filter \(RFC 4515\)$/s, match => `"${match[1]}" er ikke et LDAP-filter (RFC 4515)`],
  [/^(.*) holds a secret and is never read$/s, match => `${match[1]} rummer en hemmelighed og læses aldrig`],
  [
    /^only environment variables whose names begin with (\S+) can be used from here$/,
    match => `kun miljøvariable, hvis navne begynder med ${match[1]}, kan bruges herfra`,
  ],
]

export function inDanish(what: string): string {
  const known = DANISH[what]
  if (known) return known
  for (const [pattern, say] of PATTERNS) {
    const match = pattern.exec(what)
    if (match) return say(match)
  }
  return what
}
