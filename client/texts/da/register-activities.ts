/** The register's list of processing activities and the page of one. */
export const registerActivities = {
  activities: {
    title: 'Fortegnelsen',
  },
} as const
