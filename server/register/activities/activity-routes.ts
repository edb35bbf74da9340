import * as contract from '#contract/activities.ts'
import type { ActivityContent } from '#contract/activity-content.ts'
import * as versions from '#contract/activity-versions.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor, can } from '../../policy/policy.ts'
import { loadVocabularies } from '../vocabulary/vocabulary-store.ts'
import { activitiesView } from './activity-list-views.ts'
import * as activities from './activity-service.ts'
import { accessView, activityPage, commentsView } from './activity-views.ts'
import * as words from './attest-service.ts'
import { loadDefaults, storeDefaults } from './attest-store.ts'
import { checkContent } from './check-content.ts'
import { hasProposed } from './decide-version.ts'
import type { OnEnding, RightsResting } from './ending.ts'
import { askedRetirement } from './retire-store.ts'
import { versionsView, versionView } from './version-views.ts'

/** What follows from other records being in force, in the transaction of the change. */
export type AfterRegister = (tx: Tx, today: string) => Promise<void>
type Parts = {
  clock: Clock
  municipality: string
  after?: readonly AfterRegister[]
  /** Of rights only those who know them can tell. */
  resting?: RightsResting
  ending?: OnEnding
}

/** The register: records, their versions and what is said about them. */
export function activityRoutes(
  routes: Routes<Actor>,
  { clock, municipality, after = [], resting, ending }: Parts,
): void {
  const followed = async (tx: Tx) => {
    for (const follow of after) await follow(tx, clock.today())
  }
  // Until somebody says otherwise the municipality is the controller, under the name that the shell shows.
  const defaultsOf = async (tx: Tx) => {
    const said = await loadDefaults(tx)
    return { ...said, controller: said.controller ?? { name: municipality, contact: null } }
  }
  const ctx = ({ tx, actor }: { tx: Tx; actor: Actor }): activities.Ctx => ({
    ...{ tx, actor, today: clock.today(), now: clock.now() },
  })
  const retirementOf = async ({ tx, actor, params }: { tx: Tx; actor: Actor; params: { activityId: string } }) => {
    const asked = await askedRetirement(tx, params.activityId)
    return (
      asked && {
        from: asked.from,
        reason: asked.reason,
        rights: asked.rights,
        own: hasProposed(actor, { ...asked, userId: asked.by }),
      }
    )
  }
  const check = async (tx: Tx, content: ActivityContent) =>
    checkContent(content, await loadVocabularies(tx), clock.today())

  routes.add(contract.listActivities, call => activitiesView(call.tx, call.actor, call.query, clock.today()))
  routes.add(contract.getActivity, async call => {
    const page = await activityPage(call.tx, call.actor, call.params.activityId, call.query, clock.today())
    const content = page.shown?.content
    return {
      ...page,
      retirement: await retirementOf(call),
      defaults: await defaultsOf(call.tx),
      remarks: content ? await check(call.tx, content) : [],
      access: await accessView(call.tx, content?.systems.map(one => one.systemId) ?? []),
    }
  })
  routes.add(versions.listVersions, call => versionsView(call.tx, call.actor, call.params.activityId, clock.today()))
  routes.add(versions.getVersion, async call => {
    const at = { ...call.params, against: call.query.against }
    const found = await versionView(call.tx, call.actor, at, clock.today())
    return { ...found, remarks: await check(call.tx, found.version.content) }
  })

  routes.add(contract.startActivity, call => activities.startActivity(ctx(call), call.body.content, call.body))
  routes.add(versions.startChange, call => activities.startChange(ctx(call), call.params.activityId, call.body.from))
  routes.add(versions.changeDraft, call => activities.changeDraft(ctx(call), call.params, call.body, check))
  routes.add(versions.proposeVersion, async call => {
    await activities.propose(ctx(call), call.params, call.body, check)
    return { activityId: call.params.activityId }
  })
  routes.add(versions.withdrawVersion, async call => {
    await activities.withdraw(ctx(call), call.params, call.body.lock)
    return { activityId: call.params.activityId }
  })
  routes.add(versions.putInForce, async call => {
    await activities.putInForce(ctx(call), call.params, call.body, ending)
    await followed(call.tx)
    return { activityId: call.params.activityId }
  })
  routes.add(versions.rejectVersion, async call => {
    await activities.reject(ctx(call), call.params, call.body)
    return { activityId: call.params.activityId }
  })
  routes.add(contract.retireActivity, async call => {
    const { activityId } = call.params
    const rights = (await resting?.(call.tx, activityId, clock.today())) ?? 0
    const { state } = await activities.retire(ctx(call), activityId, call.body, {
      rights,
      ...(ending ? { ending } : {}),
    })
    await followed(call.tx)
    return { activityId, state }
  })
  routes.add(contract.keepActivity, async call => {
    await activities.keepActivity(ctx(call), call.params.activityId)
    return { activityId: call.params.activityId }
  })

  routes.add(versions.attestActivity, async call => ({
    attestDue: await words.attest(ctx(call), call.params.activityId, call.body),
  }))
  routes.add(versions.spotCheckActivity, async call => {
    await words.spotCheck(ctx(call), call.params.activityId, call.body)
    return { activityId: call.params.activityId }
  })
  routes.add(contract.confirmActivity, async call => {
    await words.confirm(ctx(call), call.params.activityId, call.body)
    return { activityId: call.params.activityId }
  })
  routes.add(versions.listComments, call => commentsView(call.tx, call.actor, call.params.activityId, clock.today()))
  routes.add(versions.commentActivity, async call => ({
    id: await words.comment(ctx(call), call.params.activityId, call.body.text),
  }))
  routes.add(versions.adviseActivity, async call => ({
    id: await words.advise(ctx(call), call.params.activityId, call.body),
  }))
  routes.add(versions.answerAdvice, async call => {
    await words.answerAdvice(ctx(call), call.params, call.body)
    return { activityId: call.params.activityId }
  })

  routes.add(contract.getRegisterSettings, async call => ({
    defaults: await defaultsOf(call.tx),
    allowed: { change: can(call.actor, 'vocabulary.change') },
  }))
  routes.add(contract.changeRegisterSettings, async call => {
    const before = await loadDefaults(call.tx)
    await storeDefaults(call.tx, call.body)
    await audit(call.tx).write({
      actor: auditActor(call.actor),
      ...{ action: 'register.settings-changed', subjectKind: 'installation', before, after: call.body },
    })
    return call.body
  })
}
