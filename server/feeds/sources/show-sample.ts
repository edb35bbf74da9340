import type { SampleEntry as Shown } from '#contract/source-trials.ts'
import type { Json } from '../../platform/feed-record.ts'
import { maskRaw, maskText } from '../reading/mask-raw.ts'
import { isReject, type ReadItem, type SampleEntry } from '../reading/reader.ts'

const HIDDEN = '•••'
/** What says nothing of who a protected person is. */
const OPEN = new Set(['protected', 'affiliationKind', 'accountKind', 'startsOn', 'endsOn', 'fraction', 'enabled'])

/**
 * Sample entries as they may be shown: CPR numbers, contact data and secrets masked as in a rejected entry, and nothing
 * of a person whose name is protected, as far as the entry itself says so.
 */
export function shownSample(
  entries: readonly SampleEntry[],
  see: { protected: boolean; birthDates: boolean },
): Shown[] {
  return entries.map(({ at, raw, items }) => {
    const hide = !see.protected && items.some(isProtected)
    return {
      at: hide ? HIDDEN : maskText(at),
      raw: hide ? [] : lines(maskRaw(raw)),
      records: items.map(item => ({
        kind: item.kind ?? null,
        key: hide ? null : (item.key ?? null),
        attributes: isReject(item)
          ? []
          : lines(
              Object.fromEntries(
                Object.entries(item.attrs).map(([name, value]) => [
                  name,
                  (hide && !OPEN.has(name)) || (name === 'birthDate' && !see.birthDates) ? HIDDEN : value,
                ]),
              ),
            ),
        reject: isReject(item) ? { reason: item.reject, params: item.params ?? {} } : null,
      })),
    }
  })
}

const isProtected = (item: ReadItem) =>
  isReject(item) ? /^(true|1|ja|j)$/i.test(String(item.raw?.protected ?? '')) : item.attrs.protected === true

const SECRET = new Set(['cpr', 'cprHash', 'cprSealed'])
const lines = (attrs: Record<string, Json>) =>
  Object.entries(attrs)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => ({ name, value: SECRET.has(name) ? HIDDEN : maskText(show(value)) }))
const show = (value: Json): string =>
  Array.isArray(value) ? value.map(show).join(' · ') : typeof value === 'object' ? JSON.stringify(value) : String(value)
