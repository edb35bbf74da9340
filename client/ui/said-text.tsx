import type { Said } from '#contract/said.ts'
import { type Texts, useTexts } from '../texts/i18n.ts'

/** A saying of the server in the language of the screen; its English sentence only for what nobody foresaw. */
export function SaidText(props: { said?: Said | null | undefined; detail?: string | undefined }) {
  const texts = useTexts()
  const text = props.said ? saidText(texts, props.said) : ''
  return text ? <span>{text}</span> : <span lang="en">{props.detail}</span>
}

/** Empty for a code that is newer than the client. */
export function saidText({ t, date }: Texts, { code, params }: Said): string {
  const { count, day, ...rest } = params
  return t(`said.${code}`, {
    ...rest,
    ...(typeof count === 'number' ? { count } : {}),
    ...(typeof day === 'string' ? { day: date(day) } : {}),
    defaultValue: '',
  })
}
