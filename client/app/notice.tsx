import { Button, Group, Modal, Stack } from '@mantine/core'
import { useEffect, useState } from 'react'
import { confirmNotice, getNotice } from '#contract/compliance.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { needTexts, useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { OwnText } from '../ui/own-text.tsx'

/** The notice to employees, once in each version. It closes when it has been seen; that it was shown is written down. */
export function Notice() {
  const query = useCall(getNotice)
  const [spoken, setSpoken] = useState(false)
  const due = query.data?.due === true
  useEffect(() => {
    if (due) void needTexts('register')().then(() => setSpoken(true))
  }, [due])
  return due && spoken && query.data ? <Dialog notice={query.data} /> : null
}

function Dialog({ notice }: { notice: { version: number; da: string; en: string } }) {
  const { t, language } = useTexts()
  const confirm = useCommand(confirmNotice, () => announce(t('notice.noted')))
  const seen = () => confirm.mutate({ body: { version: notice.version } })
  return (
    <Modal opened onClose={seen} title={t('notice.dialogTitle')} size="lg" closeOnClickOutside={false}>
      <Stack gap={16}>
        <OwnText text={notice[language]} level={3} />
        <p className="dim">{t('notice.dialogHelp')}</p>
        <Group>
          <Button onClick={seen} loading={confirm.isPending} data-autofocus>
            {t('notice.seen')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
