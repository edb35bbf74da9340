import { beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_ABSENCE, DEFAULT_GRACE } from '../../server/access/policies/access-policies.ts'
import { newId } from '../../server/platform/ids.ts'
import { daysAhead } from '../support/days.ts'
import { demoTown } from '../support/demo-town.ts'
import { endpointsOf } from '../support/house.ts'
import { signIn, signInAdministrator, Visitor, visitor } from '../support/visitors.ts'

const town = demoTown()

const ROLES = [
  'hr',
  'it',
  'systemowner',
  'manager',
  'deputy',
  'dpo',
  'auditor',
  'employee',
  'admin',
  'signed-out',
] as const
type Role = (typeof ROLES)[number]
const SEE_OTHERS = 'hr it admin dpo auditor systemowner manager deputy'
const SEE_HISTORY = 'hr it admin dpo auditor manager deputy'
const SEE_FINDINGS = 'it admin dpo auditor systemowner manager deputy'
/** The owner in the demonstration leads a unit, too. */
const REPORTS = 'hr manager deputy systemowner'
const EVERYBODY = `${SEE_OTHERS} employee`
/** Who works in a unit of the municipality: not the outsiders. */
const EMPLOYED = 'hr it dpo systemowner manager deputy employee'

type Row = {
  /** Address and body for a target that those who may call it may also see. */
  at: (world: World, role: Role) => [path: string, body?: unknown]
  /** Who gets through, and what then: 200, or what a target that is not there answers. */
  roles: string
  status?: number
  /** Others who are signed in; 403 unless said: 404 where they may not know that it is there. */
  otherwise?: number
  /** One role that gets something else, and why it does is said beside it. */
  but?: Partial<Record<Role, number>>
  /** Without sign-in; 401 unless said. */
  out?: number
}
type World = {
  person: string
  /** Another employee with another CPR number. */
  other: string
  account: string
  unit: string
  system: string
  entitlement: string
  /** A right of that system, and a group that nobody has mapped. */
  right: string
  group: string
  run: string
  source: string
  rule: string
  role: string
  entry: number
  localUser: string
  yaml: string
}
let world: World

const ACCOUNT_TYPE = {
  ...{ name: 'Konto', per: 'person', source: null, leadDays: 5, dependsOn: null, disableAfter: 0, deleteAfter: 90 },
  ...{ rules: [], userName: null },
}

/** Whoever begins and puts in force records of processing; the owner in the demonstration leads a unit, too. */
const KEEP_RECORDS = 'it admin manager deputy systemowner'
const ofVersion = (act: string) => `/activities/${newId()}/versions/${newId()}/${act}`

