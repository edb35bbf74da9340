import { writeCsv } from './file-writer.ts'
import type { DemoAffiliation } from './people.ts'
import { type SystemFacts, UNOWNED } from './system-facts.ts'
import type { DemoSystem } from './systems.ts'

/** The system catalogue: systems with their owners, and the rights that they can give. */
export async function writeSystems(
  dir: string,
  systems: readonly DemoSystem[],
  owners: ReadonlyMap<string, DemoAffiliation>,
  factsOf: (system: DemoSystem) => SystemFacts,
): Promise<void> {
  await writeCsv(
    dir,
    'systemer/systemer.csv',
    {
      Nøgle: one => one.key,
      Navn: one => one.name,
      Område: one => one.area.name,
      KLE: one => one.area.kle.join('|'),
      Ejer: one => (UNOWNED.includes(one.key) ? '' : owners.get(one.key)?.key),
      Enhed: one => one.area.units[0],
      Leverandør: one => one.supplier,
      Kritikalitet: one => one.criticality,
      Drift: one => one.hosting,
      Type: one => one.kind,
      Aflæsning: one => one.reading,
      Status: one => one.status,
      Login: one => factsOf(one).login,
      Ændres: one => factsOf(one).changeMode,
      Brugere: one => factsOf(one).userCount,
      Kontrakt: one => factsOf(one).contract?.name,
      Kontraktnr: one => factsOf(one).contract?.number,
      Fra: one => factsOf(one).contract?.from,
      Til: one => factsOf(one).contract?.to,
      Varsel: one => factsOf(one).contract?.noticeMonths,
      Pris: one => factsOf(one).contract?.price,
      Databehandleraftale: one => factsOf(one).contract?.agreement,
      Dataflow: one => factsOf(one).flows.join('|'),
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
