import { Button, Group, Modal, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { addTerm, changeTerm, DATA_CLASSES, type VocabularyKind, type VocabularyRow } from '#contract/vocabularies.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { useTermHeading } from './use-term-heading.ts'

type FieldError = { field: string; text: string }

/** A term of our own, new or with other words. */
export function TermDialog(props: { kind: VocabularyKind; row: VocabularyRow | null; onClose: () => void }) {
  const { kind, row } = props
  const { t, language } = useTexts()
  const heading = useTermHeading()
  const [wrong, setWrong] = useState<FieldError[]>([])
  const [tries, setTries] = useState(0)
  const add = useCommand(addTerm, term => {
    announce(t('vocabulary.added', { name: language === 'da' ? term.da : term.en }))
    props.onClose()
  })
  const change = useCommand(changeTerm, () => {
    announce(t('vocabulary.saved'))
    props.onClose()
  })
  const failed = add.error ?? change.error
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (field: string) => String(form.get(field) ?? '').trim()
    const code = row?.code ?? text('code')
    const errors = [
      ...(/^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$/.test(code) ? [] : [{ field: 'code', text: t('vocabulary.codeBad') }]),
      ...(text('da') && text('en') ? [] : [{ field: text('da') ? 'en' : 'da', text: t('vocabulary.nameMissing') }]),
      ...(text('link') === '' || text('link').startsWith('https://')
        ? []
        : [{ field: 'link', text: t('vocabulary.linkHelp') }]),
    ]
    setWrong(errors)
    setTries(count => count + 1)
    if (errors.length > 0) return
    const body = {
      ...{ da: text('da'), en: text('en'), class: text('class') || (row?.class ?? null) },
      ...{ noteDa: text('noteDa') || null, noteEn: text('noteEn') || null, link: text('link') || null },
      expiresOn: text('expiresOn') || null,
    }
    if (row) change.mutate({ params: { kind, code: row.code }, body })
    else add.mutate({ params: { kind }, body: { code, ...body } })
  }
  const errorOf = (field: string) => wrong.find(one => one.field === field)?.text
  const field = (name: 'da' | 'en' | 'link', label: string, description?: string) => (
    <TextInput
      id={name}
      name={name}
      label={label}
      {...(description ? { description } : {})}
      defaultValue={row?.[name] ?? ''}
      error={errorOf(name)}
      maxLength={name === 'link' ? 500 : 200}
    />
  )
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={
        row
          ? t('vocabulary.changeOf', { name: language === 'da' ? row.da : row.en })
          : t('vocabulary.addTo', { kind: t(`vocabulary.kind.${kind}`) })
      }
    >
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <ErrorSummary
            key={`${tries}${failed ? 'x' : ''}`}
            errors={wrong.length > 0 ? wrong : failed ? [{ text: t(`problem.${problemOf(failed).code}`) }] : []}
          />
          {!row && (
            <TextInput
              id="code"
              name="code"
              data-autofocus
              label={t('vocabulary.code')}
              description={t(kind === 'adequacy' ? 'vocabulary.codeHelpCountry' : 'vocabulary.codeHelp')}
              error={errorOf('code')}
              maxLength={40}
            />
          )}
          {field('da', t('vocabulary.da'))}
          {field('en', t('vocabulary.en'))}
          {kind === 'data' && (
            <NativeSelect
              id="class"
              name="class"
              label={t('vocabulary.class')}
              defaultValue={row?.class ?? 'ordinary'}
              data={DATA_CLASSES.map(value => ({ value, label: heading({ kind, class: value }) }))}
            />
          )}
          <Textarea
            name="noteDa"
            label={t('vocabulary.noteDa')}
            defaultValue={row?.noteDa ?? ''}
            rows={2}
            maxLength={1000}
          />
          <Textarea
            name="noteEn"
            label={t('vocabulary.noteEn')}
            defaultValue={row?.noteEn ?? ''}
            rows={2}
            maxLength={1000}
          />
          {(kind === 'law' || kind === 'adequacy') && field('link', t('vocabulary.link'), t('vocabulary.linkHelp'))}
          {kind === 'adequacy' && (
            <TextInput
              type="date"
              name="expiresOn"
              label={t('vocabulary.expiresOn')}
              description={t('vocabulary.expiresHelp')}
              defaultValue={row?.expiresOn ?? ''}
            />
          )}
          <Group gap={8}>
            <Button type="submit" loading={add.isPending || change.isPending}>
              {row ? t('vocabulary.save') : t('vocabulary.add')}
            </Button>
            <Button variant="default" onClick={props.onClose}>
              {t('do.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
