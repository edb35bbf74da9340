import { words } from './text.ts'

/** A field of work and the systems it uses: which unit owns them, which categories of staff work in them. */
export type SystemArea = {
  name: string
  /** Units whose staff use the systems; the first one owns them. */
  units: string[]
  kle: string[]
  categories: string[]
  names: string[]
}

/**
 * `Area | units | KLE | categories | names`. Marks after a name: `*` rights are read from directory groups, `+` holds
 * special categories of personal data, `!` holds criminal matters, `~` is used by all of the field's staff (the others
 * by the positions they are dealt to), `^` sends a list of its users.
 */
const text = `
Fælles IT | u-13 | 85 | it | Microsoft 365*~; Active Directory*~; Microsoft Intune*; Exchange Online; Fællesdrev*; Remote Desktop*; TOPdesk*~; Citrix*; Veeam Backup; LogPoint SIEM*; Defender for Endpoint*; Cisco ISE; VMware vSphere; PRTG Overvågning; KeePass Enterprise*~; OS2rollekatalog*; OS2faktor*; SafeNet tokens; Microsoft Teams~; SolarWinds; Nessus sårbarhedsscanning; Azure DevOps*; Print follow-me*; Wi-Fi gæsteportal; Telefonisystem Flexfone*; MobileIron; Serviceplatformen; Fælleskommunal Adgangsstyring*; SFTP-server; Hjemmel
Ledelse og sekretariat | u-14,u-10 | 00 | administration | SBSYS*+; SBSIP*; FirstAgenda Prepare*; Acadre arkiv*+; Intranettet Linden*~; Umbraco hjemmeside*; Siteimprove; e-Boks afsendelse*; Digital Post fordeler*+; OS2forms*; Doc2Archive; Hørings­portalen; Valgsystemet Valg-IT; Aktindsigtsportal*+; Whistleblowerportalen!; Skyfish billeddatabase; Adobe Creative Cloud*~; Aarhus arkivsøgning; Retsinformation Plus; Karnov*~; Dagsordenarkiv; Borgerforslag; SurveyXact
HR og løn | u-11,u-15 | 81 | administration | OPUS Personale*+; OPUS Løn*; OPUS Rollebaseret indgang*; HR-Manager rekruttering*; MUS-portalen; Mit Fravær~; Min Kørsel~; Arbejdsskadeportalen EASY+; Personalesager i SBSYS*+; Plan2learn*; Intralearn Awareness; APV-portalen; Lønforhandling NetForhandling; Tjenestetidssystemet; KRL Lønstatistik; Straffeattester online!; NemRefusion*+; Feriekontoret; Personalegoder Benefit; Tjenestemandspension+
Økonomi og indkøb | u-12,u-2123 | 00 | administration,borger | OPUS Økonomi*~; OPUS Debitor*; Prisme historik; Rakat e-handel*~; Kontoafstemningsrobot; AI-fakturahåndtering; Comcare udbud; EU-Supply; Kontrakthåndtering Kontraktportalen; Indkøbsanalyse SpendPro; Targit BI*; Budgetværktøjet Acure; KMD Opkrævning; Gældsstyrelsen fordringer!; Bankportalen Danske District; NETS Betaling; Zenegy udlæg; EAN-fakturaportal; Leasingregister; Forsikringsportalen Insubiz*+; Kasseapparat KassOnline
Beskæftigelse | u-211,u-213 | 15 | beskaeftigelse,administration | KMD Momentum*+~; Schultz Fasit*+; Schultz Matchmodel; Jobcenter Planner; Jobnet kommune; NemRefusion sagsbehandler+; KMD Dagpenge*+; KSD Sygedagpenge*+; VITAS; Det Fælles Datagrundlag*+~; Ungedatabasen; UV-Vej; FGU-portalen; Integrationsportal IMR+; Danskuddannelse Ydelse; Boligplacering flygtninge+; Rehabiliteringsteam Dagsorden+; CV-værktøjet Jobigo; Mentorregistrering; Effektiv Indsats statistik; Virksomhedskontakt CRM; Puljesystemet STAR; Kommunernes Ungeguide
Borgerservice og ydelser | u-212,u-331 | 23,32 | borger,beskaeftigelse | CPR Kommune*~; KMD Aktiv*+; KY Kommunernes Ydelsessystem*+~; KP Kommunernes Pensionssystem*+; KMD Boliglån; Sygesikring Praksys; Kørekortsystemet; Pas Biometri*+; MitID Erhverv*~; MitID udstedelse; NemKonto; Frontdesk kø- og tidsbestilling*; Kontaktcenter Puzzel*~; BBR-borgeropslag; Vielsesprotokol; Folkeregister Sagsstyring; Borgerblikket; Udbetaling Danmark portal+; Helbredstillæg PBS; Kontrolgruppens sagsstyring!; Ejendomsskatteberegning; Digital fritagelse; Lejeloft Beboerklagenævn; Begravelseshjælp
Byg, plan og ejendom | u-221,u-24,u-224 | 02,01 | teknik | Byg og Miljø*~; GeoEnviron; BBR*; WebLager byggesager; Plandata.dk; KortInfo GIS*~; MapInfo; QGIS server; Structura byggesag; Filarkiv; Energimærkeportalen; KeepFocus energistyring; Dalux FM*; Caretaker drift; Ejendomsportalen; Lokaleudlejning Vækstfabrik; SmartCity målerportal; Ledningsregistret LER; Dataudveksleren Matrikel; Tegningsarkiv Metadata; Byudviklingsmodellen; Naboorienteringsportal; Landinspektør GeoCAD
Miljø og natur | u-222 | 09,01 | teknik | GeoEnviron Miljø*~; DMA Miljøadministration*; Jupiter boringer; Danmarks Arealinformation; Rottehullet; Naturdatabasen; Virksomhedstilsyn VirkMiljø!; Badevandsdatabasen; Spildevandsregister; Støjberegner; Vandløbsregulativer; Jordflytning JordWeb; Landbrugsindberetning; Miljøcertificering ISO-håndbog; Klimaregnskabet; Skadedyrsanmeldelse; Pesticidregister; Grundvandsmodel Feflow
Trafik og park | u-223,u-231 | 05,04 | teknik,service | Vejman.dk*~; Trafikdata MASTRA; RoSy vejdrift; Giv et praj*; Parkeringslicens ParkZone; Vintervagt VinterMan; GravRegister; Signalanlæg EC-Trak; Belysning Luminizer; Flådestyring AMCS Fleet; Materielbooking; Træregister; Legepladsinspektion; Kirkegårdssystemet Brandsoft; Brønddæksel-registrering; Uheldsdata VIS; Skolevejsanalyse; Busbestilling FlexTur
Drift og bygninger | u-232,u-233,u-234 | 82,14 | service | Salto adgangskontrol~; Milestone videoovervågning*!; Alarmcentralen ATS; Rengøringsplan Clean Manager*~; CTS-anlæg Schneider; NewLogic nøgleskabe; Vagtrapport VagtLog!; ServiceDesk Ejendom*~; Elevatorovervågning; Brandalarm ABA; Skadesregistrering; Kantinebestilling; Postomdeling; Lagerstyring Intern service; Parkeringskælder; Beredskabsplanen C3; Lokalebooking Conventus*; Hjertestarterregister
Forsyning | u-235 | 07,06 | service,teknik | KMD EasyEnergy; Genvex affaldsplan; PlanDisc; Affaldsportal RenoWeb*~; Fjernvarme SCADA; Kamstrup READy; Aquis vandmodel; Genbrugspladsens adgang; Containerstyring; Tømningsregistrering; SRO-overvågning; Forsyningsafregning; Driftsjournal DjDoc; Kalibreringsregister
Dagtilbud | u-31 | 28 | paedagogik | KMD Institution*~; Aula Dagtilbud*~; Famly; Børnelinealen+; TOPI trivselsvurdering*+~; Sprogvurdering Hogrefe+; Nemplads; Dagplejeportalen; Pladsanvisning Elektra*; Komme-gå tavle Tabulex; Børnemiljøvurdering; Måltidsordning Madro; Forældrebetaling; Læreplansportfolio; Vikarbooking Smartvagt; Barnets Mappe; Skema for underretning dagtilbud*+; Dialogmodul Hjernen og Hjertet*+; Børnehuskalender; Sovevagt babyalarm
Skole | u-32 | 17 | undervisning,paedagogik | Aula*~; KMD Elev*~; MinUddannelse*~; Uni-Login administration*~; Google Workspace for Education*~; Nationale tests Testogprøver; Trivselsmåling DCUM; TRIO skemalægning*; UMS Fraværsregistrering; Skolebibliotek Cicero; Gyldendal fagportaler; Alinea portaler; Clio fagportaler; Skoletube; AppWriter; IntoWords; Elevplan Plus; Specialpædagogisk visitation SPSV*+; SFO Tabulex*; Ordblindetesten+; MatematikFessor; Læsetest Hogrefe; Skolefoto; Elevtransport; Skemaindberetning til UVM; Ungdomsskolesystemet; Naturskolens booking; Chromebook-depot
Kultur og fritid | u-33 | 20,18 | kultur,undervisning | Cicero bibliotek*~; Åbne biblioteker Bibliotheca; SpeedAdmin musikskole*; Billetten teaterbillet; Foreningsportalen*~; BookByen idræt; Svømmehalskasse; Halbooking; Kulturnet museumsregister; DBC Netpunkt; eReolen admin; PLACE2BOOK; Børneattester frivillige!; Lokaltilskud Folkeoplysning; Ridehold EquiBook; Vikingelandsbyens besøgsbooking; Arrangørkalender KultuNaut; Publikumstæller; Lydteknik arkiv; Kunstregister; Lokalhistorisk arkiv Arkibas
Ældre og pleje | u-34 | 27 | pleje,sundhed | KMD Nexus*+~; Cura arkiv+; MedCom Korrespondance+; Fælles Medicinkort FMK*+~; Vagtplan Tamigo*~; OptimalVagt; Vikarportalen Powerjobsøgerne; Digitalt tilsyn DigiRehab+; Medicindispenser DoseSystem+; Nødkald Tunstall*+~; Elektronisk låsesystem Bekey*~; Kørselsplan Vitae; Hjælpemidler KMD Hjælpemiddeldepot*; Madservice Ansvarlig Mad; Kostplan Dankost; Skærmbesøg Appinux+; Tryghedssensor Teton+; Visitationsværktøj Fællessprog III+; UTH-indberetning DPSD+^; Plejehjemsventeliste+; Utensilie depot ApoPharm; Borgerkalender Sekoia*+~
Sundhed | u-343,u-344,u-345 | 29 | sundhed,pleje | Nexus Sygepleje*+~; Nexus Træning*+; ExorLive; Sundhedsdatanettet*+~; WebReq laboratoriesvar*+; Sårjournalen Pleje.net+; Telemedicin KOL TeleKAT+; Rygestopbasen+; Alkoholbehandling BOSTED+; Genoptræningsplaner GGOP+; Forløbsplaner diabetes+; Sundhedsprofil; Kost og motion booking; Praksiskonsulentportalen; Vaccinationsregisteret DDV+; Kliniske Retningslinjer VAR; Akutteam tablet*+; Infusionspumper register; Steril-lager; Utilsigtede hændelser Sundhed+
Børn og familie | u-351,u-355,u-356 | 34 | social | DUBU*+!~; Børnelinjen underretninger*+!; ICS Barnets velfærd+; SSP-registret*!; Plejefamiliesystemet+^; Anbringelsesportalen VIS*+; Tilbudsportalen; Egenbetaling børn; Merudgifter BørneHandicap+; Tolkeportalen; Familieiværksætter; Familierådslagning; Samvær og støttet kontakt+; Ungdomskriminalitetsnævnet!; Refusionsmotor Særligt dyre; Videoafhøring aftaler!; Krisecenter koordinering+; Efterværn journal+
PPR, sundhedspleje og tand | u-352,u-353,u-354 | 17,29 | social,sundhed | PPR-journal KMD Educa*+~; WISC-testbibliotek+; Novax Sundhedsplejerske*+~; TM Sund+; Børnedatabasen BDB+; TK2 Tandpleje*+~; Romexis røntgen*+; Tandregulering OrthoWeb+; Indkaldelsesmodul SMS-tand; Tolkebestilling; Talebasen+; Hørescreening OAE+; Specialundervisning Visitationsnet+; Sterilcentral DS-Log; Tandlægevagt; Vækstkurver
Voksne og handicap | u-36 | 27 | social,pleje | Sensum Bosted*+~; Nexus Voksen*+~; VUM 2.0 Voksenudredning+; VBGS Venteliste; Magtanvendelser KMD*+!; Takstberegning Tilbud; BPA-administration+; STU-portal; Stofmisbrugsdatabasen SIB*+!; Botilbudskalender; Døgnrapport+; Beboerøkonomi; Støttetimer registrering; Ledsagerordning; Herbergsregistrering+; Uanmeldt tilsyn Socialtilsyn; Medicinskab eLog*+
Udstyr | u-13 | 85 | it | Bærbar pc; Stationær pc; Mobiltelefon; iPad; Chromebook; Hovedsæt; Ekstra skærm; Dokkingstation; MitID kodeviser; Multifunktionsprinter; Datakort; Vagttelefon; Plejetablet
Fysisk adgang | u-232 | 82,14 | service | Adgangskort; Nøgler; Alarmkoder; Parkeringstilladelser; Nøglebrikker plejehjem; Tjenestecykler; Tjenestebiler; Garderobeskabe; Postrum; Arbejdstøj; Medicinrum; Serverrum; Cykelparkering
`

