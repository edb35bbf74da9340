import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { createSystem } from '#contract/catalogue.ts'
import type { SheetMistake } from '#contract/sheet.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { sentMistakes } from './sheet-draft.ts'

/** A system that no feed knows of: its name and its key; the rest stands on its sheet. */
export function AddSystem(props: { onDone: (id: string) => void; onClose: () => void }) {
  const { t } = useTexts()
  const [name, setName] = useState('')
  const [key, setKey] = useState('')
  const [mistakes, setMistakes] = useState<SheetMistake[]>([])
  const [problem, setProblem] = useState<string | null>(null)
  const create = useCommand(createSystem, answer => props.onDone(answer.id))
  const suggested = name
    .toLocaleLowerCase('da')
    .replace(/æ/g, 'ae')
    .replace(/ø/g, 'oe')
    .replace(/å/g, 'aa')
    .replace(/[^\p{Ll}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
  const error = (where: string) => {
    const found = mistakes.find(one => one.where === where)
    return found && t(`catalogue.mistake.${found.code}`)
  }
  return (
    <Modal opened onClose={props.onClose} title={t('catalogue.add.title')}>
      <form
        noValidate
        onSubmit={event => {
          event.preventDefault()
          setProblem(null)
          setMistakes([])
          create.mutate(
            { body: { key: key || suggested, set: { name, status: 'planned' } } },
            {
              onError: failure => {
                const { code, errors } = problemOf(failure)
                if (code === 'data-invalid') setMistakes(sentMistakes(errors))
                else setProblem(code === 'conflict' ? t('catalogue.add.taken') : t(`problem.${code}`))
              },
            },
          )
        }}
      >
        <Stack gap={16}>
          <TextInput
            data-autofocus
            label={t('catalogue.field.name')}
            value={name}
            error={error('/name')}
            maxLength={200}
            autoComplete="off"
            onChange={event => setName(event.currentTarget.value)}
          />
          <TextInput
            label={t('catalogue.add.key')}
            description={t('catalogue.add.keyHint')}
            value={key || suggested}
            error={error('/key') ?? problem}
            maxLength={100}
            autoComplete="off"
            onChange={event => setKey(event.currentTarget.value)}
          />
          <Group gap={8}>
            <Button type="submit" loading={create.isPending}>
              {t('catalogue.add.create')}
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
