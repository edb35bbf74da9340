/** Hours at which a unit changes hands. */
export const cutover = {
  cutover: {
    title: 'Skæringstimer',
    help: 'For nattevagter: hvornår aftenen før første dag tæller med, og indtil hvornår morgenen efter sidste dag tæller som til tiden. Tomt felt: som enheden ovenover.',
    counts: 'Her begynder en ansættelse {{start}} og slutter {{end}}.',
    midnight: 'ved midnat',
    hour: 'kl. {{hour}}',
    starts: 'Begynder aftenen før kl.',
    ends: 'Slutter morgenen efter kl.',
    save: 'Gem',
    saved: 'Skæringstimerne er gemt',
  },
} as const
