import { addDays } from './dates.ts'
import { paid, type RuleBookDraft } from './rule-writing.ts'

/** Prohibitions with their reason, rules with an end, rules to come and drafts. */
export function addExceptions({ rule }: RuleBookDraft, today: string): void {
  const never = (
    key: string,
    name: string,
    reason: string,
    conditions: Parameters<typeof rule>[0]['conditions'],
    entitlements: string[],
  ) => rule({ key: `aldrig-${key}`, name, reason, inverted: true, conditions, entitlements, owner: 'HR & Jura' })

  never(
    'orlov',
    'Under orlov: ingen adgang til borgernes oplysninger',
    'Den, der har orlov, har ikke arbejdsmæssigt behov (GDPR art. 32).',
    { onLeave: true },
    [
      'kmd-nexus/*',
      'nexus-sygepleje/*',
      'nexus-traening/*',
      'nexus-voksen/*',
      'dubu/*',
      'sensum-bosted/*',
      'ppr-journal-kmd-educa/*',
      'faelles-medicinkort-fmk/*',
      'kmd-momentum/*',
      'cpr-kommune/*',
    ],
  )
  never(
    'ekstern',
    'Eksterne: ingen adgang til personale og pleje',
    'Eksterne må ikke se medarbejderes løn eller borgernes helbred.',
    { kind: 'external' },
    ['opus-loen/*', 'opus-personale/*', 'kmd-nexus/*', 'sbsys/*'],
  )
  never(
    'elev',
    'Elever: kun skolens egne systemer',
    'Elever er ikke medarbejdere, heller ikke når de også har et fritidsjob.',
    { kind: 'pupil' },
    ['microsoft-365/*', 'active-directory/*', 'opus-personale/*', 'sbsys/*', 'hjemmel/*'],
  )
  never(
    'politiker',
    'Politikere: ingen adgang til sager',
    'Kommunalbestyrelsen har sagsindsigt efter styrelsesloven, ikke adgang til systemerne.',
    { kind: 'elected' },
    ['sbsys/*', 'dubu/*', 'kmd-nexus/*', 'cpr-kommune/*'],
  )
  never(
    'vikar-fortrolig',
    'Vikarer: ingen fortrolige registre',
    'Korte ansættelser giver ikke adgang til særligt fortrolige registre.',
    { kind: 'temp' },
    ['ssp-registret/*', 'whistleblowerportalen/*', 'sbsys/fortrolig', 'magtanvendelser-kmd/*'],
  )
  never(
    'it-loen',
    'IT: ingen adgang til løn',
    'Den, der styrer brugere, må ikke kunne ændre løn (funktionsadskillelse).',
    { positionCategory: 'it' },
    ['opus-loen/*'],
  )
  never(
    'bogholder-godkender',
    'Bogholdere godkender ikke',
    'Den, der opretter kreditorer, må ikke godkende bilag (funktionsadskillelse).',
    { position: 'regnskabsmedarbejder' },
    ['opus-oekonomi/godkender'],
  )
  never(
    'leder-loen',
    'Ledere ændrer ikke løn',
    'Løn ændres af lønkontoret efter ledernes indstilling.',
    { isManager: true },
    ['opus-loen/sagsbehandler', 'opus-loen/loenkoersel'],
  )
  never(
    'trainee-admin',
    'Elever og studerende: ikke administrator',
    'Uddannelsesstillinger får ikke privilegerede rettigheder.',
    { kind: 'trainee' },
    ['active-directory/administrator', 'active-directory/server-operatoer', 'active-directory/domain-admins'],
  )
  never('frivillig', 'Frivillige: ingen it-systemer', 'Frivillige har kun nøgler.', { kind: 'volunteer' }, [
    'microsoft-365/*',
    'kmd-nexus/*',
    'active-directory/*',
  ])
  never(
    'dpo-aendrer-ikke',
    'DPO godkender ikke rettigheder',
    'DPO må ikke have opgaver, der giver interessekonflikt (GDPR art. 38, stk. 6).',
    { functions: 'DPO' },
    ['hjemmel/hr', 'hjemmel/it', 'hjemmel/systemowner'],
  )
  never(
    'netvaerk-sager',
    'Netværk: ikke afdelingernes sager',
    'En plads i et netværk giver netværkets rum, ikke sagerne.',
    { kind: 'network' },
    ['sbsys/*', 'dubu/*', 'kmd-nexus/*'],
  )

  const networks: [string, string, string[]][] = [
    ['n-11', 'Rehabilitering', ['kmd-nexus/laes']],
    ['n-12', 'Inklusion', ['aula/laes', 'topi-trivselsvurdering/laes']],
    ['n-13', 'Sundhedsfagligt netværk', ['kliniske-retningslinjer-var/laes', 'targit-bi/laes']],
    ['n-14', 'Handicap', ['tilbudsportalen/laes']],
    ['n-15', 'Miljøcertificering', ['klimaregnskabet/laes', 'miljoecertificering-iso-haandbog/bruger']],
    ['n-16', 'Kommunikation', ['umbraco-hjemmeside/bruger', 'skyfish-billeddatabase/laes', 'siteimprove/laes']],
    ['n-21', 'Campus', ['byudviklingsmodellen/laes', 'kortinfo-gis/laes']],
    ['n-22', '2000 nye arbejdspladser', ['virksomhedskontakt-crm/laes', 'kortinfo-gis/laes']],
  ]
  for (const [unit, name, entitlements] of networks)
    rule({
      key: `netvaerk-${unit}`,
      name: `Netværk: ${name}`,
      conditions: { kind: 'network', unit: { $under: unit } },
      entitlements,
      owner: name,
      validTo: unit.startsWith('n-2') ? addDays(today, 200) : null,
    })

  const dated = (
    key: string,
    name: string,
    from: number,
    to: number | null,
    conditions: Parameters<typeof rule>[0]['conditions'],
    entitlements: string[],
  ) =>
    rule({
      key: `dateret-${key}`,
      name,
      conditions,
      entitlements,
      validFrom: addDays(today, from),
      validTo: to === null ? null : addDays(today, to),
    })
  dated('sommer', 'Sommerferieafløsere', -170, -80, { kind: 'temp' }, ['vagtplan-tamigo/bruger'])
  dated('valg', 'Valgtilforordnede ved folketingsvalget', -60, -20, { ...paid, positionCategory: 'administration' }, [
    'valgsystemet-valg-it/bruger',
  ])
  dated('regnskab', 'Regnskabsafslutning', -10, 60, { position: 'controller' }, ['opus-oekonomi/bogholder'])
  dated('copilot-forsoeg', 'Forsøg med Copilot', -30, 150, { unit: { $under: ['u-13', 'u-14'] }, ...paid }, [
    'microsoft-365/copilot',
  ])
  dated('vinter', 'Vintervagt', -20, 130, { unit: { $under: 'u-231' }, functions: 'Superbruger' }, [
    'vintervagt-vinterman/bruger',
  ])
  dated('nyt-fravaer', 'Nyt fraværssystem fra årsskiftet', 45, null, paid, ['mit-fravaer/mobil'])
  dated('aeldrelov', 'Ældreloven: helhedspleje', 30, null, { positionCategory: 'pleje', unit: { $under: 'u-34' } }, [
    'visitationsvaerktoej-faellessprog-iii/laes',
  ])
  dated(
    'sfo-sammenlaegning',
    'SFO lægges sammen med klub',
    90,
    null,
    { unit: { $under: 'u-32' }, position: 'klubmedarbejder' },
    ['sfo-tabulex/bruger'],
  )

  const drafts: [string, string, Parameters<typeof rule>[0]['conditions'], string[]][] = [
    ['copilot-alle', 'Copilot til alle ved skærm', paid, ['microsoft-365/copilot']],
    ['visio-teknik', 'Visio til teknik', { positionCategory: 'teknik' }, ['microsoft-365/visio']],
    ['nexus-alle-pleje', 'Hele Nexus til plejen', { positionCategory: 'pleje' }, ['kmd-nexus/*']],
    [
      'bi-konsulenter',
      'Ledelsesinformation til konsulenter',
      { position: { $in: ['chefkonsulent', 'specialkonsulent'] } },
      ['targit-bi/laes'],
    ],
    ['tr-lokale', 'Tillidsrepræsentanter: lokaleadgang', { functions: 'TR' }, ['adgangskort/doegn']],
    ['amr-apv', 'Arbejdsmiljørepræsentanter: APV', { functions: 'AMR' }, ['apv-portalen/rapport']],
    ['it-kontakt-topdesk', 'IT-kontakter: sager på vegne af enheden', { functions: 'IT-kontakt' }, ['topdesk/leder']],
    ['halvtid-f3', 'F3 til under halv tid', { fraction: { $lt: 0.5 }, ...paid }, ['microsoft-365/f3']],
    ['elev-9', 'Ekstra for 9. klasse', { schoolClass: { $in: ['9.A', '9.B', '9.C'] } }, ['minuddannelse/elev']],
    ['chauffoer-flaade', 'Chauffører: flådestyring', { position: 'chauffoer' }, ['flaadestyring-amcs-fleet/bruger']],
    ['vagt-video', 'Vagten: videoovervågning', { unit: { $under: 'u-233' } }, ['milestone-videoovervaagning/laes']],
    [
      'bibliotek-borger',
      'Biblioteket: kørekort',
      { unit: { $under: 'u-331' }, position: 'borgerservicemedarbejder' },
      ['koerekortsystemet/bruger'],
    ],
    [
      'nye-ledere',
      'Nye ledere: lederportal',
      { isManager: true, startsOn: { $gte: addDays(today, -365) } },
      ['mus-portalen/rapport'],
    ],
    [
      'sekretariat-forms',
      'Sekretærer: OS2forms',
      { position: { $in: ['direktionssekretaer', 'udvalgssekretaer', 'skolesekretaer'] } },
      ['os2forms/leder'],
    ],
    [
      'ergo-hjaelpemidler',
      'Ergoterapeuter: hjælpemidler',
      { position: 'ergoterapeut' },
      ['hjaelpemidler-kmd-hjaelpemiddeldepot/bruger'],
    ],
  ]
  for (const [key, name, conditions, entitlements] of drafts)
    rule({ key: `kladde-${key}`, name, conditions, entitlements, state: 'draft' })
}
