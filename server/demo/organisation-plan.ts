/**
 * The organisation, one line per unit, two spaces for each step down:
 * `key kind Name | KLE numbers | position of the leader | position:heads ...`; a minus before the leader leaves the
 * post vacant. Shape: hierarchy for operation and legality; networks and political bodies are trees of their own.
 */
export const adminPlan = `
u-1 top Lindevang Kommune | 00 | kommunaldirektoer | direktionssekretaer:2
  u-10 department Økonomi & Stab | 00 | afdelingschef | kontorassistent:1 projektleder:1
    u-11 unit HR & Jura | 81,00 | enhedsleder | hr-konsulent:8 jurist:5 databeskyttelsesraadgiver:1 kontorassistent:2 kontorelev:1
    u-12 unit Økonomi & Indkøb | 00 | enhedsleder | oekonomikonsulent:6 controller:3 regnskabsmedarbejder:5 indkoebskonsulent:4
    u-13 unit IT & Digitalisering | 85 | enhedsleder | it-systemadministrator:5 it-supporter:5 it-arkitekt:2 digitaliseringskonsulent:4 sikkerhedskonsulent:1 it-projektleder:2 it-elev:2
    u-14 unit Politik & Ledelse | 00 | enhedsleder | udvalgssekretaer:4 kommunikationskonsulent:4 chefkonsulent:2 arkivar:1
    u-15 unit Løn & Sekretariat | 81 | -enhedsleder | loenkonsulent:6 administrativ-medarbejder:3
  u-20 directorate By, Miljø & Beskæftigelse | 00 | direktoer | direktionssekretaer:1
    u-21 department Borger & Arbejdsmarked | 15,32 | afdelingschef | specialkonsulent:2
      u-211 unit Jobcenter | 15 | enhedsleder |
        u-2111 team Jobparate og unge | 15 | teamleder | jobkonsulent:14 beskaeftigelsessagsbehandler:8 mentor:3 uu-vejleder:4
        u-2112 team Sygedagpenge og jobafklaring | 15,32 | teamleder | sygedagpengesagsbehandler:16 beskaeftigelsessagsbehandler:8
        u-2113 team Virksomhedsservice | 15 | teamleder | virksomhedskonsulent:14 integrationskonsulent:6
        u-2114 team Integration | 15,03 | -teamleder | integrationskonsulent:7 beskaeftigelsessagsbehandler:4
      u-212 unit Borger- & Ydelsescenter | 32,23 | enhedsleder | kontrolmedarbejder:3
        u-2121 team Borgerservice | 23 | teamleder | borgerservicemedarbejder:16
        u-2122 team Ydelse | 32 | teamleder | ydelsessagsbehandler:22 boligkonsulent:2
        u-2123 team Opkrævning | 25,00 | teamleder | opkraevningsmedarbejder:8
      u-213 unit Analyse & Udvikling | 15 | enhedsleder | analytiker:6 projektleder:3
    u-22 department Miljø & Teknik | 01,02 | afdelingschef | administrativ-medarbejder:2
      u-221 unit Byg | 02 | enhedsleder | byggesagsbehandler:10 arkitekt:3
      u-222 unit Miljø | 09,01 | enhedsleder | miljoesagsbehandler:13 administrativ-medarbejder:2
      u-223 unit Trafik | 05,13 | -enhedsleder | trafikplanlaegger:5 ingenioer:5
      u-224 unit Kommunale ejendomme | 82 | enhedsleder | ejendomskonsulent:8 ingenioer:4 projektleder:3
    u-23 department Drift & Service | 82 | afdelingschef | administrativ-medarbejder:3
      u-231 unit Materialegård | 04,05 | driftsleder | gartner:28 specialarbejder:30 chauffoer:6 vaerkstedsleder:2
      u-232 unit Intern service | 82 | driftsleder | teknisk-serviceleder:6 teknisk-servicemedarbejder:34
      u-233 unit Vagten | 14 | enhedsleder | vagtmand:14
      u-234 unit Rengøring | 82 | driftsleder | rengoeringsassistent:96 teamleder:4
      u-235 unit Forsyning | 06,07 | driftsleder | maskinmester:4 forsyningsmedarbejder:18 ingenioer:3
    u-24 department Byudvikling & Erhverv | 01,24 | afdelingschef | byplanlaegger:8 erhvervskonsulent:3 gis-konsulent:3 projektleder:2
  u-30 directorate Børn, Kultur & Velfærd | 00 | direktoer | direktionssekretaer:1
    u-31 department Dagtilbud | 28 | afdelingschef | paedagogisk-konsulent:5
      u-311 unit Pladsanvisning | 28 | enhedsleder | pladsanviser:6
      u-312 unit Dagpleje | 28 | enhedsleder | dagplejer:38 paedagogisk-konsulent:2
      [daycare]
    u-32 department Skoler & Uddannelse | 17 | afdelingschef | specialkonsulent:4 administrativ-medarbejder:3
      [school]
      u-326 school Specialskolen Engblomme | 17 | skoleleder | speciallaerer:30 skolepaedagog:22 skolesekretaer:2 teknisk-servicemedarbejder:2 laerervikar:4
      [club]
      u-328 institution Ungdomscentret | 18,54 | enhedsleder | ungdomsskolelaerer:18 klubmedarbejder:5 administrativ-medarbejder:1
      u-329 institution Naturskolen | 17 | enhedsleder | naturvejleder:4 laerer:1
    u-33 department Kultur & Fritid | 20,18 | afdelingschef | kulturkonsulent:4
      u-331 institution Biblioteket | 21 | enhedsleder | bibliotekar:19 biblioteksassistent:10 borgerservicemedarbejder:6
      u-332 institution Musikskolen | 20 | enhedsleder | musikskolelaerer:30 administrativ-medarbejder:2
      u-333 institution Musikteatret | 20 | enhedsleder | kulturkonsulent:8 teknisk-servicemedarbejder:4
      u-334 institution Billedskolen | 20 | -enhedsleder | kulturkonsulent:6
      u-335 institution Idrætscentret | 18 | enhedsleder | halinspektoer:5 badeassistent:18 teknisk-servicemedarbejder:4
      u-336 institution Ridecentret | 18 | enhedsleder | ridelaerer:6
      u-337 institution Vikingelandsbyen | 20 | enhedsleder | kulturkonsulent:3 vaerkstedsleder:2
    u-34 department Sundhed, Pleje & Omsorg | 27,29 | afdelingschef | specialkonsulent:3 visitator:12
      u-341 unit Hjemmeplejen | 27 | enhedsleder | disponent:8
        [homecare]
      [carehome]
      u-343 unit Genoptræning | 29,27 | enhedsleder | fysioterapeut:24 ergoterapeut:16 administrativ-medarbejder:2
      u-344 unit Hjemmesygeplejen | 29 | enhedsleder | sygeplejerske:46 specialsygeplejerske:10
      u-345 institution Sundhedscentret | 29 | enhedsleder | sundhedskonsulent:16 diaetist:4 fysioterapeut:5
    u-35 department Social & Familie | 34 | afdelingschef | specialkonsulent:3 jurist:1
      u-351 unit Familieafsnittet | 34 | enhedsleder |
        u-3511 team Modtagelse og underretninger | 34 | teamleder | socialraadgiver:16 administrativ-medarbejder:2
        u-3512 team Foranstaltninger | 34 | teamleder | socialraadgiver:20 familieraadgiver:8
        u-3513 team Handicap, børn | 34 | teamleder | socialraadgiver:10
      u-352 unit PPR | 17 | enhedsleder | psykolog:13 tale-hoerelaerer:9 laesevejleder:2 administrativ-medarbejder:2
      u-353 unit Sundhedsplejen | 29 | enhedsleder | sundhedsplejerske:17
      u-354 unit Tandplejen | 29 | enhedsleder | tandlaege:9 tandplejer:6 klinikassistent:16
      u-355 institution Familiehuset | 34 | enhedsleder | familiebehandler:17 psykolog:2
      u-356 unit Kriminalpræventiv enhed | 27,14 | enhedsleder | ssp-konsulent:7 stoette-kontaktperson:2
    u-36 department Voksne med særlige behov | 27 | afdelingschef | specialkonsulent:1
      u-361 unit Myndighed, voksne | 27 | enhedsleder | socialraadgiver:16 misbrugskonsulent:4
      u-362 institution Botilbuddet Kløvermarken | 27 | afdelingsleder | socialpaedagog:30 omsorgsmedhjaelper:12 nattevagt:4
      u-363 institution Botilbuddet Egeskoven | 27 | afdelingsleder | socialpaedagog:26 omsorgsmedhjaelper:10 nattevagt:4
      u-364 institution Støtte- og aktivitetscentret | 27 | -afdelingsleder | socialpaedagog:18 stoette-kontaktperson:14 aktivitetsmedarbejder:5
`

