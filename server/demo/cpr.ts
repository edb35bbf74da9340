import type { Random } from './random.ts'

/**
 * Makes CPR numbers that look right and that nobody can have: sixty is added to the day, which is the form of
 * replacement numbers (erstatningspersonnumre). The seventh digit fits the century as CPR-kontoret lays it down
 * (0-3: 1900-1999; 4 with a year below 37: 2000-2036) and the last digit the sex. Each number is given once.
 */
export function cprNumbers(random: Random): (birthDate: string, female: boolean) => string {
  const given = new Set<string>()
  return (birthDate, female) => {
    const day = String(Number(birthDate.slice(8, 10)) + 60)
    const front = day + birthDate.slice(5, 7) + birthDate.slice(2, 4)
    for (;;) {
      const seventh = birthDate < '2000' ? random.between(0, 3) : 4
      const last = 2 * random.between(0, 4) + (female ? 0 : 1)
      const cpr = `${front}${seventh}${String(random.between(0, 99)).padStart(2, '0')}${last}`
      if (given.has(cpr)) continue
      given.add(cpr)
      return cpr
    }
  }
}