/** Every endpoint of the house, with who gets what. A new endpoint without a row here fails the first test. */
const LIST_READING = { columns: { account: 'Bruger', right: 'Rolle' }, everyDays: null }
const ACCESS_POLICIES = { absence: DEFAULT_ABSENCE, grace: DEFAULT_GRACE }
const MATRIX: Record<string, Row> = {
  // The session: open to all, since it is how one comes in.
  getSession: { at: () => ['/session'], roles: EVERYBODY, out: 200 },
  signInLocal: {
    at: (_, role) => ['/session/local', { username: `nobody-${role}`, password: 'wrong' }],
    roles: EVERYBODY,
    status: 401,
    out: 401,
  },
  signInDirectory: {
    at: (_, role) => ['/session/directory', { username: `nobody-${role}`, password: 'wrong' }],
    roles: EVERYBODY,
    status: 401,
    out: 401,
  },
  signInDemo: { at: () => ['/session/demo', { username: 'nobody' }], roles: EVERYBODY, status: 404, out: 404 },
  confirmTotp: { at: () => ['/session/totp', { code: '123456' }], roles: EVERYBODY, status: 401 },
  confirmRecoveryCode: { at: () => ['/session/recovery-code', { code: 'abcdefgh' }], roles: EVERYBODY, status: 401 },
  beginPasskey: { at: () => ['/session/passkey/options', {}], roles: EVERYBODY, status: 401 },
  confirmPasskey: { at: () => ['/session/passkey', { response: {} }], roles: EVERYBODY, status: 401 },
  openLink: { at: () => ['/links/open', { token: 'x'.repeat(43) }], roles: EVERYBODY, status: 410, out: 410 },
  useLink: {
    at: () => ['/links/use', { token: 'x'.repeat(43), password: 'en lang nok adgangskode' }],
    roles: EVERYBODY,
    status: 410,
    out: 410,
  },

  // One's own second factors.
  listFactors: { at: () => ['/second-factors'], roles: EVERYBODY },
  beginTotp: { at: () => ['/second-factors/totp', {}], roles: EVERYBODY },
  // A factor of somebody else is answered as a wrong code is.
  enrolTotp: { at: () => [`/second-factors/totp/${newId()}`, { code: '123456' }], roles: EVERYBODY, status: 401 },
  beginPasskeyEnrolment: { at: () => ['/second-factors/passkey/options', {}], roles: EVERYBODY },
  enrolPasskey: {
    at: () => ['/second-factors/passkey', { name: 'Nøgle', response: {} }],
    roles: EVERYBODY,
    status: 401,
  },
  // Codes recover a second factor; in the demonstration only the administrator has one.
  newRecoveryCodes: {
    at: () => ['/second-factors/recovery-codes', {}],
    roles: EVERYBODY,
    status: 401,
    but: { admin: 200 },
  },
  // Where one is signed in. In the demonstration nobody has a password but the administrator, who gives a wrong one here.
  listSessions: { at: () => ['/sessions'], roles: EVERYBODY },
  endOtherSession: { at: () => [`/sessions/${'0'.repeat(32)}`], roles: EVERYBODY, status: 404 },
  endOtherSessions: { at: () => ['/sessions/end-others', {}], roles: EVERYBODY },
  confirmIdentity: { at: () => ['/session/confirm', { password: 'wrong' }], roles: EVERYBODY, but: { admin: 401 } },
  changePassword: {
    at: () => ['/password', { current: 'wrong', next: 'en sætning med tre traktorer' }],
    roles: EVERYBODY,
    status: 404,
    but: { admin: 401 },
  },
  endSessionsOfUser: { at: () => [`/local-users/${newId()}/sessions/end`, {}], roles: 'admin', status: 404 },
  removeFactor: { at: () => [`/second-factors/${newId()}`], roles: EVERYBODY, status: 404 },

  // What personnel programs send: with a token only, whoever is signed in. What became of it is for HR.
  sendHrEvents: { at: () => ['/hr/events', {}], roles: '' },
  getHrReceipt: { at: () => [`/hr/events/${newId()}`], roles: '' },
  listHrSchemas: { at: () => ['/hr/schemas'], roles: EVERYBODY, out: 200 },
  getHrSchema: { at: () => ['/hr/schemas/dk.hjemmel.hr.hired.v1'], roles: EVERYBODY, out: 200 },
  searchInbox: { at: () => ['/lifecycle/inbox/search', {}], roles: 'hr it admin dpo auditor' },
  getInboxEvent: { at: () => [`/lifecycle/inbox/${newId()}`], roles: 'hr it admin dpo auditor', status: 404 },
  retryInboxEvent: { at: () => [`/lifecycle/inbox/${newId()}/retry`, {}], roles: 'hr', status: 404 },
  setInboxEventAside: {
    at: () => [`/lifecycle/inbox/${newId()}/set-aside`, { reason: 'sendt ved en fejl' }],
    roles: 'hr',
    status: 404,
  },
  searchSaid: { at: () => ['/lifecycle/inbox/all/search', {}], roles: 'hr it admin dpo auditor' },
  getHrSettings: { at: () => ['/lifecycle/hr-settings'], roles: 'hr it admin dpo auditor' },
  changeHrSettings: {
    at: () => [
      '/lifecycle/hr-settings',
      { settings: { hireConfirmDays: 10, endsFloor: 25, endsPercent: 1 }, reason: 'Som de var' },
    ],
    roles: 'hr',
  },
  approveInboxEvents: {
    at: () => ['/lifecycle/inbox/approve', { ids: [newId()], reason: 'de stopper alle' }],
    roles: 'hr',
    status: 404,
  },
  searchAffiliationMatches: { at: () => ['/lifecycle/matches/search', {}], roles: 'hr dpo auditor' },
  getAffiliationMatch: { at: () => [`/lifecycle/matches/${newId()}`], roles: 'hr dpo auditor', status: 404 },
  confirmAffiliationMatch: {
    at: () => [`/lifecycle/matches/${newId()}/confirm`, { reason: 'samme ansættelse' }],
    roles: 'hr',
    status: 404,
  },
  rejectAffiliationMatch: {
    at: () => [`/lifecycle/matches/${newId()}/reject`, { reason: 'to ansættelser' }],
    roles: 'hr',
    status: 404,
  },
  undoAffiliationMatch: {
    at: () => [`/lifecycle/matches/${newId()}/undo`, { reason: 'det var forkert' }],
    roles: 'hr',
    status: 404,
  },
  listTokens: { at: () => ['/tokens'], roles: 'it admin dpo auditor' },
  createToken: { at: (_, role) => ['/tokens', { name: `Løn ${role}`, rights: ['hr-event.send'] }], roles: 'it admin' },
  revokeToken: { at: () => [`/tokens/${newId()}/revoke`, { reason: 'ikke i brug' }], roles: 'it admin', status: 404 },

  // Oneself. The administrator is nobody of the municipality, and so has no own page.
  getMe: { at: () => ['/me'], roles: EVERYBODY, but: { admin: 404 } },
  getLookups: { at: () => ['/me/log'], roles: EVERYBODY },
  getDpoHome: { at: () => ['/home/dpo'], roles: 'dpo' },
  getHome: { at: () => ['/home'], roles: EVERYBODY },
  searchAll: { at: () => ['/search', { text: 'skole' }], roles: EVERYBODY },

  // An employee of the manager's unit, who has nothing in the system owner's systems.
  listPeople: { at: () => ['/people/search', {}], roles: SEE_OTHERS },
  getPerson: {
    at: ({ person }) => [`/people/${person}`],
    roles: 'hr it admin dpo auditor manager deputy',
    otherwise: 404,
  },
  getPersonTimeline: {
    at: ({ person }) => [`/people/${person}/timeline`],
    roles: 'hr it admin dpo auditor manager deputy',
    otherwise: 404,
  },
  getPersonAsOf: {
    at: ({ person }) => [`/people/${person}/as-of?valid=${town.manifest.today}`],
    roles: 'hr it admin dpo auditor manager deputy',
    otherwise: 404,
  },
  whyNot: {
    at: ({ person, entitlement }) => [`/people/${person}/why-not?entitlement=${encodeURIComponent(entitlement)}`],
    roles: 'hr it admin dpo auditor manager deputy',
    otherwise: 404,
  },
  revealCpr: { at: ({ person }) => [`/people/${person}/cpr`, { reason: 'Lønsag 2026-14' }], roles: 'hr' },

  // Searches for roles in what is held: an owner's of own systems; a run that is not there for whoever may look.
  listMiningRuns: { at: () => ['/mining/runs'], roles: 'it admin dpo auditor systemowner' },
  listMiningScopes: { at: () => ['/mining/scopes'], roles: 'it admin systemowner' },
  startMining: {
    at: () => ['/mining/runs', { scope: { kind: 'unit', id: newId() }, aim: 'few', options: {} }],
    roles: 'it admin',
    status: 404,
  },
  getMiningRun: { at: () => [`/mining/runs/${newId()}`], roles: 'it admin dpo auditor systemowner', status: 404 },
  stopMining: { at: () => [`/mining/runs/${newId()}/stop`, {}], roles: 'it admin systemowner', status: 404 },
  restartMining: { at: () => [`/mining/runs/${newId()}/restart`, {}], roles: 'it admin systemowner', status: 404 },
  getProposal: {
    at: () => [`/mining/runs/${newId()}/proposals/1`],
    roles: 'it admin dpo auditor systemowner',
    status: 404,
  },
  acceptProposal: {
    at: () => [
      `/mining/runs/${newId()}/proposals/1/accept`,
      { name: 'Rolle', purpose: 'Til det daglige', owner: 'IT' },
    ],
    roles: 'it admin',
    status: 404,
  },
  rejectProposal: {
    at: () => [`/mining/runs/${newId()}/proposals/1/reject`, { reason: 'Ikke en rolle' }],
    roles: 'it admin systemowner',
    status: 404,
  },
  undoProposal: {
    at: () => [`/mining/runs/${newId()}/proposals/1/undo`, {}],
    roles: 'it admin systemowner',
    status: 404,
  },

  // Drafts of changes: what somebody has not shared is the owner's alone, so there is none for anybody else.
  listDrafts: { at: () => ['/drafts'], roles: 'it admin dpo auditor' },
  createDraft: {
    at: () => ['/drafts', { name: 'Kladde', onDate: town.manifest.today }],
    roles: 'it admin',
  },
  listDraftChoices: { at: () => ['/drafts-choices?kind=unit&text=skole'], roles: 'it admin' },
  getDraft: { at: () => [`/drafts/${newId()}`], roles: 'it admin dpo auditor', status: 404 },
  changeDraft: {
    at: () => [
      `/drafts/${newId()}`,
      { version: 1, name: 'Kladde', note: '', onDate: town.manifest.today, changes: [] },
    ],
    roles: 'it admin',
    status: 404,
  },
  addDraftRules: {
    at: ({ yaml }) => [`/drafts/${newId()}/rules`, { version: 1, yaml: yaml.slice(0, 1000) }],
    roles: 'it admin',
    status: 404,
  },
  getDraftForm: { at: () => [`/drafts/${newId()}/form?kind=rule`], roles: 'it admin', status: 404 },
  putDraftForm: {
    at: () => [
      `/drafts/${newId()}/form`,
      {
        version: 1,
        isNew: true,
        change: { kind: 'role', form: { key: 'r', name: 'R', description: null, entitlements: [], roles: [] } },
      },
    ],
    roles: 'it admin',
    status: 404,
  },
  computeDraft: { at: () => [`/drafts/${newId()}/compute`, {}], roles: 'it admin dpo auditor', status: 404 },
  getWhatIf: { at: () => [`/drafts/${newId()}/result`], roles: 'it admin dpo auditor', status: 404 },
  searchWhatIfPeople: {
    at: () => [`/drafts/${newId()}/people/search`, {}],
    roles: 'it admin dpo auditor',
    status: 404,
  },
  exportWhatIf: {
    at: () => [`/drafts/${newId()}/export`, { format: 'csv' }],
    roles: 'it admin dpo auditor',
    status: 404,
  },
  compareDrafts: {
    at: () => [`/drafts/${newId()}/compare/${newId()}`],
    roles: 'it admin dpo auditor',
    status: 404,
  },
  shareDraft: { at: () => [`/drafts/${newId()}/share`, { shared: true }], roles: 'it admin', status: 404 },
  approveDraft: { at: () => [`/drafts/${newId()}/approve`, { hash: 'x' }], roles: 'it admin', status: 404 },
  applyDraft: { at: () => [`/drafts/${newId()}/apply`, {}], roles: 'it admin', status: 404 },
  withdrawDraft: {
    at: () => [`/drafts/${newId()}/withdraw`, { reason: 'Alligevel ikke' }],
    roles: 'it admin',
    status: 404,
  },

  getOrganisation: { at: () => ['/org'], roles: SEE_OTHERS },
  getUnit: { at: ({ unit }) => [`/org/${unit}`], roles: SEE_OTHERS },
  getOrgWorklist: { at: () => ['/org-worklist'], roles: 'hr it admin dpo' },

  listSystems: { at: () => ['/systems'], roles: SEE_OTHERS },
  getSystem: { at: ({ system }) => [`/systems/${system}`], roles: SEE_OTHERS },
  // The sheet is for whoever may see systems; it is changed by IT, and by its owner.
  getSheet: { at: ({ system }) => [`/systems/${system}/sheet`], roles: SEE_OTHERS },
  getSheetHistory: { at: ({ system }) => [`/systems/${system}/sheet/history`], roles: SEE_OTHERS },
  saveSheet: {
    at: ({ system }) => [`/systems/${system}/sheet`, { version: 0, set: {} }],
    roles: 'it admin systemowner',
    status: 409,
  },
  attestSheet: {
    at: ({ system }) => [`/systems/${system}/attest`, { version: 0 }],
    roles: 'it admin systemowner',
    status: 409,
  },
  createSystem: {
    at: () => ['/catalogue/systems', { key: 'Ikke En Nøgle', set: { name: 'x' } }],
    roles: 'it admin',
    status: 422,
  },
  previewSheets: {
    at: ({ system }) => ['/catalogue/bulk/preview', { systems: [system], set: { status: 'in-use' } }],
    roles: 'it admin systemowner',
  },
  changeSheets: {
    at: ({ system }) => ['/catalogue/bulk', { systems: [system], set: { status: 'in-use' }, hash: 'x' }],
    roles: 'it admin systemowner',
    status: 409,
  },
  undoSheets: { at: () => [`/catalogue/bulk/${newId()}/undo`, {}], roles: 'it admin systemowner', status: 404 },
  exportSystems: {
    at: () => ['/catalogue/export', { what: 'systems', format: 'csv' }],
    roles: 'it admin dpo auditor systemowner',
  },
  // A body that is no file is an empty one.
  uploadSystems: { at: () => ['/catalogue/imports?name=a.csv', {}], roles: 'it admin', status: 502 },
  planSystems: { at: () => [`/catalogue/imports/${newId()}/plan`, {}], roles: 'it admin', status: 404 },
  applySystems: { at: () => [`/catalogue/imports/${newId()}/apply`, { hash: 'x' }], roles: 'it admin', status: 404 },
  undoSystems: { at: () => [`/catalogue/imports/${newId()}/undo`, {}], roles: 'it admin', status: 404 },
  listImports: { at: () => ['/catalogue/imports'], roles: 'it admin' },
  listSavedColumns: { at: () => ['/catalogue/columns'], roles: 'it admin' },
  renameSavedColumns: {
    at: () => ['/catalogue/columns/rename', { name: 'findes ikke', to: 'andet' }],
    roles: 'it admin',
    status: 404,
  },
  deleteSavedColumns: {
    at: () => ['/catalogue/columns/delete', { name: 'findes ikke' }],
    roles: 'it admin',
    status: 404,
  },
  getSystemMap: { at: () => ['/catalogue/map'], roles: SEE_OTHERS },
  // A system's user list is kept by whoever keeps its sheet. A body that is no file is an empty one.
  // What systems are to carry out: whoever sees the people or owns the system; IT acts. Nothing is ordered in the
  // demonstration's world of this test, so each names one that is not there.
  listOwnMails: { at: () => ['/me/mails'], roles: EVERYBODY },
  setMailLanguage: { at: () => ['/me/mails/language', { language: 'en' }], roles: EVERYBODY, but: { admin: 404 } },
  listMails: { at: () => ['/mails'], roles: 'it admin' },
  sendMailAgain: { at: () => [`/mails/${newId()}/send-again`], roles: 'it admin', status: 404 },
  listOrders: { at: () => ['/orders'], roles: SEE_OTHERS },
  getOrder: { at: () => [`/orders/${newId()}`], roles: SEE_OTHERS, status: 404 },
  replayOrder: { at: () => [`/orders/${newId()}/replay`, { version: 1 }], roles: 'it admin', status: 404 },
  handOrder: {
    at: () => [`/orders/${newId()}/by-hand`, { version: 1, reason: 'Kan ikke sendes' }],
    roles: 'it admin',
    status: 404,
  },
  wakeConnector: { at: ({ system }) => [`/systems/${system}/connector/wake`, {}], roles: 'it admin', status: 404 },
  letGoOrders: {
    at: () => [`/orders/holds/${newId()}/let-go`, { open: 1, reason: 'Det er set efter' }],
    roles: 'it admin',
    status: 404,
  },
  uploadEvidence: {
    // A body that is no file is an empty one.
    at: () => [`/tasks/${newId()}/evidence?name=bilag.txt`, {}],
    roles: 'it admin systemowner manager deputy',
    status: 422,
  },
  getEvidence: { at: () => [`/tasks/${newId()}/evidence/${newId()}`], roles: SEE_OTHERS, status: 404 },
  getCutover: { at: ({ unit }) => [`/org/${unit}/cutover`], roles: SEE_OTHERS },
  saveCutover: {
    at: ({ unit }) => [`/org/${unit}/cutover`, { startsFromHour: null, endsUntilHour: 8 }],
    roles: 'hr it admin',
  },
  listEquipment: { at: () => ['/equipment'], roles: SEE_OTHERS },
  getMyEquipment: { at: () => ['/me/equipment'], roles: EVERYBODY, but: { admin: 404 } },
  saveStock: { at: () => [`/equipment/${newId()}/stock`, { owned: 3 }], roles: 'it admin', status: 404 },
  listTasks: { at: () => ['/tasks'], roles: SEE_OTHERS },
  settleTasks: {
    at: () => ['/tasks/settle', { tasks: [{ id: newId(), version: 1 }] }],
    roles: 'it admin systemowner manager deputy',
    status: 404,
  },
  confirmTask: {
    at: () => [`/tasks/${newId()}/confirm`, { version: 1, as: 'done' }],
    roles: 'it admin systemowner manager deputy',
    status: 404,
  },
  reopenTask: {
    at: () => [`/tasks/${newId()}/reopen`, { version: 1 }],
    roles: 'it admin systemowner manager deputy',
    status: 404,
  },
  getDelivery: { at: ({ system }) => [`/systems/${system}/delivery`], roles: SEE_OTHERS },
  previewRung: { at: ({ system }) => [`/systems/${system}/rung/preview`, { rung: 'observe' }], roles: 'it admin' },
  changeRung: {
    at: ({ system }) => [`/systems/${system}/rung`, { rung: 'add', reason: 'Nu skal det styres', hash: 'x' }],
    roles: 'it admin',
    status: 409,
  },
  // No such kind of connector.
  saveConnector: {
    at: ({ system }) => [`/systems/${system}/connector`, { kind: 'x', settings: {}, enabled: false, version: null }],
    roles: 'it admin',
    status: 422,
  },
  testConnector: { at: ({ system }) => [`/systems/${system}/connector/test`, {}], roles: 'it admin', status: 404 },
  previewAccountType: {
    at: ({ system }) => [
      `/systems/${system}/account-types/preview`,
      { id: null, version: null, values: { ...ACCOUNT_TYPE, key: 'looked-at' } },
    ],
    roles: 'it admin',
  },
  saveAccountType: {
    at: ({ system }, role) => [
      `/systems/${system}/account-types`,
      { id: null, version: null, values: { ...ACCOUNT_TYPE, key: `type-${role}` } },
    ],
    roles: 'it admin',
  },
  removeAccountType: {
    at: ({ system }) => [`/systems/${system}/account-types/${newId()}/remove`, { version: 1 }],
    roles: 'it admin',
    status: 409,
  },
  saveTaskWords: {
    at: ({ system }) => [`/systems/${system}/task-words`, { words: { grant: 'Ring til leverandøren' }, sample: 10 }],
    roles: 'it admin systemowner',
  },
  getUserList: { at: ({ system }) => [`/systems/${system}/user-list`], roles: SEE_OTHERS },
  uploadUserList: {
    at: ({ system }) => [`/systems/${system}/user-list/uploads?name=a.csv`, {}],
    roles: 'it admin systemowner',
    status: 502,
  },
  tryUserList: {
    at: ({ system }) => [`/systems/${system}/user-list/uploads/${newId()}/try`, LIST_READING],
    roles: 'it admin systemowner',
    status: 404,
  },
  takeUserList: {
    at: ({ system }) => [`/systems/${system}/user-list/uploads/${newId()}/take`, LIST_READING],
    roles: 'it admin systemowner',
    status: 404,
  },
  saveUserList: {
    at: ({ system }) => [`/systems/${system}/user-list`, { ...LIST_READING, columns: { account: 'A' } }],
    roles: 'it admin systemowner',
    status: 400,
    otherwise: 403,
  },
  getUserListRun: {
    at: ({ system }) => [`/systems/${system}/user-list/runs/${newId()}`],
    roles: 'it admin systemowner',
    status: 404,
  },
  nameListRight: {
    at: ({ system }) => [`/systems/${system}/user-list/names`, { name: 'x', entitlementId: null }],
    roles: 'it admin systemowner',
    status: 404,
  },
  getRightPaths: {
    at: ({ account, right }) => [`/accounts/${account}/rights/${right}/paths`],
    roles: SEE_OTHERS,
    status: 404,
  },
  // What does not fit: each sees what they may know of; IT settles all, an owner the own systems.
  // Reports about people: HR for everybody, managers for the own units. What is not there is not found.
  createCase: {
    at: () => ['/lifecycle/cases', { form: { kind: 'hire', person: { givenName: 'Kladde' } } }],
    roles: REPORTS,
  },
  saveCase: {
    at: () => [`/lifecycle/cases/${newId()}`, { version: 1, form: { kind: 'hire' } }],
    roles: REPORTS,
    status: 404,
  },
  getBoard: { at: () => ['/lifecycle/board'], roles: `${REPORTS} dpo auditor` },
  listProof: { at: () => ['/lifecycle/proof?from=2026-01-01&to=2026-02-01'], roles: SEE_OTHERS },
  getProof: { at: () => [`/lifecycle/proof/${newId()}`], roles: SEE_OTHERS, status: 404 },
  exportProof: {
    at: () => ['/lifecycle/proof/export', { from: '2026-01-01', to: '2026-02-01', format: 'xlsx' }],
    roles: SEE_OTHERS,
  },
  getLeadTimes: { at: () => ['/lifecycle/lead-times?from=2026-01-01&to=2026-02-01'], roles: 'hr dpo auditor' },
  // The owner in the demonstration leads a unit, too.
  getPersonLifecycle: {
    at: () => [`/people/${newId()}/lifecycle`],
    roles: `${SEE_HISTORY} systemowner`,
    status: 404,
  },
  getCaseValues: { at: () => [`/lifecycle/cases/${newId()}/values`], roles: `${REPORTS} dpo auditor`, status: 404 },
  getCase: { at: () => [`/lifecycle/cases/${newId()}`], roles: `${REPORTS} dpo auditor`, status: 404 },
  listCases: { at: () => ['/lifecycle/cases/search', {}], roles: `${REPORTS} dpo auditor` },
  previewCase: {
    at: () => [`/lifecycle/cases/${newId()}/preview`, {}],
    roles: `${REPORTS} dpo auditor`,
    status: 404,
  },
  prepareCase: { at: () => [`/lifecycle/cases/${newId()}/prepare`, { version: 1 }], roles: REPORTS, status: 404 },
  sendCase: { at: () => [`/lifecycle/cases/${newId()}/send`, { version: 1 }], roles: REPORTS, status: 404 },
  withdrawCase: {
    at: () => [`/lifecycle/cases/${newId()}/withdraw`, { version: 1, reason: 'Kom ikke alligevel' }],
    roles: REPORTS,
    status: 404,
  },
  copyCase: { at: () => [`/lifecycle/cases/${newId()}/copy`, {}], roles: REPORTS, status: 404 },
  concealCase: {
    at: () => [`/lifecycle/cases/${newId()}/confidential`, { version: 1, confidential: true, named: [] }],
    roles: REPORTS,
    status: 404,
  },
  releaseCase: { at: () => [`/lifecycle/cases/${newId()}/release`, { version: 1 }], roles: REPORTS, status: 404 },
  listReportedAffiliations: { at: () => ['/lifecycle/affiliations/search', { personId: newId() }], roles: REPORTS },
  listHandovers: { at: () => ['/lifecycle/handovers'], roles: `${REPORTS} it admin dpo auditor` },
  listFormerRights: { at: () => ['/lifecycle/former-rights', { personId: newId() }], roles: REPORTS },
  getReportedSubject: { at: () => [`/lifecycle/affiliations/${newId()}`], roles: REPORTS, status: 404 },
  listShifts: { at: () => ['/lifecycle/shifts'], roles: EMPLOYED },
  startShift: {
    at: () => [
      '/lifecycle/shifts',
      {
        ...{ templateId: newId(), givenName: 'Vikar', familyName: 'Nu', birthDate: '1990-01-01' },
        endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      },
    ],
    roles: REPORTS,
    status: 404,
  },
  confirmShift: { at: () => [`/lifecycle/shifts/${newId()}/confirm`, {}], roles: EMPLOYED, status: 404 },
  saveShiftTemplate: {
    at: () => ['/lifecycle/shift-templates', { unitId: newId(), title: 'Vikar', entitlementIds: [newId()] }],
    roles: REPORTS,
    status: 404,
  },
  findReported: { at: () => ['/lifecycle/people/search', { text: 'zzzqqq' }], roles: REPORTS },
  proposeRights: {
    at: world => [
      '/lifecycle/proposals',
      { kind: 'employment', unitId: world.unit, title: 'Sygeplejerske', on: null, hours: 37 },
    ],
    roles: REPORTS,
  },
  listApprovals: { at: () => ['/lifecycle/approvals'], roles: REPORTS },
  decideApproval: {
    at: () => [`/lifecycle/approvals/${newId()}`, { yes: true }],
    roles: REPORTS,
    status: 404,
  },

  // The register. Whoever leads, or owns a system, may begin a record; the DPO advises and changes nothing.
  // The words of the register and what records begin from.
  getVocabularies: { at: () => ['/vocabularies'], roles: SEE_OTHERS },
  listVocabulary: { at: () => ['/vocabularies/data'], roles: SEE_OTHERS },
  addTerm: {
    // A term that is there already: nothing is left behind by who may.
    at: () => [
      '/vocabularies/data',
      { code: 'HEA', da: 'A', en: 'A', class: 'ordinary', noteDa: null, noteEn: null, link: null, expiresOn: null },
    ],
    ...{ roles: 'it admin', status: 409 },
  },
  changeTerm: {
    at: () => [
      '/vocabularies/data/NOPE',
      { da: 'A', en: 'A', class: 'ordinary', noteDa: null, noteEn: null, link: null, expiresOn: null },
    ],
    ...{ roles: 'it admin', status: 404 },
  },
  retireTerm: { at: () => ['/vocabularies/data/NOPE/retired', { retired: true }], roles: 'it admin', status: 404 },
  checkTerm: { at: () => ['/vocabularies/data/NOPE/checked', { expiresOn: null }], roles: 'it admin', status: 404 },
  listPackages: { at: () => ['/packages'], roles: 'it admin dpo auditor' },
  previewPackage: {
    at: () => ['/packages/preview', { unit: newId(), day: '2026-01-01', leaversFrom: '2025-01-01' }],
    roles: 'it admin dpo auditor',
    status: 404,
  },
  makePackage: {
    at: () => [
      '/packages',
      { unit: newId(), day: '2026-01-01', leaversFrom: '2025-01-01', reason: 'Datatilsynet spørger' },
    ],
    roles: 'it admin dpo auditor',
    status: 404,
  },
  getPackage: { at: () => [`/packages/${newId()}`], roles: 'it admin dpo auditor', status: 404 },
  getPackagePart: { at: () => [`/packages/${newId()}/parts/0`], roles: 'it admin dpo auditor', status: 404 },
  exportSystemRights: {
    at: () => [`/systems/${newId()}/rights-file`, { day: '2026-01-01' }],
    roles: `${SEE_HISTORY} systemowner`,
    status: 404,
  },
  exportSystemsData: { at: () => ['/register/systems-file?asOf=2020-01-01'], roles: SEE_OTHERS },
  exportMyData: { at: () => ['/me/data-file', { format: 'json' }], roles: EMPLOYED },
  exportPersonData: {
    at: () => [`/people/${newId()}/data-file`, { format: 'json', reason: 'Anmodning om indsigt' }],
    roles: 'hr dpo',
    status: 404,
  },
  makeRegisterDocument: { at: () => ['/register/document?format=pdf&area=-'], roles: SEE_OTHERS },
  // The product's own compliance: IT says how long, the adviser lets go what is due, HR and the adviser hold what must stay.
  getRetention: { at: () => ['/compliance/retention'], roles: 'hr it admin dpo auditor' },
  previewRetention: {
    at: () => ['/compliance/retention/preview', { rows: ['contact'] }],
    roles: 'hr it admin dpo auditor',
  },
  changeRetention: {
    at: () => ['/compliance/retention/nothing', {}],
    ...{ roles: 'it admin', status: 400 },
  },
  startRetention: {
    at: () => ['/compliance/retention/runs', { rows: ['exports'], reason: 'Årlig oprydning' }],
    roles: 'it admin dpo',
  },
  decideRetention: {
    at: () => [`/compliance/retention/runs/${newId()}/decision`, { yes: true, reason: 'Det er i orden' }],
    ...{ roles: 'it admin dpo', status: 404 },
  },
  listHolds: { at: () => ['/compliance/holds'], roles: 'hr dpo' },
  placeHold: {
    at: () => [
      '/compliance/holds',
      { kind: 'case', subjectId: newId(), ownerId: newId(), expiresOn: daysAhead(30), reason: 'Retssag' },
    ],
    ...{ roles: 'hr dpo', status: 404 },
  },
  changeHold: {
    at: () => [`/compliance/holds/${newId()}`, { expiresOn: null, reason: 'Sagen er slut' }],
    ...{ roles: 'hr dpo', status: 404 },
  },
  listComplianceTexts: { at: () => ['/compliance/texts'], roles: 'hr it admin dpo auditor' },
  publishComplianceText: {
    at: () => ['/compliance/texts/dpia', { da: 'x'.repeat(60), en: 'x'.repeat(60), reason: 'Ny udgave', version: 999 }],
    ...{ roles: 'it admin', status: 409 },
  },
  makeComplianceDocument: {
    at: () => ['/compliance/text-document?kind=dpia&format=pdf'],
    roles: 'hr it admin dpo auditor',
  },
  makeNoticeDocument: { at: () => ['/me/notice/document?format=docx'], roles: EVERYBODY },
  getNotice: { at: () => ['/me/notice'], roles: EVERYBODY },
  confirmNotice: { at: () => ['/me/notice', { version: 999 }], roles: EMPLOYED, status: 409 },
  getNoticeStanding: { at: () => ['/compliance/notice'], roles: 'hr it admin dpo auditor' },
  listNotTold: { at: () => ['/compliance/notice/not-told'], roles: 'hr dpo' },
  recordPaper: {
    at: ({ person }) => ['/compliance/notice/paper', { version: 999, people: [person] }],
    ...{ roles: 'hr', status: 409 },
  },
  listLookupSamples: { at: () => ['/compliance/samples'], roles: 'admin dpo auditor' },
  answerLookupSample: {
    at: () => ['/compliance/samples/999999999', { answer: 'work', note: '' }],
    ...{ roles: 'admin dpo', status: 404 },
  },
  getKle: { at: () => ['/kle'], roles: SEE_OTHERS },
  uploadKle: { at: () => ['/kle/uploads?name=a.xml', {}], roles: 'it admin', status: 502 },
  getKleRetention: { at: () => ['/kle/retention?kle=29.18,27'], roles: SEE_OTHERS },
  listCatalogueActivities: { at: () => ['/catalogue/activities'], roles: SEE_OTHERS },
  getCatalogueActivity: { at: () => ['/catalogue/activities/breaches'], roles: SEE_OTHERS },
  adoptActivities: { at: () => ['/catalogue/adopted', { keys: ['nope'] }], roles: KEEP_RECORDS, status: 404 },
  listActivities: { at: () => ['/activities'], roles: SEE_OTHERS },
  getActivity: { at: () => [`/activities/${newId()}`], roles: SEE_OTHERS, status: 404 },
  listActivityVersions: { at: () => [`/activities/${newId()}/versions`], roles: SEE_OTHERS, status: 404 },
  getActivityVersion: { at: () => [`/activities/${newId()}/versions/${newId()}`], roles: SEE_OTHERS, status: 404 },
  listActivityComments: { at: () => [`/activities/${newId()}/comments`], roles: SEE_OTHERS, status: 404 },
  startActivity: {
    at: () => ['/activities', { content: { kind: 'controller', name: 'Ny', area: 'Ny', units: [newId()] } }],
    roles: KEEP_RECORDS,
    status: 422,
  },
  startActivityChange: { at: () => [`/activities/${newId()}/versions`, {}], roles: KEEP_RECORDS, status: 404 },
  changeActivityDraft: {
    at: () => [
      `/activities/${newId()}/versions/${newId()}`,
      { content: { kind: 'controller', name: 'Ny', area: 'Ny' }, summary: null, lock: 1 },
    ],
    roles: KEEP_RECORDS,
    status: 404,
  },
  proposeActivityVersion: {
    at: () => [ofVersion('proposed'), { summary: 'Ny', effectiveOn: '2026-01-01', lock: 1 }],
    roles: KEEP_RECORDS,
    status: 404,
  },
  withdrawActivityVersion: { at: () => [ofVersion('withdrawn'), { lock: 1 }], roles: KEEP_RECORDS, status: 404 },
  putActivityInForce: {
    at: () => [ofVersion('in-force'), { effectiveOn: '2026-01-01', reason: null, lock: 1 }],
    roles: KEEP_RECORDS,
    status: 404,
  },
  rejectActivityVersion: {
    at: () => [ofVersion('rejected'), { reason: 'Kun en prøve', lock: 1 }],
    roles: KEEP_RECORDS,
    status: 404,
  },
  retireActivity: {
    at: () => [`/activities/${newId()}/retired`, { from: '2026-01-01', reason: 'Kun en prøve' }],
    roles: KEEP_RECORDS,
    status: 404,
  },
  keepActivity: { at: () => [`/activities/${newId()}/kept`, {}], roles: KEEP_RECORDS, status: 404 },
  confirmActivity: {
    at: () => [`/activities/${newId()}/confirmed`, { confirmed: true, note: 'Kun en prøve' }],
    roles: KEEP_RECORDS,
    status: 404,
  },
  attestActivity: {
    at: () => [`/activities/${newId()}/attestations`, { versionId: newId(), note: null }],
    roles: KEEP_RECORDS,
    status: 404,
  },
  spotCheckActivity: {
    at: () => [`/activities/${newId()}/spot-checks`, { versionId: newId(), asItIs: true, note: 'Kun en prøve' }],
    roles: 'dpo',
    status: 404,
  },
  commentActivity: { at: () => [`/activities/${newId()}/comments`, { text: 'Nej' }], roles: KEEP_RECORDS, status: 404 },
  adviseActivity: {
    at: () => [`/activities/${newId()}/advice`, { text: 'Nej', followUpOn: null }],
    roles: 'dpo',
    status: 404,
  },
  answerActivityAdvice: {
    at: () => [`/activities/${newId()}/advice/${newId()}/answer`, { answer: 'followed', note: 'Kun en prøve' }],
    roles: KEEP_RECORDS,
    status: 404,
  },
  exportRegister: { at: () => ['/register/export', { what: 'template' }], roles: SEE_OTHERS },
  // A body that is no file is an empty one.
  uploadRegister: { at: () => ['/register/imports?name=a.csv', {}], roles: KEEP_RECORDS, status: 502 },
  planRegister: { at: () => [`/register/imports/${newId()}/plan`, {}], roles: KEEP_RECORDS, status: 404 },
  applyRegister: { at: () => [`/register/imports/${newId()}/apply`, { hash: 'x' }], roles: KEEP_RECORDS, status: 404 },
  undoRegister: { at: () => [`/register/imports/${newId()}/undo`, {}], roles: KEEP_RECORDS, status: 404 },
  listRegisterImports: { at: () => ['/register/imports'], roles: KEEP_RECORDS },
  listRegisterColumns: { at: () => ['/register/columns'], roles: KEEP_RECORDS },
  renameRegisterColumns: {
    at: () => ['/register/columns/rename', { name: 'findes ikke', to: 'andet' }],
    roles: KEEP_RECORDS,
    status: 404,
  },
  deleteRegisterColumns: {
    at: () => ['/register/columns/delete', { name: 'findes ikke' }],
    roles: KEEP_RECORDS,
    status: 404,
  },
  getRegisterSettings: { at: () => ['/register/settings'], roles: SEE_OTHERS },
  changeRegisterSettings: {
    at: () => ['/register/settings', { controller: null, dpo: null, representative: null }],
    roles: 'it admin',
  },
  // Emergency locks: HR of employees, IT of all; whoever reads the log reads them. Nobody here is really locked.
  listLocks: { at: () => ['/locks'], roles: 'hr it admin dpo auditor' },
  getPersonLock: { at: ({ other }) => [`/people/${other}/lock`], roles: 'hr it admin dpo auditor' },
  lockPerson: {
    at: ({ other }) => [`/people/${other}/lock`, { birthDate: '1900-01-01', reason: 'Kun en prøve' }],
    roles: 'hr it admin',
    status: 422,
  },
  releaseLock: {
    at: () => [`/locks/${newId()}/release`, { reason: 'Kun en prøve' }],
    roles: 'hr it admin',
    status: 404,
  },
  addOnCall: {
    at: ({ other }) => [
      '/locks/on-call',
      { personId: other, startsAt: '2020-01-02T00:00:00Z', endsAt: '2020-01-01T00:00:00Z' },
    ],
    roles: 'hr it admin',
    status: 422,
  },
  endOnCall: { at: () => [`/locks/on-call/${newId()}/end`, {}], roles: 'hr it admin', status: 404 },
  getAccessPolicies: { at: () => ['/access-policies'], roles: 'hr it admin dpo auditor' },
  previewAccessPolicies: { at: () => ['/access-policies/preview', ACCESS_POLICIES], roles: 'it admin' },
  changeAccessPolicies: {
    at: () => ['/access-policies', { policies: ACCESS_POLICIES, reason: 'Som de var' }],
    roles: 'it admin',
  },
  // The owner in the demonstration leads a unit, too.
  giveEmergencyAccess: {
    at: () => [
      '/grants/emergency',
      { affiliationId: newId(), entitlementId: newId(), hours: 1, reason: 'Kun en prøve' },
    ],
    roles: 'it admin manager deputy systemowner',
    status: 404,
  },
  endEmergencyAccess: {
    at: () => [`/grants/${newId()}/end`, { reason: 'Kun en prøve' }],
    roles: 'it admin manager deputy systemowner',
    status: 404,
  },
  listEmergencyChecks: { at: () => ['/grants/emergency'], roles: 'it admin manager deputy systemowner' },
  checkEmergencyAccess: {
    at: () => [`/grants/${newId()}/check`, { note: 'Kun en prøve' }],
    roles: 'it admin manager deputy systemowner',
    status: 404,
  },
  listGrace: { at: () => ['/grants/grace'], roles: SEE_OTHERS },
  listFindingGroups: { at: () => ['/findings/groups', {}], roles: SEE_FINDINGS },
  listFindings: { at: () => ['/findings/search', {}], roles: SEE_FINDINGS },
  getFinding: { at: () => [`/findings/${newId()}`], roles: SEE_FINDINGS, status: 404 },
  listDecisions: { at: () => ['/findings/decisions'], roles: 'it admin systemowner manager deputy' },
  listRemovals: { at: () => ['/findings/removals', {}], roles: SEE_FINDINGS },
  getFindingTrend: { at: () => ['/findings/trend'], roles: SEE_FINDINGS },
  getFindingSettings: { at: () => ['/findings/settings'], roles: SEE_FINDINGS },
  previewSettle: {
    at: () => ['/findings/settle-preview', { action: 'removal', choice: { ids: [newId()] } }],
    roles: 'it admin systemowner manager deputy',
  },
  settleFindings: {
    at: () => [
      '/findings/settle',
      { action: 'removal', choice: { ids: [newId()] }, reason: 'Aftalt i dag', hash: 'of another choice' },
    ],
    roles: 'it admin systemowner manager deputy',
    status: 409,
  },
  listSettlers: {
    at: () => ['/findings/settlers', { choice: { ids: [newId()] } }],
    roles: 'it admin systemowner manager deputy',
  },
  assignFindings: {
    at: () => ['/findings/assign', { choice: { ids: [newId()] }, personId: null }],
    roles: 'it admin systemowner manager deputy',
    status: 409,
  },
  undoSettle: {
    at: () => [`/findings/settle/${newId()}/undo`, {}],
    roles: 'it admin systemowner manager deputy',
    status: 404,
  },
  changeFindingSwitch: {
    at: () => ['/findings/settings/switch', { code: 'missing', area: null, mode: 'counted' }],
    roles: 'it admin',
  },
  recordFindingNotice: {
    at: () => [
      '/findings/settings/notice',
      { discussedOn: '2026-01-10', toldOn: '2026-01-20', reference: 'MED 1/2026, punkt 4' },
    ],
    roles: 'it admin',
  },
  withdrawFindingNotice: { at: () => ['/findings/settings/notice'], roles: 'it admin' },
  getSystemHolders: { at: ({ system }) => [`/systems/${system}/holders`], roles: SEE_OTHERS },
  listAccounts: { at: () => ['/accounts/search', {}], roles: SEE_OTHERS },

  listRules: { at: () => ['/rules'], roles: 'hr it admin dpo auditor' },
  getRule: { at: ({ rule }) => [`/rules/${encodeURIComponent(rule)}`], roles: 'hr it admin dpo auditor' },
  listRoles: { at: () => ['/roles'], roles: 'hr it admin dpo auditor' },
  getRole: { at: ({ role }) => [`/roles/${encodeURIComponent(role)}`], roles: 'hr it admin dpo auditor' },
  listMappings: { at: () => ['/group-mappings'], roles: 'hr it admin dpo auditor' },
  listMappingConflicts: { at: () => ['/group-mappings/conflicts'], roles: 'hr it admin dpo auditor' },
  // Owners see and decide groups that are proposed for their own systems; patterns are for IT.
  searchGroups: { at: () => ['/group-mappings/groups/search', {}], roles: 'it admin dpo auditor systemowner' },
  getGroupCase: {
    at: ({ group }) => [`/group-mappings/groups/${group}`],
    roles: 'it admin dpo auditor systemowner',
    but: { systemowner: 404 },
  },
  previewPattern: {
    at: () => ['/group-mappings/pattern', { source: 'ad', pattern: 'APP_*' }],
    roles: 'it admin',
  },
  searchReach: { at: () => ['/reach/search', {}], roles: SEE_OTHERS },
  searchReachRows: { at: ({ system }) => ['/reach/rows/search', { system, limit: 1 }], roles: SEE_OTHERS },
  getReachTrend: { at: () => ['/reach/trend/search', {}], roles: SEE_OTHERS },
  getReachFlow: { at: () => ['/reach/flow/search', {}], roles: SEE_OTHERS },
  getPersonReach: {
    at: ({ person }) => [`/people/${person}/reach`],
    roles: 'hr it admin dpo auditor manager deputy',
    otherwise: 404,
    but: { employee: 403 },
  },
  getActivityReach: { at: () => [`/activities/${newId()}/reach`], roles: SEE_OTHERS, status: 404 },
  getSystemRegister: { at: ({ system }) => [`/systems/${system}/register`], roles: SEE_OTHERS },
  searchBindings: { at: () => ['/bindings/search', {}], roles: 'it admin dpo auditor systemowner' },
  getCoverage: { at: () => ['/bindings/coverage'], roles: 'it admin dpo auditor systemowner' },
  getWholeCoverage: {
    at: () => ['/register/coverage'],
    roles: 'hr it admin dpo auditor systemowner manager deputy',
  },
  searchProposals: { at: () => ['/bindings/proposals/search', {}], roles: 'it admin dpo auditor systemowner' },
  // A system that is not there: what may be said of which system, the service decides.
  makeBinding: {
    at: () => [
      '/bindings',
      {
        object: { level: 'system', systemId: newId() },
        ...{ activityId: newId(), purposeKey: 'main', necessity: 'Sagsbehandlere skriver i sagerne.' },
      },
    ],
    roles: 'it admin systemowner',
    status: 404,
  },
  changeBinding: {
    at: () => [
      `/bindings/${newId()}`,
      { activityId: newId(), purposeKey: 'main', necessity: 'Sagsbehandlere skriver i sagerne.' },
    ],
    roles: 'it admin systemowner',
    status: 404,
  },
  confirmBinding: { at: () => [`/bindings/${newId()}/confirm`, {}], roles: 'it admin systemowner', status: 404 },
  approveBinding: { at: () => [`/bindings/${newId()}/approve`, {}], roles: 'it admin systemowner', status: 404 },
  endBinding: {
    at: () => [`/bindings/${newId()}/end`, { reason: 'opgaven er flyttet' }],
    roles: 'it admin systemowner',
    status: 404,
  },
  decideProposals: {
    at: () => [
      '/bindings/proposals/decide',
      { decisions: [{ action: 'accept', key: `system:${newId()}:${newId()}` }] },
    ],
    roles: 'it admin systemowner',
    status: 409,
  },
  undoBindings: { at: () => [`/bindings/batches/${newId()}/undo`, {}], roles: 'it admin systemowner', status: 404 },
  // What is about nobody's own self, and what is not there: which ones, the record decides.
  listOwnRectifications: { at: () => ['/me/rectifications'], roles: EMPLOYED },
  askRectification: {
    at: () => [
      '/me/rectifications',
      { object: { about: 'account', accountId: newId() }, words: 'Det er ikke min konto' },
    ],
    roles: EMPLOYED,
    status: 404,
  },
  seeRectifications: { at: () => ['/me/rectifications/seen', {}], roles: EMPLOYED },
  listRectifications: { at: () => ['/rectifications'], roles: 'hr it admin dpo auditor systemowner' },
  answerRectification: {
    at: () => [`/rectifications/${newId()}/answer`, { outcome: 'corrected', answer: 'Titlen er rettet.' }],
    roles: 'hr it admin systemowner',
    status: 404,
  },
  getStrictMode: { at: ({ system }) => [`/systems/${system}/strict`], roles: 'it admin dpo auditor systemowner' },
  // A system that is not there: nobody is held back by a test.
  setStrictMode: {
    at: () => [`/systems/${newId()}/strict`, { on: true, reason: 'kun en prøve' }],
    roles: 'it admin systemowner',
    status: 404,
  },
  listPurposePlans: { at: () => ['/purpose-plans'], roles: 'it admin dpo auditor systemowner' },
  decidePurposePlan: {
    at: () => [
      `/purpose-plans/${newId()}/decide`,
      { decisions: [{ choice: 'take-away', entitlementId: newId(), reason: 'opgaven er slut' }] },
    ],
    roles: 'it admin systemowner',
    status: 404,
  },
  listSystemRecords: { at: ({ system }) => [`/systems/${system}/records`], roles: SEE_OTHERS },
  addSystemRecord: {
    at: () => [`/systems/${newId()}/records`, { kind: 'dpia', onDay: '2026-01-05', reference: 'Sag 1' }],
    roles: 'it admin systemowner',
    status: 404,
  },
  endSystemRecord: {
    at: () => [`/systems/${newId()}/records/${newId()}/end`, { on: '2026-01-05', reason: 'aftalen er opsagt' }],
    roles: 'it admin systemowner',
    status: 404,
  },
  listActivityRecords: { at: () => [`/activities/${newId()}/records`], roles: SEE_OTHERS, status: 404 },
  addActivityRecord: {
    at: () => [`/activities/${newId()}/records`, { kind: 'dpia', onDay: '2026-01-05', reference: 'Sag 1' }],
    roles: 'it admin systemowner manager deputy',
    status: 404,
  },
  endActivityRecord: {
    at: () => [`/activities/${newId()}/records/${newId()}/end`, { on: '2026-01-05', reason: 'aftalen er opsagt' }],
    roles: 'it admin systemowner manager deputy',
    status: 404,
  },
  getRecordKeeping: { at: () => ['/records/keeping'], roles: SEE_OTHERS },
  changeRecordKeeping: { at: () => ['/records/keeping', { kind: 'dpia', kept: false }], roles: 'it admin' },
  previewRecordImport: {
    at: () => ['/records/imports/preview?name=a.csv', {}],
    roles: 'it admin systemowner',
    status: 502,
  },
  importRecords: { at: () => ['/records/imports?name=a.csv', {}], roles: 'it admin systemowner', status: 502 },
  previewMappings: {
    at: ({ group }) => [
      '/group-mappings/changes/preview',
      { steps: [{ do: 'not-right', group, reason: 'postliste' }] },
    ],
    roles: 'it admin',
  },
  changeMappings: {
    at: ({ group }) => [
      '/group-mappings/changes',
      { steps: [{ do: 'not-right', group, reason: 'postliste' }], hash: 'of another preview' },
    ],
    roles: 'it admin',
    status: 409,
  },
  undoMappingChange: {
    at: () => [`/group-mappings/changes/${newId()}/undo`, {}],
    roles: 'it admin systemowner',
    status: 404,
  },
  approveMappingChange: {
    at: () => [`/group-mappings/changes/${newId()}/approve`, {}],
    roles: 'it admin systemowner',
    status: 404,
  },
  rejectMappingChange: {
    at: () => [`/group-mappings/changes/${newId()}/reject`, { reason: 'skal ikke ske' }],
    roles: 'it admin systemowner',
    status: 404,
  },
  listMappingChanges: { at: () => ['/group-mappings/changes'], roles: 'it admin dpo auditor systemowner' },
  listEntitlements: { at: () => ['/entitlements'], roles: SEE_OTHERS },
  getEntitlement: { at: ({ right }) => [`/entitlements/${right}`], roles: SEE_OTHERS },
  // The right is one of the owner's own system; it has changed since.
  changeEntitlement: {
    at: ({ right }) => [`/entitlements/${right}`, { stamp: 'old', reason: 'bedre ord', values: {} }],
    roles: 'it admin systemowner',
    status: 409,
  },
  releaseEntitlement: {
    at: ({ right }) => [`/entitlements/${right}/release`, { stamp: 'old', reason: 'bedre ord', attributes: ['name'] }],
    roles: 'it admin systemowner',
    status: 409,
  },
  createEntitlement: {
    at: ({ system }) => [`/systems/${system}/entitlements`, { key: 'a*b', name: 'Ny', reason: 'mangler her' }],
    roles: 'it admin systemowner',
    status: 422,
  },
  retireEntitlement: {
    at: ({ right }) => [`/entitlements/${right}/retire`, { stamp: 'old', reason: 'bruges ikke' }],
    roles: 'it admin systemowner',
    status: 409,
  },
  restoreEntitlement: {
    at: ({ right }) => [`/entitlements/${right}/restore`, { stamp: 'old', reason: 'bruges igen' }],
    roles: 'it admin systemowner',
    status: 409,
  },
  exportRules: { at: () => ['/rules-export'], roles: 'hr it admin dpo auditor' },
  listRulesChanges: { at: () => ['/rules-changes'], roles: 'hr it admin dpo auditor' },
  previewRules: { at: ({ yaml }) => ['/rules/preview', { yaml }], roles: 'it admin' },
  importRules: {
    at: ({ yaml }) => ['/rules/import', { yaml, hash: 'of another text' }],
    roles: 'it admin',
    status: 409,
  },
  // Writing rules on the screen. An empty form is refused for what it lacks, a draft without one is not there.
  getRuleVocabulary: { at: () => ['/rule-desk/vocabulary'], roles: 'it admin' },
  searchGrantable: { at: () => ['/rule-desk/grantable', { text: 'læs' }], roles: 'it admin' },
  getRuleForm: { at: ({ rule }) => [`/rules/${encodeURIComponent(rule)}/form`], roles: 'it admin' },
  getNewRule: { at: () => ['/rule-desk/new'], roles: 'it admin' },
  getRoleForm: { at: ({ role }) => [`/roles/${encodeURIComponent(role)}/form`], roles: 'it admin' },
  readRuleForm: { at: () => ['/rule-desk/form-of', { rule: {} }], roles: 'it admin', status: 422 },
  writeRuleForm: {
    at: () => ['/rule-desk/rules-of', { change: { kind: 'remove-role', key: 'ingen' }, version: null }],
    roles: 'it admin',
    status: 404,
  },
  catchRule: {
    at: () => ['/rule-desk/catch', { conditions: { field: 'kind', op: 'in', values: ['elected'] } }],
    roles: 'it admin',
  },
  previewDesk: {
    at: () => ['/rule-desk/preview', { change: { kind: 'remove-role', key: 'ingen' }, version: null }],
    roles: 'it admin',
    status: 404,
  },
  exportDeskPreview: {
    at: () => ['/rule-desk/preview-export', { change: { kind: 'remove-role', key: 'ingen' }, version: null }],
    roles: 'it admin',
    status: 404,
  },
  saveDesk: {
    at: () => [
      '/rule-desk/save',
      { change: { kind: 'remove-role', key: 'ingen' }, version: null, hash: 'x', reason: 'En prøve' },
    ],
    roles: 'it admin',
    status: 404,
  },
  listDeskDrafts: { at: () => ['/rule-desk/drafts'], roles: 'hr it admin dpo auditor' },
  keepDeskDraft: {
    at: () => ['/rule-desk/drafts', { change: { kind: 'remove-role', key: 'ingen' }, version: null }],
    roles: 'it admin',
    status: 422,
  },
  dropDeskDraft: { at: () => ['/rule-desk/drafts/rule/ingen'], roles: 'it admin', status: 404 },
  listRuleFindings: { at: () => ['/rule-desk/findings'], roles: 'hr it admin dpo auditor' },
  getRuleHistory: {
    at: ({ rule }) => [`/rule-desk/history/rule/${encodeURIComponent(rule)}`],
    roles: 'hr it admin dpo auditor',
  },
  getRuleReach: {
    at: ({ rule }) => [`/rule-desk/reach/${encodeURIComponent(rule)}`],
    roles: 'hr it admin dpo auditor',
  },
  getRoleTree: {
    at: ({ role }) => [`/rule-desk/role-tree/${encodeURIComponent(role)}`],
    roles: 'hr it admin dpo auditor',
  },
  approveRules: { at: () => [`/rules/plans/${newId()}/approve`, {}], roles: 'it admin', status: 404 },

  listSources: { at: () => ['/sources'], roles: 'hr it admin dpo auditor' },
  listRuns: { at: () => ['/runs'], roles: 'hr it admin dpo auditor' },
  listWatched: { at: () => ['/drop-folders'], roles: 'hr it admin dpo auditor' },
  listDrops: { at: () => ['/drops'], roles: 'hr it admin dpo auditor' },
  getRun: { at: ({ run }) => [`/runs/${run}`], roles: 'hr it admin dpo auditor' },
  searchPlan: { at: ({ run }) => [`/runs/${run}/plan`, {}], roles: 'hr it admin dpo auditor' },
  listRejects: { at: ({ run }) => [`/runs/${run}/rejects`], roles: 'hr it admin dpo auditor' },
  getSource: { at: ({ source }) => [`/sources/${source}`], roles: 'it admin dpo auditor' },
  listSourceVersions: { at: ({ source }) => [`/sources/${source}/versions`], roles: 'it admin dpo auditor' },
  exportSources: { at: ({ source }) => [`/sources-export?key=${source}`], roles: 'it admin dpo auditor' },
  getSourceOptions: { at: () => ['/source-options'], roles: 'it admin' },
  validateSource: { at: () => ['/sources-validate', { declaration: {} }], roles: 'it admin' },
  createSource: { at: () => ['/sources', { declaration: {} }], roles: 'it admin', status: 422 },
  // What the sources file declares is read-only here, for everybody.
  changeSource: {
    at: ({ source }) => [`/sources/${source}`, { declaration: {}, version: 1 }],
    roles: 'it admin',
    status: 409,
  },
  retireSource: {
    at: ({ source }) => [`/sources/${source}/retire`, { version: 1, reason: 'Skal ikke mere' }],
    roles: 'it admin',
    status: 409,
  },
  restoreSource: { at: () => ['/sources/no-such-source/restore', { version: 1 }], roles: 'it admin', status: 404 },
  testSource: { at: () => ['/sources-test', { key: 'no-such-source' }], roles: 'it admin', status: 404 },
  sampleSource: { at: () => ['/sources-sample', { key: 'no-such-source' }], roles: 'it admin', status: 404 },
  previewSource: { at: () => ['/sources-preview', { declaration: {} }], roles: 'it admin', status: 422 },
  previewSourceImport: { at: () => ['/sources-import-preview', { yaml: 'sources: []' }], roles: 'it admin' },
  importSources: {
    at: () => ['/sources-import', { yaml: 'sources: []', hash: 'of another text' }],
    roles: 'it admin',
    status: 409,
  },
  getFreshness: { at: () => ['/freshness'], roles: EVERYBODY },
  getStaleThen: { at: () => ['/freshness/then?asOf=2026-01-01'], roles: EVERYBODY },
  retryRun: { at: () => [`/runs/${newId()}/retry`, {}], roles: 'it admin', status: 404 },
  startRun: { at: () => ['/sources/no-such-source/runs', { dryRun: true }], roles: 'it admin', status: 404 },
  approveRun: { at: () => [`/runs/${newId()}/approve`, { hash: 'x' }], roles: 'it admin', status: 404 },
  rejectRun: {
    at: () => [`/runs/${newId()}/reject`, { hash: 'x', reason: 'Skal ikke ske' }],
    roles: 'it admin',
    status: 404,
  },
  getHeld: { at: ({ run }) => [`/runs/${run}/held`], roles: 'hr it admin dpo auditor' },
  searchHeld: { at: ({ run }) => [`/runs/${run}/held/search`, {}], roles: 'hr it admin dpo auditor' },
  approveHeld: {
    at: () => [`/runs/${newId()}/held/approve`, { hash: 'x', reason: 'set igennem' }],
    roles: 'it admin',
    status: 404,
  },
  rejectHeld: {
    at: () => [`/runs/${newId()}/held/reject`, { hash: 'x', reason: 'ikke rigtigt' }],
    roles: 'it admin',
    status: 404,
  },
  acceptShape: {
    at: () => [`/runs/${newId()}/accept-shape`, { reason: 'skolen er lukket' }],
    roles: 'it admin',
    status: 404,
  },
  getGuards: { at: ({ source }) => [`/sources/${source}/guards`], roles: 'hr it admin dpo auditor' },
  listParts: { at: ({ source }) => [`/sources/${source}/parts?kind=affiliation`], roles: 'it admin' },
  listAnnouncements: { at: () => ['/announcements'], roles: 'hr it admin dpo auditor' },
  getAnnouncement: {
    at: () => [`/announcements/${newId()}`],
    roles: 'hr it admin dpo auditor',
    status: 404,
  },
  createAnnouncement: {
    at: ({ source }) => [
      '/announcements',
      {
        source,
        startsOn: '2099-08-01',
        endsOn: '2099-08-15',
        reason: 'nyt skoleår',
        expected: [{ kind: 'affiliation', op: 'change', least: 1, most: 10 }],
      },
    ],
    roles: 'it admin',
  },
  simulateAnnouncement: { at: () => [`/announcements/${newId()}/simulate`, {}], roles: 'it admin', status: 404 },
  approveAnnouncement: { at: () => [`/announcements/${newId()}/approve`, {}], roles: 'it admin', status: 404 },
  cancelAnnouncement: {
    at: () => [`/announcements/${newId()}/cancel`, { reason: 'blev ikke til noget' }],
    roles: 'it admin',
    status: 404,
  },

  // Whose accounts are, who is who, and what kind accounts are.
  listLinkCases: { at: () => ['/correlation/accounts/search', {}], roles: 'it admin dpo' },
  getLinkCase: { at: ({ account }) => [`/correlation/accounts/${account}`], roles: 'it admin dpo' },
  decideLink: {
    at: ({ account }) => [
      `/correlation/accounts/${account}/decisions`,
      { kind: 'nobody', version: 'of another look at it' },
    ],
    roles: 'it admin',
    status: 409,
  },
  undoLinkDecision: { at: () => [`/correlation/decisions/${newId()}/undo`, {}], roles: 'it admin', status: 404 },
  listPersonCases: { at: () => ['/correlation/people/search', {}], roles: 'hr it admin dpo' },
  getPersonCase: { at: () => [`/correlation/people/${newId()}`], roles: 'hr it admin dpo', status: 404 },
  keepPersonsApart: {
    at: () => [`/correlation/people/${newId()}/different`, {}],
    roles: 'hr it admin',
    status: 404,
  },
  reopenPersonCase: {
    at: () => [`/correlation/people/${newId()}/different/undo`, {}],
    roles: 'hr it admin',
    status: 404,
  },
  // HR says which employees are one; IT only which pupils are.
  previewMerge: {
    at: ({ person, other }) => ['/correlation/merges/preview', { survivorId: person, absorbedId: other }],
    roles: 'hr it admin',
    but: { it: 404, admin: 404 },
  },
  mergePersons: {
    at: ({ person, other }) => [
      '/correlation/merges',
      { survivorId: person, absorbedId: other, hash: 'x', reason: 'Samme person' },
    ],
    roles: 'hr it admin',
    status: 409,
    but: { it: 404, admin: 404 },
  },
  listMerges: { at: () => ['/correlation/merges'], roles: 'hr it admin dpo' },
  unmergePersons: {
    at: () => [`/correlation/merges/${newId()}/undo`, { reason: 'To personer' }],
    roles: 'hr it admin',
    status: 404,
  },
  listAccountRules: { at: () => ['/correlation/account-rules'], roles: 'it admin dpo auditor' },
  previewAccountRule: {
    at: () => ['/correlation/account-rules/preview', { pattern: 'svc-*', accountKind: 'service' }],
    roles: 'it admin dpo auditor',
  },
  createAccountRule: {
    at: () => ['/correlation/account-rules', { pattern: 'ingen-*-hedder-dette', accountKind: 'test' }],
    roles: 'it admin',
  },
  changeAccountRule: {
    at: () => [`/correlation/account-rules/${newId()}`, { pattern: 'svc-*', accountKind: 'service' }],
    roles: 'it admin',
    status: 404,
  },
  removeAccountRule: { at: () => [`/correlation/account-rules/${newId()}`], roles: 'it admin', status: 404 },

  // Rights across people: each role sees its own part of the same screen.
  getMatrix: { at: () => ['/rights/matrix', { status: 'ended' }], roles: SEE_OTHERS },
  getHeat: { at: () => ['/rights/heat', {}], roles: SEE_OTHERS },
  getFlow: { at: () => ['/rights/flow', {}], roles: SEE_OTHERS },
  exportMatrix: {
    at: ({ unit }) => ['/rights/matrix/export', { query: { unit, drift: true }, format: 'csv' }],
    roles: SEE_OTHERS,
  },
  listViews: { at: () => ['/views?screen=rights'], roles: SEE_OTHERS },

  // Systems, units and people on other days and beside each other. The system owner of the demonstration leads a unit too.
  getSystemAsOf: { at: ({ system }) => [`/systems/${system}/as-of?asOf=2026-01-05`], roles: SEE_OTHERS },
  getUnitAsOf: { at: ({ unit }) => [`/org/${unit}/as-of?asOf=2026-01-05`], roles: SEE_OTHERS },
  getSystemChanges: {
    at: ({ system }) => [`/systems/${system}/changes?from=2026-01-05&to=2026-02-05`],
    roles: SEE_OTHERS,
  },
  getUnitChanges: { at: ({ unit }) => [`/org/${unit}/changes?from=2026-01-05&to=2026-02-05`], roles: SEE_OTHERS },
  // The history of somebody whose history one may not see is not there.
  getPersonChanges: {
    at: ({ person }) => [`/people/${person}/changes?from=2026-01-05&to=2026-02-05`],
    roles: SEE_HISTORY,
    otherwise: 404,
  },
  // A system owner does not know of this person.
  comparePeople: {
    at: ({ person }) => [`/people-compared?a=${person}&b=${person}`],
    roles: SEE_HISTORY,
    but: { systemowner: 404 },
  },
  getColleagues: {
    at: ({ person }) => [`/people/${person}/colleagues`],
    roles: SEE_HISTORY,
    but: { systemowner: 404 },
  },
  getUnitSiblings: { at: ({ unit }) => [`/org/${unit}/siblings`], roles: SEE_OTHERS },
  getHoldersOverTime: { at: ({ system }) => [`/systems/${system}/over-time`], roles: SEE_OTHERS },
  getRightPeers: { at: () => [`/entitlements/${newId()}/peers`], roles: SEE_OTHERS, status: 404 },
  getSystemParts: { at: ({ system }) => [`/systems/${system}/parts`], roles: SEE_OTHERS },
  saveView: {
    at: (_, role) => ['/views', { screen: 'rights', name: `Min visning (${role})`, search: { drift: true } }],
    roles: SEE_OTHERS,
  },
  // Somebody else's view is not there.
  changeView: { at: () => [`/views/${newId()}`, { name: 'Et andet navn' }], roles: SEE_OTHERS, status: 404 },
  removeView: { at: () => [`/views/${newId()}`], roles: SEE_OTHERS, status: 404 },

  openWithView: { at: () => ['/view-defaults', { screen: 'rights', viewId: null }], roles: SEE_OTHERS },
  listSubscriptions: { at: () => ['/view-subscriptions'], roles: SEE_OTHERS },
  subscribe: {
    at: () => ['/view-subscriptions', { viewId: newId(), weekday: 1, hour: 8, language: 'da' }],
    roles: SEE_OTHERS,
    status: 404,
  },
  unsubscribe: { at: () => [`/view-subscriptions/${newId()}`], roles: SEE_OTHERS, status: 404 },

  listAudit: { at: () => ['/audit/search', {}], roles: 'it admin dpo auditor' },
  getAuditEntry: { at: ({ entry }) => [`/audit/${entry}`], roles: 'it admin dpo auditor' },
  verifyAuditChain: { at: () => ['/audit/verify', {}], roles: 'it admin dpo auditor' },

  listLocalUsers: { at: () => ['/local-users'], roles: 'admin dpo auditor' },
  createLocalUser: {
    at: () => [
      '/local-users',
      {
        kind: 'outsider',
        username: 'revisor.udefra',
        displayName: 'Revisor Udefra',
        role: 'auditor',
        to: daysAhead(30),
        reason: 'Revision af regnskabet',
      },
    ],
    roles: 'admin',
  },
  grantLocalRole: {
    at: () => [`/local-users/${newId()}/roles`, { role: 'dpo', to: daysAhead(30), reason: 'Fælles DPO' }],
    roles: 'admin',
    status: 404,
  },
  endLocalRole: { at: () => [`/local-users/${newId()}/roles/${newId()}`], roles: 'admin', status: 404 },
  resetLocalUser: { at: () => [`/local-users/${newId()}/link`, {}], roles: 'admin', status: 404 },
  enableLocalUser: { at: () => [`/local-users/${newId()}/enable`, {}], roles: 'admin', status: 404 },
  disableLocalUser: { at: () => [`/local-users/${newId()}/disable`, {}], roles: 'admin', status: 404 },

  // Last, since it ends the session; signing out without a session is no error.
  signOut: { at: () => ['/session/end', {}], roles: EVERYBODY, out: 200 },
}