/** Institutions that there are many of: they are what grows when the municipality is made larger. */
export const institutions = {
  daycare: {
    key: 'u-313',
    kind: 'institution',
    names:
      'Børnehuset Abildgården; Børnehuset Brombærhaven; Børnehuset Damgården; Børnehuset Egelunden; Børnehuset Frøhuset; Børnehuset Grævlingen; Børnehuset Hyldespjældet; Børnehuset Kastanjen; Børnehuset Lærkereden; Børnehuset Møllehuset; Børnehuset Nøddeboen; Børnehuset Rævehøjen; Børnehuset Solstrålen; Børnehuset Sølvpoplen; Skovbørnehaven Toppen; Vuggestuen Æblehaven',
    kle: '28',
    leader: 'daginstitutionsleder',
    staff: 'souschef:1 paedagog:10 paedagogisk-assistent:3 paedagogmedhjaelper:7 paedagogvikar:2 kok:1',
  },
  school: {
    key: 'u-321',
    kind: 'school',
    names: 'Egelundskolen; Herstedskolen; Søndervangskolen; Åbrinkskolen',
    kle: '17',
    leader: 'skoleleder',
    staff:
      'viceskoleleder:1 afdelingsleder:2 laerer:56 boernehaveklasseleder:4 laesevejleder:2 skolesekretaer:2 teknisk-servicemedarbejder:3 laerervikar:6 koekkenassistent:1',
  },
  club: {
    key: 'u-327',
    kind: 'institution',
    names: 'Klub Nord; Klub Svanen; Klub Baunegård; Klub Storagergård',
    kle: '18',
    leader: 'enhedsleder',
    staff: 'klubmedarbejder:7 paedagog:4 paedagogmedhjaelper:2',
  },
  homecare: {
    key: 'u-3411',
    kind: 'team',
    names: 'Hjemmepleje Nord; Hjemmepleje Syd; Hjemmepleje Øst; Hjemmepleje Vest; Hjemmepleje aften; Hjemmepleje nat',
    kle: '27',
    leader: 'teamleder',
    staff: 'sosu-hjaelper:22 sosu-assistent:10 hjemmehjaelper:3 plejevikar:5 sosu-elev:1',
  },
  carehome: {
    key: 'u-342',
    kind: 'institution',
    names: 'Plejehjemmet Albo; Plejehjemmet Humlehusene; Plejehjemmet Tranehaven; Plejehjemmet Sønderparken',
    kle: '27',
    leader: 'plejehjemsleder',
    staff:
      'souschef:1 sosu-hjaelper:34 sosu-assistent:20 sygeplejerske:4 plejehjemsassistent:3 aktivitetsmedarbejder:2 nattevagt:5 plejevikar:9 kok:2 koekkenassistent:3 sosu-elev:2',
  },
} as const

/** After-school care stands under each school. */
export const afterSchool = {
  leader: 'sfo-leder',
  staff: 'paedagog:12 skolepaedagog:4 paedagogmedhjaelper:7 paedagogvikar:2',
}

export const networkPlan = `
n-1 network Driftsnetværk | |  |
  n-11 network Rehabilitering | 27 | |
  n-12 network Inklusion | 17 | |
  n-13 network Sundhedsfagligt netværk | 29 | |
  n-14 network Handicap | 27 | |
  n-15 network Miljøcertificering | 09 | |
  n-16 network Kommunikation | 00 | |
n-2 network Innovationsnetværk | | |
  n-21 network Campus | 01 | |
  n-22 network 2000 nye arbejdspladser | 24 | |
`

export const politicalPlan = `
p-1 political Kommunalbestyrelsen | 00 | |
  p-11 political Økonomiudvalget | 00 | |
  p-12 political Børne- og Skoleudvalget | 00 | |
  p-13 political Velfærdsudvalget | 00 | |
  p-14 political Miljø- og Byudvalget | 00 | |
  p-15 political Kultur- og Fritidsudvalget | 00 | |
  p-16 political § 17, stk. 4-udvalg om ungeliv | 00 | |
`
