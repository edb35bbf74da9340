/** Why a connector leaves an account or a group alone: on the pages of sources and of orders. */
export const leftAlone = {
  'account-protected': 'Kontoen er beskyttet og røres ikke.',
  'account-out-of-scope': 'Kontoen står uden for de steder, forbindelsen må skrive.',
  'account-of-another': 'Brugernavnet findes i systemet, men kontoen kendes ikke som personens.',
  'group-protected': 'Gruppen er beskyttet og røres ikke.',
  'group-out-of-scope': 'Gruppen står uden for de steder, forbindelsen må skrive.',
} as const
