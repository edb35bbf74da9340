import { writeCsv } from './file-writer.ts'
import type { DemoAffiliation } from './people.ts'
import type { DemoSystem } from './systems.ts'

/** The system catalogue: systems with their owners, and the rights that they can give. */
export async function writeSystems(
  dir: string,
  systems: readonly DemoSystem[],
  owners: ReadonlyMap<string, DemoAffiliation>,
): Promise<void> {
  await writeCsv(
    dir,
    'systemer/systemer.csv',
    {
      Nøgle: one => one.key,
      Navn: one => one.name,
      Område: one => one.area.name,
      KLE: one => one.area.kle.join('|'),
      Ejer: one => owners.get(one.key)?.key,
      Leverandør: one => one.supplier,
      Kritikalitet: one => one.criticality,
      Drift: one => one.hosting,
      Type: one => one.kind,
      Aflæsning: one => one.reading,
      Status: one => one.status,
    },
    systems,
  )
  await writeCsv(
    dir,
    'systemer/rettigheder.csv',
    {
      Nøgle: one => one.key,
      Navn: one => one.name,
      Beskrivelse: one => one.description,
      Art: one => one.kind,
      Følsomhed: one => one.sensitivity,
      Privilegeret: one => one.privileged,
      Afgrænsninger: one => one.constraints.join('|'),
    },
    systems.flatMap(one => one.entitlements),
  )
}
