import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentOf, draftOf, emptyDraft } from '../../client/features/register/form/draft.ts'
import { type ActivityContent, activityContent } from '../../server/contract/activity-content.ts'
import { content, contents } from '../server/register/activities/content.ts'

const namesOf = (one: ActivityContent) => ({
  owner: null,
  units: one.units.map(id => ({ id, name: `Enhed ${id}` })),
  systems: one.systems.map(({ systemId }) => ({ id: systemId, key: systemId, name: `System ${systemId}` })),
})

describe('the form of a record', () => {
  it('gives back what it was given, whole', () => {
    fc.assert(
      fc.property(contents, one => {
        const { content: written, mistakes } = contentOf(draftOf(one, namesOf(one)))
        expect(mistakes).toEqual([])
        expect(written).toEqual(one)
      }),
    )
  })
  it('gives back a processor whole', () => {
    const one = content({
      kind: 'processor',
      processing: [
        { controller: { name: 'Skolen', contact: 'Vej 1' }, categories: ['Løn', 'Ferie'], dpo: { name: 'Ada' } },
      ],
      transfers: [{ recipient: 'Leverandør', country: 'US', ground: 'scc' }],
    })
    expect(contentOf(draftOf(one, namesOf(one)))).toEqual({ content: one, mistakes: [] })
  })
  it('names what is missing, and sends nothing that the contract would refuse', () => {
    const draft = emptyDraft('controller')
    expect(contentOf(draft).mistakes.map(one => one.key)).toEqual(['name', 'area', 'purposeName'])
    const { content: written } = draft
    if (written.kind !== 'controller') throw new Error('not a controller')
    const [purpose] = written.purposes
    if (!purpose) throw new Error('no purpose')
    const done = contentOf({
      ...draft,
      kle: '29.18\n 27,  29',
      content: { ...written, name: ' Ny ', area: 'Ny', purposes: [{ ...purpose, name: 'Formål' }] },
    })
    expect(done.mistakes).toEqual([])
    expect(done.content).toMatchObject({ name: 'Ny', kle: ['29.18', '27', '29'], rows: [] })
    expect(activityContent.parse(done.content)).toEqual(done.content)
  })
  it('says which row is half written, and which KLE number is none', () => {
    const draft = draftOf(content({ rows: [{ subject: 'a', data: 'b' }] }), namesOf(content()))
    if (draft.content.kind !== 'controller') throw new Error('not a controller')
    const rows = [...draft.content.rows, { subject: 'a', data: '', recipient: null, erasure: null, source: null }]
    const { mistakes } = contentOf({ ...draft, kle: '29.1', content: { ...draft.content, rows } })
    expect(mistakes).toEqual([
      { field: 'activity-kle', key: 'kle' },
      { field: 'row-1-subject', key: 'row', number: 2 },
    ])
  })
})
