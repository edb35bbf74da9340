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
} as const