const visitors = {} as Record<Role, Visitor>
beforeAll(async () => {
  for (const role of ROLES)
    visitors[role] =
      role === 'admin'
        ? await signInAdministrator(town)
        : role === 'signed-out'
          ? // Without the harness: signing out without a session changes nothing, and leaves nothing.
            new Visitor(town.url)
          : await signIn(town, role)
  await visitors['signed-out'].session()
  const one = async <T>(sql: string, params: unknown[] = []): Promise<T> => {
    const [row] = (await town.house.db.source.query(sql, params)) as T[]
    if (!row) throw new Error(`nothing found: ${sql}`)
    return row
  }
  const manager = (await visitors.manager.session()).actor!
  const owner = (await visitors.systemowner.session()).actor!
  const { system } = await one<{ system: string }>(
    `select s.id as system from it_system s join affiliation_current ac on ac.affiliation_id = s.owner_affiliation_id
     where ac.person_id = $1 order by s.key limit 1`,
    [owner.personId],
  )
  const { person } = await one<{ person: string }>(
    `select p.person_id as person from person_current p
     where p.kind = 'employee' and p.status = 'active' and $1 = any(p.unit_ids) and p.person_id not in ($2, $3)
       and not exists (select from affiliation_current ac join assignment a using (affiliation_id)
         join entitlement e on e.id = a.entitlement_id join it_system s on s.id = e.system_id
         join affiliation_current o on o.affiliation_id = s.owner_affiliation_id
         where ac.person_id = p.person_id and o.person_id = $3)
       and not exists (select from account acc join observed_right r on r.account_id = acc.id
         join entitlement e on e.id = r.entitlement_id join it_system s on s.id = e.system_id
         join affiliation_current o on o.affiliation_id = s.owner_affiliation_id
         where acc.person_id = p.person_id and o.person_id = $3)
     order by p.person_id limit 1`,
    [manager.units[0]!.id, manager.personId, owner.personId],
  )
  world = {
    person,
    other: (
      await one<{ id: string }>(
        `select person_id as id from person_current where kind = 'employee' and person_id <> $1 order by person_id limit 1`,
        [person],
      )
    ).id,
    account: (await one<{ id: string }>(`select id from account where situation = 'unmatched' order by id limit 1`)).id,
    unit: manager.units[0]!.id,
    system,
    right: (await one<{ id: string }>('select id from entitlement where system_id = $1 order by key limit 1', [system]))
      .id,
    group: (
      await one<{ id: string }>(
        `select g.id from directory_group g where g.source = 'ad' and g.name like 'DL-%' order by g.name limit 1`,
      )
    ).id,
    entitlement: (await one<{ key: string }>('select key from entitlement order by key limit 1')).key,
    run: (await one<{ id: string }>('select id from feed_run order by started_at limit 1')).id,
    source: 'hr',
    rule: (await one<{ key: string }>('select key from rights_rule order by key limit 1')).key,
    role: (await one<{ key: string }>('select key from rights_role order by key limit 1')).key,
    entry: (await one<{ id: number }>(`select id from audit_entry where action = 'rules.imported' limit 1`)).id,
    localUser: (await visitors.admin.session()).actor!.userId,
    yaml: 'rules: []\n',
  }
}, 300_000)

