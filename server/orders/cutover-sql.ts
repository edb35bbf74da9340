/** SQL: the hour of the nearest unit that says one, in a path of ids from the top to the own unit; null where none does. */
export const cutoverHourSql = (column: 'starts_from_hour' | 'ends_until_hour', path: string): string =>
  `(select cut.${column} from unit_cutover cut where cut.unit_id = any(${path}) and cut.${column} is not null
     order by array_position(${path}, cut.unit_id) desc limit 1)`
