/**
 * The organisation as pure rules: paths, levels, KLE, mapping of payroll units, and who the manager is. Parents and
 * posts are as the sources say, so they may be vacant, unknown or run in a circle; nothing here may hang or throw.
 */
export type UnitInput = {
  id: string
  key: string
  tree: string
  name: string
  kind: string
  parentId: string | null
  /** The affiliation that holds the manager's post; null when vacant. */
  postId: string | null
  kle: string[]
  mapsToId: string | null
  active: boolean
}

/** Affiliations that hold manager posts, with whether they are in force today. */
export type Posts = ReadonlyMap<string, { personId: string | null; active: boolean }>

export type ResolvedUnit = Omit<UnitInput, 'postId' | 'mapsToId'> & {
  /** 1 for a root. */
  level: number
  /** Root first, the unit itself last. */
  path: string[]
  pathKeys: string[]
  kleInherited: string[]
  /** The unit's own post, when somebody is in it today. */
  postAffiliationId: string | null
  postPersonId: string | null
  managerAffiliationId: string | null
  managerPersonId: string | null
  /** Where the manager was found; the unit itself or one above. */
  managerViaUnitId: string | null
  /** Payroll units: the administrative unit mapped to, the own mapping or the nearest above. */
  mapsToId: string | null
  /** The parents run in a circle here; the circle was broken at its lowest key. */
  inLoop: boolean
}

export type ManagerUnit = Pick<ResolvedUnit, 'id' | 'path' | 'active' | 'postAffiliationId' | 'postPersonId'>
export type FoundManager = {
  affiliationId: string
  personId: string
  viaUnitId: string
  /** `own` unit; further up because the post is `vacant`; or because it would be the person `self`. */
  reason: 'own' | 'vacant' | 'self'
}

/** The manager of a person in a unit: up the path until somebody else than the person is in the post. */
export function findManager(
  unitId: string | null,
  personId: string | null,
  units: ReadonlyMap<string, ManagerUnit>,
): FoundManager | null {
  const start = unitId === null ? undefined : units.get(unitId)
  if (!start) return null
  let wasSelf = false
  for (const id of start.path.toReversed()) {
    const unit = units.get(id)
    if (!unit?.active || !unit.postAffiliationId || !unit.postPersonId) continue
    if (unit.postPersonId === personId) {
      wasSelf = true
      continue
    }
    return {
      affiliationId: unit.postAffiliationId,
      personId: unit.postPersonId,
      viaUnitId: unit.id,
      reason: unit.id === unitId ? 'own' : wasSelf ? 'self' : 'vacant',
    }
  }
  return null
}

export function resolveOrganisation(inputs: readonly UnitInput[], posts: Posts): Map<string, ResolvedUnit> {
  const byId = new Map(inputs.map(unit => [unit.id, unit]))
  const { parents, looping } = breakLoops(byId)
  const resolved = new Map<string, ResolvedUnit>()
  const resolve = (input: UnitInput): ResolvedUnit => {
    const known = resolved.get(input.id)
    if (known) return known
    const parentInput = byId.get(parents.get(input.id) ?? '')
    const parent = parentInput ? resolve(parentInput) : null
    const post = input.postId ? posts.get(input.postId) : undefined
    const inPost = post?.active && post.personId ? { affiliationId: input.postId, personId: post.personId } : null
    const unit: ResolvedUnit = {
      id: input.id,
      key: input.key,
      tree: input.tree,
      name: input.name,
      kind: input.kind,
      parentId: parent?.id ?? null,
      kle: input.kle,
      active: input.active,
      level: (parent?.level ?? 0) + 1,
      path: [...(parent?.path ?? []), input.id],
      pathKeys: [...(parent?.pathKeys ?? []), input.key],
      // The nearest unit above that has KLE numbers answers; a wider set from further up would widen rights.
      kleInherited: input.kle.length > 0 || !parent ? [] : parent.kle.length > 0 ? parent.kle : parent.kleInherited,
      postAffiliationId: inPost?.affiliationId ?? null,
      postPersonId: inPost?.personId ?? null,
      managerAffiliationId: null,
      managerPersonId: null,
      managerViaUnitId: null,
      mapsToId: input.mapsToId ?? (input.tree === 'pay' ? (parent?.mapsToId ?? null) : null),
      inLoop: looping.has(input.id),
    }
    resolved.set(unit.id, unit)
    return unit
  }
  for (const input of inputs) resolve(input)
  for (const unit of resolved.values()) {
    const manager = findManager(unit.id, null, resolved)
    if (!manager) continue
    unit.managerAffiliationId = manager.affiliationId
    unit.managerPersonId = manager.personId
    unit.managerViaUnitId = manager.viaUnitId
  }
  return resolved
}

/** Parents without circles: in each circle the unit with the lowest key becomes a root, whatever order units come in. */
function breakLoops(units: ReadonlyMap<string, UnitInput>) {
  const parents = new Map<string, string | null>()
  for (const unit of units.values())
    parents.set(unit.id, unit.parentId !== null && units.has(unit.parentId) ? unit.parentId : null)
  const looping = new Set<string>()
  const done = new Set<string>()
  for (const id of units.keys()) {
    const trail: string[] = []
    const onTrail = new Map<string, number>()
    let at: string | null = id
    while (at !== null && !done.has(at) && !onTrail.has(at)) {
      onTrail.set(at, trail.length)
      trail.push(at)
      at = parents.get(at) ?? null
    }
    const start = at === null ? undefined : onTrail.get(at)
    if (start !== undefined) {
      const circle = trail.slice(start)
      for (const member of circle) looping.add(member)
      const keyOf = (member: string) => units.get(member)?.key ?? ''
      const root = circle.reduce((low, member) => (keyOf(member) < keyOf(low) ? member : low))
      parents.set(root, null)
    }
    for (const member of trail) done.add(member)
  }
  return { parents, looping }
}
