/** What systems give, in words that somebody who has never seen the system understands. `{s}` is the system's name. */
export type RightWords = {
  key: string
  name: string
  description: string
  privileged?: boolean
  /** Reaches the content, so it is as sensitive as what the system holds. */
  content?: boolean
  constraints?: string[]
}

const right = (key: string, name: string, description: string, more: Partial<RightWords> = {}): RightWords => ({
  key,
  name,
  description,
  ...more,
})

/** Every ordinary system has the first ones; how many of the rest differs from system to system. */
export const ordinaryRights: RightWords[] = [
  right('laes', 'Læseadgang', 'Kan se oplysninger i {s}, men ikke ændre dem.', {
    content: true,
    constraints: ['unit'],
  }),
  right('bruger', 'Almindelig bruger', 'Kan oprette og rette i {s} som led i det daglige arbejde.', {
    content: true,
    constraints: ['unit', 'kle'],
  }),
  right('leder', 'Leder', 'Kan se og godkende for sine egne medarbejdere i {s}.', {
    content: true,
    constraints: ['unit'],
  }),
  right('superbruger', 'Superbruger', 'Hjælper kolleger med {s} og kan rette fejl, som de ikke selv kan.', {
    content: true,
  }),
  right('administrator', 'Administrator', 'Kan oprette brugere og ændre alt i {s}.', {
    privileged: true,
    content: true,
  }),
  right('rapport', 'Rapporter', 'Kan trække lister og statistik i {s}.', { content: true, constraints: ['unit'] }),
  right('sagsbehandler', 'Sagsbehandler', 'Kan behandle og afslutte sager i {s}.', {
    content: true,
    constraints: ['unit', 'kle', 'sensitivity'],
  }),
  right('mobil', 'App på telefonen', 'Kan bruge {s} på en telefon eller tablet.', { content: true }),
  right('beskeder', 'Beskeder', 'Kan sende og modtage beskeder i {s}.'),
  right('godkender', 'Godkender', 'Kan godkende det, som andre har lavet i {s}.', { constraints: ['unit'] }),
  right('skabeloner', 'Skabeloner', 'Kan rette breve og skabeloner i {s}.'),
  right('kalender', 'Kalender', 'Kan se og lægge aftaler i {s}.'),
  right('arkiv', 'Arkiv', 'Kan se afsluttede og gamle sager i {s}.', { content: true }),
  right('vikar', 'Vikaradgang', 'Kort adgang til {s} for vikarer og afløsere.', {
    content: true,
    constraints: ['unit'],
  }),
  right('eksport', 'Udtræk', 'Kan trække større mængder oplysninger ud af {s}.', { privileged: true, content: true }),
  right('opsaetning', 'Opsætning', 'Kan ændre opsætning og koder i {s}.', { privileged: true }),
  right('kursus', 'Kursusmiljø', 'Adgang til øvelsesudgaven af {s}; der er ingen rigtige borgere i den.'),
  right('test', 'Testmiljø', 'Adgang til testudgaven af {s}.'),
  right('logindsigt', 'Indsigt i loggen', 'Kan se, hvem der har slået op i {s}.', { privileged: true, content: true }),
  right('sletning', 'Sletning', 'Kan slette oplysninger endeligt i {s}.', { privileged: true, content: true }),
  right('integration', 'Systemadgang', 'Bruges af andre systemer til at hente fra {s}.', {
    privileged: true,
    content: true,
  }),
  right('tilsyn', 'Tilsyn', 'Kan gennemse stikprøver i {s} til ledelsestilsyn.', { content: true }),
]

export const pupilRight = right('elev', 'Elev', 'Elevens egen adgang til {s}.')

export const equipmentRights: RightWords[] = [
  right('standard', 'Standard', '{s}: den almindelige udgave.'),
  right('kraftig', 'Kraftig udgave', '{s}: en kraftigere udgave til særlige opgaver.'),
  right('laan', 'Til låns', '{s}: lånes og afleveres igen.'),
  right('delt', 'Delt', '{s}: deles af flere på en arbejdsplads.'),
  right('hjemme', 'Hjemmearbejde', '{s}: til brug på hjemmearbejdspladsen.'),
  right('udlaan-elev', 'Til elever', '{s}: udlånes til elever.'),
]

export const physicalRights: RightWords[] = [
  right('dag', 'Dagtimer', '{s}: gælder på hverdage i arbejdstiden.'),
  right('doegn', 'Døgnet rundt', '{s}: gælder hele døgnet.'),
  right('vagt', 'Vagt', '{s}: for dem, der har vagt.', { privileged: true }),
  right('hoved', 'Hovedudgave', '{s}: giver adgang overalt.', { privileged: true }),
]

