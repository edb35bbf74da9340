import { Button } from '@mantine/core'
import { IconUserPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { listLocalUsers } from '#contract/local-users.ts'
import { InviteForm, type OneTime } from '../features/admin/invite-form.tsx'
import { LocalUserCard } from '../features/admin/local-user-card.tsx'
import { OneTimeLink } from '../features/admin/one-time-link.tsx'
import { useCall } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Empty } from '../ui/states.tsx'

/** Those who sign in with a user of Hjemmel itself, and the roles that are given by hand. */
export function AdminUsersPage() {
  const { t } = useTexts()
  const may = useMay()('local-role.grant')
  const query = useCall(listLocalUsers)
  const [inviting, setInviting] = useState(false)
  const [link, setLink] = useState<OneTime | null>(null)
  return (
    <Page
      title={t('users.title')}
      section={t('nav.administration')}
      lead={t('users.lead')}
      actions={
        may && (
          <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => setInviting(true)}>
            {t('users.invite')}
          </Button>
        )
      }
    >
      <Answer query={query}>
        {({ users }) =>
          users.length === 0 ? (
            <Card>
              <Empty title={t('users.none')} help={t('users.noneHelp')} />
            </Card>
          ) : (
            <div className="stack">
              {users.map(user => (
                <LocalUserCard key={user.id} user={user} may={may} onLink={setLink} />
              ))}
            </div>
          )
        }
      </Answer>
      {inviting && (
        <InviteForm
          onClose={() => setInviting(false)}
          onMade={made => {
            setInviting(false)
            setLink(made)
          }}
        />
      )}
      {link && <OneTimeLink link={link} onClose={() => setLink(null)} />}
    </Page>
  )
}
