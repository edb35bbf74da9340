import { dropSaid } from '#contract/drop-said.ts'
import { leftAlone } from './left-alone.ts'
import { refused } from './refused.ts'
export const trouble = {
  trouble: {
    'host-unknown': 'Servernavnet kendes ikke. Ret adressen, eller få navnet oprettet i DNS.',
    refused: 'Der er ingen, der svarer på adressen. Se efter, om porten er rigtig, og om serveren kører.',
    timeout: 'Serveren svarer ikke i tide. Se på netværket og firewalls undervejs.',
    'connection-lost': 'Forbindelsen blev afbrudt. Næste indlæsning begynder forfra.',
    certificate:
      'Serverens certifikat er ikke betroet: det er udløbet, udstedt til et andet navn eller af en ukendt udsteder. Sammenlign med det, serveren viser.',
    tls: 'Der kan ikke laves en sikker forbindelse. Serveren skal tilbyde ldaps eller StartTLS med TLS 1.2 eller nyere.',
    'encryption-required':
      'Serveren tager ikke imod adgangskoder uden kryptering. Brug ldaps://, eller slå StartTLS til.',
    credentials: 'Navnet eller adgangskoden er forkert, eller kontoen er låst, spærret eller udløbet.',
    rights: 'Kontoen må ikke læse her. Giv den læseret.',
    base: 'Stedet findes ikke i kataloget, eller kontoen må ikke se det. Ret “Læs fra”, eller giv læseret.',
    referral: 'Stedet ligger på en anden server. Ret “Læs fra”, eller angiv den server, der har det.',
    'size-limit':
      'Serveren giver ikke kontoen flere poster. Lad den læse alt i sider, eller del kataloget op i flere søgninger.',
    'time-limit': 'Serveren brugte for lang tid. Sæt sidestørrelsen ned, eller giv kontoen længere tid.',
    'admin-limit': 'Serverens egen grænse blev nået. Hæv den for kontoen, eller del kataloget op i flere søgninger.',
    busy: 'Serveren har for travlt lige nu. Der prøves igen.',
    paging: 'Serveren giver ikke kontoen lov til at læse i sider.',
    unending: 'Serveren giver de samme poster igen og igen. Se i dens log, eller læs fra en anden server.',
  },
  /** What was met while a source was tried or read; see contract/said.ts. */
  said: {
    'name-found': '{{host}} findes på adressen {{address}}.',
    'port-answers': 'Der svares på port {{port}}.',
    'not-encrypted': 'Forbindelsen er ikke krypteret. Brug ldaps://, eller slå StartTLS til.',
    'tls-trusted': 'Forbindelsen er krypteret, og serverens certifikat er betroet.',
    'starttls-trusted': 'Forbindelsen er krypteret med StartTLS, og serverens certifikat er betroet.',
    'signed-in': 'Logget på som {{name}}.',
    'base-there': '{{base}} findes.',
    'pages-given': 'Serveren giver posterne i sider, her med {{size}} på hver.',
    'one-page_one': 'Der er én post i alt.',
    'one-page_other': 'Alle {{count}} poster kom på én side.',
    'all-readable': 'Alt, der spørges efter, kan læses.',
    'some-without-values_one': 'Kan læses. Den ene post, vi så på, mangler noget af det, der spørges efter.',
    'some-without-values_other':
      'Kan læses. Noget af det, der spørges efter, har ingen værdi i de {{count}} poster, vi så på.',
    'header-fits_one': '{{file}}: Kolonnerne passer, og den første linje er læst.',
    'header-fits_other': '{{file}}: Kolonnerne passer, og de første {{count}} linjer er læst.',
    'files-readable': 'Kan læses: {{files}}.',
    'records-fit_one': 'Den første post passer.',
    'records-fit_other': 'De første {{count}} poster passer.',
    'folder-ready_one': 'Mappen {{folder}} kan læses, og filer kan flyttes i den. Én fil venter.',
    'folder-ready_other': 'Mappen {{folder}} kan læses, og filer kan flyttes i den. {{count}} filer venter.',
    'certificate-expires': 'Serverens certifikat udløber {{day}}. Få det fornyet inden da.',
    'parts-elsewhere': 'Dele af kataloget ligger på andre servere og læses ikke med: {{servers}}',
    'may-write_one': 'Kontoen kan rette ét felt i den første post. Den behøver kun at kunne læse.',
    'may-write_other': 'Kontoen kan rette {{count}} felter i den første post. Den behøver kun at kunne læse.',
    'no-pattern-fits': 'Disse filer passer ikke på noget navn, måske en slåfejl: {{files}}',
    'host-unknown': 'Navnet i {{at}} kendes ikke.',
    'nobody-listens': 'Ingen svarer på {{at}}.',
    'no-answer': '{{at}} svarede ikke i tide.',
    'connection-closed': '{{at}} lukkede forbindelsen. Se efter, om porten er den rigtige til ldaps eller ldap.',
    'no-tls': 'Der kunne ikke laves en sikker forbindelse til {{at}} ({{code}}).',
    'encryption-required': '{{at}} kræver, at forbindelsen er krypteret.',
    'too-busy': '{{at}} har for travlt til at svare.',
    'server-refuses': '{{at}} afviser med ordene: {{words}}',
    'servers-fail':
      'Ingen af serverne kunne bruges: {{servers}}. Prøv forbindelsen for at se, hvad der er galt med hver.',
    'certificate-expired':
      'Certifikatet på {{at}} er udløbet ({{code}}). Få det fornyet på serveren; der læses intet før.',
    'certificate-not-yet':
      'Certifikatet på {{at}} gælder ikke endnu ({{code}}). Se efter, om urene går rigtigt her og på serveren.',
    'certificate-other-name':
      'Certifikatet på {{at}} er udstedt til et andet navn ({{code}}). Brug et af navnene i certifikatet som adresse.',
    'certificate-unknown':
      'Certifikatet på {{at}} er ikke betroet ({{code}}). Angiv udstederens certifikat i feltet caFile.',
    'sign-in-refused': '{{at}} tager ikke imod {{name}}: navnet eller adgangskoden er forkert.',
    'no-such-user': '{{at}} tager ikke imod {{name}}: kontoen findes ikke.',
    'password-wrong': '{{at}} tager ikke imod {{name}}: adgangskoden er forkert.',
    'not-at-this-time': '{{at}} tager ikke imod {{name}}: kontoen må ikke logge på på dette tidspunkt.',
    'not-from-here': '{{at}} tager ikke imod {{name}}: kontoen må ikke logge på fra denne maskine.',
    'password-expired': '{{at}} tager ikke imod {{name}}: adgangskoden er udløbet.',
    'account-disabled': '{{at}} tager ikke imod {{name}}: kontoen er spærret.',
    'account-expired': '{{at}} tager ikke imod {{name}}: kontoen er udløbet.',
    'password-must-change': '{{at}} tager ikke imod {{name}}: adgangskoden skal først skiftes.',
    'account-locked': '{{at}} tager ikke imod {{name}}: kontoen er låst.',
    'password-empty': 'Adgangskoden er tom. Sæt den, hvor kilden henviser til.',
    'base-missing': '{{base}} findes ikke, eller kontoen må ikke se det.',
    'base-elsewhere': 'Serveren har ikke {{base}} og henviser til en anden.',
    'nothing-found': '{{filter}} finder intet under {{base}}. Må kontoen læse der?',
    'several-found':
      'Flere poster under {{base}} passer, hvor der skal være én. Ret “Læs fra”, eller fjern den, der er for meget, i kataloget.',
    'read-stopped_one': 'Kataloget stoppede efter én post. Intet er ændret.',
    'read-stopped_other': 'Kataloget stoppede efter {{count}} poster. Intet er ændret.',
    'read-refused_one': 'Kataloget stoppede efter én post. Intet er ændret. Serverens ord: {{words}}',
    'read-refused_other': 'Kataloget stoppede efter {{count}} poster. Intet er ændret. Serverens ord: {{words}}',
    'changes-stopped':
      'Kataloget stoppede, mens der blev spurgt efter ændringer. Intet er ændret; næste indlæsning spørger igen.',
    'secret-unset':
      'Kilden henviser til hemmeligheden {{name}}, som ikke er sat her. Bed dem, der driver Hjemmel, om at sætte den.',
    'secret-unreadable':
      'Filen {{file}} med hemmeligheden kan ikke læses ({{code}}). Bed dem, der driver Hjemmel, om at se på den.',
    'secret-empty': 'Filen {{file}} med hemmeligheden er tom.',
    'authority-unreadable': 'Filen {{file}} med udstederens certifikat kan ikke læses ({{code}}). Ret caFile.',
    'host-not-allowed':
      'Kilder, der er oprettet på skærmen, må ikke forbinde til {{host}}. Få navnet sat i HJEMMEL_SOURCE_HOSTS, eller skriv kilden i kildefilen.',
    'no-folder-set':
      'Kilden nævner en fil, men der er ikke valgt en mappe til filer fra skærmens kilder. Få {{setting}} sat.',
    'leads-outside':
      'Filen ligger uden for den mappe, der er sat i {{setting}}. Læg selve filen i mappen; genveje ud af den følges ikke.',
    'drops-unset': 'Der er ikke valgt en mappe til filer, der sendes ind. Få {{setting}} sat.',
    'drops-lead-outside':
      'Mappen {{folder}} fører ud af den mappe, der er sat i {{setting}}. Læg selve mappen dér; genveje ud af den følges ikke.',
    'upload-too-large': 'Filen er større end {{limit}} MB. Læg den i listens mappe i stedet.',
    'records-no-headings':
      '{{file}} har ingen række med overskrifter. Kald kolonnerne type, system, behandlingsaktivitet, dato, frist, henvisning og bemærkning.',
    'kle-unreadable':
      'Filen {{file}} er ikke en KLE-liste: hverken KLE-Emneplan som XML eller en CSV, hvis første række har »nummer« og »titel«.',
    'json-no-package':
      'Filen {{file}} er ikke en pakke med behandlingsaktiviteter. Den skal være en JSON-liste med name, description, gdprChoices, kleMainGroups og kleGroups, sådan som OS2compliance har dem.',
    'json-not-kitos': 'Filen {{file}} er ikke JSON fra KITOS. Hent it-systemanvendelserne igen fra KITOS (API v2).',
    'import-too-many':
      'Filen {{file}} har for mange rækker eller kolonner (højst {{rows}} rækker). Send kun listen over systemer.',
    'nothing-dropped': 'Der er ikke lagt nogen fil i {{folder}} endnu.',
    'nothing-to-read':
      'Der er ingen fil at læse i {{folder}}. Filer, der hedder {{patterns}}, bliver taget, lidt efter at de er skrevet færdig.',
    'folder-missing': 'Mappen {{folder}} findes ikke ({{code}}). Opret den, eller ret stien.',
    'folder-no-folder': 'Der står en fil, hvor der skal være en mappe, i {{folder}} ({{code}}). Flyt filen.',
    'folder-forbidden':
      'Hjemmel må ikke læse og flytte filer i mappen {{folder}} ({{code}}). Giv programmet lov til det.',
    'folder-full': 'Disken med mappen {{folder}} er fuld ({{code}}). Gør plads på den.',
    'folder-several-disks':
      'Mappen {{folder}} ligger på flere diske ({{code}}). Undermapperne arkiv og afvist skal ligge på samme disk.',
    'folder-unusable': 'Mappen {{folder}} kan ikke bruges ({{code}}). Se efter, om disken eller netværksdrevet virker.',
    'drop-again': 'Den samme fil er taget før. Den siger intet nyt.',
    'process-stopped': 'Programmet blev stoppet under læsningen. Næste indlæsning læser forfra.',
    'kind-not-read': 'Intet her læser kilder af slagsen {{kind}}. Ret kildens slags.',
    'not-understood':
      'Kilden {{source}} er beskrevet på en måde, denne udgave ikke forstår. Åbn den, og ret det, der er markeret.',
    'record-not-taken': 'Kilden giver poster af slagsen {{kind}}, som intet her tager imod.',
    ...dropSaid,
    ...leftAlone,
    ...refused,
    unforeseen: 'Der skete en fejl, som ikke er forudset. Bed dem, der driver Hjemmel, om at se i loggen.',
  },
} as const
