import { words } from './text.ts'

/** A position of the catalogue. `titles` are what payroll writes for it; `account` says whether the work needs one. */
export type DemoPosition = {
  key: string
  name: string
  category: string
  titles: string[]
  account: 'always' | 'some' | 'never'
}

/** category: key = name, other titles / ... A star: many have no account; two stars: nobody has. */
const catalogue = `
ledelse: kommunaldirektoer = Kommunaldirektør; direktoer = Direktør; afdelingschef = Afdelingschef, Chef; enhedsleder = Enhedsleder, Leder; skoleleder = Skoleleder; sfo-leder = SFO-leder; daginstitutionsleder = Daginstitutionsleder, Institutionsleder; plejehjemsleder = Plejehjemsleder, Centerleder; teamleder = Teamleder, Gruppeleder; souschef = Souschef; afdelingsleder = Afdelingsleder; viceskoleleder = Viceskoleleder; driftsleder = Driftsleder
administration: hr-konsulent = HR-konsulent, HR-partner; jurist = Jurist, Chefjurist; loenkonsulent = Lønkonsulent, Lønmedarbejder; oekonomikonsulent = Økonomikonsulent, Økonom; controller = Controller; regnskabsmedarbejder = Regnskabsmedarbejder, Bogholder; indkoebskonsulent = Indkøbskonsulent, Indkøber; ac-fuldmaegtig = AC-fuldmægtig, Fuldmægtig; specialkonsulent = Specialkonsulent; chefkonsulent = Chefkonsulent; kommunikationskonsulent = Kommunikationskonsulent, Webredaktør; udvalgssekretaer = Udvalgssekretær, Byrådssekretær; kontorassistent = Kontorassistent, Overassistent; administrativ-medarbejder = Administrativ medarbejder; direktionssekretaer = Direktionssekretær; arkivar = Arkivar; projektleder = Projektleder, Projektkonsulent; skolesekretaer = Skolesekretær; databeskyttelsesraadgiver = Databeskyttelsesrådgiver, DPO; analytiker = Analysekonsulent, Dataanalytiker
it: it-systemadministrator = IT-systemadministrator, Systemadministrator; it-supporter = IT-supporter, Datafagtekniker; it-arkitekt = IT-arkitekt; it-projektleder = IT-projektleder; digitaliseringskonsulent = Digitaliseringskonsulent, RPA-konsulent; sikkerhedskonsulent = Informationssikkerhedskonsulent
beskaeftigelse: jobkonsulent = Jobkonsulent, Jobvejleder; virksomhedskonsulent = Virksomhedskonsulent; beskaeftigelsessagsbehandler = Beskæftigelsessagsbehandler; sygedagpengesagsbehandler = Sygedagpengesagsbehandler; ydelsessagsbehandler = Ydelsessagsbehandler; integrationskonsulent = Integrationskonsulent; mentor = Mentor
borger: borgerservicemedarbejder = Borgerservicemedarbejder, Borgerrådgiver; opkraevningsmedarbejder = Opkrævningsmedarbejder; kontrolmedarbejder = Kontrolmedarbejder; boligkonsulent = Boligkonsulent
pleje: sosu-hjaelper = Social- og sundhedshjælper, SOSU-hjælper, SSH; sosu-assistent = Social- og sundhedsassistent, SOSU-assistent, SSA; plejehjemsassistent = Plejehjemsassistent; hjemmehjaelper = Hjemmehjælper; nattevagt = Nattevagt; aktivitetsmedarbejder = Aktivitetsmedarbejder; visitator = Visitator; disponent = Planlægger, Disponent; plejevikar* = Ufaglært afløser, Tilkaldevikar i plejen
sundhed: sygeplejerske = Sygeplejerske; specialsygeplejerske = Specialsygeplejerske; fysioterapeut = Fysioterapeut; ergoterapeut = Ergoterapeut; sundhedsplejerske = Sundhedsplejerske; sundhedskonsulent = Sundhedskonsulent; diaetist = Klinisk diætist; tandlaege = Tandlæge, Overtandlæge; tandplejer = Tandplejer; klinikassistent = Klinikassistent
paedagogik: paedagog = Pædagog; paedagogisk-assistent = Pædagogisk assistent; paedagogmedhjaelper* = Pædagogmedhjælper; dagplejer = Dagplejer; klubmedarbejder = Klubmedarbejder; paedagogvikar** = Pædagogvikar, Tilkaldevikar; pladsanviser = Pladsanviser; paedagogisk-konsulent = Pædagogisk konsulent
undervisning: laerer = Lærer, Folkeskolelærer; boernehaveklasseleder = Børnehaveklasseleder; speciallaerer = Speciallærer; laesevejleder = Læsevejleder; skolepaedagog = Skolepædagog; laerervikar* = Lærervikar; musikskolelaerer = Musikskolelærer; ungdomsskolelaerer = Ungdomsskolelærer; uu-vejleder = Uddannelsesvejleder, UU-vejleder
social: socialraadgiver = Socialrådgiver; familiebehandler = Familiebehandler; familieraadgiver = Familierådgiver; psykolog = Psykolog, PPR-psykolog; tale-hoerelaerer = Tale-hørelærer; socialpaedagog = Socialpædagog; omsorgsmedhjaelper = Omsorgsmedhjælper; ssp-konsulent = SSP-konsulent; misbrugskonsulent = Misbrugskonsulent; stoette-kontaktperson = Støtte- og kontaktperson
teknik: byggesagsbehandler = Byggesagsbehandler; arkitekt = Arkitekt; ingenioer = Ingeniør; miljoesagsbehandler = Miljøsagsbehandler, Biolog; trafikplanlaegger = Trafikplanlægger; gis-konsulent = GIS-konsulent, Landinspektør; ejendomskonsulent = Ejendomskonsulent; byplanlaegger = Byplanlægger; erhvervskonsulent = Erhvervskonsulent
service: teknisk-serviceleder = Teknisk serviceleder; teknisk-servicemedarbejder = Teknisk servicemedarbejder, Pedel; gartner* = Gartner, Anlægsgartner; specialarbejder* = Specialarbejder, Vejmand; rengoeringsassistent** = Rengøringsassistent, Serviceassistent; koekkenassistent* = Køkkenassistent; kok = Kok, Ernæringsassistent; chauffoer* = Chauffør; vagtmand = Vagtmedarbejder; maskinmester = Maskinmester; forsyningsmedarbejder* = Forsyningsoperatør, Renovationsmedarbejder
kultur: bibliotekar = Bibliotekar, Kulturformidler; biblioteksassistent = Biblioteksassistent; kulturkonsulent = Kulturkonsulent; halinspektoer = Halinspektør; badeassistent* = Badeassistent, Livredder; ridelaerer* = Ridelærer; vaerkstedsleder = Værkstedsleder; naturvejleder = Naturvejleder
elev: kontorelev = Kontorelev; sosu-elev = SOSU-elev; paedagogstuderende = Pædagogstuderende; it-elev = IT-elev
politik: byraadsmedlem = Medlem af kommunalbestyrelsen; borgmester = Borgmester; udvalgsmedlem = Udvalgsmedlem
ekstern: ekstern-konsulent = Ekstern konsulent; leverandoertekniker = Leverandørtekniker; revisor = Revisor; frivillig = Frivillig
`

export const positions: DemoPosition[] = catalogue
  .trim()
  .split('\n')
  .flatMap(line => {
    const [category, rest] = line.split(/: (.*)/s) as [string, string]
    return words(rest).map(one => {
      const [keyPart, titles] = one.split(' = ') as [string, string]
      const key = keyPart.replace(/\*/g, '')
      const list = titles.split(', ')
      const account = keyPart.endsWith('**') ? 'never' : keyPart.endsWith('*') ? 'some' : 'always'
      return { key, name: list[0] as string, category, titles: list, account } as const
    })
  })

const byKey = new Map(positions.map(one => [one.key, one]))

/** Throws when the generator's own lists disagree. */
export function position(key: string): DemoPosition {
  const found = byKey.get(key)
  if (!found) throw new Error(`position "${key}" is not in the catalogue`)
  return found
}

export const categories = [...new Set(positions.map(one => one.category))]
