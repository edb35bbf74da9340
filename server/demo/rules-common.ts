import { atScreen, paid, type RuleBookDraft, withoutScreen } from './rule-writing.ts'
import type { DemoSystem } from './systems.ts'

const list = (text: string) => text.split(' ').map(key => ({ key }))

/** What goes by being here at all, by leading, by a function, by the political office. */
export function addCommonRules(book: RuleBookDraft, systems: readonly DemoSystem[]): void {
  const { role, rule } = book
  role({
    key: 'medarbejder',
    name: 'Medarbejder ved skærm',
    entitlements: list(
      'microsoft-365/bruger active-directory/bruger exchange-online/bruger microsoft-teams/bruger intranettet-linden/bruger topdesk/bruger os2faktor/bruger mitid-erhverv/bruger opus-rollebaseret-indgang/bruger print-follow-me/bruger keepass-enterprise/bruger intralearn-awareness/bruger mus-portalen/bruger',
    ),
    roles: ['ansat'],
  })
  role({
    key: 'ansat',
    name: 'Ansat',
    entitlements: list('mit-fravaer/bruger min-koersel/bruger plan2learn/bruger adgangskort/dag'),
    roles: [],
  })
  role({
    key: 'kontorplads',
    name: 'Kontorarbejdsplads',
    entitlements: list(
      'microsoft-365/e3 baerbar-pc/standard hovedsaet/standard ekstra-skaerm/standard dokkingstation/standard',
    ),
    roles: [],
  })
  role({
    key: 'paa-farten',
    name: 'Arbejdsplads på farten',
    entitlements: list('microsoft-365/f3 plejetablet/delt mobiltelefon/delt microsoft-teams/mobil'),
    roles: [],
  })
  role({
    key: 'leder',
    name: 'Leder',
    entitlements: list(
      'opus-personale/leder opus-oekonomi/godkender mus-portalen/leder mit-fravaer/leder min-koersel/leder hr-manager-rekruttering/leder rakat-e-handel/leder mobiltelefon/standard adgangskort/doegn apv-portalen/leder',
    ),
    roles: ['ledelsesinformation'],
  })
  role({
    key: 'ledelsesinformation',
    name: 'Ledelsesinformation',
    entitlements: list('targit-bi/laes targit-bi/rapport krl-loenstatistik/laes'),
    roles: [],
  })
  role({
    key: 'topledelse',
    name: 'Direktion og chefer',
    entitlements: list('firstagenda-prepare/bruger sbsys/fortrolig mobiltelefon/kraftig'),
    roles: ['leder'],
  })
  role({
    key: 'politiker',
    name: 'Medlem af kommunalbestyrelsen',
    entitlements: list('firstagenda-prepare/bruger ipad/standard microsoft-365/f3 adgangskort/doegn'),
    roles: [],
  })
  role({
    key: 'elev-skole',
    name: 'Elev',
    entitlements: [
      ...systems
        .filter(one => one.entitlements.some(right => right.key.endsWith('/elev')))
        .map(one => ({ key: `${one.key}/elev` })),
      { key: 'chromebook/udlaan-elev' },
    ],
    roles: [],
  })

  const office = ['administration', 'it', 'beskaeftigelse', 'borger', 'teknik', 'social', 'ledelse']
  const moving = ['pleje', 'sundhed', 'paedagogik', 'service', 'kultur', 'undervisning']
  rule({
    key: 'alle-ved-skaerm',
    name: 'Alle medarbejdere ved skærm',
    conditions: atScreen,
    roles: ['medarbejder'],
    purpose: 'Ansættelsesforholdet',
  })
  rule({
    key: 'alle-uden-skaerm',
    name: 'Medarbejdere uden skærm',
    conditions: withoutScreen,
    roles: ['ansat'],
    entitlements: ['arbejdstoej/dag', 'garderobeskabe/dag'],
    purpose: 'Ansættelsesforholdet',
  })
  rule({
    key: 'kontor',
    name: 'Kontorarbejdsplads',
    conditions: { $and: [atScreen, { positionCategory: { $in: office } }] },
    roles: ['kontorplads'],
  })
  rule({
    key: 'paa-farten',
    name: 'Arbejdsplads på farten',
    conditions: { $and: [atScreen, { positionCategory: { $in: moving } }] },
    roles: ['paa-farten'],
  })
  rule({
    key: 'ledere',
    name: 'Alle ledere',
    conditions: { isManager: true },
    roles: ['leder'],
    owner: 'HR & Jura',
    purpose: 'Personaleledelse',
  })
  rule({
    key: 'topledelse',
    name: 'Direktion og afdelingschefer',
    conditions: { position: { $in: ['kommunaldirektoer', 'direktoer', 'afdelingschef'] }, isManager: true },
    roles: ['topledelse'],
    owner: 'Politik & Ledelse',
  })
  rule({
    key: 'kommunalbestyrelse',
    name: 'Kommunalbestyrelsen',
    conditions: { kind: 'elected', unit: { $under: 'p-1' } },
    roles: ['politiker'],
    owner: 'Politik & Ledelse',
    purpose: 'Kommunalbestyrelsens arbejde',
  })
  rule({
    key: 'elever',
    name: 'Elever i folkeskolen',
    conditions: { kind: 'pupil' },
    roles: ['elev-skole'],
    owner: 'Skoler & Uddannelse',
    purpose: 'Undervisning',
  })
  rule({
    key: 'eksterne',
    name: 'Eksterne med aftale',
    conditions: { kind: 'external', endsOn: { $exists: true } },
    entitlements: ['microsoft-365/f3', 'os2faktor/bruger', 'adgangskort/dag', 'wi-fi-gaesteportal/bruger'],
  })
  rule({
    key: 'frivillige',
    name: 'Frivillige på plejehjem',
    conditions: { kind: 'volunteer' },
    entitlements: ['noeglebrikker-plejehjem/dag'],
  })
  rule({
    key: 'sagsbehandlere-sbsys',
    name: 'Sagsbehandling i SBSYS',
    conditions: {
      ...paid,
      positionCategory: { $in: ['administration', 'social', 'teknik', 'beskaeftigelse', 'borger'] },
    },
    entitlements: [
      'sbsys/bruger',
      'sbsys/sagsbehandler',
      'digital-post-fordeler/bruger',
      'e-boks-afsendelse/bruger',
      'karnov/bruger',
    ],
    owner: 'Politik & Ledelse',
    purpose: 'Journalpligt',
    constraints: {
      'sbsys/sagsbehandler': [
        { on: 'kle', kind: 'kle' },
        { on: 'unit', kind: 'own-unit-and-below' },
      ],
    },
  })
  rule({
    key: 'sbsys-boern',
    name: 'Børnesager i SBSYS',
    conditions: { position: { $in: ['socialraadgiver', 'familieraadgiver'] }, unit: { $under: 'u-35' } },
    entitlements: ['sbsys/boernesager'],
    owner: 'Social & Familie',
    constraints: { '*': [{ on: 'kle', kind: 'kle', values: ['34'] }] },
  })
  rule({
    key: 'sbsys-personale',
    name: 'Personalesager',
    conditions: { kle: '81', position: { $in: ['hr-konsulent', 'jurist', 'loenkonsulent'] } },
    entitlements: ['sbsys/personalesager', 'personalesager-i-sbsys/bruger'],
    owner: 'HR & Jura',
    purpose: 'Personaleadministration',
  })
  rule({
    key: 'loen',
    name: 'Lønsagsbehandling',
    conditions: { position: 'loenkonsulent' },
    entitlements: ['opus-loen/sagsbehandler', 'opus-loen/bruger'],
    owner: 'Løn & Sekretariat',
    purpose: 'Løn',
  })
  rule({
    key: 'bogholderi',
    name: 'Bogholderi',
    conditions: { position: 'regnskabsmedarbejder' },
    entitlements: ['opus-oekonomi/bogholder', 'opus-oekonomi/kreditor'],
    owner: 'Økonomi & Indkøb',
  })
  rule({
    key: 'budget',
    name: 'Budgetlægning',
    conditions: { position: { $in: ['oekonomikonsulent', 'controller'] } },
    entitlements: ['opus-oekonomi/budget'],
    owner: 'Økonomi & Indkøb',
    constraints: { '*': [{ on: 'unit', kind: 'ancestor-at-level', level: 2 }] },
  })
  rule({
    key: 'nexus-pleje',
    name: 'Plejeplaner i Nexus',
    conditions: { $and: [atScreen, { positionCategory: 'pleje', unit: { $under: 'u-34' } }] },
    entitlements: ['kmd-nexus/plejeplan'],
    owner: 'Sundhed, Pleje & Omsorg',
    purpose: 'Personlig og praktisk hjælp',
    constraints: { '*': [{ on: 'unit', kind: 'own-unit' }] },
  })
  rule({
    key: 'nexus-medicin',
    name: 'Medicin i Nexus',
    conditions: {
      position: { $in: ['sosu-assistent', 'sygeplejerske', 'specialsygeplejerske'] },
      unit: { $under: 'u-34' },
    },
    entitlements: ['kmd-nexus/medicin'],
    owner: 'Sundhed, Pleje & Omsorg',
    purpose: 'Medicinhåndtering',
    constraints: { '*': [{ on: 'unit', kind: 'own-unit-and-below' }] },
  })
  rule({
    key: 'nexus-sygepleje',
    name: 'Sygeplejejournal',
    conditions: { position: { $in: ['sygeplejerske', 'specialsygeplejerske'] } },
    entitlements: ['kmd-nexus/sygepleje'],
    owner: 'Sundhed, Pleje & Omsorg',
    purpose: 'Hjemmesygepleje',
  })
  rule({
    key: 'nexus-traening',
    name: 'Træning i Nexus',
    conditions: { position: { $in: ['fysioterapeut', 'ergoterapeut'] }, unit: { $under: 'u-34' } },
    entitlements: ['kmd-nexus/traening'],
    owner: 'Sundhed, Pleje & Omsorg',
    purpose: 'Genoptræning',
  })
  rule({
    key: 'nexus-visitation',
    name: 'Visitation',
    conditions: { position: 'visitator' },
    entitlements: ['kmd-nexus/visitation'],
    owner: 'Sundhed, Pleje & Omsorg',
  })
  rule({
    key: 'nexus-disponering',
    name: 'Køreplaner',
    conditions: { position: 'disponent' },
    entitlements: ['kmd-nexus/disponering'],
    owner: 'Sundhed, Pleje & Omsorg',
  })
  rule({
    key: 'aula-personale',
    name: 'Personale i Aula',
    conditions: {
      $and: [
        atScreen,
        { positionCategory: { $in: ['undervisning', 'paedagogik'] }, unit: { $under: ['u-32', 'u-31'] } },
      ],
    },
    entitlements: ['aula/personale'],
    owner: 'Skoler & Uddannelse',
    purpose: 'Skole-hjem-samarbejde',
    constraints: { '*': [{ on: 'unit', kind: 'own-unit' }] },
  })
  rule({
    key: 'aula-admin',
    name: 'Skolesekretærer styrer Aula',
    conditions: { position: 'skolesekretaer' },
    entitlements: ['aula/institutionsadmin'],
    owner: 'Skoler & Uddannelse',
  })
  rule({
    key: 'helpdesk',
    name: 'Helpdesk',
    conditions: { position: { $in: ['it-supporter', 'it-elev'] } },
    entitlements: ['active-directory/helpdesk', 'topdesk/leder'],
  })
  rule({
    key: 'domaeneadministrator',
    name: 'Serverdrift',
    conditions: { position: 'it-systemadministrator', unit: { $under: 'u-13' } },
    entitlements: ['active-directory/server-operatoer'],
  })
  rule({
    key: 'arkivar',
    name: 'Arkivar',
    conditions: { position: 'arkivar' },
    entitlements: ['sbsys/arkivar'],
    owner: 'Politik & Ledelse',
  })
}
