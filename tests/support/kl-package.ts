/*
 * A package of records in the shape in which Danish municipalities get them: a title with a number, a description, codes of
 * legal bases, KLE main groups and groups. Own words throughout; the defects are of the kinds that such packages have had.
 */

export type PackageRecord = {
  packageName: string
  name: string
  description: string
  gdprChoices: string[]
  kleMainGroups: string[]
  kleGroups: string[]
}

/** Area, whose tasks, KLE main group, groups, and whether special categories are used. */
const TASKS: [area: string, tasks: string[], main: string, groups: string[], special: boolean][] = [
  [
    'arbejdsmarked',
    ['jobafklaring', 'løntilskud', 'kontanthjælp', 'sygedagpenge', 'fleksjob', 'ressourceforløb'],
    '15',
    ['15.00', '15.20'],
    true,
  ],
  [
    'borgerservice',
    ['pas og kørekort', 'navne og registrering', 'vielser', 'digital post', 'folkeregister'],
    '23',
    ['23.03', '23.05'],
    false,
  ],
  ['valg', ['folketingsvalg', 'valg til ældreråd', 'skolebestyrelsesvalg'], '84', ['84.01'], false],
  ['dagtilbud', ['pladsanvisning', 'pædagogisk tilsyn', 'sprogvurdering'], '28', ['28.06', '28.09'], true],
  [
    'skole',
    ['undervisning', 'specialundervisning', 'skolefritid', 'ungdomsskole', 'tosprogede elever', 'elevfravær'],
    '17',
    ['17.01', '17.02'],
    true,
  ],
  [
    'sundhed',
    ['tandpleje', 'sundhedspleje', 'genoptræning', 'forebyggelse', 'kroniske sygdomme'],
    '29',
    ['29.09', '29.15'],
    true,
  ],
  ['integration', ['boligplacering af flygtninge', 'danskundervisning', 'helbredsvurdering'], '15', ['15.25'], true],
  [
    'miljø',
    ['naturbeskyttelse', 'jordforurening', 'skadedyr', 'grundvand', 'miljøtilsyn'],
    '09',
    ['09.02', '09.08'],
    false,
  ],
  [
    'teknik',
    ['veje', 'affald', 'spildevand', 'havne', 'kirkegårde', 'trafik', 'parkering', 'byggeri'],
    '05',
    ['05.01', '05.09'],
    false,
  ],
  ['kultur', ['musikskole', 'bibliotek', 'idrætsanlæg', 'fonde og legater', 'arkiv'], '20', ['20.01'], false],
  [
    'personale',
    [
      'rekruttering',
      'personalesager',
      'elever',
      'kompetenceudvikling',
      'arbejdstid',
      'løn',
      'arbejdsskader',
      'afsked',
      'adgangskort',
      'frivillige',
      'arbejdsmiljø',
    ],
    '81',
    ['81.00', '81.03'],
    true,
  ],
  [
    'ældre',
    ['hjælpemidler', 'magtanvendelse', 'personlig hjælp', 'plejehjem', 'hjemmesygepleje', 'kørsel', 'ældreboliger'],
    '27',
    ['27.36', '27.42'],
    true,
  ],
  ['plan', ['lokalplaner', 'byggesager', 'erhvervskontakt', 'boligkontrol'], '02', ['02.00', '02.34'], false],
  ['ledelse', ['byråd', 'kommunikation', 'whistleblower', 'ledelsesinformation'], '00', ['00.01', '00.13'], false],
  [
    'børn og familie',
    [
      'underretninger',
      'anbringelser',
      'støtte i hjemmet',
      'krisecentre',
      'ungdomskriminalitet',
      'pårørende',
      'botilbud',
    ],
    '27',
    ['27.24', '27.27'],
    true,
  ],
  [
    'ydelser',
    ['pension', 'boligstøtte', 'enkeltydelser', 'arbejdsmarkedsbidrag', 'vejledning'],
    '32',
    ['32.03', '32.15'],
    true,
  ],
  ['beredskab', ['brandsyn', 'redningsfolk', 'beredskabsplaner'], '14', ['14.00'], false],
  [
    'tværgående',
    ['registreredes rettigheder', 'arkivering', 'drift af it', 'brud på sikkerheden', 'retssager'],
    '85',
    ['85.02'],
    false,
  ],
]

/** More than ninety records, all of them whole. */
export function klPackage(): PackageRecord[] {
  const records: PackageRecord[] = []
  for (const [area, tasks, main, groups, special] of TASKS)
    for (const task of tasks) {
      const number = records.length + 1
      records.push({
        packageName: 'proevepakke',
        name: `${number}. Behandling af personoplysninger i forbindelse med ${task} (${area})`,
        description: `Oplysningerne bruges, så kommunen kan løse sin opgave med ${task}.\nDet sker efter den lovgivning, som gælder for området.`,
        gdprChoices: [
          ...['register-gdpr-valp6', 'register-gdpr-p6-e', ...(number % 9 === 0 ? ['register-gdpr-p6-a'] : [])],
          ...(special ? ['register-gdpr-valp7', 'register-gdpr-p7-f'] : []),
          ...['register-gdpr-valp11', ...(number % 2 === 0 ? ['register-gdpr-valp10'] : [])],
        ],
        ...{ kleMainGroups: [main], kleGroups: [...groups] },
      })
    }
  return records
}

/** What may be wrong with a record of a package: how it is made wrong, and what is to be said of it. */
export const DEFECTS = {
  'main group cut short': {
    make: (one: PackageRecord) => ({ ...one, kleMainGroups: ['4.'], kleGroups: ['54.18', '54.42'] }),
    fault: { code: 'not-a-kle', column: 'kleMainGroups', value: '4.', proposal: '54' },
  },
  'group with a slip': {
    make: (one: PackageRecord) => ({ ...one, kleGroups: ['29.1', ...one.kleGroups] }),
    fault: { code: 'not-a-kle', column: 'kleGroups', value: '29.1', proposal: null },
  },
  'a code that nobody knows': {
    make: (one: PackageRecord) => ({ ...one, gdprChoices: [...one.gdprChoices, 'register-gdpr-p6-x'] }),
    fault: { code: 'unknown-basis', column: 'gdprChoices', value: 'register-gdpr-p6-x', proposal: null },
  },
  'no title': {
    make: (one: PackageRecord) => ({ ...one, name: ' ' }),
    fault: { code: 'title-missing', column: 'name', value: '', proposal: null },
  },
  'a description that is no text': {
    make: (one: PackageRecord) => ({ ...one, description: { da: 'x' } as unknown as string }),
    fault: { code: 'wrong-shape', column: 'description', value: '{"da":"x"}', proposal: null },
  },
} as const

/** What is only remarked on: the record is taken. */
export const GAPS = {
  'no KLE at all': {
    make: (one: PackageRecord) => ({ ...one, kleMainGroups: [], kleGroups: [] }),
    note: 'kle-missing',
    remark: 'no-kle',
  },
  'no basis': {
    make: (one: PackageRecord) => ({ ...one, gdprChoices: [] }),
    note: 'basis-missing',
    remark: 'no-basis',
  },
  'a heading and nothing below it': {
    make: (one: PackageRecord) => ({
      ...one,
      gdprChoices: ['register-gdpr-valp6', 'register-gdpr-p6-e', 'register-gdpr-valp7'],
    }),
    note: 'heading-alone',
    remark: 'no-rows',
  },
} as const
