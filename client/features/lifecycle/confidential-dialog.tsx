import { Button, Group, Modal, Stack } from '@mantine/core'
import { useState } from 'react'
import type { CasePage } from '#contract/lifecycle.ts'
import { useTexts } from '../../texts/i18n.ts'
import { WhoPicker } from '../../ui/who-picker.tsx'
import classes from './lifecycle.module.css'

/** Who may know of a report beside HR and its author, chosen by name. */
export function ConfidentialDialog(props: {
  page: Pick<CasePage, 'named'>
  busy: boolean
  error: string | null
  onClose: () => void
  /** Ids of users who are named already, and of people. */
  onConfirm: (named: string[]) => void
}) {
  const { t } = useTexts()
  const [named, setNamed] = useState(props.page.named.map(one => ({ id: one.userId, name: one.name })))
  return (
    <Modal opened onClose={props.onClose} title={t('reports.mayKnow.title')}>
      <Stack gap={16}>
        <p>{t('reports.mayKnow.help')}</p>
        <WhoPicker
          label={t('reports.mayKnow.add')}
          error={props.error ?? undefined}
          onPick={who => setNamed(old => (old.some(one => one.id === who.id) ? old : [...old, who]))}
        />
        {named.length === 0 ? (
          <p className="meta">{t('reports.mayKnow.nobody')}</p>
        ) : (
          <ul className={classes.list}>
            {named.map(one => (
              <li key={one.id}>
                <Group justify="space-between" wrap="nowrap">
                  <span>{one.name}</span>
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={t('reports.mayKnow.removeOne', { name: one.name })}
                    onClick={() => setNamed(old => old.filter(other => other.id !== one.id))}
                  >
                    {t('reports.mayKnow.remove')}
                  </Button>
                </Group>
              </li>
            ))}
          </ul>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            {t('do.cancel')}
          </Button>
          <Button loading={props.busy} onClick={() => props.onConfirm(named.map(one => one.id))}>
            {t('reports.conceal')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
