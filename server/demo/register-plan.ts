import { words } from './text.ts'

/** A record of the demonstration: which activity of the catalogue, who does it, with what, and how far it has come. */
export type DemoActivity = {
  key: string
  /** The first one's leader answers for the record. */
  units: string[]
  systems: string[]
  state: 'in-force' | 'draft' | 'proposed' | 'retired'
  /** What a lawyer of the town has looked up: law and section. Such a record is confirmed. */
  looked: { law: string; section: string }[]
}

/** `key | units | systems | state or provisions`; nothing in the last place means in force and not confirmed. */
const text = `
job-effort | u-211 | kmd-momentum; schultz-fasit; det-faelles-datagrundlag; jobcenter-planner; jobnet-kommune; cv-vaerktoejet-jobigo
sickness-benefit | u-2112 | ksd-sygedagpenge; nemrefusion-sagsbehandler; kmd-dagpenge
social-assistance | u-2122 | kmd-aktiv; ky-kommunernes-ydelsessystem
flex-jobs | u-2112 | rehabiliteringsteam-dagsorden; mentorregistrering; schultz-fasit
disability-pension | u-2122 | kp-kommunernes-pensionssystem; sbsys
one-off-benefits | u-2122 | kp-kommunernes-pensionssystem; helbredstillaeg-pbs; begravelseshjaelp
benefit-control | u-212 | kontrolgruppens-sagsstyring; udbetaling-danmark-portal
integration | u-2114 | integrationsportal-imr; boligplacering-flygtninge
asylum-health | u-2114 | | draft
company-service | u-2113; u-24 | virksomhedskontakt-crm; vitas; schultz-matchmodel
child-reports | u-3511 | boernelinjen-underretninger; dubu; skema-for-underretning-dagtilbud
child-assessment | u-351 | dubu; ics-barnets-velfaerd; familieraadslagning
placement | u-3512 | dubu; anbringelsesportalen-vis; tilbudsportalen; samvaer-og-stoettet-kontakt; refusionsmotor-saerligt-dyre
foster-families | u-3512 | plejefamiliesystemet; egenbetaling-boern
ssp | u-356 | ssp-registret
youth-crime-board | u-356 | ungdomskriminalitetsnaevnet; videoafhoering-aftaler
disabled-children | u-3513 | merudgifter-boernehandicap; dubu
family-treatment | u-355 | familieivaerksaetter; eftervaern-journal
day-care | u-31 | kmd-institution; aula-dagtilbud; pladsanvisning-elektra; nemplads; topi-trivselsvurdering; sprogvurdering-hogrefe; foraeldrebetaling
pupils | u-32 | kmd-elev; ums-fravaersregistrering; nationale-tests-testogproever; skemaindberetning-til-uvm; elevtransport; trio-skemalaegning
school-platform | u-32 | aula; minuddannelse; google-workspace-for-education; uni-login-administration; gyldendal-fagportaler; alinea-portaler
ppr | u-352; u-32 | ppr-journal-kmd-educa; wisc-testbibliotek; talebasen; specialundervisning-visitationsnet; specialpaedagogisk-visitation-spsv
after-school | u-32 | sfo-tabulex
school-health-absence | u-32 | ums-fravaersregistrering | proposed
youth-guidance | u-2111 | ungedatabasen; uv-vej; fgu-portalen; kommunernes-ungeguide
special-youth-education | u-361 | stu-portal
youth-school | u-328 | ungdomsskolesystemet
music-school | u-332; u-334 | speedadmin-musikskole
health-visitors | u-353 | novax-sundhedsplejerske; tm-sund; boernedatabasen-bdb; hoerescreening-oae; vaekstkurver
dental-care | u-354 | tk2-tandpleje; romexis-roentgen; tandregulering-orthoweb; indkaldelsesmodul-sms-tand
home-nursing | u-344 | nexus-sygepleje; sundhedsdatanettet; webreq-laboratoriesvar; saarjournalen-pleje-net; faelles-medicinkort-fmk; medcom-korrespondance | Sundhedsloven § 138
acute-nursing | u-344 | nexus-sygepleje; akutteam-tablet; infusionspumper-register
rehabilitation | u-343 | nexus-traening; genoptraeningsplaner-ggop; exorlive | Sundhedsloven § 140
health-promotion | u-345 | rygestopbasen; forloebsplaner-diabetes; sundhedsprofil; kost-og-motion-booking | Sundhedsloven § 119
substance-treatment | u-361; u-345 | alkoholbehandling-bosted; stofmisbrugsdatabasen-sib | Sundhedsloven § 141; Sundhedsloven § 142
telecare | u-34 | noedkald-tunstall; tryghedssensor-teton; medicindispenser-dosesystem; skaermbesoeg-appinux; telemedicin-kol-telekat | proposed
home-care | u-341; u-34 | kmd-nexus; elektronisk-laasesystem-bekey; visitationsvaerktoej-faellessprog-iii; koerselsplan-vitae
care-homes | u-34 | kmd-nexus; plejehjemsventeliste; borgerkalender-sekoia
aids | u-34 | hjaelpemidler-kmd-hjaelpemiddeldepot | Lov om social service § 112
supported-housing | u-36 | sensum-bosted; nexus-voksen; vum-2-0-voksenudredning; doegnrapport; beboeroekonomi; medicinskab-elog
personal-assistance | u-361 | bpa-administration; ledsagerordning
use-of-force | u-36; u-34 | magtanvendelser-kmd
shelters | u-361 | herbergsregistrering; krisecenter-koordinering
transport | u-223; u-34 | busbestilling-flextur
population-register | u-2121 | cpr-kommune; folkeregister-sagsstyring
id-documents | u-2121 | pas-biometri; koerekortsystemet
digital-self-service | u-2121 | mitid-udstedelse; nemkonto; digital-fritagelse
marriage-names | u-2121 | vielsesprotokol
elections | u-14 | valgsystemet-valg-it
collection | u-2123 | kmd-opkraevning; opus-debitor; gaeldsstyrelsen-fordringer
suppliers | u-12 | opus-oekonomi; rakat-e-handel; ean-fakturaportal; bankportalen-danske-district
contact-centre | u-2121 | kontaktcenter-puzzel; frontdesk-koe-og-tidsbestilling; borgerblikket
website | u-14 | umbraco-hjemmeside; siteimprove
building-permits | u-221 | byg-og-miljoe; weblager-byggesager; bbr; structura-byggesag
environment | u-222 | geoenviron-miljoe; virksomhedstilsyn-virkmiljoe; dma-miljoeadministration; naturdatabasen
waste | u-235 | affaldsportal-renoweb; genvex-affaldsplan; toemningsregistrering; genbrugspladsens-adgang
utilities | u-235 | kmd-easyenergy; kamstrup-ready; forsyningsafregning
roads | u-223 | vejman-dk; parkeringslicens-parkzone; gravregister; giv-et-praj
social-housing | u-2122 | kmd-boliglaan; lejeloft-beboerklagenaevn
library | u-331 | cicero-bibliotek; aabne-biblioteker-bibliotheca; dbc-netpunkt
associations | u-33 | foreningsportalen; boerneattester-frivillige; lokaltilskud-folkeoplysning
council | u-14 | firstagenda-prepare; dagsordenarkiv
case-files | u-14 | sbsys; sbsip; digital-post-fordeler; e-boks-afsendelse; aktindsigtsportal
whistleblowing | u-11 | whistleblowerportalen
cctv | u-233 | milestone-videoovervaagning; vagtrapport-vagtlog
management-information | u-213 | targit-bi; effektiv-indsats-statistik | retired
recruitment | u-11 | hr-manager-rekruttering; straffeattester-online
personnel | u-11 | opus-personale; personalesager-i-sbsys; opus-rollebaseret-indgang
payroll | u-15 | opus-loen; nemrefusion; loenforhandling-netforhandling; krl-loenstatistik; min-koersel
rostering | u-11; u-34 | vagtplan-tamigo; tjenestetidssystemet; mit-fravaer; optimalvagt
work-environment | u-11 | apv-portalen; arbejdsskadeportalen-easy
disciplinary | u-11 | personalesager-i-sbsys
development | u-11 | mus-portalen; plan2learn | retired
identity-rights | u-13 | hjemmel; os2rollekatalog; active-directory; faelleskommunal-adgangsstyring; os2faktor
logging | u-13 | logpoint-siem; defender-for-endpoint; cisco-ise
it-operations | u-13 | microsoft-365; exchange-online; topdesk; microsoft-intune; remote-desktop; telefonisystem-flexfone; microsoft-teams; faellesdrev
awareness | u-13 | intralearn-awareness | proposed
ai-assistants | u-13 | | draft
`

const STATES = ['draft', 'proposed', 'retired'] as const

export const demoActivities: readonly DemoActivity[] = text
  .trim()
  .split('\n')
  .map(line => {
    const [key = '', units = '', systems = '', last = ''] = line.split('|').map(one => one.trim())
    const state = STATES.find(one => one === last)
    return {
      ...{ key, units: words(units), systems: words(systems), state: state ?? 'in-force' },
      looked: state ? [] : words(last).map(provisionOf),
    }
  })

function provisionOf(written: string): { law: string; section: string } {
  const at = written.indexOf('§')
  return { law: written.slice(0, at).trim(), section: written.slice(at) }
}
