/**
 * How many ends one source may tell of within the window before a person is asked: a floor, so that a small source is not
 * asked about everybody who leaves, and a share of the people whom it tells of, so that a large one is not each month.
 */
export function endsLimit(settings: { endsFloor: number; endsPercent: number }, population: number): number {
  return Math.max(settings.endsFloor, Math.floor((population * settings.endsPercent) / 100))
}
