/** The directions of the house (README, "The map of the house"), as rules. */
const LINE = [
  'contract',
  'platform',
  'audit',
  'policy',
  'plans',
  'findings',
  'people',
  'feeds',
  'systems',
  'register',
  'rules',
  'access',
  'orders',
  'mails',
]
const SIBLINGS = ['directory', 'lifecycle', 'fulfilment', 'requests', 'reviews', 'gdpr', 'interop', 'auth']
const EDGES = '^server/((main|start|cli|app|wiring|jobs|start-over)\\.ts|cli/)'
const above = room => LINE.slice(LINE.indexOf(room) + 1)
const room = names => `^server/(${names.join('|')})/`

module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    ...LINE.filter(name => above(name).length > 0).map(name => ({
      name: `down-only-${name}`,
      severity: 'error',
      from: { path: `^server/${name}/` },
      to: { path: room([...above(name), ...SIBLINGS, 'overview', 'demo']) },
    })),
    {
      name: 'down-only-mails',
      severity: 'error',
      from: { path: '^server/mails/' },
      to: { path: room([...SIBLINGS, 'overview', 'demo']) },
    },
    ...SIBLINGS.map(name => ({
      name: `sibling-${name}`,
      severity: 'error',
      from: { path: `^server/${name}/` },
      to: { path: room([...SIBLINGS.filter(other => other !== name), 'overview', 'demo']) },
    })),
    {
      name: 'rooms-below-edges',
      severity: 'error',
      from: { path: room([...LINE, ...SIBLINGS, 'overview', 'demo']) },
      to: { path: `${EDGES}|^server/setup/` },
    },
    {
      // It knows every room and asks of each what everybody may: nothing but the program's own start may know it.
      name: 'set-up-from-the-start',
      severity: 'error',
      from: { path: '^(server|client|migrations)/', pathNot: '^server/((main|start|cli)\\.ts|cli/|setup/)' },
      to: { path: '^server/setup/' },
    },
    {
      name: 'contract-only-zod',
      severity: 'error',
      from: { path: '^server/contract/' },
      to: { pathNot: '^(server/contract/|node_modules/zod/)' },
    },
    {
      name: 'client-sees-only-contract',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^server/', pathNot: '^server/contract/' },
    },
    { name: 'server-not-client', severity: 'error', from: { path: '^(server|migrations)/' }, to: { path: '^client/' } },
    {
      name: 'product-not-tests',
      severity: 'error',
      from: { path: '^(server|client|migrations)/' },
      to: { path: '^tests/' },
    },
    {
      name: 'typeorm-and-pg-at-the-edge',
      severity: 'error',
      from: { path: '^server/', pathNot: '(-store|-tables|-views|-view)\\.ts$|^server/platform/|' + EDGES },
      to: { path: '^node_modules/(typeorm|pg|pg-[^/]+)/' },
    },
    {
      name: 'express-at-the-edge',
      severity: 'error',
      from: { path: '^server/', pathNot: '-routes\\.ts$|^server/platform/http/|^server/auth/|' + EDGES },
      to: { path: '^node_modules/(express|express-session|passport[^/]*|helmet|express-rate-limit)/' },
    },
    {
      name: 'ldapts-in-one-place',
      severity: 'error',
      from: { path: '^server/', pathNot: '^server/platform/ldap' },
      to: { path: '^node_modules/ldapts/' },
    },
    {
      name: 'stores-and-routes-are-private',
      severity: 'error',
      from: { path: '^server/([^/]+)/', pathNot: '^server/(overview|demo)/' },
      to: { path: '^server/[^/]+/[^/]*(-tables|-routes)\\.ts$', pathNot: '^server/$1/' },
    },
    {
      name: 'features-are-islands',
      severity: 'error',
      from: { path: '^client/features/([^/]+)/' },
      to: { path: '^client/(features/(?!$1/)|pages/|app/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json', '.css'],
    },
    moduleSystems: ['es6', 'cjs'],
  },
}
