import type { FindingCode } from '#contract/findings.ts'
import type { BoundPurpose } from '#contract/purposes.ts'
import type { Block, Language, PaperDocument } from '../../platform/documents/document.ts'
import { dayWords } from '../../register/documents/record-text.ts'
import { findingWords } from './finding-words.ts'
import type { OwnData } from './own-data-view.ts'
import { type OwnDataWords, ownDataWords } from './own-data-words.ts'

/** What the JSON file has and the PDF says in words. Others by function; by name only where the adviser has weighed it. */
export function ownDataFacts(data: OwnData, language: Language) {
  const { page } = data
  const purposes = new Map(page.purposes.map(one => [one.bindingId, one]))
  const word = (kind: 'basis6' | 'basis9', code: string) => data.vocabularies[kind].get(code)?.[language] ?? code
  return {
    kind: 'hjemmel-art15',
    version: 1,
    day: data.day,
    controller: data.defaults.controller,
    dpo: data.defaults.dpo,
    person: {
      name: page.person.name,
      email: page.person.email,
      phone: page.person.phone,
      cprMasked: page.person.cprMasked,
      protected: page.person.protected,
    },
    affiliations: page.affiliations.map(one => ({
      ...{ kind: one.kind, status: one.status, unit: one.unit?.name ?? null, title: one.title },
      ...{ from: one.startsOn, to: one.endsOn, employeeNo: one.employeeNo, onLeave: one.onLeave },
      source: one.origin?.sourceName ?? null,
    })),
    accounts: page.accounts.map(one => ({
      ...{ username: one.username, source: one.sourceName, kind: one.kind, seenAt: one.seenAt, linkedBy: one.evidence },
    })),
    rights: page.systems.flatMap(({ system, rights }) =>
      rights.map(right => ({
        ...{ system: system.name, right: right.name, description: right.description, state: right.state },
        ...{ since: right.since, until: right.until, sensitivity: right.sensitivity },
        limits: right.constraints.map(one => ({ kind: one.kind, values: one.values })),
        given: right.because.map(one => ({
          by: one.grant ? one.grant.kind : 'rule',
          rule: one.grant ? null : one.ruleName,
          roles: one.rolePath.map(role => role.name),
          answers: one.ruleOwner,
          because: one.matched,
          reason: one.grant?.reason ?? null,
        })),
        seenAs: right.paths.map(path => ({ account: path.account.username, firstSeen: path.firstSeen })),
        purposes: right.purposes.flatMap(({ bindingId }) => {
          const said = purposes.get(bindingId)
          return said ? [purposeFacts(said, language, word, data.approvers.get(bindingId))] : []
        }),
      })),
    ),
    pastRights: data.pastRights,
    findings: data.findings.map(one => ({ ...one, what: findingWords[language][one.code as FindingCode] ?? one.code })),
    lookups: data.lookups,
    sources: [
      ...new Set(
        [
          ...page.affiliations.map(one => one.origin?.sourceName),
          ...page.accounts.map(one => one.sourceName),
          ...Object.values(page.person.origins).map(one => one.sourceName),
        ].filter(one => one !== undefined),
      ),
    ].sort(),
    recipients: data.recipients,
    retention: data.retention,
    transfers: [],
    automatedDecisions: 'none',
  }
}
export type OwnDataFacts = ReturnType<typeof ownDataFacts>

const purposeFacts = (
  one: BoundPurpose,
  language: Language,
  word: (kind: 'basis6' | 'basis9', code: string) => string,
  approver: string | undefined,
) => ({
  activity: `${one.activity.ref} ${one.activity.name}`,
  purpose: one.purpose.name,
  basis: [
    ...(one.art6 ? [word('basis6', one.art6)] : []),
    ...one.art9.map(code => word('basis9', code)),
    ...one.national.map(term => term[language]),
  ],
  provisions: one.provisions.map(each => [each.law, each.section].filter(Boolean).join(' ')),
  subjects: one.subjects.map(term => term[language]),
  data: one.data.map(term => term[language]),
  approvedOn: one.approvedOn,
  approvedBy: one.approvedBy && {
    ...one.approvedBy,
    ...(approver ? { name: approver } : {}),
  },
  reviewOn: one.reviewOn,
})

const copenhagen = (language: Language) => {
  const locale = language === 'da' ? 'da-DK' : 'en-GB'
  const format = new Intl.DateTimeFormat(locale, {
    ...{ timeZone: 'Europe/Copenhagen', dateStyle: 'short', timeStyle: 'short' },
  })
  return (instant: string | null): string => (instant === null ? '' : format.format(new Date(instant)))
}