test('every endpoint of the house has its row, and every row its endpoint', () => {
  expect(
    endpointsOf(town.house)
      .map(one => one.id)
      .sort(),
  ).toEqual(Object.keys(MATRIX).sort())
})

describe('each role at each endpoint', () => {
  test.each(ROLES)(
    '%s',
    async role => {
      const answers: Record<string, number> = {}
      const expected: Record<string, number> = {}
      for (const [id, row] of Object.entries(MATRIX)) {
        const endpoint = endpointsOf(town.house).find(one => one.id === id)!
        const [path, body] = row.at(world, role)
        const answer = await visitors[role].send(endpoint.method, path, body)
        answers[id] = answer.status
        expected[id] =
          role === 'signed-out'
            ? (row.out ?? 401)
            : (row.but?.[role] ?? (row.roles.split(' ').includes(role) ? (row.status ?? 200) : (row.otherwise ?? 403)))
        // Whatever is refused says what, and nothing else.
        if (answer.status >= 400)
          expect(
            Object.keys(answer.body).filter(key => !PROBLEM_FIELDS.includes(key)),
            id,
          ).toEqual([])
      }
      expect(answers).toEqual(expected)
    },
    240_000,
  )
})
const PROBLEM_FIELDS = ['type', 'title', 'status', 'code', 'detail', 'errors', 'params', 'said', 'requestId']

test('a signed-out visitor who only says so is not let in: a made-up session cookie counts for nothing', async () => {
  const browser = visitor(town)
  await browser.session()
  browser.cookies.set('hjemmel', encodeURIComponent('s:made-up.c2lnbmF0dXJl'))
  expect((await browser.get('/home')).status).toBe(401)
})
