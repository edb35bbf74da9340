import { UnstyledButton } from '@mantine/core'
import { IconArrowRight, IconInfoCircle } from '@tabler/icons-react'
import { type Session, signInDemo } from '#contract/auth.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { Status } from '../../ui/status.tsx'
import classes from './demo-users.module.css'

type DemoUser = NonNullable<Session['demo']>['users'][number]

/** One click each. Everything about it says that it is a demonstration. */
export function DemoUsers(props: { users: DemoUser[]; onSession: (session: Session) => void }) {
  const { t, language } = useTexts()
  const enter = useCommand(signInDemo, answer => props.onSession(answer))
  return (
    <section className={classes.demo} aria-labelledby="demo-title">
      <div className={classes.head}>
        <h2 id="demo-title">{t('signIn.demoTitle')}</h2>
        <Status tone="info" icon={IconInfoCircle}>
          {t('signIn.demo')}
        </Status>
      </div>
      <p className="dim">{t('signIn.demoLead')}</p>
      {enter.error && <ErrorSummary errors={[{ text: t(`problem.${problemOf(enter.error).code}`) }]} />}
      <ul className={classes.users}>
        {props.users.map(user => (
          <li key={user.username}>
            <UnstyledButton
              className={classes.user}
              data-busy={(enter.isPending && enter.variables.body?.username === user.username) || undefined}
              onClick={() => enter.mutate({ body: { username: user.username } })}
            >
              <span className={classes.role}>{t(`role.${user.role}`)}</span>
              <span className={classes.name}>
                {user.name}
                {user.title && <span className={classes.title}>, {user.title}</span>}
              </span>
              <span className={classes.look}>{user.lookAt[language]}</span>
              <IconArrowRight size={16} aria-hidden className={classes.arrow} />
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  )
}
