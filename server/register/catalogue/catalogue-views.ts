import type { CatalogueRow, listCatalogueActivities } from '#contract/activity-catalogue.ts'
import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import { DATA_CLASSES } from '#contract/vocabularies.ts'
import { fold } from '../../platform/fold.ts'
import { problem } from '../../platform/problem.ts'
import { searchWords } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { classOf, type Vocabularies } from '../vocabulary/vocabulary.ts'
import { loadVocabularies } from '../vocabulary/vocabulary-store.ts'
import { adoptedActivities } from './adopted-store.ts'
import type { CatalogueActivity } from './catalogue.ts'
import { catalogueActivities } from './read-catalogue.ts'

type Adopted = ReadonlyMap<string, { activityId: string; ref: string }>

function rowOf(one: CatalogueActivity, adopted: Adopted, vocabularies: Vocabularies): CatalogueRow {
  const used = new Set(one.content.rows.map(row => classOf(vocabularies, row.data)))
  return {
    ...{ key: one.key, name: one.content.name, nameEn: one.nameEn, area: one.content.area, areaEn: one.areaEn },
    ...{ about: one.about, aboutEn: one.aboutEn, kle: one.content.kle },
    classes: DATA_CLASSES.filter(name => used.has(name)),
    adopted: adopted.get(one.key) ?? null,
  }
}

/** The catalogue by area, with what is adopted: two statements. */
export async function catalogueList(
  tx: Tx,
  question: QueryOf<typeof listCatalogueActivities>,
  today: string,
): Promise<Omit<ResponseOf<typeof listCatalogueActivities>, 'allowed'>> {
  const [adopted, vocabularies] = [await adoptedActivities(tx, today), await loadVocabularies(tx)]
  const all = [...catalogueActivities().values()].map(one => rowOf(one, adopted, vocabularies))
  const words = searchWords(question.search ?? '')
  const rows = all.filter(
    row =>
      (question.area === undefined || row.area === question.area) &&
      (question.adopted === undefined || (row.adopted !== null) === (question.adopted === 'yes')) &&
      words.every(word => fold([row.name, row.nameEn, row.about, row.aboutEn, ...row.kle].join(' ')).includes(word)),
  )
  const areas = Map.groupBy(all, row => row.area)
  const order = [...areas.keys()]
  return {
    rows: rows.toSorted((a, b) => order.indexOf(a.area) - order.indexOf(b.area)),
    ...{ total: rows.length, all: all.length, adopted: all.filter(row => row.adopted !== null).length },
    areas: [...areas].map(([area, of]) => ({ area, areaEn: of[0]?.areaEn ?? area, count: of.length })),
  }
}

/** One activity as the record that it would become. The remarks are left to whoever composes the answer. */
export async function catalogueOne(tx: Tx, key: string, today: string) {
  const one = catalogueActivities().get(key)
  if (!one) throw problem('not-found', { detail: `The catalogue has no activity "${key}".` })
  const [adopted, vocabularies] = [await adoptedActivities(tx, today), await loadVocabularies(tx)]
  return {
    row: { ...rowOf(one, adopted, vocabularies), systemTypes: one.systemTypes, content: one.content },
    vocabularies,
  }
}
