/** Findings of the register: what each kind is called, what it means to a layman, and what those of one line share. */
export const registerFindings = {
  code: {
    'no-purpose': 'Uden formål (F02)',
    'purpose-ended': 'Formål ophørt (F12)',
    'not-in-register': 'System uden for fortegnelsen (F01)',
    'no-legal-basis': 'Behandling uden hjemmel (F03)',
    'no-condition': 'Artikel 9 eller 10 uden betingelse (F04)',
    'outside-task': 'Enheden løser ikke opgaven (F05)',
    'kle-wider': 'Flere KLE-numre end opgaven (F06)',
    'sensitivity-above': 'Mere beskyttet end formålet (F07)',
    unlimited: 'Bred adgang uden grænse (F08)',
    'empty-words': 'Begrundelse uden indhold (F20)',
    'data-not-stated': 'Oplysninger uden for fortegnelsen (F21)',
    'reach-differs': 'Andet antal end oplyst (F22)',
    'log-unchecked': 'Log uden kontrol (F15)',
    'no-agreement': 'Uden databehandleraftale (F17)',
    'no-dpia': 'Uden konsekvensanalyse (F18)',
    'no-transfer-ground': 'Overførsel uden grundlag (F19)',
    'consent-unchecked': 'Samtykke uden kontrol (F24)',
  },
  what: {
    'no-purpose': 'Nogen har rettigheden, men ingen har sagt, hvilken behandling i fortegnelsen den bruges til.',
    'purpose-ended': 'Koblingen til fortegnelsen er udløbet, eller behandlingen er ophørt. Rettigheden er der stadig.',
    'not-in-register':
      'Nogen har rettigheder til personoplysninger i systemet, men ingen behandling i fortegnelsen nævner det. Skriv systemet på den behandling, det bruges til.',
    'no-legal-basis':
      'Behandlingen er i kraft, men et formål mangler sit grundlag efter artikel 6 eller den lov, det hviler på. Ret fortegnelsen, eller stop behandlingen.',
    'no-condition':
      'Særlige kategorier (artikel 9) eller strafbare forhold (artikel 10) bruges, men der står ingen betingelse i fortegnelsen, som tillader det. Skriv betingelsen, eller begræns adgangen.',
    'outside-task':
      'Rettigheden bruges til en opgave, som personens enhed ikke løser efter fortegnelsen. Enten mangler enheden i fortegnelsen, eller også skal rettigheden væk.',
    'kle-wider':
      'Rettigheden er afgrænset til KLE-numre, som ingen af dens behandlinger har. Afgræns den snævrere, eller ret behandlingens KLE-numre.',
    'sensitivity-above':
      'Rettigheden giver adgang til mere beskyttede oplysninger, end koblingen siger, at arbejdet kræver. Vælg en mindre rettighed, eller sig, hvorfor der er brug for mere.',
    unlimited:
      'Mange har en rettighed til beskyttede oplysninger, som ikke er begrænset til egen enhed eller egne sager. Begræns den, eller tag stikprøver af loggen.',
    'empty-words':
      'Begrundelsen siger ikke, hvad der er brug for og hvorfor, eller den er den samme for mange rettigheder. Skriv, hvad arbejdet kræver netop her.',
    'data-not-stated':
      'Rettigheden når oplysninger, som fortegnelsen ikke nævner. Enten mangler de i fortegnelsen, eller også rækker rettigheden for langt.',
    'reach-differs':
      'Fortegnelsen siger, hvor mange der har adgang. Optalt efter de faktiske rettigheder er det et andet antal.',
    'log-unchecked':
      'Systemet rummer følsomme oplysninger eller strafbare forhold, men opslag logges ikke, eller loggen er ikke stikprøvekontrolleret til tiden. Slå læselog til, og tag en stikprøve.',
    'no-agreement':
      'En leverandør driver et system med følsomme oplysninger eller strafbare forhold, men der er ingen databehandleraftale, eller den skulle være set efter. Find aftalen, og skriv dens dato her.',
    'no-dpia':
      'Behandlingen bruger følsomme oplysninger eller strafbare forhold om sårbare mennesker. Der mangler en konsekvensanalyse, eller den er for gammel.',
    'no-transfer-ground':
      'Oplysninger sendes ud af EU og EØS uden et grundlag, der gælder, eller uden noget, der viser det. Skriv grundlaget og hvor dokumentet er, eller stop overførslen.',
    'consent-unchecked':
      'Behandlingen hviler på samtykke, men ingen har kontrolleret til tiden, at samtykker er givet og kan trækkes tilbage.',
  },
  cause: {
    'no-purpose': 'Rettigheder i {{system}}, som ingen har sagt formålet med',
    'purpose-ended': 'Rettigheder, hvis formål er ophørt',
    'not-in-register': '{{system}} står ikke i fortegnelsen',
    'no-legal-basis': '{{activity}}: et formål mangler hjemmel',
    'no-condition': '{{activity}}: betingelsen efter artikel 9 eller 10 mangler',
    'outside-task': '{{system}}: enheder, som ikke løser opgaven efter fortegnelsen',
    'kle-wider': '{{system}}: KLE-numre ud over opgaven',
    'sensitivity-above': '{{system}}: mere beskyttede oplysninger end formålet kræver',
    unlimited: '{{system}}: bred adgang uden grænse',
    'empty-words': 'Begrundelser uden indhold',
    'copied-words': 'Den samme begrundelse på mange koblinger',
    'data-not-stated': '{{system}}: oplysninger, som fortegnelsen ikke nævner',
    'not-in-record': '{{activity}}: koblinger nævner oplysninger, som fortegnelsen ikke har',
    'reach-differs': '{{activity}}: et andet antal med adgang end oplyst',
    'no-read-log': '{{system}}: opslag i beskyttede oplysninger logges ikke',
    'never-sampled': '{{system}}: ingen stikprøve af loggen',
    'sample-late': '{{system}}: stikprøven af loggen er over tiden',
    'no-agreement': '{{system}}: ingen databehandleraftale',
    'agreement-late': '{{system}}: databehandleraftalen skulle være set efter',
    'no-dpia': '{{activity}}: ingen konsekvensanalyse',
    'dpia-late': '{{activity}}: konsekvensanalysen er for gammel',
    'no-ground': '{{activity}}: overførsel uden grundlag',
    'ground-unproven': '{{activity}}: grundlaget for overførslen kan ikke vises eller er udløbet',
    'consent-unchecked': '{{activity}}: samtykker er aldrig kontrolleret',
    'control-late': '{{activity}}: kontrollen af samtykker er over tiden',
  },
} as const
