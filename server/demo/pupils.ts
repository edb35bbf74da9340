import { cprNumbers } from './cpr.ts'
import { schoolYear } from './dates.ts'
import { inventName } from './names.ts'
import type { DemoOrganisation } from './organisation.ts'
import type { DemoAffiliation, DemoPerson } from './people.ts'
import { random } from './random.ts'

export type DemoPupil = DemoAffiliation & { schoolClass: string; username: string }

/**
 * The pupils, class by class: 180 at the special school, the rest even over the others. The youngsters who also work
 * for the municipality come with their own CPR number, and stay two identities all the same.
 */
export function* demoPupils(
  organisation: DemoOrganisation,
  seed: string,
  today: string,
  size: number,
  youngsters: readonly DemoPerson[],
): Generator<DemoPupil> {
  const chance = random(seed, 'pupils')
  const nextCpr = cprNumbers(chance)
  const year = schoolYear(today)
  const special = organisation.schools.filter(school => school.key === 'u-326')
  const ordinary = organisation.schools.filter(school => school.key !== 'u-326')
  const waiting = [...youngsters]
  const total = 3000 * size
  let made = 0
  let left = total

  const pupil = (school: string, level: number, letter: string): DemoPupil => {
    const double = level === 9 ? waiting.shift() : undefined
    const name = double?.name ?? inventName(chance, 0.49)
    const month = String(chance.between(1, 12)).padStart(2, '0')
    const day = String(chance.between(1, 28)).padStart(2, '0')
    const birthDate = double?.birthDate ?? `${year - 6 - level}-${month}-${day}`
    const number = String(++made).padStart(6, '0')
    const person: DemoPerson = {
      key: `E${number}`,
      name,
      birthDate,
      cpr: double?.cpr ?? nextCpr(birthDate, name.female),
      email: null,
      phone: null,
      protected: chance.chance(0.002),
    }
    return {
      key: `E${number}`,
      person,
      username: `e${number}`,
      kind: 'pupil',
      employeeNo: null,
      unit: school,
      payUnit: null,
      unitOverride: null,
      position: null,
      title: null,
      fraction: null,
      startsOn: `${year - level}-08-01`,
      endsOn: null,
      primary: true,
      functions: [],
      leave: null,
      sponsor: null,
      schoolClass: `${level}.${letter}`,
      manages: false,
    }
  }

  for (const [i, school] of [...special, ...ordinary].entries()) {
    const here = school.key === 'u-326' ? 180 : Math.ceil(left / (ordinary.length - i + special.length))
    left -= here
    const letters = school.key === 'u-326' ? ['A'] : ['A', 'B', 'C']
    const classes = letters.length * 10
    for (let n = 0; n < classes; n++) {
      const heads = Math.floor(((n + 1) * here) / classes) - Math.floor((n * here) / classes)
      const level = Math.floor(n / letters.length)
      for (let k = 0; k < heads; k++) yield pupil(school.key, level, letters[n % letters.length] as string)
    }
  }
}