export function ownDataDocument(data: OwnData, language: Language): PaperDocument {
  const words = ownDataWords[language]
  const facts = ownDataFacts(data, language)
  const moment = copenhagen(language)
  const long = dayWords(language)
  const day = (date: string | null) => (date === null ? '' : long(date.slice(0, 10)))
  const party = (who: { name: string; contact: string | null } | null) =>
    who ? [who.name, who.contact].filter(Boolean).join(', ') : words.unknown
  const table = (head: readonly string[], shares: readonly number[], rows: string[][]): Block[] =>
    rows.length === 0 ? [{ kind: 'text', text: words.none }] : [{ kind: 'table', head, shares, rows }]
  const section = (title: string, blocks: Block[]) => ({ title, blocks })
  const text = (said: string): Block => ({ kind: 'text', text: said })
  const name = facts.person.name ?? words.hidden
  return {
    language,
    title: words.title,
    about: [
      [words.person, name],
      [words.day, long(data.day)],
      [words.controller, party(data.defaults.controller)],
      [words.dpo, party(data.defaults.dpo)],
    ],
    note: data.named ? words.articleNamed : words.article,
    foot: `${words.foot}, ${long(data.day)}`,
    chapters: [
      {
        title: name,
        sections: [
          section(words.why, [text(words.whyText)]),
          section(words.master, [
            {
              kind: 'facts',
              facts: [
                [words.name, name],
                [words.email, facts.person.email ?? words.none],
                [words.phone, facts.person.phone ?? words.none],
                [words.cpr, facts.person.cprMasked ?? words.none],
              ],
            },
          ]),
          section(
            words.affiliations,
            table(
              words.affiliationHead,
              [0.26, 0.22, 0.16, 0.16, 0.2],
              facts.affiliations.map(one => [
                ...[one.unit ?? '', one.title ?? '', day(one.from), day(one.to), one.employeeNo ?? ''],
              ]),
            ),
          ),
          section(
            words.accounts,
            table(
              words.accountHead,
              [0.4, 0.35, 0.25],
              facts.accounts.map(one => [one.username, one.source, moment(one.seenAt)]),
            ),
          ),
          section(
            words.rights,
            facts.rights.length === 0
              ? [text(words.none)]
              : facts.rights.flatMap((right): Block[] => [
                  { kind: 'heading', text: `${right.system}: ${right.right}` },
                  { kind: 'facts', facts: rightFacts(right, words, day) },
                ]),
          ),
          section(
            words.pastRights,
            table(
              words.pastHead,
              [0.22, 0.28, 0.15, 0.15, 0.2],
              facts.pastRights.map(one => [
                ...[one.system, one.right, day(one.from), day(one.to)],
                one.seen ? words.seenOnly : (one.rule ?? ''),
              ]),
            ),
          ),
          section(
            words.findings,
            table(
              words.findingHead,
              [0.34, 0.26, 0.2, 0.2],
              facts.findings.map(one => [one.what, one.system ?? '', day(one.since), day(one.closed)]),
            ),
          ),
          section(
            words.lookups,
            table(
              words.lookupHead,
              [0.19, 0.25, 0.24, 0.32],
              facts.lookups.map(one => [
                moment(one.at),
                words.looked[one.what] ?? words.lookedOther,
                who(words, { ...one, function: one.byFunction, name: one.byName }),
                one.reason ?? '',
              ]),
            ),
          ),
          section(
            words.sources,
            facts.sources.length > 0 ? [{ kind: 'list', items: facts.sources }] : [text(words.none)],
          ),
          section(words.recipients, [
            text(words.recipientsText),
            ...table(
              words.recipientHead,
              [0.5, 0.5],
              facts.recipients.map(one => [one.system, one.supplier ?? '']),
            ),
            text(words.transfers),
          ]),
          section(
            words.retention,
            table(
              words.retentionHead,
              [0.7, 0.3],
              facts.retention.flatMap(({ key, amount, unit }) => {
                const what = words.keep[key]
                return what ? [[what, `${amount} ${words[unit][amount === 1 ? 0 : 1]}`]] : []
              }),
            ),
          ),
          section(words.automatic, [text(words.automaticText)]),
          section(words.yours, [text(words.yoursText)]),
        ],
      },
    ],
  }
}

/** A function as it is called, with the unit, and the name where it is to be said. */
const who = (
  words: OwnDataWords,
  { function: role, unit, name }: { function: string | null; unit: string | null; name?: string | null | undefined },
): string => [role && (words.roles[role] ?? role), unit, name].filter(Boolean).join(', ')

type Told = OwnDataFacts['rights'][number]
function rightFacts(right: Told, words: OwnDataWords, day: (date: string | null) => string): [string, string][] {
  const given = right.given.map(one =>
    one.by === 'rule'
      ? [`${words.rule} ${one.rule}`, ...one.roles.slice(-1).map(role => `${words.role} ${role}`)].join(', ')
      : [words.grants[one.by] ?? one.by, one.reason].filter(Boolean).join(': '),
  )
  const because = right.given.flatMap(one => one.because.map(fact => `${fact.field}: ${fact.value}`))
  const answers = right.given.flatMap(one => one.answers ?? [])
  const limits = right.limits.map(one => `${one.kind}: ${one.values.join(', ')}`)
  const lines = (values: readonly string[]) => [...new Set(values)].join('\n')
  return [
    [words.state, words.states[right.state] ?? right.state],
    ...(right.since ? [[words.since, day(right.since)] as [string, string]] : []),
    ...(right.until ? [[words.until, day(right.until)] as [string, string]] : []),
    ...(limits.length > 0 ? [[words.limits, lines(limits)] as [string, string]] : []),
    [words.given, lines(given) || words.seenOnly],
    ...(because.length > 0 ? [[words.because, lines(because)] as [string, string]] : []),
    ...(answers.length > 0 ? [[words.answers, lines(answers)] as [string, string]] : []),
    ...(right.purposes.length === 0
      ? [[words.purpose, words.noPurpose] as [string, string]]
      : right.purposes.flatMap((one): [string, string][] => [
          [words.activity, one.activity],
          [words.purpose, one.purpose],
          [words.basis, one.basis.join('\n') || words.unknown],
          [words.law, one.provisions.join('\n') || words.unknown],
          [words.reaches, [...one.subjects, ...one.data].join(', ') || words.unknown],
          [
            words.approved,
            [day(one.approvedOn) || words.unknown, one.approvedBy && who(words, one.approvedBy)]
              .filter(Boolean)
              .join(', '),
          ],
          ...(one.reviewOn ? [[words.review, day(one.reviewOn)] as [string, string]] : []),
        ])),
  ]
}
