/**
 * Days of work in Denmark. Pure. Holidays are those on which the law keeps shops and offices closed: New Year's Day, Maundy
 * Thursday to Easter Monday, Ascension Day, Whit Sunday and Monday, both days of Christmas; and Great Prayer Day, which was
 * one until 2023 (act 214 of 2023). Christmas Eve and Constitution Day are working days in law, and closed by agreement
 * only in some places: they count. Dates are civil, `YYYY-MM-DD`.
 */
export function holidaysOf(year: number): ReadonlySet<string> {
  const easter = easterSunday(year)
  const moving = [-3, -2, 0, 1, 39, 49, 50, ...(year <= 2023 ? [26] : [])].map(days => dateOf(easter + days))
  return new Set([...moving, ...['01-01', '12-25', '12-26'].map(day => `${year}-${day}`)])
}

/** Days of work after `from` up to and with `to`; 0 where it is the same day or earlier. */
export function workingDays(from: string, to: string): number {
  const [first, last] = [dayNumber(from), dayNumber(to)]
  if (last <= first) return 0
  let days = Math.floor((last - first) / 7) * 5
  for (let day = last - ((last - first) % 7) + 1; day <= last; day++) if (isWeekday(day)) days++
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year++)
    for (const holiday of holidaysOf(year)) if (holiday > from && holiday <= to && isWeekday(dayNumber(holiday))) days--
  return days
}

const dayNumber = (date: string) => Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000)
const dateOf = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10)
/** 1 January 1970 was a Thursday. */
const isWeekday = (day: number) => ![0, 6].includes((((day + 4) % 7) + 7) % 7)

/** Easter Sunday in the Gregorian calendar, as a day number (the method of Meeus, Jones and Butcher). */
function easterSunday(year: number): number {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100]
  const [d, e] = [Math.floor(b / 4), b % 4]
  const g = Math.floor((8 * b + 13) / 25)
  const h = (19 * a + b - d - g + 15) % 30
  const [i, k] = [Math.floor(c / 4), c % 4]
  const l = (32 + 2 * e + 2 * i - h - k) % 7
  const m = Math.floor((a + 11 * h + 19 * l) / 433)
  const month = Math.floor((h + l - 7 * m + 90) / 25)
  const day = (h + l - 7 * m + 33 * month + 19) % 32
  return dayNumber(`${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`)
}
