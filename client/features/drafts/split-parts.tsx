import { Button, Group, Stack } from '@mantine/core'
import type { DraftChange } from '#contract/what-if-draft.ts'
import { useTexts } from '../../texts/i18n.ts'
import { ChoicePicker, type Chosen } from './choice-picker.tsx'
import classes from './draft.module.css'
import { PeoplePicker } from './people-picker.tsx'
import { Several } from './several.tsx'

/** One unit that people of the split one go to, and who. */
export type SplitPart = {
  into: Chosen | null
  titles: readonly Chosen[]
  positions: readonly Chosen[]
  people: readonly Chosen[]
}
export const EMPTY_PART: SplitPart = { into: null, titles: [], positions: [], people: [] }

type Part = Extract<DraftChange, { kind: 'unit-split' }>['parts'][number]

const who = (part: SplitPart) => part.titles.length + part.positions.length + part.people.length

export const isBegun = (part: SplitPart) => part.into !== null || who(part) > 0

/** The part as the change has it; nothing where the unit or the people are missing. */
export const readPart = (part: SplitPart): Part[] =>
  part.into === null || who(part) === 0
    ? []
    : [
        {
          into: part.into.key,
          titles: part.titles.map(one => one.name),
          ...(part.positions.length > 0 ? { positions: part.positions.map(one => one.key) } : {}),
          ...(part.people.length > 0 ? { affiliations: part.people.map(one => one.key) } : {}),
        },
      ]

/** Who goes where when a unit is split: as many units as are needed, in one change. Who is not named stays. */
export function SplitParts(props: {
  parts: readonly SplitPart[]
  made: readonly Chosen[]
  onChange: (next: readonly SplitPart[]) => void
}) {
  const { t } = useTexts()
  const { parts, onChange } = props
  const put = (at: number, next: Partial<SplitPart>) =>
    onChange(parts.map((one, place) => (place === at ? { ...one, ...next } : one)))
  return (
    <Stack gap={12}>
      <p className="meta">{t('drafts.split.help')}</p>
      {parts.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part has no name but its place
        <fieldset key={at} className={classes.part}>
          <legend>{t('drafts.split.part', { no: at + 1 })}</legend>
          <Stack gap={10}>
            <ChoicePicker
              id={`split-into-${at}`}
              kind="unit"
              label={t('drafts.field.into')}
              value={part.into}
              made={props.made}
              onChange={into => put(at, { into })}
            />
            <Several
              id={`split-titles-${at}`}
              kind="title"
              label={t('drafts.field.titles')}
              list={part.titles}
              onChange={titles => put(at, { titles })}
            />
            <Several
              id={`split-positions-${at}`}
              kind="position"
              label={t('drafts.field.positions')}
              list={part.positions}
              onChange={positions => put(at, { positions })}
            />
            <PeoplePicker list={part.people} onChange={people => put(at, { people })} />
            {parts.length > 1 && (
              <Group>
                <Button size="xs" variant="default" onClick={() => onChange(parts.filter((_, place) => place !== at))}>
                  {t('drafts.split.remove', { no: at + 1 })}
                </Button>
              </Group>
            )}
          </Stack>
        </fieldset>
      ))}
      <Group>
        <Button size="xs" variant="default" onClick={() => onChange([...parts, EMPTY_PART])}>
          {t('drafts.split.add')}
        </Button>
      </Group>
    </Stack>
  )
}
