import { addDays } from './dates.ts'

/**
 * What an agency's personnel program tells of in the fortnight, as CloudEvents in the batches in which they arrive. Among
 * them are the same event twice, a change before the hire that it is about, and one about nobody that is known.
 * `units`: numbers of units in the administrative organisation, the first of them where most of it happens.
 */
export function fortnightEvents(today: string, units: readonly string[]): unknown[][] {
  const [home = '', other = home] = units
  let minutes = 0
  const event = (name: string, subject: string, data: object) => {
    minutes += 1
    return {
      specversion: '1.0',
      id: `lindevang-${minutes}`,
      source: '/vikarbureau/ansaettelser',
      type: `dk.hjemmel.hr.${name}.v1`,
      subject,
      time: `${addDays(today, -1)}T12:${String(minutes).padStart(2, '0')}:00Z`,
      datacontenttype: 'application/json',
      data,
    }
  }
  const hired = (subject: string, [givenName, familyName, birthDate]: string[], on: number, more: object = {}) =>
    event('hired', subject, {
      effectiveDate: addDays(today, on),
      person: { key: `p-${subject}`, givenName, familyName, birthDate },
      affiliationKind: 'temp',
      unit: home,
      title: 'Pædagogmedhjælper',
      fraction: 0.8,
      endsOn: addDays(today, on + 120),
      agency: 'Lindevang Vikarservice',
      ...more,
    })
  const first = hired('v-1001', ['Oskar', 'Mølgaard', '1997-02-11'], -9)
  const second = hired('v-1002', ['Freja', 'Tranekær', '2001-12-05'], 7)
  const third = hired('v-1003', ['Ahmad', 'Saleh', '1993-08-23'], 3)
  const moved = event('transferred', 'v-1003', { effectiveDate: addDays(today, 10), unit: other })
  return [
    [first, second],
    // The program sends again when it has had no answer.
    [first],
    // A transfer overtakes the hire that it is about.
    [moved],
    [third],
    [
      event('leave-started', 'v-1001', { effectiveDate: today, endsOn: addDays(today, 14), leaveKind: 'Sygdom' }),
      event('ended', 'v-9999', { effectiveDate: addDays(today, 2) }),
      event('salary-changed', 'v-1001', { effectiveDate: today }),
    ],
  ]
}