export const systemAreas: SystemArea[] = text
  .trim()
  .split('\n')
  .map(line => {
    const [name = '', units = '', kle = '', categories = '', names = ''] = line.split('|').map(one => one.trim())
    return {
      name,
      units: units.split(','),
      kle: kle.split(','),
      categories: categories.split(','),
      names: words(names.replaceAll('\u00ad', '')),
    }
  })

/** Who makes what, where the name says it; the rest are spread over the usual houses. */
export const suppliers: [RegExp, string][] = [
  [/KMD|OPUS|Nexus/, 'KMD A/S'],
  [/SBSYS|SBSIP|Acadre/, 'Brugerklubben SBSYS / Ditmer'],
  [/Microsoft|Active Directory|Exchange|Azure|Defender|Remote Desktop/, 'Microsoft'],
  [/OS2/, 'OS2 – Offentligt digitaliseringsfællesskab'],
  [/Aula|KY |KP |DUBU|Serviceplatformen|Fælleskommunal/, 'KOMBIT'],
  [/Schultz|Karnov/, 'Schultz Information'],
  [/Systematic|Cicero|Cura|Borgerkalender/, 'Systematic'],
  [/Adobe/, 'Adobe'],
  [/Google|Chromebook/, 'Google'],
  [/Hjemmel/, 'Lindevang Kommune'],
]
export const otherSuppliers = words(
  'EG A/S; NetCompany; DXC Technology; Atea; Fujitsu; Visma; IST; Systematic; Columna; cBrain; Norriq; Formpipe; Geodatastyrelsen; NIRAS; COWI; Envidan; Sweco; Assemble; Tabulex; Itelligence; Globeteam; Conscia; Trifork; Bizbrains; Egen udvikling',
)