/** Rights that only some systems have, by the system's key. */
export const specialRights: Record<string, RightWords[]> = {
  hjemmel: [
    right('hr', 'HR', 'Kan se ansættelser og melde ændringer i Hjemmel.', { content: true }),
    right('it', 'IT-administrator', 'Kan se og rette overblikket over konti og rettigheder.', {
      privileged: true,
      content: true,
    }),
    right('systemowner', 'Systemejer', 'Kan se og styre rettighederne i egne systemer.'),
    right('manager', 'Leder', 'Kan se egne medarbejderes rettigheder.', { content: true }),
    right('deputy', 'Stedfortræder', 'Kan det samme som lederen, mens stedfortræderen er på.', { content: true }),
    right('dpo', 'Databeskyttelsesrådgiver', 'Kan læse alt og rådgive, men ikke ændre.', { content: true }),
    right('auditor', 'Revisor', 'Kan læse og kontrollere i en aftalt periode.', { content: true }),
    right('employee', 'Medarbejder', 'Kan se sine egne rettigheder og hvorfor.'),
  ],
  'kmd-nexus': [
    right('plejeplan', 'Plejeplaner', 'Kan skrive i borgernes plejeplaner.', { content: true, constraints: ['unit'] }),
    right('medicin', 'Medicin', 'Kan se og give borgernes medicin.', { content: true, constraints: ['unit'] }),
    right('visitation', 'Visitation', 'Kan bevilge hjælp til borgere.', { content: true }),
    right('sygepleje', 'Sygeplejejournal', 'Kan skrive i sygeplejejournalen.', {
      content: true,
      constraints: ['unit'],
    }),
    right('traening', 'Træning', 'Kan skrive i træningsforløb.', { content: true }),
    right('disponering', 'Køreplaner', 'Kan planlægge besøg og ruter.', { constraints: ['unit'] }),
  ],
  sbsys: [
    right('sagsbehandler', 'Sagsbehandler', 'Kan oprette og behandle sager.', {
      content: true,
      constraints: ['unit', 'kle'],
    }),
    right('personalesager', 'Personalesager', 'Kan se personalesager.', { content: true, constraints: ['unit'] }),
    right('boernesager', 'Børnesager', 'Kan se børn- og familiesager.', { content: true, constraints: ['kle'] }),
    right('fortrolig', 'Fortrolige sager', 'Kan se sager, der er mærket fortrolige.', {
      content: true,
      privileged: true,
    }),
    right('arkivar', 'Arkivar', 'Kan lukke, flytte og kassere sager.', { content: true, privileged: true }),
  ],
  'opus-oekonomi': [
    right('godkender', 'Bilagsgodkender', 'Kan godkende regninger for eget område.', { constraints: ['unit'] }),
    right('kreditor', 'Kreditorer', 'Kan oprette dem, kommunen betaler til.', { privileged: true }),
    right('bogholder', 'Bogholder', 'Kan bogføre og rette posteringer.'),
    right('budget', 'Budget', 'Kan lægge budgetter.', { constraints: ['unit'] }),
  ],
  'opus-loen': [
    right('sagsbehandler', 'Lønsagsbehandler', 'Kan ændre i medarbejdernes løn.', {
      content: true,
      constraints: ['unit'],
    }),
    right('loenkoersel', 'Lønkørsel', 'Kan starte og godkende lønkørslen.', { privileged: true, content: true }),
  ],
  'active-directory': [
    right('helpdesk', 'Helpdesk', 'Kan nulstille adgangskoder.', { privileged: true }),
    right('domain-admins', 'Domæneadministrator', 'Kan ændre alt i netværket.', { privileged: true }),
    right('server-operatoer', 'Serverdrift', 'Kan logge på servere.', { privileged: true }),
  ],
  'microsoft-365': [
    right('e3', 'Licens E3', 'Fuld kontorpakke til dem, der arbejder ved en pc.'),
    right('f3', 'Licens F3', 'Kontorpakke på telefon og i browser til dem, der er ude.'),
    right('copilot', 'Copilot', 'AI-hjælp i kontorpakken.'),
    right('visio', 'Visio', 'Tegneprogram.'),
  ],
  aula: [
    right('personale', 'Personale', 'Kan skrive med forældre og se børnenes oplysninger.', {
      content: true,
      constraints: ['unit'],
    }),
    right('institutionsadmin', 'Institutionsadministrator', 'Kan styre Aula for skolen.', {
      privileged: true,
      content: true,
    }),
  ],
}
