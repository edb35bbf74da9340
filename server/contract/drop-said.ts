import type { SaidCode } from './said.ts'

/**
 * What can be wrong with a file, in Danish: on the screen, and in the note that is left beside the file, since whoever made
 * it reads it in a folder. Codes of `said.ts`.
 */
export const dropSaid = {
  'file-unreadable': 'Filen {{file}} kan ikke læses ({{code}}). Læg den, hvor kilden siger, eller ret stien.',
  'file-empty': 'Filen {{file}} er tom. Lav udtrækket igen.',
  'sheet-old':
    'Filen {{file}} er en ældre Excel-fil eller har en adgangskode. Åbn den i Excel, og gem den som Excel-projektmappe (.xlsx) uden adgangskode eller som CSV.',
  'sheet-too-large':
    'Filen {{file}} folder sig ud til mere end {{limit}} MB. Gem arket som CSV, der må have enhver størrelse.',
  'sheet-unreadable':
    'Filen {{file}} kan ikke læses som en Excel-projektmappe. Åbn den i Excel, og gem den igen, eller gem den som CSV.',
  'file-not-utf8': 'Filen {{file}} er ikke UTF-8. Lav udtrækket i UTF-8, eller skriv kildens tegnsæt, fx windows-1252.',
  'columns-missing':
    'Filen {{file}} mangler kolonner: {{missing}}. Den har: {{columns}}. Ret filen, eller ret kildens felter.',
  'column-twice': 'Filen {{file}} har flere kolonner, der hedder {{column}}. Lav udtrækket med én af hver.',
  'csv-cut-short': 'Filen {{file}} holder op midt i: et anførselstegn mangler sin makker. Lav udtrækket igen.',
  'csv-unreadable': 'Filen {{file}} kan ikke læses som CSV. Lav udtrækket igen.',
  'ldif-not-utf8': 'Filen {{file}} er ikke UTF-8 efter linje {{line}}. Andre tegn skal skrives i base64.',
  'ldif-unreadable': 'Filen {{file}} er ikke en gyldig LDIF-fil ved linje {{line}}. Lav udtrækket igen.',
  'ldif-cut-short':
    'Filen {{file}} blev afbrudt, da den blev lavet: linje {{line}} siger “{{words}}”. Lav udtrækket igen med en konto, der må læse alt.',
  'xml-unreadable': 'Filen {{file}} er ikke gyldig XML ved linje {{line}}. Lav udtrækket igen.',
  'xml-cut-short': 'Filen {{file}} holder op midt i: slutningen mangler. Lav udtrækket igen.',
  'xml-declares':
    'Filen {{file}} erklærer egne koder (DOCTYPE eller ENTITY) ved linje {{line}}. Det tages ikke ind. Lav udtrækket uden.',
  'xml-too-much':
    'Filen {{file}} har en post ved linje {{line}}, der er dybere eller længere, end en medarbejder eller enhed kan være. Lav udtrækket igen.',
  'xml-encoding':
    'Filen {{file}} siger, at den er {{encoding}}, men det passer ikke med indholdet, eller det kan ikke læses. Lav udtrækket i UTF-8.',
  'xml-other': 'Filen {{file}} begynder med {{root}} og ikke med {{expected}}. Se, om det er den rigtige fil.',
  'file-not-whole':
    'Filen {{file}} ligner en liste over ændringer og ikke alle medarbejdere: de fleste står i enheder, som filen ikke har. Lav det fulde udtræk, eller sæt kilden til ændringer.',
  'stamp-missing':
    'Filen {{file}} har intet tidspunkt i navnet, så ingen ved, om den er den nyeste. Lad navnet være, som lønsystemet giver det.',
  'no-records-fit':
    'Ingen poster i filen passer til det, kilden beskriver. Ret kilden, eller se, om det er den rigtige fil.',
  'drop-older': 'Filen er ældre end {{newer}}, som sidst blev læst.',
  'drop-vanished': 'Filen forsvandt fra mappen, mens den blev læst. Læg den i mappen igen.',
  'drop-ended-program': 'Programmet gik i stå, hver gang filen blev læst. Giv besked til dem, der driver Hjemmel.',
  'disk-full':
    'Disken er fuld. Bed dem, der driver Hjemmel, om at gøre plads; det påbegyndte fortsætter, hvor det slap.',
  'database-away': 'Databasen forsvandt. Bed dem, der driver Hjemmel, om at se, om den kører.',
} as const satisfies Partial<Record<SaidCode, string>>
