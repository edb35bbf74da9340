/** Hours at which a unit changes hands. */
export const cutover = {
  cutover: {
    title: 'Cut-over hours',
    help: 'For night duties: from when the evening before the first day counts, and until when the morning after the last one is in time. Left empty: as the unit above says.',
    counts: 'Here an employment begins {{start}} and ends {{end}}.',
    midnight: 'at midnight',
    hour: 'at {{hour}}:00',
    starts: 'Begins the evening before at',
    ends: 'Ends the morning after at',
    save: 'Save',
    saved: 'The cut-over hours are saved',
  },
} as const
